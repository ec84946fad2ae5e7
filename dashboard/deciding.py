"""Recording what people decide: each decision is one row of the journal, with who, when and why.

It shows at once, also while a run is writing, and it is never overwritten: an undo is a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten

import streamlit as st

from dashboard import data
from dashboard.editors import editor, signed, why_not
from dashboard.parts import Html, day, label, plain, said, show, tag
from dashboard.parts import link as link_to
from ledger import decisions
from ledger.errors import SaidError
from ledger.links import web_link
from ledger.queries import Filter, PledgeRow
from ledger.queries_pledge import Journalled, PledgePage, Shown
from ledger.showing import STANCE, STATUS, decided
from ledger.types import Decision, DecisionKind

_DONE = "decided"
LONGEST = 2000  # characters of a reason
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
    try:
        decisions.record(data.home(), replace(undo, who=signed(undo.who)))
    except SaidError as error:
        st.error(plain(error).replace("`", "'"))
        return
    st.session_state[_DONE] = (f"Decision {undo.value['row']} is undone.", None)


def record(who: str, kind: DecisionKind, subject: str, value: dict[str, object], why: str) -> None:
    """Append a decision to the journal and draw the page anew; only who may decide gets that far."""
    try:
        who = signed(who)
        row = decisions.record(data.home(), Decision(kind, subject, value, who, why.strip()))
    except SaidError as error:
        st.error(plain(error).replace("`", "'"))
        return
    undo = Decision("undo", subject, {"row": row}, who) if kind != "undo" else None
    st.session_state[_DONE] = (f"Recorded as decision {row}. It can be undone at any time.", undo)
    st.rerun()


def ready(who: str, submitted: bool) -> bool:
    """True when a form was sent with a name to it; asks for the name otherwise."""
    if submitted and not who:
        st.warning("Write your name first: every decision is kept with who took it.")
    return submitted and bool(who)


def status_form(pledge: PledgeRow, who: str, evidence: Sequence[tuple[str, str]] | None = None) -> None:
    """Set a pledge's status; ``evidence`` are (id, words) to tick, None where they are not at hand."""
    options = list(STATUS)
    with st.form(f"status_{pledge.id}", border=False):
        status = st.pills(
            "Status",
            options,
            default=pledge.suggested if pledge.suggested in options else options[0],
            required=True,
            format_func=lambda value: STATUS[value][0],
        )
        value: dict[str, object] = {"status": status, "evidence": [], "reason": ""}
        if evidence is not None:
            value |= _rests_on(evidence)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            why = st.text_input("Why", max_chars=LONGEST, placeholder="what you saw, and where")
            sent = st.form_submit_button("Set status", type="primary")
        if ready(who, sent):
            if value.get("link") and not web_link(str(value["link"])):
                st.warning("The link must be a whole web address, beginning with https://.")
            else:
                record(who, "set_status", pledge.id, value, why or "")


def _rests_on(evidence: Sequence[tuple[str, str]]) -> dict[str, object]:
    """What a decision rests on: reports ticked, and a link to what no outlet has reported."""
    ticked = []
    if evidence:
        show(tag("p", "Evidence it rests on", class_="sd-label"))
        with st.container(key="ticks", height=_TICKS if len(evidence) > 6 else "content", gap="small"):
            ticked = [key for key, words in evidence if st.checkbox(label(words), key=f"tick_{key}")]
    link = st.text_input(
        "Link to other evidence", type="url", max_chars=LONGEST, placeholder="https://… (if there is any)"
    )
    return {"evidence": ticked, **({"link": link.strip()} if link and link.strip() else {})}


def undo_form(journal: Sequence[Journalled], who: str, key: str) -> None:
    """Undo one of the decisions that still hold."""
    holding = {row.decision.row: row for row in journal if not row.undone and row.decision.kind != "undo"}
    if not holding or why_not():
        return
    with st.form(f"undo_{key}"):
        left, right = st.columns([1, 2])
        number = left.selectbox(
            "Decision to undo", list(holding), format_func=lambda n: plain(_short(holding[n]))
        )
        why = right.text_input("Why undo it", max_chars=LONGEST)
        if ready(who, st.form_submit_button("Undo")) and number is not None:
            record(who, "undo", holding[number].decision.subject, {"row": number}, why or "")


