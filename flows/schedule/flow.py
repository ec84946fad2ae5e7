"""What `said serve` schedules, as Prefect flows over the plain functions.

Each stage is a task that is tried again when it fails.
"""

from __future__ import annotations

from typing import Any

import click
from prefect import Flow, State, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun

from crawlers.fetch.crawl import CrawlFailed
from flows.backup import backup
from flows.delivery.publish import publish, tell_at_once, try_again
from flows.forget.forget import old
from flows.pipeline.runner import run_stage, run_stages
from flows.pipeline.sources import home_sources, load_sources
from flows.pipeline.verify import verify_archive, verify_files, verify_quotations
from flows.schedule.alarm import listeners, tell
from flows.schedule.serve import Planned
from flows.schedule.sharing import shared
from flows.schedule.shown import show_counts
from flows.schedule.times import cron, every, weekly
from ledger import settings as home_settings
from ledger.counts import Counts
from ledger.errors import Locked, SaidError, WorkersLost
from ledger.presentation.labels import number
from ledger.settings import Settings


def _worth_another_try(_task: Any, _run: Any, state: Any) -> bool:
    """Errors that a person must mend are not tried again; those of a machine are.

    A crawl's process that died is one of these, and workers that are gone: what they did is kept, and the
    next goes on from there.
    """
    met = state.result(raise_on_failure=False)
    if isinstance(met, CrawlFailed | WorkersLost):
        return True
    return isinstance(met, Exception) and not isinstance(met, SaidError)


@task(retries=2, retry_delay_seconds=[2, 10], retry_condition_fn=_worth_another_try, cache_policy=NO_CACHE)
def stage(name: str, home: str, run_id: str) -> Counts:
    """One stage as a Prefect task."""
    settings = home_settings.load(home)
    with shared(settings, load_sources(settings)) as sources:
        return run_stage(name, settings, sources, run_id)


def _tell_failure(of: Flow[..., Any], run: FlowRun, state: State[Any]) -> None:
    """Tell who is to be told that a run failed; that they could not be told goes to the terminal."""
    try:
        settings = home_settings.load(run.parameters["home"])
        tell(settings, of.name, state.message or state.name or "It ended without a word.", str(run.id))
    except SaidError as error:
        click.echo(f"said: {error}", err=True)


_on_failure: dict[str, Any] = {
    "validate_parameters": False,
    "on_failure": [_tell_failure],
    "on_crashed": [_tell_failure],
}


@flow(name="said-daily", **_on_failure)
def daily(home: str) -> list[Counts]:
    """Every stage in order on one home folder; prints a line a stage and gives their counts.

    Raises Locked when another run is at work there.
    """
    return _stages(home, "said-daily", only_new=False)


@flow(name="said-watch", **_on_failure)
def watch(home: str) -> list[Counts]:
    """A look for what is new: the crawl, then the other stages where it brought a page; and letters to who
    wants to be told at once.

    Letters that failed are tried again where it is time. Prints and gives as `daily`; where another run is at
    work it leaves the look to that.
    """
    try:
        return _stages(home, "said-watch", only_new=True)
    except Locked as error:
        click.echo(str(error))
        return []


def _stages(home: str, name: str, only_new: bool) -> list[Counts]:
    def do(stage_name: str, run_id: str) -> Counts:
        return stage.with_options(name=stage_name)(stage_name, home, run_id)

    settings = home_settings.load(home)
    done = run_stages(settings, load_sources(settings), do, only_new)
    if settings.warehouse.exists():
        letters = [*([tell_at_once(settings)] if only_new else []), try_again(settings)]
        done += [one for one in letters if one.read]
    show_counts(name, done)
    return done


@flow(name="said-digest", **_on_failure)
def daily_digest(home: str) -> str:
    """The digest of today, to the home folder's channels; gives the path of the file.

    Raises SaidError when a delivery failed: it is tried again by the next looks for what is new.
    """
    page, counts = publish(home_settings.load(home))
    show_counts("said-digest", [counts])
    _no_problems(counts)
    return str(page)


@flow(name="said-verify", **_on_failure)
def verification(home: str) -> list[Counts]:
    """Every stored quotation against the stored text, and every text against its archived page.

    Raises SaidError where something is not what it was.
    """
    settings = home_settings.load(home)
    counts = [verify_files(settings), verify_quotations(settings), verify_archive(settings)]
    show_counts("said-verify", counts)
    for one in counts:
        _no_problems(one)
    return counts


@flow(name="said-backup", **_on_failure)
def keep_backup(home: str) -> str:
    """A backup of what people made, in ``data/backups`` of the home folder; gives its path."""
    made = backup(home_settings.load(home))
    counts = Counts("backup", read=len(made.contents), written=1)
    counts.skipped = {"older removed": len(made.removed)} if made.removed else {}
    show_counts("said-backup", [counts])
    return str(made.path)


@flow(name="said-retention", **_on_failure)
def retention(home: str) -> list[str]:
    """Take out what is older than the settings keep it; gives what went, in lines."""
    settings = home_settings.load(home)
    return old(settings, lambda: home_sources(settings)).told


def _no_problems(counts: Counts) -> None:
    if counts.problems:
        reason = counts.problems[0].reason.replace("_", " ")
        raise SaidError(f"{number(len(counts.problems), 'problem')}, the first: {reason}")


def planned(settings: Settings) -> list[Planned]:
    """The flows with their times. Raises WrongUse for a time or an alarm that the settings cannot mean."""
    listeners(settings)  # who cannot be told of a failure is told now
    run_at, digest_at, weekly_at = settings.run_at, settings.digest_at, settings.weekly_at
    found = [
        Planned("nightly", daily, cron(run_at, "run_at"), f"the run at {run_at}"),
        Planned("digest", daily_digest, cron(digest_at, "digest_at"), f"the digest at {digest_at}"),
        Planned("verify", verification, weekly(weekly_at, "weekly_at"), f"verification on {weekly_at}"),
        Planned("backup", keep_backup, weekly(weekly_at, "weekly_at"), f"a backup on {weekly_at}"),
    ]
    if settings.keep_days:
        told = f"what is older than {settings.keep_days} days taken out on {weekly_at}"
        found.append(Planned("retention", retention, weekly(weekly_at, "weekly_at"), told))
    if minutes := settings.watch_minutes:
        told = f"a look for what is new every {minutes} minutes"
        found.append(
            Planned("watch", watch, every(minutes), told, "UTC")
        )  # no hour comes twice there, or never
    return found
