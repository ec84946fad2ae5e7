"""One pledge, told as a story (`ledger.outputs.story`); the tools for deciding are folded at its end."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.decide.editors import known, why_not
from dashboard.decide.follow import follow
from dashboard.decide.form import LONGEST, announce
from dashboard.decide.journal import journal_rows, remarks
from dashboard.decide.reading import worth_a_look
from dashboard.decide.tools import tools
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.lists import headline_chip, owner_line
from dashboard.ui.parts import (
    Html,
    empty,
    flag_chips,
    go,
    join,
    link,
    marked,
    note,
    said,
    show,
    status_chip,
    tag,
    words,
)
from dashboard.ui.pledge_parts import (
    remark_item,
    report_items,
    rests_on,
    speaker_line,
    stated_item,
    timeline,
)
from ledger import vocabulary
from ledger.days import day
from ledger.outputs.story import PledgeStory, story
from ledger.presentation.labels import capital, number, owner_name, status_name, type_name
from ledger.queries.pledge_page import PledgePage

WIDTH = 760  # pixels of the one column of text


def page() -> None:
    asked = str(st.query_params.get("id", ""))
    found = data.pledge(asked) if asked else None
    if found is None:
        show(tag("h1", "Pledge"))
        announce()
        empty(
            "No pledge has this address." if asked else "No pledge is chosen.",
            "An editor may have set it aside. Choose one from the list of pledges.",
        )
        to("pledges", "All pledges")
        to("review", "Decisions taken, to see or undo them", list="journal")
        return
    with st.container(key="story", width=WIDTH):
        _page(found)


def _page(found: PledgePage) -> None:
    top = st.container()
    with st.container(key="below_title", horizontal=True, vertical_alignment="bottom"):
        pledge = found.pledge
        follow(
            "pledge",
            pledge.id,
            capital(pledge.title),
            f"changes of status, {owner_name(pledge.owner)}",
            list="changed",
            owner=pledge.owner_id or pledge.owner,
        )
        past = _as_known(found)
    told = past or story(found, data.home().today)
    with top:
        crumb = tag("p", go("Pledges", "pledges"), class_="sd-meta sd-crumb")
        show(crumb, tag("h1", said(capital(told.page.pledge.title))))
    announce()
    if past:
        note(
            tag("b", f"As known on {day(past.today)}"),
            ": by what had been published and what people had decided up to that day, under today’s rules. ",
            go("Back to today", "pledge", id=found.pledge.id),
            class_="sd-note",
            role="status",
        )
    who = known() if not past and not why_not() else None
    _promise(told)
    _outcome(told)
    show(tag("h2", "Timeline"), timeline(told))
    _evidence(told)
    worth_a_look(told, who)
    if told.by_others:
        show(tag("h2", "What others said of it"), *map(remark_item, told.by_others))
    _verdict(told)
    remarks(told.remarks)
    if not past:
        tools(told)
    _stated(told)
    _history(told, who)
    on = past.today.isoformat() if past else ""
    note(go("This page as JSON", "pledge.json", id=told.page.pledge.id, on=on), class_="sd-small")


def _as_known(found: PledgePage) -> PledgeStory | None:
    """The story as it stood on the day that the reader picks; None where none is picked, or where nothing was
    known of it yet."""
    today, said_first = data.home().today, found.pledge.first_stated
    with st.container(key="known_on", width=200):
        on = address.pick_day(
            "As known on",
            "on",
            said_first.date() if said_first else None,
            today,
            "Shows this page by what had been published and decided up to that day.",
        )
    past = data.pledge(found.pledge.id, on) if on and on < today else None
    return story(past, on) if past and on else None


def _promise(told: PledgeStory) -> None:
    """Whose it is, the words, and what they say by when."""
    pledge, head = told.page.pledge, told.head
    show(
        tag(
            "p",
            owner_line(pledge),
            " ",
            tag("span", said(pledge.rule), class_="sd-small"),
            " ",
            headline_chip(pledge),
            class_="sd-whose",
        )
    )
    if pledge.titled_by:
        note(
            "Named by ",
            said(pledge.titled_by),
            "; the machine’s title: ",
            said(capital(pledge.machine_title)),
            class_="sd-small",
        )
    facts: list[tuple[str, Html | str]] = [("Date", _date(told))]
    if told.measures:
        facts.append(("Number", join([said(one) for one in told.measures], "; then ")))
    if told.places:
        facts.append(("Where", join([said(place) for place in told.places], "; ")))
    if head:
        condition = f"if {head.condition}" if head.condition else ""
        facts.append(("Kind", join([type_name(head.type), said(condition)], ", ")))
        place = [link(head.headline or head.url, head.link), said(head.outlet), head.context.page]
        show(
            tag("div", _words(told), class_="sd-words", tabindex="0"),
            tag(
                "p",
                f"{'First said' if head == told.stated[0] else 'Said'} on {day(head.published)}, ",
                join([*place, speaker_line(head)]),
                class_="sd-meta",
            ),
        )
    show(tag("dl", *(tag("dt", name) + tag("dd", value) for name, value in facts), class_="sd-facts"))


def _words(told: PledgeStory) -> Html:
    """All that was said, with the clause that undertakes this marked in it."""
    alone = told.head_words
    if alone is None or not alone.text:
        return words("")
    return tag("bdi", marked(alone.text, alone.marks, focus=alone.focus))


def _date(told: PledgeStory) -> Html:
    quoted = f"“{told.due_words}”" if told.due_words else ""
    return join([capital(told.due), said(quoted)], ", in the words ")


def _outcome(told: PledgeStory) -> None:
    """The status that people set and the one that rules suggest, told apart, and what is marked."""
    pledge = told.page.pledge
    show(tag("h2", "Outcome"), tag("h3", "Set by people"))
    if pledge.set_status:
        by = tag("span", "by ", said(pledge.set_by), f" on {day(pledge.set_at)}", class_="sd-small")
        show(
            tag("p", status_chip(pledge.set_status, pledge.set_reason), by),
            tag("p", said(pledge.set_why, LONGEST)) if pledge.set_why else "",
            rests_on(told.basis),
        )
    else:
        note("Nobody has rated it yet.")
    why = tag("span", said(pledge.why or "no reason was stored", LONGEST), class_="sd-meta")
    chip = status_chip(pledge.suggested, suggested=True)
    meanings = [
        tag("p", flag_chips([flag]), tag("span", vocabulary.flags()[flag].meaning, class_="sd-meta"))
        for flag in pledge.flags
    ]
    show(tag("h3", "Suggested by rules"), tag("p", chip, why), *meanings)
    if held := told.verdict:
        by = tag("span", "by ", said(held.who), f" on {day(held.at)}", class_="sd-small")
        show(tag("p", tag("a", "Read the verdict", href="#verdict", target="_self"), " ", by))


def _evidence(told: PledgeStory) -> None:
    pledge = told.page.pledge
    show(tag("h2", "What came of it"))
    if not pledge.evidence:
        note("No later report has been found that tells what was done about it.")
    else:
        reports = number(pledge.evidence, "report")
        sources = number(pledge.independent, "independent source")
        note(
            f"{reports}, {sources}. Copies of one report count as one source, the owner’s own words as none."
        )
    for side in told.sides:
        if side.sign == "neither":
            with st.expander(f"{side.name} ({side.count:,})"):
                show(*report_items(side))
        else:
            show(tag("h3", f"{side.name} ({side.count:,})"), *report_items(side))


def _verdict(told: PledgeStory) -> None:
    if held := told.verdict:
        by = tag("p", "by ", said(held.who), f" on {day(held.at)}", class_="sd-small")
        text = tag("p", said(held.text, LONGEST), class_="sd-remark sd-verdict")
        show(tag("h2", "Verdict", id="verdict"), text, by, rests_on(held.basis))


def _stated(told: PledgeStory) -> None:
    show(tag("h2", f"Every time it was said ({len(told.stated):,})"))
    show(*(stated_item(time, first=n == 0) for n, time in enumerate(told.stated)))
    gone = [time for time in told.page.stated if time.is_rejected]
    if gone:
        with st.expander(f"Set aside by editors ({len(gone):,})"):
            show(*(stated_item(time, first=False) for time in gone))


def _history(told: PledgeStory, who: str | None) -> None:
    page = told.page
    show(tag("h2", "History"))
    journal_rows(page.journal, who, "history", page.pledge.id)
    lines = []
    for change in reversed(page.suggested):
        was = f" (before: {status_name(change.was)})" if change.was else ""
        name = status_name(change.suggested)
        lines.append(tag("li", f"{day(change.as_of)}: the rules suggest {name}{was}. ", said(change.why)))
    if lines:
        show(tag("ul", *lines, class_="sd-meta"))
    elif not page.journal:
        note("No decision has been recorded and no suggestion has changed.")


page()
