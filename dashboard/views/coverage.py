"""What was read, what was left out and why, which outlets are silent and what was edited."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import data
from dashboard.ui import address
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.parts import Html, day, empty, go, link, number, said, show, table, tag
from ledger.queries import coverage_page
from ledger.queries.coverage_page import Coverage, OutletRow
from ledger.search.query_syntax import field

PER_PAGE = 30  # outlets, those that are silent first


def page() -> None:
    c = data.coverage()
    silent = [o for o in c.outlets if o.silent]
    articles = sum(o.articles for o in c.outlets)
    last = c.runs[0].finished if c.runs else None
    words = [f"{number(articles, 'article')} of {number(len(c.outlets), 'outlet')} have been read."]
    if last:
        words.append(f"The last run ended on {day(last)} at {last:%H:%M}.")
    words.append(
        f"{number(len(silent), 'outlet is', 'outlets are')} below what is expected of a week."
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
        show(tag("h2", "Outlets"), table(_OUTLET, map(_outlet, some)))
        show(tag("h2", "How they were reached"), table(_REACHED, map(_reached, some)))
    downloads("outlets", lambda: c.outlets)
    show(tag("h2", "Left out, and why"))
    if c.left_out:
        rows = [(x.stage, x.reason.replace("_", " "), f"{x.number:,}", f"{x.last_run:,}") for x in c.left_out]
        show(table([("Stage", False), ("Reason", False), ("In all", True), ("Last run", True)], rows))
        downloads("left_out", lambda: c.left_out)
    else:
        show(tag("p", "Nothing has been left out.", class_="sd-meta"))
    show(tag("h2", "Problems"))
    if c.problems:
        show(
            table(
                [
                    ("Stage", False),
                    ("Problem", False),
                    ("Times", True),
                    ("Latest", False),
                    ("What", False),
                    ("In detail", False),
                ],
                [
                    (
                        p.stage,
                        p.reason.replace("_", " "),
                        f"{p.number:,}",
                        day(p.noted),
                        said(p.item),
                        said(p.detail or ""),
                    )
                    for p in c.problems
                ],
            )
        )
        downloads("problems", lambda: _all().problems)
    else:
        show(tag("p", "No problem has been met.", class_="sd-meta"))
    show(tag("h2", "Quotations altered or removed"))
    if c.quotations:
        show(
            table(
                [(h, False) for h in ("Fetched", "Outlet", "Article", "Speaker", "Was quoted as", "Now")],
                [
                    (
                        day(q.fetched),
                        said(q.outlet),
                        link(q.title, q.url),
                        said(q.speaker),
                        said(f"“{q.before}”"),
                        said(f"“{q.after}”") if q.after else "removed",
                    )
                    for q in c.quotations
                ],
            )
        )
        downloads("altered_quotations", lambda: _all().quotations)
    else:
        show(tag("p", "No official's quotation has changed since it was first read.", class_="sd-meta"))
    show(tag("h2", "Edited after publication"))
    if c.edited:
        show(
            table(
                [("Fetched", False), ("Outlet", False), ("Article", False), ("What changed", False)],
                [(day(e.fetched), said(e.outlet), link(e.title, e.url), said(e.changed)) for e in c.edited],
            )
        )
        downloads("edited_articles", lambda: _all().edited)
    else:
        show(tag("p", "No article has changed since it was first read.", class_="sd-meta"))


def _all() -> Coverage:
    """The lists of single things, of which the page shows the latest."""
    return coverage_page.coverage(data.home(), MOST)


_OUTLET = [
    ("Outlet", False),
    ("Region", False),
    ("Articles", True),
    ("Last 7 days", True),
    ("Expected", True),
    ("Latest", False),
    ("Statements", True),
    ("Undertakings", True),
]


_REACHED = [
    ("Outlet", False),
    ("Last reached", False),
    ("Last new page", False),
    ("Failures at the last visit", False),
    ("Listings that gave nothing", False),
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
        said(o.region or ""),
        f"{o.articles:,}",
        f"{o.week:,}",
        f"{o.expected_weekly:,}" if o.expected_weekly else "–",
        day(o.latest, "never"),
        f"{o.statements:,}",
        f"{o.undertakings:,}",
    )


page()
