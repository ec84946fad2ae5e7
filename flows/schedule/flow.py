"""What `said serve` schedules: the run, the watch and the digest as Prefect flows over the plain functions.

Each stage is a task that is tried again when it fails.
"""

from __future__ import annotations

from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from crawlers.fetch.crawl import CrawlFailed
from flows.delivery.publish import publish, tell_at_once
from flows.pipeline.runner import run_stage, run_stages
from flows.pipeline.sources import load_sources
from ledger import settings as home_settings
from ledger.counts import Counts
from ledger.errors import SaidError


def _worth_another_try(_task: Any, _run: Any, state: Any) -> bool:
    """Errors that a person must mend are not tried again; those of a machine are.

    A crawl's process that died is one of these: what it did is kept, and the next goes on from there.
    """
    met = state.result(raise_on_failure=False)
    return isinstance(met, CrawlFailed) or (isinstance(met, Exception) and not isinstance(met, SaidError))


@task(retries=2, retry_delay_seconds=[2, 10], retry_condition_fn=_worth_another_try, cache_policy=NO_CACHE)
def stage(name: str, home: str, run_id: str) -> Counts:
    """One stage as a Prefect task."""
    settings = home_settings.load(home)
    return run_stage(name, settings, load_sources(settings), run_id)


@flow(name="said-daily", validate_parameters=False)
def daily(home: str) -> list[Counts]:
    """Every stage in order on one home folder; prints a line a stage and gives their counts.

    Raises Locked when another run is at work there.
    """
    return _stages(home, only_new=False)


@flow(name="said-watch", validate_parameters=False)
def watch(home: str) -> list[Counts]:
    """A look for what is new: the crawl, then the other stages where it brought a page; and letters to who
    wants to be told at once.

    Prints and gives as `daily`. Raises Locked when another run is at work there.
    """
    done = _stages(home, only_new=True)
    settings = home_settings.load(home)
    return [*done, tell_at_once(settings)] if settings.warehouse.exists() else done


def _stages(home: str, only_new: bool) -> list[Counts]:
    def do(name: str, run_id: str) -> Counts:
        return stage.with_options(name=name)(name, home, run_id)

    return run_stages(home_settings.load(home), do, only_new)


@flow(name="said-digest", validate_parameters=False)
def daily_digest(home: str) -> str:
    """The digest of today, to the home folder's channels; gives the path of the file.

    Raises SaidError when a delivery failed: it is tried again with the next digests.
    """
    page, counts = publish(home_settings.load(home))
    if counts.problems:
        first = counts.problems[0]
        raise SaidError(
            f"{len(counts.problems)} deliveries failed, the first to {first.item}: {first.reason}"
        )
    return str(page)
