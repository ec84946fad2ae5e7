"""`said search`: a plain question, answered with pledges first, then statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from flows.cli.app import home_option, json_flag
from flows.cli.lines import echo_json, echo_rows, flat, format_option, pledge_table, tell_aside
from ledger import days
from ledger.presentation.labels import LEFT_OUT, role_name
from ledger.questions import answer as answering
from ledger.questions.answer import QuestionAnswer
from ledger.search.statement_search import Hit
from ledger.settings import Settings
from nlp.text.embeddings import Embedder

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
        echo_rows(rows, form)
        tell_aside([*found.notes, found.advice])
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
        "pledges": list(dict.fromkeys(key for key in hit.pledge_ids if key)),
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
