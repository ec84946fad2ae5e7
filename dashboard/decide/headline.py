"""The pledges that an editor says weigh most: those marked, and others to mark, on the review page."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.decide.editors import why_not
from dashboard.decide.form import LONGEST, headline_button
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import empty, note, said, show, tag
from ledger.presentation.labels import headline_rule
from ledger.queries.pledge_list import Filter, PledgeRow

_MOST = 100  # that are marked
_OFFERED = 8


def headlines(who: str) -> None:
    """What is marked, and what may be: the pledges with most reports, or those that are sought."""
    marked = data.pledges(Filter(headline=True), _MOST, 0)
    if marked:
        note(said(headline_rule(data.home().headline_rule), 2_000))
        _each(marked, who, "marked")
    else:
        empty("No pledge is marked yet.", "Mark some below, or on the page of a pledge.")
    if why_not():
        return
    show(tag("h3", "Others to mark"))
    text = st.text_input(
        "Find pledges to mark",
        max_chars=LONGEST,
        type="search",
        placeholder="a name, or words of the pledge",
    )
    sought = Filter(text=(text or "").strip(), sort="evidence")
    found = data.pledges(sought, _OFFERED + len(marked), 0)
    _each([row for row in found if not row.headline][:_OFFERED], who, "offered")
    note("Those with most reports first.", class_="sd-small")


def _each(some: list[PledgeRow], who: str, where: str) -> None:
    for pledge in some:
        pledge_list([pledge], data.home().today, where, short=True)
        if not why_not():
            headline_button(pledge, who)
