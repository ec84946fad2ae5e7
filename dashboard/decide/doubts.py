"""Putting doubts of the machine before a person: pledges that may be one, statements that may not belong."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import data
from dashboard.decide.form import LONGEST, record
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import empty, go, join, note, said, show, tag, words
from ledger.days import day
from ledger.presentation.labels import number, role_name
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.review_lists import Doubtful, Newcomer
from ledger.types import DecisionKind

MOST_AT_ONCE = 8  # entries of one list; more follow as these are decided


def doubts(some: Sequence[Doubtful], who: str) -> None:
    """Each doubt with both sides next to each other, its likeness, and the two ways to settle it."""
    if not some:
        empty("Nothing waits here.", "New doubts come with the next run.")
        return
    for doubt in some[:MOST_AT_ONCE]:
        with st.container(border=True, key=f"doubt_{doubt.one}_{doubt.other}"):
            likeness = f"Likeness {doubt.likeness:.2f}; the rules join from 0.50 on."
            left, right = st.columns(2)
            if doubt.kind == "merge":
                with left:
                    _side(doubt.one_pledge, f"{doubt.one}_a")
                with right:
                    _side(doubt.other_pledge, f"{doubt.other}_b")
                together, apart = "Join them", "They are two pledges"
            else:
                with left:
                    show(
                        tag("p", tag("b", "This statement"), ", ", day(doubt.published), class_="sd-meta"),
                        tag("div", words(doubt.words, 2_000), class_="sd-words"),
                    )
                with right:
                    note(tag("b", "stands in this pledge"))
                    _side(doubt.other_pledge, f"{doubt.one}_s")
                together, apart = "It belongs there", "Part it from the pledge"
            note(likeness, class_="sd-small")
            form = f"settle_{doubt.kind}_{doubt.one}_{doubt.other}"
            ways: dict[DecisionKind, str] = {"merge": together, "split": apart}
            _settle(form, ways, who, doubt.one, {"with": doubt.other})


def _side(pledge: PledgeRow, key: str) -> None:
    pledge_list([pledge], data.home().today, key)
    show(tag("div", words(pledge.words, 1_000), class_="sd-words"))


def _settle(
    form: str, ways: dict[DecisionKind, str], who: str, subject: str, value: dict[str, object]
) -> None:
    """A form with a button for each of two decisions."""
    with st.form(form, border=False):
        why = st.text_input("Why", max_chars=LONGEST, placeholder="optional")
        (first, yes), (second, no) = ways.items()
        left, right = st.columns(2)
        agreed = left.form_submit_button(yes, type="primary", width="stretch")
        refused = right.form_submit_button(no, width="stretch")
        if agreed or refused:
            record(who, first if agreed else second, subject, value, why or "")


def newcomers(some: Sequence[Newcomer], who: str) -> None:
    """Officials that no register names: right, or no official at all."""
    if not some:
        empty("Every official with a statement is in the register.", "New ones come with the next run.")
        return
    for person in some[:MOST_AT_ONCE]:
        with st.container(border=True, key=f"new_{person.id}"):
            post = person.office or role_name(person.role)
            show(
                tag(
                    "div",
                    tag("b", go(said(person.name), "officials", id=person.id)),
                    " – ",
                    join([said(post), said(person.body)], ", "),
                ),
                tag(
                    "div",
                    number(person.statements, "statement"),
                    ", the latest in ",
                    said(person.outlet),
                    ": ",
                    words(person.words),
                    class_="sd-meta",
                ),
            )
            ways: dict[DecisionKind, str] = {"confirm": "This is an official", "reject": "Not an official"}
            _settle(f"newcomer_{person.id}", ways, who, person.id, {})
