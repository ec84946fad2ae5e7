"""What is promised, due and broken, at a glance; each number leads to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.sitemap import pages, to
from dashboard.ui import charts
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import empty, label, note, show, tag
from ledger import vocabulary
from ledger.days import day
from ledger.presentation.labels import MEANT, flag_name, not_listed, number, owner_name, status_name
from ledger.queries.overview_page import RECENT_DAYS, Overview
from ledger.queries.pledge_list import PledgeRow


def page() -> None:
    o = data.overview()
    show(
        tag("h1", "What was promised, and what came of it"),
        tag(
            "p",
            "Mayors, MPs, councils and the police make pledges in the regional press. Here each is kept"
            " word for word, with a link to the article, and held against what was later reported:"
            f" {number(o.total, 'pledge')} by {number(o.owners, 'official or body', 'officials and bodies')},"
            f" from {number(o.articles, 'article')}, as things stood on {day(o.day)}.",
            class_="sd-lead",
        ),
    )
    _seek()
    if not o.total:
        empty(
            "There are no pledges yet.",
            f"{number(o.articles, 'article')} with {number(o.statements, 'statement')} were read, and none of"
            " them holds a pledge. List more outlets in outlets.yaml and start “said run”.",
        )
        return
    _tiles(o)
    left, right = st.columns(2, gap="large")
    with left:
        _by_status(o)
        _came_in(o)
    with right:
        _by_owner(o)
    _lists(o)
    _meanings()


def _seek() -> None:
    """A line to search from; Enter leads to what is found."""
    with (
        st.form("seek", border=False),
        st.container(key="seek_line", horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input(
            "Who promised what?",
            placeholder='a name, a subject or both, or an "exact phrase"',
            max_chars=1000,
            type="search",
        )
        sent = st.form_submit_button("Search", type="primary")
    if sent and text and text.strip():
        st.switch_page(pages()["search"], query_params={"q": text.strip()})


def _tiles(o: Overview) -> None:
    soon, days = data.home().due_soon_days, str(RECENT_DAYS)
    newest, flagged = o.latest["day"], Counter(o.by_flag)
    tiles = [
        (
            "overdue",
            flagged["overdue"],
            f"{flag_name('overdue').lower()}: the date promised has passed",
            {"flag": "overdue"},
        ),
        ("due", flagged["due_soon"], f"due in the next {soon} days", {"due": f"{soon}d"}),
        ("changed", o.changed, f"changed status in the last {days} days", {"changed": days}),
        (
            "drifted",
            flagged["drifted"],
            f"{flag_name('drifted').lower()}: number, date or scope moved",
            {"flag": "drifted"},
        ),
        ("new", o.latest["pledges"], f"new on {day(newest)}", {"came": str(newest or "")}),
    ]
    with st.container(key="tiles"):
        for key, count, words, parameters in tiles:
            with st.container(key=f"tile_{key}"):
                to("pledges", f"**{count:,}** {label(words)}", **parameters)


def _by_status(o: Overview) -> None:
    show(tag("h2", "By status"))
    counts = dict(o.by_status)
    words = ", ".join(f"{status_name(s)} {n}" for s, n in o.by_status)
    _chart(charts.by_status(o.by_status), "by_status", "status", f"Pledges by status: {words}.")
    with st.container(key="links_status", horizontal=True, gap="small"):
        for status, row in vocabulary.statuses().items():
            if counts.get(status):
                to("pledges", label(f"{row.label} {counts[status]:,}"), status=status)
    by_hand = f"{o.reviewed:,} of {number(o.total, 'status', 'statuses')} set by people"
    note(f"{by_hand}, the others suggested by rules from the evidence found.", class_="sd-small")
    if o.minor:
        note(f"{not_listed(o.minor)}.", class_="sd-small")


def _by_owner(o: Overview) -> None:
    show(tag("h2", "By official or public body"))
    totals: Counter[str] = Counter()
    for key, _, _, count in o.by_owner:
        totals[key] += count
    names = {key: owner_name(name) for key, name, _, _ in o.by_owner}
    words = ", ".join(f"{names[key]} {count}" for key, count in totals.items())
    _chart(charts.by_owner(o.by_owner), "by_owner", "owner", f"Pledges by owner: {words}.")
    with st.container(key="links_owner", horizontal=True, gap="small"):
        for key, count in totals.items():
            to("pledges", label(f"{names[key]} {count:,}"), owner=key)
    if o.owners > len(totals):
        note(
            f"The {len(totals)} with most pledges, of {o.owners:,}. Colours as in “By status”.",
            class_="sd-small",
        )


def _chart(chart: Any, key: str, parameter: str, description: str) -> None:
    """Draw a chart; a click on a bar opens the list behind it."""
    event: Any = st.vega_lite_chart(
        None, chart, key=key, width="stretch", on_select="rerun", selection_mode="picked", alt=description
    )
    picked = event.selection.get("picked") if event else None
    if picked:
        st.switch_page(pages()["pledges"], query_params={parameter: str(picked[0]["id"])})


def _lists(o: Overview) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _list("Longest overdue", o.overdue, "Nothing is overdue.", o, flag="overdue")
    with right:
        _list("Due next", o.due, "No open pledge has a date ahead of it.", o, due="ahead")
        _list("Changed last", o.moved, "No status has changed yet.", o, sort="changed")


def _list(title: str, some: Sequence[PledgeRow], none: str, o: Overview, **parameters: str) -> None:
    show(tag("h2", title))
    if not some:
        note(none)
        return
    where = title.split()[0].lower()
    pledge_list(some, o.day, where, short=True)
    with st.container(key=f"links_{where}"):
        to("pledges", "See them all", **parameters)


def _came_in(o: Overview) -> None:
    new = o.latest
    if new["day"]:
        show(tag("h2", f"What came in on {day(new['day'])}"))
        with st.container(key="links_new", horizontal=True, gap="small"):
            added = f"added:{new['day']}"
            to("search", label(number(new["statements"], "statement")), q=added, order="date")
            undertaken = label(number(new["commitments"], "commitment"))
            to("search", undertaken, q=f"{added} commitment:yes", order="date")
            to("pledges", label(number(new["pledges"], "new pledge")), came=str(new["day"]))
        finished = ""
        if end := new["finished"]:
            finished = f"; the last run ended on {day(end)} at {end:%H:%M}"
        note(f"from {number(new['articles'], 'article')}{finished}.", class_="sd-small")


def _meanings() -> None:
    with st.expander("What the words mean"):
        rows = [tag("dt", row.label) + tag("dd", row.meaning) for row in vocabulary.statuses().values()]
        flags = [tag("dt", row.label) + tag("dd", row.meaning) for row in vocabulary.flags().values()]
        two = [tag("dt", name) + tag("dd", told) for name, told in MEANT.items()]
        show(tag("dl", *two, *rows, *flags, class_="sd-facts"))


page()
