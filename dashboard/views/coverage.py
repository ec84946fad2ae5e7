"""What was read, what was left out and why, which outlets are silent and what was edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from dashboard import data
from dashboard.ui import address
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.parts import Html, empty, go, link, note, said, show, table, tag
from ledger.days import day
from ledger.presentation.labels import number
from ledger.presentation.remedies import in_words
from ledger.queries import coverage_page
from ledger.queries.coverage_page import Coverage, OutletRow
from ledger.search.query_syntax import field
from ledger.storage.deliveries import outstanding

PER_PAGE = 30  # outlets, those that are silent first


def page() -> None:
    c = data.coverage()
    silent = sum(o.silent for o in c.outlets)
    articles = sum(o.articles for o in c.outlets)
    closed, last = data.home().closed, c.runs[0].finished if c.runs else None
    words = [f"{number(articles, 'article')} of {number(len(c.outlets), 'outlet')} have been read."]
    if closed:
        words.append("The collection is closed: nothing more is expected of its outlets.")
    else:
        if last:
            words.append(f"The last run ended on {day(last)} at {last:%H:%M}.")
        words.append(
            f"{number(silent, 'outlet is', 'outlets are')} below what is expected of a week."
            if silent
            else "No outlet is below what is expected of it."
        )
    show(tag("h1", "Coverage"), tag("p", " ".join(words), class_="sd-lead"))
    if not c.outlets:
        empty("Nothing has been read yet.", "List outlets in outlets.yaml and start “said run”.")
        return
    top = st.container()
    n = address.page_number("coverage", -(-len(c.outlets) // PER_PAGE))
    some = c.outlets[(n - 1) * PER_PAGE : n * PER_PAGE]
    with top:
        left_out = _EXPECTING if closed else ()
        columns = [name for name in _OUTLET if name not in left_out]
        rows = [
            [cell for name, cell in zip(_OUTLET, _outlet(o), strict=True) if name in columns] for o in some
        ]
        show(tag("h2", "Outlets"), table(columns, rows, _OUTLET_NUMBERS))
        if not closed:
            show(tag("h2", "How they were reached"), table(_REACHED, map(_reached, some)))
    downloads("outlets", lambda: c.outlets)
    if not closed:
        _listings(c)
    _letters()
    _list(
        "Left out, and why",
        "Nothing has been left out.",
        ["Stage", "Reason", "In all", "Last run"],
        [(x.stage, in_words(x.reason), f"{x.number:,}", f"{x.last_run:,}") for x in c.left_out],
        "left_out",
        lambda: c.left_out,
        numbers=["In all", "Last run"],
    )
    _list(
        "Problems",
        "No problem has been met.",
        ["Stage", "Problem", "Times", "Latest", "What", "In detail"],
        [
            (
                p.stage,
                in_words(p.reason),
                f"{p.number:,}",
                _seen(p.noted),
                said(p.item),
                said(p.detail),
            )
            for p in c.problems
        ],
        "problems",
        lambda: _all().problems,
        numbers=["Times"],
    )
    _list(
        "Quotations altered or removed",
        "No official's quotation has changed since it was first read.",
        ["Fetched", "Outlet", "Article", "Speaker", "Was quoted as", "Now"],
        [
            (
                _seen(q.fetched),
                said(q.outlet),
                link(q.title, q.url),
                said(q.speaker),
                said(f"“{q.before}”"),
                said(f"“{q.after}”") if q.after else "removed",
            )
            for q in c.quotations
        ],
        "altered_quotations",
        lambda: _all().quotations,
    )
    _list(
        "Edited after publication",
        "No article has changed since it was first read.",
        ["Fetched", "Outlet", "Article", "What changed"],
        [(_seen(e.fetched), said(e.outlet), link(e.title, e.url), said(e.changed)) for e in c.edited],
        "edited_articles",
        lambda: _all().edited,
    )


def _listings(c: Coverage) -> None:
    _list(
        "Listings that give nothing, or nothing new",
        "Every listing gave articles when it was last asked for, and none has stood still for a week.",
        ["Outlet", "Listing", "What is wrong", "Since", "Days", "What to try"],
        [
            (
                said(x.outlet),
                link(x.url, x.url),
                said(x.told),
                day(x.since),
                f"{x.days:,}",
                said(x.advice),
            )
            for x in c.listings
        ],
        "listings",
        lambda: c.listings,
        numbers=["Days"],
    )


def _letters() -> None:
    letters = outstanding(data.home())
    _list(
        "Letters not delivered",
        "Every letter of the digest has reached its reader.",
        ["Edition", "Channel", "To", "Since", "How it stands"],
        [(said(x.edition), said(x.channel), said(x.shown), day(x.queued), said(x.told)) for x in letters],
        "letters",
        lambda: letters,
    )


def _seen(moment: datetime | None) -> str:
    return day(data.home().seen_on(moment))


def _list(
    heading: str,
    none: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Html | str]],
    name: str,
    all_of_it: Callable[[], Sequence[object]],
    numbers: Sequence[str] = (),
) -> None:
    """A table under its heading, with all its rows to download, or the words on there being ``none``."""
    show(tag("h2", heading))
    if rows:
        show(table(columns, rows, numbers))
        downloads(name, all_of_it)
    else:
        note(none)


def _all() -> Coverage:
    """The lists of single things, of which the page shows the latest."""
    return coverage_page.coverage(data.home(), MOST)


_OUTLET_NUMBERS = ["Articles", "Last 7 days", "Expected", "Statements", "Commitments"]
_OUTLET = ["Outlet", "Region", "Articles", "Last 7 days", "Expected", "Latest", "Statements", "Commitments"]
_EXPECTING = ("Last 7 days", "Expected")
_REACHED = [
    "Outlet",
    "Last reached",
    "Last new page",
    "Failures at the last visit",
    "Listings that gave nothing",
]


def _reached(o: OutletRow) -> Sequence[Html | str]:
    return (
        said(o.name),
        day(o.reached, "never"),
        day(o.brought, "never"),
        said(o.wrong or "none"),
        said("; ".join(o.mute) or "none"),
    )


def _outlet(o: OutletRow) -> Sequence[Html | str]:
    mark = tag("span", "silent", class_="sd-flag sd-flag-overdue") if o.silent else Html("")
    return (
        go(said(o.name), "search", q=field("outlet", o.name), order="date") + " " + mark,
        said(o.region),
        f"{o.articles:,}",
        f"{o.week:,}",
        f"{o.expected_weekly:,}" if o.expected_weekly else "–",
        day(o.latest, "never"),
        f"{o.statements:,}",
        f"{o.commitments:,}",
    )


page()
