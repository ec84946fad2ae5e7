"""One pledge: its words, every time it was said, what speaks for and against it, who decided what."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.decide.editors import why_not
from dashboard.decide.form import (
    LONGEST,
    announce,
    check_form,
    headline_button,
    rate_pledge,
    remark_form,
    title_form,
)
from dashboard.decide.journal import journal_rows, remarks
from dashboard.decide.merges import join_form, part_form
from dashboard.decide.reading import worth_a_look
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.lists import owner_line, pledge_chips
from dashboard.ui.parts import Html, empty, go, join, link, marked, note, said, show, status_chip, tag, words
from dashboard.ui.pledge_parts import report_items, speaker_line, stated_item
from ledger import vocabulary
from ledger.days import day
from ledger.presentation.labels import capital, number, sign, status_name, type_name, when_due
from ledger.presentation.passages import words_alone
from ledger.queries.pledge_page import PledgePage, Stated


def page() -> None:
    asked = str(st.query_params.get("id", ""))
    found = data.pledge(asked) if asked else None
    if found is None:
        show(tag("h1", "Pledge"))
        empty(
            "No pledge has this address." if asked else "No pledge is chosen.",
            "An editor may have rejected it. Choose one from the list of pledges.",
        )
        to("pledges", "All pledges")
        to("review", "Decisions taken, to see or undo them", list="journal")
        return
    show(
        tag("p", go("Pledges", "pledges"), class_="sd-meta sd-crumb"),
        tag("h1", said(capital(found.pledge.title))),
    )
    announce()
    found = _as_known(found)
    _head(found)
    _status(found)
    remarks(found.journal)
    today = not st.query_params.get("on")
    who = rate_pledge(found) if today else ""
    _evidence(found)
    worth_a_look(found, who if today and not why_not() else None)
    _stated(found)
    _history(found, who if today else None)
    if today and not why_not():
        show(tag("h2", "Put it right"))
        title_form(found.pledge, who)
        headline_button(found.pledge, who)
        join_form(found, who)
        part_form(found, who)
        check_form(found, who)
        remark_form(found.pledge.id, who)


def _as_known(found: PledgePage) -> PledgePage:
    """The page as it stood on the day that the reader picks; as it stands now where none is picked."""
    today, said_first = data.home().today, found.pledge.first_stated
    with st.container(key="known_on", width=300):
        on = address.pick_day(
            "As known on",
            "on",
            said_first.date() if said_first else None,
            today,
            "Shows this page by what had been published and decided up to that day.",
        )
    past = data.pledge(found.pledge.id, on) if on and on < today else None
    if past is None:
        return found
    note(
        tag("b", f"As known on {day(on)}"),
        ": by what had been published and what people had decided up to that day, under today’s rules. ",
        go("Back to today", "pledge", id=found.pledge.id),
        class_="sd-note",
        role="status",
    )
    return past


def _head(found: PledgePage) -> None:
    pledge, first = found.pledge, next((s for s in found.stated if not s.is_rejected), None)
    show(tag("p", pledge_chips(pledge, pledge.flags)))
    if pledge.titled_by:
        note(
            "Named by ",
            said(pledge.titled_by),
            "; the machine’s title: ",
            said(capital(pledge.machine_title)),
        )
    if first is None:
        return
    condition = f"if {first.condition}" if first.condition else ""
    facts: list[tuple[str, Html | str]] = [
        ("Whose", join([owner_line(pledge), said(pledge.rule)], "; ")),
        ("First said", join([day(first.published), said(first.outlet), speaker_line(first)])),
        ("Kind", join([type_name(first.type), condition], ", ")),
        ("Deadline", _deadline(found)),
    ]
    measures = list(dict.fromkeys(_number(s) for s in found.stated if s.measure_text and not s.is_rejected))
    if measures:
        facts.insert(3, ("Number", join([said(m) for m in measures], "; then ")))
    places = list(dict.fromkeys(s.place for s in found.stated if s.place and not s.is_rejected))
    if places:
        facts.append(("Where", join([said(place) for place in places], "; ")))
    show(
        tag("div", _words(first), class_="sd-words", tabindex="0"),
        tag("dl", *(tag("dt", name) + tag("dd", value) for name, value in facts), class_="sd-facts"),
    )


def _words(stated: Stated) -> Html:
    """All that was said, with the clause that undertakes this marked in it."""
    if not stated.words:
        return words(stated.words)
    alone = words_alone(stated.words, stated.clause)
    return tag("bdi", marked(alone.text, alone.marks, focus=alone.focus))


def _number(stated: Stated) -> str:
    """The number as it was said, and what it is counted from."""
    counted = stated.measure_baseline
    return (stated.measure_text or "") + (f" (counted from {counted:,.10g})" if counted is not None else "")


def _deadline(found: PledgePage) -> Html:
    pledge = found.pledge
    spoken = next(
        (s.deadline_text for s in found.stated if s.deadline_last == pledge.deadline and s.deadline_text), ""
    )
    quoted = f"“{spoken}”" if spoken else ""
    today = address.picked("on") or data.home().today
    return join([when_due(pledge.deadline, today, pledge.first_due), said(quoted)], ", in the words ")


def _rests_on(found: PledgePage) -> Html:
    """What a person's status rests on: the reports ticked, and the link."""
    taken = (e.decision for e in found.journal if e.decision.kind == "set_status" and not e.undone)
    value = held.value if (held := next(taken, None)) and found.pledge.set_status else {}
    ticked = value.get("evidence")
    ids = ticked if isinstance(ticked, list) else []
    told = [
        join([day(e.day), link(e.headline or e.url, e.link), said(e.outlet)])
        for e in found.shown
        if e.id in ids
    ]
    if address_given := str(value.get("link") or ""):
        told.append(link(address_given, address_given))
    if not told:
        return Html("")
    items = [tag("li", one) for one in told]
    return tag("p", "It rests on:", class_="sd-meta") + tag("ul", *items, class_="sd-meta")


