"""What ``said outlets check`` found, as a table for people and as rows for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flows.cli.lines import flat
from ledger.days import day
from ledger.presentation.labels import number
from ledger.presentation.remedies import remedy

if TYPE_CHECKING:
    from crawlers.probe.check import Report

_HEAD = ("Outlet", "Reached", "robots.txt", "Listings", "Newest", "Articles", "Rights found", "")
_WIDEST = 34  # characters of an outlet's name


def check_table(reports: Sequence[Report]) -> str:
    """A line for each outlet, below it what is in the way and what to try, and the sum at the end."""
    cells = [_cells(report) for report in reports]
    widths = [max(len(row[n]) for row in (_HEAD, *cells)) for n in range(len(_HEAD))]
    lines = [_line(_HEAD, widths)]
    for report, row in zip(reports, cells, strict=True):
        lines.append(_line(row, widths))
        for address, reason, detail in report.troubles if not report.good else ():
            what = remedy(reason, report.outlet.home, detail)
            told = f"{reason.replace('_', ' ')}: {what.told}" if what.told == "not read" else what.told
            lines.append(f"    {flat(address)}: {flat(told)}. {flat(what.advice)}")
        if not report.good and not report.troubles:
            lines.append(f"    {_lack(report)}")
    bad = sum(not report.good for report in reports)
    return "\n".join([*lines, "", f"{len(reports) - bad} of {number(len(reports), 'outlet')} good"])


def as_row(report: Report) -> dict[str, Any]:
    """One report for a machine: its parts, and what is reckoned of them."""
    held = asdict(report)
    return {
        **held,
        "outlet": report.outlet.name,
        "good": report.good,
        "reached": report.reached,
        "newest": report.newest,
        "read": len(report.whole),
    }


def _cells(report: Report) -> tuple[str, ...]:
    good = sum(not one["reason"] and bool(one["links"]) for one in report.listings)
    robots = "open" if not report.robots else report.robots.removeprefix("robots_").replace("_", " ")
    delay = f", {report.delay:g} s" if report.delay else ""
    name = flat(report.outlet.name)
    return (
        name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…",
        "yes" if report.reached else "no",
        robots + delay,
        f"{good} of {len(report.listings)}",
        day(report.newest, "–"),
        f"{len(report.whole)} of {len(report.articles)}",
        ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in sorted(report.rights.items())) or "none",
        "good" if report.good else "NOT GOOD",
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _lack(report: Report) -> str:
    """Why an outlet of which nothing failed is not good."""
    if report.rights and not report.articles:
        return (
            "Its pages are reserved or closed: ask the publisher; with permission, set rights: {mine: true}."
        )
    if not report.articles:
        return "Its listings name no article to read."
    lacking = len(report.articles) - len(report.whole)
    return f"{lacking} of its articles came without a title or a date: try another layout."
