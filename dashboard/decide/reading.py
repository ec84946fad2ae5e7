"""What is worth a look, on a pledge's page: passages to take as evidence or to strike, one key each."""

from __future__ import annotations

import streamlit as st

from dashboard.decide.form import record
from dashboard.ui.parts import context, link, note, said, show, tag
from dashboard.ui.pledge_parts import meta
from ledger import vocabulary
from ledger.days import day
from ledger.presentation.labels import stance_name
from ledger.queries.pledge_page import PledgePage
from ledger.queries.reading_list import ToCheck
from ledger.types import Decision

_KEYS = {"take": "T", "strike": "X"}  # for the first of the list, which the next one becomes


def worth_a_look(found: PledgePage, who: str | None) -> None:
    """The pledge's reading list, best first; ``who``: who decides here, None where nobody does."""
    if not found.to_check:
        return
    show(tag("h2", f"Worth a look ({len(found.to_check):,})"))
    keys = (
        f" For the first, the keys {_KEYS['take']} and {_KEYS['strike']} do the same."
        if who is not None
        else ""
    )
    note(
        "Later passages that may bear on this pledge, the likeliest first. They count for nothing until a"
        f" person takes one as evidence; one that is struck does not come back.{keys}"
    )
    for n, one in enumerate(found.to_check):
        with st.container(border=True, key=f"look_{one.id}"):
            where = [day(one.day), link(one.headline or one.url, one.link), said(one.outlet)]
            source = tag("span", "source: ", said(one.source)) if one.source not in ("", one.outlet) else ""
            own = tag("span", "the owner’s own words", class_="sd-flag sd-doubt") if one.by_owner else ""
            show(context(one.context), meta(*where, source, own), meta(said(one.why)))
            if who is not None:
                _judge(one, who, first=n == 0)


def _judge(one: ToCheck, who: str, first: bool) -> None:
    stances = list(vocabulary.stances())
    with st.container(key=f"judge_{one.id}", horizontal=True, vertical_alignment="bottom"):
        stance = st.selectbox(
            "It says",
            stances,
            index=stances.index(one.stance) if one.stance in stances else 0,
            format_func=stance_name,
            key=f"stance_{one.id}",
            width=160,
        )
        take = st.button(
            "Take it as evidence",
            key=f"take_{one.id}",
            type="primary",
            shortcut=_KEYS["take"] if first else None,
        )
        strike = st.button("Strike it", key=f"strike_{one.id}", shortcut=_KEYS["strike"] if first else None)
    if take:
        _record(one.taken(stance, who))
    elif strike:
        _record(one.struck(who))


def _record(decision: Decision) -> None:
    record(decision.who, decision.kind, decision.subject, decision.value, decision.why)
