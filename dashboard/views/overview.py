"""What is promised, due and broken, at a glance; each number leads to its list."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from dashboard import data
from dashboard.sitemap import pages, to
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import empty, label, note, said, show, tag
from dashboard.ui.tallies import bar, tally_table
from ledger import vocabulary
from ledger.days import day, month_of
from ledger.presentation.labels import (
    COUNTED,
    MEANT,
    OUTCOME,
    OUTCOME_MEANS,
    WHAT_THIS_IS,
    flag_name,
    headline_rule,
    number,
)
from ledger.queries.overview_page import LATELY, RECENT_DAYS, Overview, ShortList
from ledger.queries.pledge_list import Filter

_NO_ADDRESS = {"text", "sort", "headline"}  # fields of a filter whose key in an address is another


def page() -> None:
    o = data.overview()
    show(
        tag("h1", "What was promised, and what came of it"),
        tag("p", WHAT_THIS_IS, class_="sd-lead"),
        tag(
            "p",
            f"{number(o.total, 'pledge')} by {number(o.owners, 'official or body', 'officials and bodies')},"
            f" from {number(o.articles, 'article')}, as of {day(o.day)}.",
            class_="sd-meta",
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
    _outcomes(o)
    _tiles(o)
    if o.lists["headline"].total:
        _list("Headline pledges", o.lists["headline"], "", headline_rule(data.home().headline_rule))
    _short_lists(o)
    _tallies(o)
    _came_in(o)
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


def _outcomes(o: Overview) -> None:
    """How the pledges ended, what people have set told apart from what rules suggest."""
    show(tag("h2", "What came of them"))
    with st.container(key="outcomes"):
        for outcome in (*OUTCOME, None):
            some = [row for row in o.by_status if row[1] == outcome]
            if outcome is None and not some:  # a status that has left the vocabulary has none
                continue
            name = f"{OUTCOME[outcome].lower()}: {OUTCOME_MEANS[outcome]}" if outcome else "of another kind"
            total, by_people = sum(row[2] for row in some), sum(row[3] for row in some)
            with st.container(key=f"outcome_{outcome}"):
                to("pledges", f"**{total:,}** {label(name)}", outcome=outcome or "")
                counts = {status: n for status, _, n, _ in some}
                shown = vocabulary.statuses().ordered(counts)
                show(bar(((row.name, counts[row.name]) for row in shown), total))
                with st.container(key=f"links_{outcome}", horizontal=True, gap="small"):
                    for row in shown:
                        to("pledges", label(f"{row.label} {counts[row.name]:,}"), status=row.name)
                note(
                    f"{by_people:,} set by people, {total - by_people:,} suggested by rules",
                    class_="sd-small",
                )
    if o.minor:
        with st.container(key="links_minor"):
            to(
                "pledges",
                label(f"And {number(o.minor, 'minor one')}, which nobody would track"),
                show="minor",
            )


def _tiles(o: Overview) -> None:
    tiles = [
        ("month", f"promised for {month_of(o.day)}"),
        ("newly", f"newly overdue: the date passed in the last {LATELY} days"),
        ("moved", f"moved again: put off in the last {LATELY} days"),
        ("overdue", f"{flag_name('overdue').lower()} in all"),
        ("changed", f"changed status in the last {RECENT_DAYS} days"),
    ]
    with st.container(key="tiles"):
        for key, words in tiles:
            with st.container(key=f"tile_{key}"):
                to("pledges", f"**{o.lists[key].total:,}** {label(words)}", **_address(o.lists[key].wanted))


def _address(wanted: Filter) -> dict[str, str]:
    """The address's parameters of a list that is narrowed so."""
    given = {f.name: getattr(wanted, f.name) for f in fields(wanted) if f.name not in _NO_ADDRESS}
    return {name: str(value) for name, value in given.items() if value} | (
        {"show": "headline"} if wanted.headline else {}
    )


def _short_lists(o: Overview) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _list(f"Promised for {month_of(o.day)}", o.lists["month"], "Nothing was promised for this month.")
        _list("Newly overdue", o.lists["newly"], f"No date has passed in the last {LATELY} days.")
        _list("Longest overdue", o.lists["overdue"], "Nothing is overdue.")
    with right:
        _list("Moved again", o.lists["moved"], f"No date was put off in the last {LATELY} days.")
        _list("Due next", o.lists["due"], "No open pledge has a date ahead of it.")
        if o.lists["changed"].total:
            _list("Changed last", o.lists["changed"], "")


def _list(title: str, some: ShortList, none: str, lead: str = "") -> None:
    show(tag("h2", title))
    if lead:
        note(said(lead, 2_000))
    if not some.total:
        note(none)
        return
    where = title.split()[0].lower() + title.split()[-1].lower()
    pledge_list(some.pledges, data.home().today, where, short=True)
    if some.total > len(some.pledges):
        with st.container(key=f"links_{where}"):
            to("pledges", f"See all {some.total:,}", **_address(some.wanted))


def _tallies(o: Overview) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        show(tag("h2", "By official or public body"), tally_table("Whose", o.by_owner, "owner"))
        most = (
            f"The {len(o.by_owner)} with most pledges, of {o.owners:,}. "
            if o.owners > len(o.by_owner)
            else ""
        )
        note(f"{most}{COUNTED}", class_="sd-small")
    with right:
        show(tag("h2", "By topic"), tally_table("About", data.by_topic(), "topic"))
        note("By the words of the pledge; a pledge may be about several topics, or none.", class_="sd-small")


def _came_in(o: Overview) -> None:
    new = o.latest
    if not new["day"] or data.home().closed:
        return
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
