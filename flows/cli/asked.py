"""Commands that ask: `said search`, a plain question, and `said pledges`, the list."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from flows.cli import passages
from flows.cli.app import home_option, json_flag
from flows.cli.lines import echo_json, flat, minor_lines, pledge_table
from ledger import days, vocabulary
from ledger.errors import WrongUse
from ledger.presentation.labels import LEFT_OUT, number, role_name
from ledger.presentation.tabular import cell
from ledger.queries import overview_page, pledge_list
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.questions import answer as answering
from ledger.questions import pledge_search
from ledger.questions.answer import QuestionAnswer
from ledger.search.statement_search import Hit
from ledger.settings import Settings
from ledger.validation import did_you_mean
from nlp.text.embeddings import Embedder

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How to print."
)
_ALL = 1_000_000  # rows of a list that is given whole
_MEANING = "By meaning: the words need not occur."


@click.command()
@click.argument("query", required=False, default="")
@click.option(
    "--speaker", default="", help="Of this official or body: a name or part of it, an office, a role."
)
@click.option("--role", default="", help="mp, mayor, minister, councillor, council leader, police, pcc …")
@click.option("--outlet", default="", help="Only from this outlet.")
@click.option("--area", default="", help="Only by officials of this area or body.")
@click.option("--after", default="", help="ISO day, month or year.")
@click.option("--before", default="", help="ISO day, month or year.")
@click.option(
    "--order",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    help="Which statements come first.",
)
@click.option("--semantic", "by_meaning", is_flag=True, help=_MEANING)
@click.option("--plain", "plainly", is_flag=True, help="Take every word as it is: none for a name.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="At most so many statements.",
)
@format_option
@json_flag
@home_option
def search(settings: Settings, query: str, form: str, as_json: bool, **given: Any) -> None:
    """Ask a plain question: pledges first, then statements; "an exact phrase", -not, speaker:, after: …"""
    found = answering.answer(settings, query, Embedder().encode, **given)
    if as_json:
        echo_json(_answer_row(found))
        return
    rows = [found_row(hit) for hit in found.statements.hits]
    if form != "table":
        _print(rows, form)
        _tell_aside([*found.notes, found.advice])
        return
    if found.question.parts:
        click.echo(f"Understood as {flat(found.question.told)}.")
    for line in found.notes:
        click.echo(flat(line))
    for title, some in (("Pledges", found.pledges), ("Pledges close to it, in other words", found.near)):
        if some:
            click.echo(f"\n{title}\n{pledge_table(settings.today, some)}")
    if found.question.seeks:
        click.echo("\nStatements" if rows else "")
        for row in rows:
            click.echo(f"{found_lines(row)}\n")
        near = "statements near in meaning" if found.by_meaning else "statements"
        click.echo(f"{len(rows):,} of {found.statements.total:,} {near}")
    if found.advice:
        click.echo(f"Nothing was found. {found.advice}")


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
        click.echo(minor_lines(small)) if form == "table" else _print([asdict(one) for one in small], form)
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
        _print([asdict(pledge) for pledge in found], form)
        _tell_aside(notes)
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


def found_row(hit: Hit) -> dict[str, Any]:
    """One statement for a machine. ``link``: of a file that was added its address, which opens nothing."""
    return {
        "id": hit.id,
        "day": hit.published.date() if hit.published else None,
        "speaker": hit.speaker or _unnamed(hit.source_name, hit.body),
        "role": hit.role,
        "body": hit.body,
        "words": hit.words,
        "outlet": hit.outlet,
        "headline": hit.title,
        "page": hit.context.page,
        "link": hit.link or hit.url,
        "reserved": hit.context.reserved,
        "pledges": [key for key in hit.pledge_ids if key],
    }


def found_lines(row: Mapping[str, Any]) -> str:
    """Who said it when, the words, and where they stand: of a file its title and page, too."""
    parts = dict.fromkeys(
        (row["speaker"], role_name(row["role"]), row["body"])
    )  # a body speaks for itself, once
    who = ", ".join(str(part) for part in parts if part)
    said = f"“{flat(row['words'])}”" if row["words"] else LEFT_OUT
    of_file = () if row["link"].startswith("http") else (f"“{row['headline']}”", row["page"])
    where = ", ".join(part for part in (row["outlet"], *of_file) if part)
    pledged = f"\n  pledge {', '.join(row['pledges'])}" if row["pledges"] else ""
    when = days.day(row["day"], "no date")
    return f"{when}  {flat(who)}\n  {said}\n  {flat(where)}: {row['link']}{pledged}"


def _answer_row(found: QuestionAnswer) -> dict[str, Any]:
    """The whole answer for a machine."""
    parts = [{"name": part.name or "who", "label": part.label} for part in found.question.parts]
    return {
        "understood": parts,
        "notes": list(found.notes),
        "advice": found.advice,
        "pledges": [asdict(pledge) for pledge in found.pledges],
        "near_pledges": [asdict(pledge) for pledge in found.near],
        "total": found.statements.total,
        "by_meaning": found.by_meaning,
        "statements": [found_row(hit) for hit in found.statements.hits],
    }


def _unnamed(source: str, body: str | None) -> str:
    """Who says what no person is found for: a body in a paper of its own, or nobody who can be told."""
    return body if body and not source else f"unresolved ({source or 'no source'})"


def _print(rows: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        echo_json(rows)
        return
    writer = csv.writer(sys.stdout)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])


def _tell_aside(lines: Sequence[str]) -> None:
    """What was read otherwise than typed, beside what a machine reads."""
    for line in lines:
        if line:
            click.echo(f"said: {flat(line)}", err=True)
