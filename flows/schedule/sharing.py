"""Who reads texts in a run: this process, or the workers of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flows.pipeline.sources import Sources
from flows.schedule.environment import prepare
from ledger.settings import Settings


@contextmanager
def shared(settings: Settings, sources: Sources) -> Iterator[Sources]:
    """These sources with the settings' ``workers`` to go over texts. Raises as `workers.shared_out` does."""
    if settings.workers == 1:
        yield sources
        return
    prepare(settings)
    from flows.schedule.workers import shared_out  # noqa: PLC0415  # Prefect and Dask: 3 s, for who has workers

    with shared_out(settings) as over:
        yield replace(sources, over=over)
