"""`said pledges`: the list, narrowed; and what is done about one pledge with its options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from flows.cli import passages
from flows.cli.app import home_option, json_flag
from flows.cli.lines import echo_rows, flat, format_option, minor_lines, pledge_table, tell_aside
from ledger import days, vocabulary
from ledger.errors import WrongUse
from ledger.presentation.labels import number
from ledger.queries import overview_page, pledge_list
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.questions import answer as answering
from ledger.questions import pledge_search
from ledger.settings import Settings
from ledger.validation import did_you_mean
from nlp.text.embeddings import Embedder

_ALL = 1_000_000  # rows of a list that is given whole


@click.command()
@click.argument("question", required=False, default="")
@click.option("--overdue", is_flag=True, help="Only those past their deadline.")
@click.option("--due", metavar="30d", help="Only those due within so many days.")
@click.option(
    "--owner", default="", help="Of this official or body: a name or part of it, an office, a role."
)
@click.option("--role", default="", help="Only by those in this role.")
@click.option("--area", default="", help="Only of this area or body.")
@click.option("--outlet", default="", help="Only those that this outlet reported.")
@click.option("--status", default="", help="Only with this status.")
@click.option("--id", "pledge_id", default="", help="One pledge: what came of it, and what is worth a look.")
@click.option(
    "--look", is_flag=True, help="Go through what is worth a look (with --id of one): a key for each."
)
@click.option(
    "--take",
    nargs=2,
    metavar="PASSAGE STANCE",
    help="Take a passage as evidence: progress, delivered, delayed, cancelled, broken or restated.",
)
@click.option(
    "--strike", metavar="PASSAGE", help="Strike a passage off the list: it does not bear on the pledge."
)
@click.option("--headline", is_flag=True, help="Only those that an editor marked as headline pledges.")
@click.option("--minor", is_flag=True, help="Instead of pledges the small ones that nobody would track.")
@click.option(
    "--mark/--unmark", default=None, help="Mark the pledge of --id as a headline one, or unmark it."
)
@click.option("--title", default="", help="Name the pledge of --id; the machine's title stays beside it.")
@click.option("--who", default="", help="Your name, as it should stand in the journal.")
@format_option
@json_flag
@home_option
def pledges(
    settings: Settings,
    question: str,
    overdue: bool,
    due: str | None,
    pledge_id: str,
    look: bool,
    take: tuple[str, str] | None,
    strike: str | None,
    minor: bool,
    mark: bool | None,
    title: str,
    who: str,
    form: str,
    as_json: bool,
    **given: Any,
) -> None:
    """List pledges with deadline and status; show one; take or strike what is worth a look."""
    form = "json" if as_json else form
    if take or strike:
        passages.judge(settings, take, strike, who)
    elif title:
        passages.name(settings, pledge_id, title, who)
    elif mark is not None:
        passages.mark(settings, pledge_id, mark, who)
    elif minor:
        small = overview_page.minor(settings, _ALL)
        click.echo(minor_lines(small)) if form == "table" else echo_rows([asdict(one) for one in small], form)
    elif look:
        passages.go_through(settings, pledge_id, who)
    elif pledge_id:
        passages.show(settings, pledge_id, form)
    else:
        given["status"] = _status(given["status"])
        _list(settings, Filter(text=question, due="overdue" if overdue else (due or ""), **given), form)


def _list(settings: Settings, wanted: Filter, form: str) -> None:
    found = pledge_search.pledges(settings, wanted)
    notes, near = _notes(settings, wanted, bool(found))
    if form != "table":
        echo_rows([asdict(pledge) for pledge in found], form)
        tell_aside(notes)
        return
    if found:
        click.echo(pledge_table(settings.today, found))
    small = (
        f" and {number(overview_page.overview(settings).minor, 'minor one')}" if wanted == Filter() else ""
    )
    click.echo(f"{number(len(found), 'pledge')}{small}, as of {days.day(settings.today)}")
    for line in notes:
        click.echo(flat(line))
    if near:
        click.echo(f"\nPledges close to it, in other words\n{pledge_table(settings.today, near)}")


def _notes(settings: Settings, wanted: Filter, fits: bool) -> tuple[list[str], Sequence[PledgeRow]]:
    """What was read otherwise than typed; where nothing fits, what to try and the pledges near in meaning."""
    names = pledge_list.names_in(settings, wanted)
    notes = [
        f"“{typed}” was read as “{read}”."
        for found in names.values()
        for meant in found.meant
        for typed, read in meant.slips
    ]
    near: Sequence[PledgeRow] = ()
    if wanted.text:
        found = answering.answer(settings, wanted.text, Embedder().encode, limit=1) if not fits else None
        asked = found.question if found else answering.read_question(settings, wanted.text)
        notes += [f"Understood as {asked.told}.", *asked.notes]
        near = found.near if found else ()
    if fits:
        return notes, ()
    for name, found_names in names.items():
        if not found_names.meant:
            meant = f" Did you mean {' or '.join(found_names.near)}?" if found_names.near else ""
            notes.append(f"No {name} is called “{getattr(wanted, name)}”.{meant}")
    if not near:
        notes.append(
            "Nothing fits: try fewer choices, a part of a name, or `said search` for the statements."
        )
    return notes, near


def _status(text: str) -> str:
    """The status with this name or label; "" for none asked for."""
    if not text:
        return ""
    named = {
        flat(word).lower(): name for name, row in vocabulary.statuses().items() for word in (name, row.label)
    }
    found = named.get(text.lower()) or named.get(text.lower().replace(" ", "_"))
    if not found:
        known = [row.label.lower() for row in vocabulary.statuses().values()]
        raise WrongUse(f"no status is called {text!r}: one of {', '.join(known)}{did_you_mean(text, known)}")
    return found
