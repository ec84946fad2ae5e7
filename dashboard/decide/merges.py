"""Joining pledges that are one promise, and parting a statement from a pledge, on the pledge's page."""

from __future__ import annotations

import re

import streamlit as st

from dashboard import data
from dashboard.decide.form import LONGEST, choose_one, record, statements
from dashboard.ui.parts import note, said
from ledger.presentation.labels import number, plain
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.queries.pledge_page import PledgePage

MOST = 300  # pledges to choose from at once
_ID = re.compile(r"(?:^|[?&]id=)([0-9a-f]{16})(?:&|$)")


def join_form(found: PledgePage, who: str) -> None:
    """Join the pledge with another: of its owner or body, or one that is sought in all."""
    pledge = found.pledge
    with st.container(key="join", border=True):
        text = st.text_input(
            "Find the same pledge among all",
            max_chars=LONGEST,
            type="search",
            placeholder="words, a name, or the link to its page",
        )
        sought = (text or "").strip()
        some, offered = _sought(sought) if sought else _near(pledge)
        words = {row.id: plain(f"{row.title} – {row.owner}") for row in some if row.id != pledge.id}
        with st.form("join_form", border=False):
            placeholder = "choose one" if words else "none is offered"
            other = choose_one("Another pledge that is the same", words, placeholder)
            note("Offered: ", said(offered), class_="sd-small")
            why = st.text_input("Why they are one", max_chars=LONGEST)
            if st.form_submit_button("Join them") and other:
                record(who, "merge", pledge.id, {"with": other}, why or "")


def _near(pledge: PledgeRow) -> tuple[list[PledgeRow], str]:
    """The pledges of the same owner, then those of the same body and of who said it."""
    named = {pledge.owner_id or pledge.owner: pledge.owner}
    named |= {pledge.body: pledge.body} if pledge.body else {}
    named |= {pledge.person_id or pledge.person: pledge.person} if pledge.person else {}
    some: dict[str, PledgeRow] = {}
    offered = []
    for key, name in named.items():
        rows = data.pledges(Filter(owner=key, sort="newest"), MOST, 0)
        some |= {row.id: row for row in rows}
        offered.append(f"{_of(len(rows), data.count(Filter(owner=key))[0])} of {name}")
    return list(some.values()), " and ".join(offered) + ". Others are found with the line above."


def _sought(text: str) -> tuple[list[PledgeRow], str]:
    """The pledge whose id or link this is, else those in which all the words stand."""
    if asked := _ID.search(text):
        page = data.pledge(asked[1])
        return ([page.pledge], "the pledge of this link.") if page else ([], "no pledge has this link.")
    wanted = Filter(text=text, sort="newest")
    rows = data.pledges(wanted, MOST, 0)
    return rows, f"{_of(len(rows), data.count(wanted)[0])} with these words."


def _of(shown: int, total: int) -> str:
    return number(total, "pledge") if shown == total else f"the newest {shown:,} of {number(total, 'pledge')}"


def part_form(found: PledgePage, who: str) -> None:
    """Part a statement from the pledge."""
    pledge_id = found.pledge.id
    leaving = {key: words for key, words in statements(found).items() if key != pledge_id}
    if not leaving:
        return
    with st.form("part"):
        chosen = choose_one("A statement of another pledge", leaving)
        why = st.text_input("Why it is another one", max_chars=LONGEST)
        if st.form_submit_button("Part it") and chosen:
            record(who, "split", chosen, {"with": pledge_id}, why or "")
