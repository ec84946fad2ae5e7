"""What is worth a look, on a pledge's page: passages to take as evidence or to strike, one key each."""

from __future__ import annotations

import streamlit as st

from dashboard.decide.form import record
from dashboard.decide.keys import key_of, single_keys
from dashboard.ui.parts import context, label, link, note, said, show, tag
from dashboard.ui.pledge_parts import meta
from ledger import vocabulary
from ledger.days import day
from ledger.outputs.story import PledgeStory
from ledger.presentation.labels import stance_name
from ledger.queries.reading_list import ToCheck
from ledger.types import Decision, Stance

_STRIKE = "X"  # the key that strikes the first of the list, which the next one then becomes


def worth_a_look(told: PledgeStory, who: str | None) -> None:
    """The best of the pledge's reading list; ``who``: who decides here, None where nobody does."""
    if not told.look:
        return
    show(tag("h2", f"Worth a look ({len(told.page.to_check):,})"))
    keys = f" For the first, press the number of its sign, or {_STRIKE} to strike it."
    if who is None or not single_keys():
        keys = ""
    note(
        "Later passages that may bear on this pledge, the likeliest first. They count for nothing until a"
        f" person takes one as evidence; one that is struck does not come back.{keys}"
    )
    for n, one in enumerate(told.look):
        _offered(one, who, first=n == 0)
    if told.more:
        with st.expander(f"and {len(told.more):,} more"):
            for one in told.more:
                _offered(one, who)


def _offered(one: ToCheck, who: str | None, first: bool = False) -> None:
    """A passage with what can be done about it."""
    with st.container(key=f"look_{one.id}", gap="small"):
        _passage(one)
        if who is not None:
            _judge(one, who, first)


def _passage(one: ToCheck) -> None:
    where = [day(one.day), link(one.headline or one.url, one.link), said(one.outlet)]
    source = tag("span", "source: ", said(one.source)) if one.source not in ("", one.outlet) else ""
    own = tag("span", "the owner’s own words", class_="sd-flag sd-doubt") if one.by_owner else ""
    show(tag("div", context(one.context), meta(*where, source, own), meta(said(one.why)), class_="sd-item"))


def _judge(one: ToCheck, who: str, first: bool) -> None:
    """A button for each sign, the likeliest as the main one; of all but the first in the list the others wait
    behind a button."""
    stances = list(vocabulary.stances())
    with st.container(key=f"judge_{one.id}", horizontal=True, gap="xsmall"):
        if first:
            for n, stance in enumerate(stances, 1):
                _take(one, stance, who, stance_name(stance), key=str(n))
        else:
            _take(one, one.stance, who, f"Take as “{stance_name(one.stance)}”")
        strike = key_of(_STRIKE) if first else None
        if st.button("Strike", key=f"strike_{one.id}", type="tertiary", shortcut=strike):
            _record(one.struck(who))
        if not first:
            with st.popover("Another sign", key=f"more_{one.id}", type="tertiary"):
                for stance in stances:
                    if stance != one.stance:
                        _take(one, stance, who, stance_name(stance))


def _take(one: ToCheck, stance: Stance, who: str, words: str, key: str | None = None) -> None:
    likely = "primary" if stance == one.stance and key else "secondary"
    if st.button(label(words), key=f"take_{one.id}_{stance}", type=likely, shortcut=key_of(key)):  # type: ignore[arg-type]  # a literal
        _record(one.taken(stance, who))


def _record(decision: Decision) -> None:
    record(decision.who, decision.kind, decision.subject, decision.value, decision.why)
