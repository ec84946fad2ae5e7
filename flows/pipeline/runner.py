"""A run's stages by name, each alone or in order; no scheduler is needed for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

import click

from flows.pipeline import ingest, stages
from flows.pipeline.progress import begins, line
from flows.pipeline.sources import Sources, load_sources, sample_sources
from ledger.counts import Counts
from ledger.decisions.upgrade import upgrade
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage import pending, records, warehouse

STAGES: dict[str, Callable[[Settings, Sources, str], Counts]] = {
    "crawl": ingest.crawl,
    "load": ingest.load,
    "extract": stages.extract,
    "flag": stages.flag,
    "group": stages.group,
    "track": stages.track,
    "publish": ingest.publish,
}


def sources_for(settings: Settings, sample: bool) -> Sources:
    """The sample's outlets and register, or the home folder's."""
    return sample_sources(settings) if sample else load_sources(settings)


def new_run(settings: Settings) -> str:
    """Note the start of a run; its id is its time of start, UTC. What an earlier version published is brought
    up to date first, so that readers have it meanwhile."""
    if upgrade(settings):
        click.echo(
            "What an earlier version published is brought up to date; `said status` tells what changed."
        )
    run_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    with warehouse.run(settings) as connection:
        pending.start_run(connection, run_id, settings.today)
    return run_id


def run_stage(name: str, settings: Settings, sources: Sources, run_id: str) -> Counts:
    """One stage, with what it met kept with the run (publish has nothing left to write to)."""
    counts = STAGES[name](settings, sources, run_id)
    if name != "publish":
        with warehouse.run(settings) as connection, warehouse.transaction(connection):
            records.put_counts(connection, counts, run_id)
    return counts


def run_stages(
    settings: Settings,
    do: Callable[[str, str], Counts],
    only_new: bool = False,
    names: Sequence[str] = tuple(STAGES),
) -> list[Counts]:
    """Every stage of ``names`` in order as one run; prints a line a stage and gives their counts.

    ``do`` carries out the stage of a name in the run of an id. ``only_new``: where the crawl brings no page,
    the run ends there and leaves no trace but its crawl lines. What a stage raises ends the run; what is done
    is kept, and the next run goes on from there. Raises Locked when another run is at work.
    """
    done: list[Counts] = []
    with warehouse.lock(settings), ExitStack() as held:
        run_id = new_run(settings)
        held.enter_context(warehouse.run(settings))  # open, for stages to go on with what was read
        for name in names:
            if name == "publish":
                held.close()
                with warehouse.run(settings) as connection:
                    totals = {c.stage: {"read": c.read, "written": c.written} for c in done}
                    pending.end_run(connection, run_id, json.dumps(totals))
            begins(name)
            counts = do(name, run_id)
            click.echo(line(counts))
            done.append(counts)
            if only_new and name == "crawl" and not counts.written:
                with warehouse.run(settings) as connection, warehouse.transaction(connection):
                    pending.drop_run(connection, run_id)
                break
    return done


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
