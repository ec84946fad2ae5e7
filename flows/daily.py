"""The daily run: every stage in one Prefect flow, each a task that is tried again when it fails."""

from __future__ import annotations

import json
from typing import Any

import click
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from crawlers.crawl import CrawlFailed
from flows.running import STAGES, new_run, run_stage, sources_for
from ledger import pending, warehouse
from ledger import settings as home_settings
from ledger.errors import SaidError
from ledger.types import Counts


def _worth_another_try(_task: Any, _run: Any, state: Any) -> bool:
    """Errors that a person must mend are not tried again; those of a machine are."""
    try:
        state.result()
    except CrawlFailed:
        return True  # a process that died: what it did is kept, and the next goes on from there
    except SaidError:
        return False
    except Exception:  # noqa: BLE001  # whatever else a stage met: that is what the retry is for
        return True
    return False


@task(retries=2, retry_delay_seconds=[2, 10], retry_condition_fn=_worth_another_try, cache_policy=NO_CACHE)
def stage(name: str, home: str, sample: bool, run_id: str) -> Counts:
    """One stage as a Prefect task."""
    settings = home_settings.load(home)
    return run_stage(name, settings, sources_for(settings, sample), run_id)


@flow(name="said-daily", validate_parameters=False)
def daily(home: str, sample: bool = False) -> list[Counts]:
    """Every stage in order on one home folder; prints a line a stage and gives their counts.

    Raises Locked when another run is at work there.
    """
    from flows.cli import line

    settings = home_settings.load(home)
    done: list[Counts] = []
    with warehouse.lock(settings):
        run_id = new_run(settings)
        for name in STAGES:
            if name == "publish":
                with warehouse.run(settings) as connection:
                    totals = {c.stage: {"read": c.read, "written": c.written} for c in done}
                    pending.end_run(connection, run_id, json.dumps(totals))
            counts = stage.with_options(name=name)(name, home, sample, run_id)
            click.echo(line(counts))
            done.append(counts)
    return done


@flow(name="said-digest", validate_parameters=False)
def daily_digest(home: str) -> str:
    """The digest of today, to the home folder's channels; gives the path of the file.

    Raises SaidError when a delivery failed: it is tried again with the next digests.
    """
    from flows.channels import publish

    page, counts = publish(home_settings.load(home))
    if counts.problems:
        first = counts.problems[0]
        raise SaidError(
            f"{len(counts.problems)} deliveries failed, the first to {first.item}: {first.reason}"
        )
    return str(page)
