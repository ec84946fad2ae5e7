"""The tools for deciding on a pledge's page: a row of buttons, one key each; the one that is wanted opens.

All others stay folded, so that a reader meets none, and none is drawn that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.decide.editors import editor, why_not
from dashboard.decide.form import (
    LONGEST,
    NOTHING,
    choose_one,
    headline_button,
    record,
    record_all,
    report_words,
    rests_on,
    statements,
    status_form,
)
from dashboard.decide.keys import key_of, keys_switch, single_keys
from dashboard.decide.merges import join_form, part_form
from dashboard.ui.parts import note, put_cursor, show, tag
from ledger.decisions import journal
from ledger.outputs.story import PledgeStory
from ledger.presentation.labels import plain
from ledger.queries.pledge_page import PledgePage
from ledger.types import Decision, DecisionKind

_OPENED = "tool_opened"


@dataclass(frozen=True, slots=True)
class Tool:
    """``key``: of the keyboard; ``form`` draws what it opens, for who decides."""

    words: str
    key: str
    form: Callable[[PledgeStory, str], None]


def tools(told: PledgeStory) -> None:
    """The row of tools and the one that is open."""
    show(tag("h2", "Decide", id="decide"))
    if why_not():
        editor()
        return
    held = f"tool_{told.page.pledge.id}"
    offered = {name: tool for name, tool in _TOOLS.items() if name != "part" or len(told.stated) > 1}
    chosen = str(st.session_state.get(held, ""))
    opens = "a click or its key" if single_keys() else "a click"
    note(f"Each opens with {opens}. Every decision keeps your name, and can be undone.", class_="sd-small")
    keys_switch()
    with st.container(key="tools", horizontal=True, gap="small"):
        for name, tool in offered.items():
            kind = "primary" if name == chosen else "secondary"
            press = {"on_click": _turn, "args": (held, name)}
            st.button(tool.words, key=f"tool_{name}", type=kind, shortcut=key_of(tool.key), **press)  # type: ignore[arg-type]  # a literal
    if chosen not in offered:
        return
    with st.container(key="tool"):
        show(tag("h3", offered[chosen].words))
        with st.container(key="tool_who", width=420):
            who = editor()
        offered[chosen].form(told, who)
        if st.session_state.pop(_OPENED, False):
            put_cursor(".st-key-tool", past=".st-key-tool_who")


def _turn(held: str, name: str) -> None:
    """Open the tool, or close it where it is open."""
    opens = st.session_state.get(held, "") != name
    st.session_state[held] = name if opens else ""
    st.session_state[_OPENED] = opens


def _status(told: PledgeStory, who: str) -> None:
    status_form(told.page.pledge, who, [e for e in told.page.shown if not e.is_rejected])


def _verdict(told: PledgeStory, who: str) -> None:
    pledge, reports = told.page.pledge, [e for e in told.page.shown if not e.is_rejected]
    with st.form(f"verdict_{pledge.id}", border=False):
        text = st.text_area(
            "Verdict",
            value=plain(pledge.verdict or ""),
            max_chars=journal.VERDICT,
            height=160,
            placeholder="what came of the pledge, in a paragraph, as it should be published",
        )
        before = told.verdict.basis if told.verdict else NOTHING
        ticked, links = rests_on(f"verdict_{pledge.id}", reports, before, "Links to other sources")
        if st.form_submit_button("Publish the verdict", type="primary"):
            value: dict[str, object] = {
                "text": (text or "").strip(),
                "evidence": ticked,
                "links": links.split(),
            }
            record(who, "verdict", pledge.id, value, "")


def _title(told: PledgeStory, who: str) -> None:
    """Name a pledge; the machine's title stays beside it."""
    pledge = told.page.pledge
    with (
        st.form(f"title_{pledge.id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        title = st.text_input("Title", value=plain(pledge.title), max_chars=journal.TITLE)
        if st.form_submit_button("Set title") and title and title.strip() != pledge.title:
            record(who, "set_title", pledge.id, {"title": title.strip()}, "")


def _set_aside(words: str, value: dict[str, object]) -> Callable[[PledgeStory, str], None]:
    """Take a pledge out of all lists: every statement in it is set aside, its words are kept."""

    def form(told: PledgeStory, who: str) -> None:
        with st.form("aside", border=False):
            note("It leaves all lists, counts and the digest. What was said is kept, and it can be undone.")
            why = st.text_input("Why", max_chars=LONGEST, placeholder="optional")
            if st.form_submit_button(words, type="primary"):
                why = (why or "").strip()
                record_all([Decision("reject", time.id, dict(value), who, why) for time in told.stated])

    return form


def _check(told: PledgeStory, who: str) -> None:
    """Confirm or reject a statement or a piece of evidence."""
    things = {e.id: plain(report_words(e)) for e in told.page.shown if not e.is_rejected}
    things |= statements(told.page)
    with st.form("check", border=False):
        chosen = choose_one("Evidence or statement to confirm or reject", things)
        why = st.text_input("Why it does or does not belong", max_chars=LONGEST)
        with st.container(horizontal=True):
            right, wrong = st.form_submit_button("It is right"), st.form_submit_button("Reject it")
        if (right or wrong) and chosen:
            record(who, "confirm" if right else "reject", chosen, {}, why or "")


def _remark(told: PledgeStory, who: str) -> None:
    """Add the owner's reply, or a note."""
    with st.form("remark", border=False):
        kinds: dict[DecisionKind, str] = {"reply": "Reply by the owner", "note": "Editor’s note"}
        kind = st.segmented_control(
            "Add", list(kinds), default="reply", required=True, format_func=kinds.__getitem__
        )
        text = st.text_area("Words", max_chars=LONGEST)
        if st.form_submit_button("Add it", type="primary") and (text or "").strip():
            record(who, kind, told.page.pledge.id, {"text": (text or "").strip()}, "")


def _headline(told: PledgeStory, who: str) -> None:
    note("Headline pledges are those that weigh most: every list and the site can be narrowed to them.")
    headline_button(told.page.pledge, who)


def _of_page(form: Callable[[PledgePage, str], None]) -> Callable[[PledgeStory, str], None]:
    return lambda told, who: form(told.page, who)


# Streamlit keeps C and R for itself; X and the numbers are the reading list's.
_TOOLS = {
    "status": Tool("Set the status", "S", _status),
    "verdict": Tool("Write the verdict", "V", _verdict),
    "title": Tool("Rename", "E", _title),
    "join": Tool("Join with another", "J", _of_page(join_form)),
    "part": Tool("Split off", "P", _of_page(part_form)),
    "nothing": Tool("Not a pledge", "N", _set_aside("It is not a pledge", {})),
    "minor": Tool("Minor", "M", _set_aside("It is too minor to track", {"as": journal.MINOR})),
    "headline": Tool("Headline", "H", _headline),
    "check": Tool("Check a piece", "K", _check),
    "remark": Tool("Reply or note", "Y", _remark),
}
