"""Recording what people decide: each decision is one row of the journal, with who, when and why.

It shows at once, also while a run is writing, and it is never overwritten: an undo is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten

import streamlit as st

from dashboard import data
from dashboard.decide.editors import editor, has_provider, signed, why_not
from dashboard.ui.parts import label, note, show, tag
from ledger import vocabulary
from ledger.days import day
from ledger.decisions import journal
from ledger.errors import SaidError
from ledger.presentation.labels import REASON, plain, stance_name, status_name
from ledger.presentation.links import web_link
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.pledge_page import PledgePage, Shown
from ledger.types import Decision, DecisionKind

_DONE, _WAITING = "decided", "waiting_for_a_name"
LONGEST = 2000  # characters of a reason
# Streamlit opens a dialog without moving the cursor into it.
_CURSOR = "<script>document.querySelector('[role=dialog] input')?.focus()</script>"
_TICKED = 12  # reports that have a box to tick; older ones are chosen from a list
_TICKS = 230  # pixels that a long list of evidence to tick takes


def announce() -> None:
    """Say that the decision taken just before was recorded, with a button that takes it back at once."""
    words, undo = st.session_state.pop(_DONE, ("", None))
    if not words:
        return
    with st.container(key="announced", horizontal=True, vertical_alignment="center"):
        st.success(words, icon=":material/check:")
        if undo:
            st.button("Undo", key="undo_at_once", on_click=_take_back, args=(undo,))


def _take_back(undo: Decision) -> None:
    if _write(undo):
        st.session_state[_DONE] = (f"Decision {undo.value['row']} is undone.", None)


def record(who: str, kind: DecisionKind, subject: str, value: dict[str, object], why: str) -> None:
    """Append a decision to the journal and draw the page anew; only who may decide gets that far.

    Where no name was given yet, it is asked for now, and the decision recorded with it.
    """
    decision = Decision(kind, subject, value, who, why.strip())
    if not who and not has_provider():
        st.session_state[_WAITING] = decision
        _ask_name()
    elif _write(decision):
        st.rerun()


def _write(decision: Decision) -> bool:
    """Append a decision, told of by the page drawn next; False, with the reason, where it is refused."""
    try:
        signer = signed(decision.who)
        row = journal.record(data.home(), replace(decision, who=signer))
    except SaidError as error:
        st.error(label(error))
        return False
    undo = Decision("undo", decision.subject, {"row": row}, signer) if decision.kind != "undo" else None
    lasting = " It can be undone at any time." if undo else ""
    st.session_state[_DONE] = (f"Recorded as decision {row}.{lasting}", undo)
    return True


@st.dialog("Who decides?")
def _ask_name() -> None:
    with st.form("name_for_it", border=False):
        st.text_input(
            "Your name, as it should stand in the journal",
            max_chars=80,
            key="name_given",
            help="Asked once. Each decision is kept with who took it, when and why.",
        )
        st.form_submit_button("Record it", type="primary", on_click=_named)
    st.html(_CURSOR, unsafe_allow_javascript=True)
    if _WAITING not in st.session_state:
        st.rerun()


def _named() -> None:
    """Record what waited for a name, which stands in the pages' own field for the rest of the visit."""
    name = str(st.session_state.get("name_given") or "").strip()
    if name and (decision := st.session_state.pop(_WAITING, None)):
        st.session_state["editor"] = name
        _write(replace(decision, who=name))


def status_form(pledge: PledgeRow, who: str, reports: Sequence[Shown], folded: bool = False) -> None:
    """Set a pledge's status, on the reports that are ticked. ``folded``: in a list, these open on a click."""
    options = list(vocabulary.statuses())
    with st.form(f"status_{pledge.id}", border=False):
        status = st.pills(
            "Status",
            options,
            default=pledge.suggested if pledge.suggested in options else options[0],
            required=True,
            format_func=status_name,
        )
        with st.expander("Reason and evidence") if folded else st.container():
            reason = st.pills("If it was not kept, because", list(REASON), format_func=REASON.__getitem__)
            value: dict[str, object] = {"status": status, **_rests_on(pledge.id, reports)}
        value["reason"] = (reason or "") if vocabulary.statuses()[status].outcome == "not_kept" else ""
        with st.container(horizontal=True, vertical_alignment="bottom"):
            why = st.text_input("Why", max_chars=LONGEST, placeholder="what you saw, and where")
            sent = st.form_submit_button("Set status", type="primary")
        if sent:
            if value.get("link") and not web_link(str(value["link"])):
                st.warning("The link must be a whole web address, beginning with https://.")
            else:
                record(who, "set_status", pledge.id, value, why or "")


