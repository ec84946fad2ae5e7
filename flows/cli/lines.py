"""What is printed, made fit for a terminal: no control characters, tables no wider than the screen."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

import click

from ledger.days import day
from ledger.presentation.labels import (
    LEFT_OUT,
    capital,
    flag_name,
    number,
    owner_name,
    status_name,
    when_due,
)
from ledger.presentation.tabular import cell
from ledger.queries.overview_page import Minor
from ledger.queries.pledge_list import PledgeRow

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How to print."
)
_WIDE = 120  # columns from which date and status of a pledge have their own
_NO_SCREEN = 200  # columns of a table that goes to a file or another program


def flat(value: object) -> str:
    """One line without control characters: what a page says must not drive a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(value or ""))


def width() -> int:
    """Columns of the terminal (COLUMNS, where that is set), or of a table that is not shown on one."""
    return shutil.get_terminal_size((_NO_SCREEN, 0)).columns


def table(head: Sequence[str], rows: Sequence[Sequence[str]], whole: Sequence[str] = ()) -> str:
    """Rows under their heads, no wider than `width`; a cell may have several lines, and breaks between words.

    ``whole``: the columns whose cells never break.
    """
    from rich.console import Console  # noqa: PLC0415  # rich, here and below: 0.05 s
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    for name in head:
        made.add_column(name, no_wrap=name in whole, overflow="fold")
    for row in rows:
        made.add_row(*(Text("\n".join(map(flat, cell.split("\n")))) for cell in row))
    screen = StringIO()
    console = Console(file=screen, width=width(), color_system=None, highlight=False)
    console.print(made)
    return "\n".join(line.rstrip() for line in screen.getvalue().rstrip("\n").split("\n"))


def pledge_table(today: date, some: Sequence[PledgeRow]) -> str:
    """Pledges with id, title, whose, date and status; in two columns where the terminal is narrow."""
    narrow = width() < _WIDE
    rows: list[tuple[str, ...]] = []
    for pledge in some:
        beside = pledge.person if pledge.person not in (None, pledge.owner) else ""
        who = f"{owner_name(pledge.owner)} ({beside})" if beside else owner_name(pledge.owner)
        by = "set by a person" if pledge.set_by else "suggested"
        status = status_name(pledge.status, pledge.set_reason)
        state = status if pledge.status == "not_yet_rated" else f"{status} ({by})"
        flags = ", ".join(map(flag_name, pledge.flags))
        due = when_due(pledge.deadline, today, pledge.first_due, pledge.flags)
        what = f"{capital(pledge.title)}\n{who}"
        if narrow:
            rows.append((pledge.id, f"{what}\n{due}\n{', '.join(filter(None, (state, flags)))}"))
        else:
            rows.append((pledge.id, what, due, f"{state}\n{flags}".strip()))
    heads = ("Id", "Pledge") if narrow else ("Id", "Pledge, and whose", "When", "Status")
    return table(heads, rows, whole=("Id",))


def minor_lines(some: Sequence[Minor]) -> str:
    """The commitments that no list has: their words, whose they are, where they stand."""
    lines = []
    for one in some:
        words = f"“{flat(one.words)}”" if one.words else LEFT_OUT
        who = one.speaker or one.body or f"unresolved ({one.source_name or 'no source'})"
        lines.append(f"{words}\n  {flat(who)}; {day(one.published)}, {flat(one.outlet)}: {one.link}")
    return "\n".join([*lines, f"{number(len(some), 'minor one')}, in no list and no other number"])


def echo_json(value: object) -> None:
    """A value as one line of JSON; days and times as ISO."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def echo_rows(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    """Rows of a list as JSON or CSV."""
    if form == "json":
        echo_json(rows)
        return
    writer = csv.writer(sys.stdout)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])


def tell_aside(lines: Sequence[str]) -> None:
    """What was read otherwise than typed, beside what a machine reads."""
    for line in lines:
        if line:
            click.echo(f"said: {flat(line)}", err=True)
