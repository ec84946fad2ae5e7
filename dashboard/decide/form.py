"""Recording what people decide: each decision is one row of the journal, with who, when and why.

It shows at once, also while a run is writing, and it is never overwritten: an undo is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten

import streamlit as st

from dashboard import data
from dashboard.decide.editors import asks_name, signed
from dashboard.ui.parts import label, note, put_cursor
from ledger import vocabulary
from ledger.days import day
from ledger.decisions import journal
from ledger.errors import SaidError
from ledger.outputs.story import Basis
from ledger.pledges.status import is_named
from ledger.presentation.labels import REASON, capital, plain, sign, stance_name, status_name
from ledger.presentation.links import web_link
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.pledge_page import PledgePage, Shown
from ledger.types import Decision, DecisionKind

_DONE, _WAITING = "decided", "waiting_for_a_name"
LONGEST = 2000  # characters of a reason
NOTHING = Basis()
_TICKED = 12  # reports that have a box to tick; older ones are chosen from a list
_TICKS = 230  # pixels that a long list of evidence to tick takes


def announce() -> None:
    """Say that the decision taken just before was recorded, with a button that takes it back at once."""
    words, undo = st.session_state.pop(_DONE, ("", ()))
    if not words:
        return
    with st.container(key="announced", horizontal=True, vertical_alignment="center"):
        st.success(words, icon=":material/check:")
        if undo:
            st.button("Undo", key="undo_at_once", on_click=_take_back, args=(undo,))


def _take_back(undo: Sequence[Decision]) -> None:
    if _write(undo):
        rows = ", ".join(str(one.value["row"]) for one in undo)
        st.session_state[_DONE] = (f"Decision {rows} is undone.", ())


def record(who: str, kind: DecisionKind, subject: str, value: dict[str, object], why: str) -> None:
    """Append a decision to the journal and draw the page anew; only who may decide gets that far.

    Where no name was given yet, it is asked for now, and the decision recorded with it.
    """
    record_all([Decision(kind, subject, value, who, why.strip())])


def record_all(decisions: Sequence[Decision]) -> None:
    """The same with several decisions of one person that go together."""
    try:
        for decision in decisions:
            journal.check(replace(decision, who=decision.who or "not asked yet"))
    except SaidError as error:
        _refuse(error)
        return
    if asks_name() and not all(decision.who for decision in decisions):
        st.session_state[_WAITING] = decisions
        _ask_name()
    elif _write(decisions):
        st.rerun()


def _write(decisions: Sequence[Decision]) -> bool:
    """Append decisions, told of by the page drawn next; False, with the reason, where one is refused."""
    rows, undo = [], []
    try:
        for decision in decisions:
            signer = signed(decision.who)
            row = journal.record(data.home(), replace(decision, who=signer))
            rows.append(str(row))
            if decision.kind != "undo":
                undo.append(Decision("undo", decision.subject, {"row": row}, signer))
    except SaidError as error:
        _refuse(error)
        return False
    lasting = " It can be undone at any time." if undo else ""
    st.session_state[_DONE] = (f"Recorded as decision {', '.join(rows)}.{lasting}", tuple(undo))
    return True


def _refuse(error: SaidError) -> None:
    st.error(label(capital(str(error))))


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
    put_cursor("[role=dialog]")
    if _WAITING not in st.session_state:
        st.rerun()


def _named() -> None:
    """Record what waited for a name, which stands in the pages' own field for the rest of the visit."""
    name = str(st.session_state.get("name_given") or "").strip()
    if name and (decisions := st.session_state.pop(_WAITING, ())):
        st.session_state["editor"] = name
        _write([replace(decision, who=name) for decision in decisions])


def status_form(pledge: PledgeRow, who: str, reports: Sequence[Shown], folded: bool = False) -> None:
    """Set a pledge's status, on the reports that are ticked. ``folded``: in a list, these open on a click.

    Who agrees with the suggestion, and says no more, rests on the report that its reason names.
    """
    options = list(vocabulary.statuses())
    named = _named_in(pledge, reports)
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
            ticked, link = rests_on(f"status_{pledge.id}", reports)
            value: dict[str, object] = {"status": status, "evidence": ticked}
            if link:
                value["link"] = link
        value["reason"] = (reason or "") if vocabulary.statuses()[status].outcome == "not_kept" else ""
        with st.container(horizontal=True, vertical_alignment="bottom"):
            why = st.text_input(
                "Why", max_chars=LONGEST, placeholder="what you saw, and where; or tick the evidence"
            )
            sent = st.form_submit_button("Set status", type="primary")
        if named:
            agreed = f"To agree with “{status_name(pledge.suggested)}”, nothing more is needed:"
            note(f"{agreed} that rests on the report which the reason names.", class_="sd-small")
        if sent:
            if status == pledge.suggested and not (ticked or link or (why or "").strip()):
                value["evidence"] = named
            if link and not web_link(link):
                st.warning("The link must be a whole web address, beginning with https://.")
            else:
                record(who, "set_status", pledge.id, value, why or "")


def _named_in(pledge: PledgeRow, reports: Sequence[Shown]) -> list[str]:
    """The ids of the reports that the reason of the suggestion names, without promises said again."""
    some = [one for one in reports if is_named(pledge.why, one.source, one.day)]
    telling = [one for one in some if sign(one.stance) != "neither"]
    return [one.id for one in telling or some]


def rests_on(
    form: str, reports: Sequence[Shown], before: Basis = NOTHING, links: str = "Link to other evidence"
) -> tuple[list[str], str]:
    """What a decision rests on: the ids of reports ticked, and links to what no outlet has reported.

    ``form``: whose fields these are; ``before``: what the last decision rested on, which stands there.
    """
    ticked: list[str] = []
    named = {report.id: report_words(report) for report in reversed(reports)}
    newest = list(named)[:_TICKED]
    if newest:
        note("Evidence it rests on", class_="sd-label")
        with st.container(key=f"ticks_{form}", height=_TICKS if len(newest) > 6 else "content", gap="small"):
            ticked = [
                key
                for key in newest
                if st.checkbox(label(named[key]), key in before.evidence, key=f"tick_{form}_{key}")
            ]
    if older := [key for key in named if key not in newest]:
        ticked += st.multiselect(
            f"Evidence from before ({len(older):,})",
            older,
            [key for key in older if key in before.evidence],
            format_func=lambda key: plain(named[key]),
            placeholder="choose any",
            key=f"older_{form}",
        )
    link = st.text_input(
        links,
        " ".join(before.links),
        type="url",
        max_chars=LONGEST,
        placeholder="https://… (if there is any)",
    )
    return ticked, (link or "").strip()


def choose_one(
    label: str, words: Mapping[str, str], placeholder: str = "choose one", key: str | None = None
) -> str | None:
    """One of these ids, which are offered in words; None as long as none is chosen."""
    options = list(words)
    return st.selectbox(
        label, options, index=None, format_func=words.__getitem__, placeholder=placeholder, key=key
    )


def headline_button(pledge: PledgeRow, who: str) -> None:
    """Mark a pledge as one of those that weigh most, or take the mark off."""
    words = "Take it off the headline pledges" if pledge.headline else "Mark it as a headline pledge"
    if st.button(words, key=f"headline_{pledge.id}"):
        record(who, "headline", pledge.id, {"headline": not pledge.headline}, "")


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
