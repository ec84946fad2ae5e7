"""A run's stages by name, each alone or in order; no scheduler is needed for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from flows.pipeline import ingest, stages
from flows.pipeline.progress import begins, line
from flows.pipeline.sources import Sources, load_sources, sample_sources
from flows.pipeline.versions import ROOT
from ledger import forgotten
from ledger.counts import Counts
from ledger.data_files import write_whole
from ledger.decisions import journal
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


_CODE, _READ = ("crawlers", "flows", "ledger", "nlp"), (".py", ".sql", ".yaml", ".json", ".tsv", ".onnx")


def sources_for(settings: Settings, sample: bool) -> Sources:
    """The sample's outlets and register, or the home folder's."""
    return sample_sources(settings) if sample else load_sources(settings)


def new_run(settings: Settings) -> str:
    """Note the start of a run; its id is its time of start, UTC. What an earlier version published is brought
    up to date first, so that readers have it meanwhile."""
    _bring_up_to_date(settings)
    run_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    with warehouse.run(settings) as connection:
        pending.start_run(connection, run_id, settings.today)
    return run_id


def _bring_up_to_date(settings: Settings) -> None:
    if upgrade(settings):
        click.echo(
            "What an earlier version published is brought up to date; `said status` tells what changed."
        )


def run_stage(name: str, settings: Settings, sources: Sources, run_id: str) -> Counts:
    """One stage, with what it met kept with the run (publish has nothing left to write to).

    ``run_id``: "" for a look that may come to nothing, of which nothing is kept here.
    """
    counts = STAGES[name](settings, sources, run_id)
    if name != "publish" and run_id:
        _keep(settings, counts, run_id)
    return counts


def _keep(settings: Settings, counts: Counts, run_id: str) -> None:
    with warehouse.run(settings) as connection, warehouse.transaction(connection):
        records.put_counts(connection, counts, run_id)


def run_stages(
    settings: Settings,
    sources: Sources,
    do: Callable[[str, str], Counts],
    only_new: bool = False,
    names: Sequence[str] = tuple(STAGES),
) -> list[Counts]:
    """Every stage of ``names`` in order as one run; prints a line a stage and gives their counts.

    ``do`` carries out the stage of a name in the run of an id. Where the crawl brings no page, the run ends
    there and leaves no trace but its crawl lines: always if ``only_new``, else where it met no problem and
    all else is as the last whole run left it. What a stage raises ends the run; what is done is kept, and the
    next run goes on from there. Raises Locked when another run is at work.
    """
    done: list[Counts] = []
    with warehouse.lock(settings), ExitStack() as held:
        _bring_up_to_date(settings)
        decided, rest = journal.last(settings), list(names)
        if rest[0] == "crawl":
            done.append(_told(do, rest.pop(0), ""))
            if only_new and not done[0].written:
                return done
        given = _given(settings, sources, decided) if done else ""
        if done and not (done[0].written or done[0].problems) and _is_settled(settings, given):
            click.echo("Nothing has changed since the last run: there is nothing else to do.")
            return done
        run_id = new_run(settings)
        held.enter_context(warehouse.run(settings))  # open, for stages to go on with what was read
        for counts in done:
            _keep(settings, counts, run_id)
        for name in rest:
            if name == "publish":
                held.close()
                with warehouse.run(settings) as connection:
                    totals = {c.stage: {"read": c.read, "written": c.written} for c in done}
                    pending.end_run(connection, run_id, json.dumps(totals))
            done.append(_told(do, name, run_id))
        if tuple(names) == tuple(STAGES):
            if done[0].problems:
                _settled(settings).unlink(missing_ok=True)  # what is mended by the next crawl is to be told
            else:
                write_whole(_settled(settings), f"{given} {_left(settings)}")
    return done


def _told(do: Callable[[str, str], Counts], name: str, run_id: str) -> Counts:
    begins(name)
    counts = do(name, run_id)
    click.echo(line(counts))
    return counts


def _settled(settings: Settings) -> Path:
    """Holds a hash of all that the last whole run was given, and of what it left."""
    return settings.data / "settled"


def _is_settled(settings: Settings, given: str) -> bool:
    """Whether nothing waits, and all is as the last whole run was given it and left it."""
    note = _settled(settings)
    if settings.work.exists() or not note.is_file():
        return False
    return note.read_bytes() == f"{given} {_left(settings)}".encode()


def _given(settings: Settings, sources: Sources, decided: journal.Position) -> str:
    """A hash of what decides what a run makes: the code and its data, settings, outlets, register and day,
    the pages that were fetched, and what people ``decided`` before it began."""
    gone = settings.home / forgotten.FILE
    archive = (settings.data / "archive").glob("*")
    told = (
        _state_of(file for part in _CODE for file in (ROOT / part).rglob("*") if file.suffix in _READ),
        settings,
        settings.today,
        sources.outlets,
        sources.fingerprint,
        decided,
        gone.read_bytes() if gone.exists() else b"",
        sorted((file.name, file.stat().st_size) for file in archive),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _left(settings: Settings) -> str:
    """A hash of the state of the files that readers open."""
    files = [settings.warehouse, *(settings.data / "index").rglob("*")]
    kept = [file for file in files if file.is_file() and file.suffix != ".lock"]
    return hashlib.sha256(repr(_state_of(kept)).encode()).hexdigest()


def _state_of(files: Iterable[Path]) -> list[tuple[str, int, int]]:
    """Of each file its path, bytes and when it was changed."""
    return [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(files)]


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
