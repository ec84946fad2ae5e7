"""What commands found, as rows for machines and as lines for people."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from flows.cli.lines import flat
from ledger.days import day
from ledger.presentation.labels import LEFT_OUT, number
from ledger.presentation.tabular import cell

if TYPE_CHECKING:
    from ledger.queries.overview_page import Minor
    from ledger.search.statement_search import Hit


def found_row(hit: Hit) -> dict[str, Any]:
    """One statement for a machine. ``link``: of a file that was added its address, which opens nothing."""
    return {
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
    }


def found_lines(row: Mapping[str, Any]) -> str:
    """Who said it when, the words, and where they stand: of a file its title and page, too."""
    parts = dict.fromkeys((row["speaker"], row["role"], row["body"]))  # a body speaks for itself, once
    who = ", ".join(str(part) for part in parts if part)
    said = f"“{flat(row['words'])}”" if row["words"] else LEFT_OUT
    of_file = () if row["link"].startswith("http") else (f"“{row['headline']}”", row["page"])
    where = ", ".join(part for part in (row["outlet"], *of_file) if part)
    return f"{row['day'] or 'no date'}  {flat(who)}\n  {said}\n  {flat(where)}: {row['link']}"


def _unnamed(source: str, body: str | None) -> str:
    """Who says what no person is found for: a body in a paper of its own, or nobody who can be told."""
    return body if body and not source else f"unresolved ({source or 'no source'})"


def minor_lines(some: Sequence[Minor]) -> str:
    """The commitments that no list has: their words, whose they are, where they stand."""
    lines = []
    for one in some:
        said = f"“{flat(one.words)}”" if one.words else LEFT_OUT
        who = one.speaker or _unnamed(one.source_name or "", one.body)
        lines.append(f"{said}\n  {flat(who)}; {day(one.published)}, {flat(one.outlet)}: {one.link}")
    return "\n".join([*lines, f"{number(len(some), 'minor one')}, in no list and no other number"])


def print_rows(rows: list[dict[str, Any]], form: str) -> None:
    """Rows as JSON or as CSV."""
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    writer = csv.writer(sys.stdout)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])
