"""From the archive: the warehouse made again."""

from __future__ import annotations

from flows.pipeline.runner import STAGES, new_run, run_stage
from flows.pipeline.sources import Sources
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage import warehouse


def rebuild(settings: Settings, sources: Sources) -> list[Counts]:
    """Make the warehouse again from data/archive, data/crawl and the decisions; gives each stage's counts.

    The published file stays in place until the new one is whole. Raises WrongUse when there is no archive.
    """
    if not any((settings.data / "archive").glob("*.warc.gz")):
        raise WrongUse(f"there is no archive in {settings.data / 'archive'} to rebuild from")
    with warehouse.lock(settings):
        warehouse.start_afresh(settings)
        run_id = new_run(settings)
        return [run_stage(name, settings, sources, run_id) for name in STAGES if name != "crawl"]