def _rests_on(pledge_id: str, reports: Sequence[Shown]) -> dict[str, object]:
    """What a decision rests on: reports ticked, and a link to what no outlet has reported."""
    ticked: list[str] = []
    named = {report.id: report_words(report) for report in reversed(reports)}
    newest = list(named)[:_TICKED]
    if newest:
        note("Evidence it rests on", class_="sd-label")
        with st.container(
            key=f"ticks_{pledge_id}", height=_TICKS if len(newest) > 6 else "content", gap="small"
        ):
            ticked = [key for key in newest if st.checkbox(label(named[key]), key=f"tick_{key}")]
    if older := [key for key in named if key not in newest]:
        ticked += st.multiselect(
            f"Evidence from before ({len(older):,})",
            older,
            format_func=lambda key: plain(named[key]),
            placeholder="choose any",
            key=f"older_{pledge_id}",
        )
    link = st.text_input(
        "Link to other evidence", type="url", max_chars=LONGEST, placeholder="https://… (if there is any)"
    )
    return {"evidence": ticked, **({"link": link.strip()} if link and link.strip() else {})}


def rate_pledge(found: PledgePage) -> str:
    """The status that a person gives the pledge; gives the editor's name, which is asked for here."""
    with st.container(key="rate", border=True):
        show(tag("h3", "Set the status"))
        with st.container(width=420):
            who = editor()
        if not why_not():
            status_form(found.pledge, who, [e for e in found.shown if not e.is_rejected])
    return who


def choose_one(
    label: str, words: Mapping[str, str], placeholder: str = "choose one", key: str | None = None
) -> str | None:
    """One of these ids, which are offered in words; None as long as none is chosen."""
    options = list(words)
    return st.selectbox(
        label, options, index=None, format_func=words.__getitem__, placeholder=placeholder, key=key
    )


def check_form(found: PledgePage, who: str) -> None:
    """Confirm or reject a statement or a piece of evidence."""
    things = {e.id: plain(report_words(e)) for e in found.shown if not e.is_rejected}
    things |= statements(found)
    with st.form("check"):
        chosen = choose_one("Evidence or statement to confirm or reject", things)
        why = st.text_input("Why it does or does not belong", max_chars=LONGEST)
        left, right = st.columns(2)
        right_, wrong = left.form_submit_button("It is right"), right.form_submit_button("Reject it")
        if (right_ or wrong) and chosen:
            record(who, "confirm" if right_ else "reject", chosen, {}, why or "")


def title_form(pledge: PledgeRow, who: str) -> None:
    """Name a pledge; the machine's title stays beside it."""
    with (
        st.form(f"title_{pledge.id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        title = st.text_input("Title", value=plain(pledge.title), max_chars=journal.TITLE)
        if st.form_submit_button("Set title") and title and title.strip() != pledge.title:
            record(who, "set_title", pledge.id, {"title": title.strip()}, "")


def headline_button(pledge: PledgeRow, who: str) -> None:
    """Mark a pledge as one of those that weigh most, or take the mark off."""
    words = "Take it off the headline pledges" if pledge.headline else "Mark it as a headline pledge"
    if st.button(words, key=f"headline_{pledge.id}"):
        record(who, "headline", pledge.id, {"headline": not pledge.headline}, "")


def remark_form(pledge_id: str, who: str) -> None:
    """Add the owner's reply, or a note."""
    with st.form("remark"):
        kinds: dict[DecisionKind, str] = {"note": "Editor’s note", "reply": "Reply by the owner"}
        kind = st.selectbox("Add", list(kinds), format_func=kinds.__getitem__)
        text = st.text_area("Words", max_chars=LONGEST)
        if st.form_submit_button("Add it") and (text or "").strip():
            record(who, kind, pledge_id, {"text": (text or "").strip()}, "")


def statements(found: PledgePage) -> dict[str, str]:
    """The pledge's statements to choose from, in words, by id."""
    return {
        s.id: plain(f"{day(s.published)}, statement: {shorten(s.clause or s.words, 110, placeholder='…')}")
        for s in found.stated
        if not s.is_rejected
    }


def report_words(shown: Shown) -> str:
    words = shorten(shown.words or shown.headline, 110, placeholder="…")
    return f"{day(shown.day)}, {stance_name(shown.stance)}: {words}"