def rate_pledge(found: PledgePage) -> str:
    """The status that a person gives the pledge; gives the editor's name, which is asked for here."""
    named = [(e.id, plain(_piece_words(e))) for e in reversed(found.shown) if not e.is_rejected]
    with st.container(key="rate", border=True):
        show(tag("h3", "Set the status"))
        with st.container(width=420):
            who = editor()
        if not why_not():
            status_form(found.pledge, who, named)
    return who


def decide_on_pledge(found: PledgePage, who: str) -> None:
    """What else a person can decide on one pledge: what belongs to it, notes, and taking decisions back."""
    if why_not():
        return
    show(tag("h2", "Put it right"))
    named = {e.id: plain(_piece_words(e)) for e in found.shown if not e.is_rejected}
    stated = {
        s.id: plain(f"{day(s.published)}, statement: {shorten(s.words or s.headline, 110, placeholder='…')}")
        for s in found.stated
        if not s.is_rejected
    }
    _grouping_form(found, stated, who)
    _check_form(named | stated, who)
    with st.form("remark"):
        kinds: dict[DecisionKind, str] = {"note": "Editor’s note", "reply": "Reply by the owner"}
        kind = st.selectbox("Add", list(kinds), format_func=kinds.__getitem__)
        text = st.text_area("Words", max_chars=LONGEST)
        if ready(who, st.form_submit_button("Add it")) and (text or "").strip():
            record(who, kind, found.pledge.id, {"text": (text or "").strip()}, "")
    undo_form(found.journal, who, "pledge")


def _piece_words(shown: Shown) -> str:
    stance = STANCE.get(shown.stance, (shown.stance,))[0]
    return f"{day(shown.day)}, {stance}: {shorten(shown.words or shown.headline, 110, placeholder='…')}"


def _check_form(things: dict[str, str], who: str) -> None:
    """Confirm or reject a statement or a piece of evidence."""
    with st.form("check"):
        chosen = st.selectbox(
            "Evidence or statement to confirm or reject",
            list(things),
            index=None,
            format_func=things.__getitem__,
            placeholder="choose one",
        )
        why = st.text_input("Why it does or does not belong", max_chars=LONGEST)
        left, right = st.columns(2)
        right_, wrong = left.form_submit_button("It is right"), right.form_submit_button("Reject it")
        if ready(who, right_ or wrong) and chosen:
            record(who, "confirm" if right_ else "reject", chosen, {}, why or "")


def _grouping_form(found: PledgePage, stated: dict[str, str], who: str) -> None:
    """Join the pledge with another of its owner or body, or part a statement from it."""
    pledge = found.pledge
    others = {
        row.id: plain(f"{row.title} – {row.owner}")
        for row in data.pledges(Filter(owner=pledge.owner), 500, 0)
        if row.id != pledge.id
    }
    if others:
        with st.form("join"):
            other = st.selectbox(
                f"Another pledge of {plain(pledge.owner)} that is the same promise",
                list(others),
                index=None,
                format_func=others.__getitem__,
                placeholder="choose one",
            )
            why = st.text_input("Why they are one", max_chars=LONGEST)
            if ready(who, st.form_submit_button("Join them")) and other:
                record(who, "merge", pledge.id, {"with": other}, why or "")
    leaving = {key: words for key, words in stated.items() if key != pledge.id}
    if leaving:
        with st.form("part"):
            chosen = st.selectbox(
                "A statement that is another promise",
                list(leaving),
                index=None,
                format_func=leaving.__getitem__,
                placeholder="choose one",
            )
            why = st.text_input("Why it is another one", max_chars=LONGEST)
            if ready(who, st.form_submit_button("Part it")) and chosen:
                record(who, "split", chosen, {"with": pledge.id}, why or "")


def _short(row: Journalled) -> str:
    value = row.decision.value
    what = str(value.get("status") or value.get("speaker") or value.get("text") or "")[:40].replace("_", " ")
    return f"{row.decision.row}: {row.decision.kind.replace('_', ' ')} {what}, {row.decision.who[:30]}"


def decision_line(row: Journalled) -> Html:
    """A row of the journal in words: when, who, what, why, and whether it was undone."""
    decision = row.decision
    words = tag("span", f"{day(decision.at)}: ", said(decision.who), " ", said(decided(decision)))
    link = str(decision.value.get("link") or "")
    words += tag("span", ", on ", link_to(link, link)) if link else Html("")
    why = tag("span", ". Why: ", said(decision.why)) if decision.why else Html("")
    return tag("span", words, why, class_="sd-undone") + " (undone)" if row.undone else words + why
