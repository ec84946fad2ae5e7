"""What waits for a person's judgement, the most important first; each judgement is a row of the journal."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import data
from dashboard.decide.doubts import MOST_AT_ONCE, doubts, newcomers
from dashboard.decide.editors import editor, why_not
from dashboard.decide.form import LONGEST, announce, choose_one, record, status_form
from dashboard.decide.headline import headlines
from dashboard.decide.journal import journal_rows
from dashboard.ui import address
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import context, empty, go, link, note, said, show, tag
from dashboard.ui.pledge_parts import item, meta
from ledger.days import day
from ledger.presentation.labels import number, plain, status_name, type_name
from ledger.queries import journal_page, review_lists
from ledger.queries.pledge_list import PledgeRow
from ledger.queries.review_lists import Unresolved

PER_PAGE = 25  # of the journal
WHAT_TO_DO = {
    "statuses": "The rules suggest a status from the reports found. Agree with it, or choose another.",
    "silent": "The date promised has passed, and no report tells what came of it. Say what you know.",
    "speakers": "The text does not tell who made this commitment. Name the official, or set it aside.",
    "merges": "Two pledges that may be one and the same. Join them, or keep them apart.",
    "splits": "A statement that may not belong to its pledge. Keep it there, or part it.",
    "headline": "Not all pledges weigh the same: every list can be narrowed to those marked here.",
    "newcomers": "People whom only an article calls officials. Say whether they are.",
    "journal": "Everything that was decided here, by whom and why. Nothing is erased; an undo is a row too.",
}


def page() -> None:
    lead = (
        "The machine suggests, people decide. What you record here shows at once on every page, with your"
        " name, the time and the reason, and can be undone."
    )
    show(tag("h1", "Review"), tag("p", lead, class_="sd-lead"))
    announce()
    waiting = data.queue()
    with st.container(key="editor_box", width=420):
        who = editor()
    kinds = {
        "statuses": f"Suggested statuses ({waiting.totals['statuses']:,})",
        "silent": f"Overdue, no report ({waiting.totals['silent']:,})",
        "speakers": f"Speakers not known ({waiting.totals['speakers']:,})",
        "merges": f"Possible merges ({waiting.totals['merges']:,})",
        "splits": f"Possible splits ({waiting.totals['splits']:,})",
        "newcomers": f"New officials ({waiting.totals['newcomers']:,})",
        "headline": f"Headline pledges ({data.overview().lists['headline'].total:,})",
        "journal": "Decisions taken",
    }
    if why_not():
        kinds = {"journal": kinds["journal"]}
    kind = address.switch("What waits", "list", kinds, next(iter(kinds)))
    show(tag("h2", kinds[kind]), tag("p", WHAT_TO_DO[kind], class_="sd-meta"))
    if kind == "journal":
        _journal(who)
    elif kind == "speakers":
        _speakers(waiting.speakers, who)
    elif kind == "headline":
        headlines(who)
    elif kind == "newcomers":
        newcomers(waiting.newcomers, who)
    elif kind in ("merges", "splits"):
        doubts(waiting.merges if kind == "merges" else waiting.splits, who)
    else:
        _pledges(waiting.statuses if kind == "statuses" else waiting.silent, who, kind)
    total = waiting.totals.get(kind, 0)
    if total > MOST_AT_ONCE:
        note(f"{total - MOST_AT_ONCE:,} more follow when these are decided.", class_="sd-small")
    if total:
        downloads(kind, partial(review_lists.to_take_along, data.home(), kind, MOST))


def _pledges(some: tuple[PledgeRow, ...], who: str, kind: str) -> None:
    if not some:
        empty("Nothing waits here.", "New suggestions come with the next run.")
        return
    reports = data.reports(tuple(pledge.id for pledge in some[:MOST_AT_ONCE]))
    for pledge in some[:MOST_AT_ONCE]:
        pledge_list([pledge], data.home().today, kind)
        note(f"Suggested: {status_name(pledge.suggested)}. ", said(pledge.why))
        status_form(pledge, who, reports.get(pledge.id, ()), folded=True)


def _speakers(some: tuple[Unresolved, ...], who: str) -> None:
    if not some:
        empty("Every commitment has a known speaker.", "New ones come with the next run.")
        return
    people = data.people()
    names = {key: plain(" – ".join(part for part in (p.name, p.post) if part)) for key, p in people.items()}
    for one in some[:MOST_AT_ONCE]:
        _speaker(one, names, who)


def _speaker(one: Unresolved, names: dict[str, str], who: str) -> None:
    source = f"“{one.source_name}”" if one.source_name else "no source in the text"
    where = [day(one.published), link(one.headline or one.url, one.link), said(one.outlet)]
    pledge = go("its pledge", "pledge", id=one.pledge_id or "") if one.pledge_id else ""
    show(
        item(
            tag("div", tag("b", "unresolved"), " – as written: ", said(source), " – ", said(one.why)),
            context(one.context),
            meta(type_name(one.type), *where, pledge),
        )
    )
    with st.form(f"speaker_{one.statement_id}", border=False):
        left, right = st.columns(2)
        with left:
            chosen = choose_one("Who said it", names, "choose an official", f"who_{one.statement_id}")
        why = right.text_input("Why", max_chars=LONGEST, key=f"why_{one.statement_id}")
        with st.container(horizontal=True):
            link_it = st.form_submit_button("Link speaker", type="primary")
            reject = st.form_submit_button("Not a commitment of an official")
        if link_it and chosen:
            value: dict[str, object] = {"speaker": data.people()[chosen].name, "official": chosen}
            record(who, "link_speaker", one.statement_id, value, why or "")
        if reject:
            record(who, "reject", one.commitment_id, {}, why or "")


def _journal(who: str) -> None:
    rows = data.journal()
    if not rows:
        empty("Nobody has decided anything yet.", "Decisions are kept in decisions.sqlite: back it up.")
        return
    note(number(len(rows), "decision"), ", newest first.")
    top = st.container()
    n = address.page_number("review", -(-len(rows) // PER_PAGE))
    with top:
        journal_rows(rows[(n - 1) * PER_PAGE : n * PER_PAGE], who, "journal")
    downloads("decisions", partial(journal_page.written, data.home()))


page()