def _status(found: PledgePage) -> None:
    pledge = found.pledge
    by_people = [tag("p", "Nobody has rated it yet.", class_="sd-meta")]
    if pledge.set_status:
        by_people = [
            tag("p", status_chip(pledge.set_status, pledge.set_reason)),
            tag("p", said(pledge.set_why or "no reason was given", LONGEST), class_="sd-meta"),
            _rests_on(found),
            tag("p", "by ", said(pledge.set_by), f" on {day(pledge.set_at)}", class_="sd-small"),
        ]
    people = tag("div", tag("h3", "Set by people"), *by_people, class_="sd-box")
    machine = tag(
        "div",
        tag("h3", "Suggested by rules"),
        tag("p", status_chip(pledge.suggested, suggested=True)),
        tag("p", said(pledge.why or "no reason was stored"), class_="sd-meta"),
        class_="sd-box",
    )
    known = vocabulary.flags()
    marked = [known[flag] for flag in pledge.flags if flag in known]
    notes = [tag("p", tag("b", row.label), ": ", row.meaning, class_="sd-meta") for row in marked]
    show(tag("h2", "Status"), tag("div", people, machine, class_="sd-pair"), tag("div", *notes))


def _evidence(found: PledgePage) -> None:
    shown = [e for e in found.shown if not e.is_rejected]
    pledge = found.pledge
    show(tag("h2", "What came of it"))
    if not pledge.evidence:
        note("No later report has been found that tells what was done about it.")
    else:
        reports = number(pledge.evidence, "report")
        sources = number(pledge.independent, "independent source")
        note(f"{reports} from {sources} (copies of one report count once).")
    for side, heading in (("for", "For"), ("against", "Against")):
        some = [e for e in shown if sign(e.stance) == side]
        if some:
            show(tag("h3", f"{heading} ({len(some):,})"), *report_items(some))
    again = [e for e in shown if sign(e.stance) == "neither"]
    if again:
        with st.expander(f"Reported again without news ({len(again):,})"):
            show(*report_items(again))


def _stated(found: PledgePage) -> None:
    kept = [s for s in found.stated if not s.is_rejected]
    show(tag("h2", f"Every time it was said ({len(kept):,})"))
    show(*(stated_item(s, first=n == 0) for n, s in enumerate(kept)))
    gone = [s for s in found.stated if s.is_rejected]
    if gone:
        with st.expander(f"Set aside by editors ({len(gone):,})"):
            show(*(stated_item(s, first=False) for s in gone))


def _history(found: PledgePage, who: str | None) -> None:
    show(tag("h2", "History"))
    journal_rows(found.journal, who, "history", found.pledge.id)
    lines = []
    for change in reversed(found.suggested):
        was = f" (before: {status_name(change.was)})" if change.was else ""
        name = status_name(change.suggested)
        lines.append(tag("li", f"{day(change.as_of)}: the rules suggest {name}{was}. ", said(change.why)))
    if lines:
        show(tag("ul", *lines, class_="sd-meta"))
    elif not found.journal:
        note("No decision has been recorded and no suggestion has changed.")


page()
