"""The command that takes in files of a reader's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from datetime import datetime
from pathlib import Path

import click

from crawlers.archive.lines import runs
from crawlers.documents.adding import ADDED, CHANGED, KNOWN, REFUSED, Addition, FactsTold, look
from crawlers.documents.adding import add as add_files
from flows.cli.app import home_option, json_flag
from flows.cli.lines import flat
from flows.pipeline.progress import finish
from flows.pipeline.runner import STAGES, run_stage, run_stages
from flows.pipeline.sources import load_sources
from ledger import vocabulary
from ledger.days import day
from ledger.search import word_index
from ledger.settings import Settings, make_data

_CHANGE = "change what is wrong with --kind, --publisher, --speaker, --date, --title"
_READ = tuple(name for name in STAGES if name != "crawl")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--publisher", default="", help="Whose file it is. Default: guessed from its first page.")
@click.option("--date", "published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication.")
@click.option("--kind", type=click.Choice(list(vocabulary.kinds())), help="What it is. Default: guessed.")
@click.option("--speaker", default="", help="Whose words it holds: the party or person behind a manifesto.")
@click.option("--title", default="", help="What it is called.")
@click.option("--look", "only_look", is_flag=True, help="Show what would be added, and add nothing.")
@json_flag
@home_option
def add(
    settings: Settings,
    files: tuple[Path, ...],
    publisher: str,
    published: datetime | None,
    kind: str | None,
    speaker: str,
    title: str,
    only_look: bool,
    as_json: bool,
) -> None:
    """Take in files of your own: PDF, DOCX, TXT, EML, HTML, WARC; kept once, with their pages."""
    told = FactsTold(kind or "", publisher, speaker, published.date() if published else None, title)
    if only_look:
        outcomes = [one for file in files for one in look(settings.home, file, told)]
        _show(outcomes, as_json, only_look)
    else:
        sources = load_sources(settings)  # a list that cannot be used is told before anything starts
        make_data(settings)
        outcomes = add_files(settings.home, files, told)
        _show(outcomes, as_json, only_look)
        known = any(one.state == KNOWN for one in outcomes)
        if any(one.state in (ADDED, CHANGED) for one in outcomes) or (known and is_behind(settings)):
            with redirect_stdout(sys.stderr) if as_json else nullcontext():
                done = run_stages(
                    settings,
                    sources,
                    lambda name, run_id: run_stage(name, settings, sources, run_id),
                    names=_READ,
                )
            finish(done, quiet=as_json)
    if any(one.state == REFUSED for one in outcomes):
        raise click.exceptions.Exit(1)


def is_behind(settings: Settings) -> bool:
    """True where what is kept is not all read and published: a command before was killed on its way."""
    if settings.work.exists() or not settings.warehouse.exists() or not word_index.is_of_published(settings):
        return True
    published = settings.warehouse.stat().st_mtime
    return any(path.stat().st_mtime > published for path in runs(settings.data / "crawl"))


def _show(outcomes: Sequence[Addition], as_json: bool, only_look: bool) -> None:
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in outcomes], ensure_ascii=False))
        return
    for one in outcomes:
        click.echo(_line(one, only_look), err=one.state == REFUSED)
        for note in one.notes:
            click.echo(f"  {flat(note)}", err=True)
    if any(one.state == ADDED for one in outcomes):
        click.echo(f"If that is not so, {_CHANGE}.")


def _line(one: Addition, only_look: bool) -> str:
    if one.facts is None or one.state == REFUSED:
        return f"refused  {flat(one.name)}: {flat(one.why)}"
    facts = one.facts
    parts = [
        f"{vocabulary.kinds()[facts.kind].label} of {facts.publisher}",
        f"in the words of {facts.speaker}" if facts.speaker not in ("", facts.publisher) else "",
        day(facts.day) if facts.day else "no date: give --date",
        f"{one.pages} page{'s' if one.pages > 1 else ''}" if one.pages else "",
        f"“{facts.title}”",
    ]
    state = {KNOWN: "there already", ADDED: "to be added" if only_look else "added"}.get(one.state, one.state)
    return f"{state}  {flat(one.name)}: {flat(', '.join(part for part in parts if part))}"


def _as_json(one: Addition) -> dict[str, object]:
    facts = one.facts
    return {
        "name": one.name,
        "state": one.state,
        "why": one.why,
        "notes": list(one.notes),
        "pages": one.pages,
        "kind": facts.kind if facts else None,
        "publisher": facts.publisher if facts else None,
        "speaker": facts.speaker if facts else None,
        "date": facts.day.isoformat() if facts and facts.day else None,
        "title": facts.title if facts else None,
    }
