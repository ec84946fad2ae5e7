"""The journal on a page: each decision in words, what it is about, and a way to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import data
from dashboard.decide.editors import why_not
from dashboard.decide.form import LONGEST, record
from dashboard.ui.parts import Html, go, join, link, said, show, tag
from ledger.days import day
from ledger.presentation.labels import decided
from ledger.queries.journal_page import Subject
from ledger.queries.pledge_page import Journalled, sides
from ledger.types import Decision

_BETWEEN = {"merge": "with", "split": "from", "take": "for", "strike": "off the list of"}


def journal_rows(entries: Sequence[Journalled], who: str | None, where: str, here: str = "") -> None:
    """One row for each decision, with a button to undo it where it holds and ``who`` is somebody's place to
    decide (None: nothing is undone here). ``here``: the pledge whose page this is, which is not named again.
    """
    about = data.subjects(tuple(entries))
    for entry in entries:
        with st.container(
            key=f"entry_{where}_{entry.decision.row}", horizontal=True, vertical_alignment="center"
        ):
            show(tag("div", decision_line(entry), _about(entry, about, here), class_="sd-entry"))
            if who is not None and not entry.undone and entry.decision.kind != "undo" and not why_not():
                _undo(entry, who, where)


def decision_line(entry: Journalled) -> Html:
    """A row of the journal in words: when, who, what, why, and whether it was undone."""
    decision = entry.decision
    words = tag("span", f"{decision.row}. {day(decision.at)}: ", said(decision.who), " ")
    words += said(decided(decision), 2 * LONGEST)
    address = str(decision.value.get("link") or "")
    words += tag("span", ", on ", link(address, address)) if address else Html("")
    why = tag("span", ". Why: ", said(decision.why, LONGEST)) if decision.why else Html("")
    return tag("span", words, why, class_="sd-undone") + " (undone)" if entry.undone else words + why


def remarks(some: Sequence[Decision]) -> None:
    """Replies by the owner and editors' notes, in full, with who recorded them and when."""
    kinds = {"reply": "Reply by the owner", "note": "Editor’s note"}
    for decision in some:
        name = kinds[decision.kind]
        words = said(str(decision.value.get("text") or ""), LONGEST)
        signed = tag("p", "recorded by ", said(decision.who), f" on {day(decision.at)}", class_="sd-small")
        piece = [tag("h3", name), tag("p", words, class_="sd-remark"), signed]
        show(tag("section", *piece, class_=f"sd-by-{decision.kind}", aria_label=name))


def _about(entry: Journalled, about: Mapping[str, Subject], here: str) -> Html:
    decision = entry.decision
    named = [_name(about[one]) for one in sides(decision) if one in about and one != here]
    between = f" {_BETWEEN.get(decision.kind, 'and')} "
    return tag("div", join(named, between), class_="sd-meta") if named else Html("")


def _name(subject: Subject) -> Html:
    """The subject in words, as a link to where it is shown."""
    if subject.kind == "official":
        post = tag("span", ", ", said(subject.whose)) if subject.whose else Html("")
        return go(said(subject.words), "officials", id=subject.id) + post
    words = said(f"“{subject.words}”", 140)
    named = tag("span", said(subject.whose, 80), ": ")
    if subject.pledge_id:
        return named + go(words, "pledge", id=subject.pledge_id)
    return named + (go(words, "quotation", id=subject.statement_id) if subject.statement_id else words)


def _undo(entry: Journalled, who: str, where: str) -> None:
    """Behind a button, so that nothing is taken back by a slip: an undo cannot be undone."""
    number = entry.decision.row
    with (
        st.popover("Undo", key=f"undo_{where}_{number}"),
        st.form(f"undo_form_{where}_{number}", border=False),
    ):
        why = st.text_input("Why undo it", max_chars=LONGEST)
        if st.form_submit_button(f"Undo decision {number}", type="primary"):
            record(who, "undo", entry.decision.subject, {"row": number}, why or "")
