"""The list of pledges, narrowed and sorted; the address holds every choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.decide.follow import follow
from dashboard.sitemap import to
from dashboard.ui import address, lists
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.limits import admit_visit
from dashboard.ui.parts import Html, empty, go, join, note, said, show, tag, words
from dashboard.ui.pledge_parts import item, meta, unresolved
from ledger import days, vocabulary
from ledger.days import day
from ledger.follows.follow import FollowKind
from ledger.presentation.labels import (
    OUTCOME,
    OUTCOME_MEANS,
    flag_name,
    headline_rule,
    number,
    owner_name,
    role_name,
    status_name,
    type_name,
)
from ledger.queries import overview_page
from ledger.queries.overview_page import Minor
from ledger.queries.pledge_list import Filter
from ledger.queries.topics import patterns
from ledger.questions import pledge_search
from ledger.types import UNOWNED

PER_PAGE = 25
_IN_FEEDS = ("owner", "role", "area", "status", "flag", "outlet", "topic", "came")
SORT = {
    "deadline": "Deadline, earliest first",
    "newest": "Said most recently",
    "oldest": "Said longest ago",
    "changed": "Changed most recently",
    "evidence": "Most evidence",
    "owner": "Owner, A to Z",
    "title": "Title, A to Z",
}
DUE = {
    "overdue": flag_name("overdue"),
    "7d": "In the next 7 days",
    "30d": "In the next 30 days",
    "90d": "In the next 90 days",
    "12m": "In the next 12 months",
    "ahead": "Any day ahead",
    "dated": "Any date",
    "undated": "No date given",
}


def page() -> None:
    show(tag("h1", "Pledges"))
    if _show() == "minor":
        _minor()
        return
    wanted = _filter()
    if wanted.text:
        admit_visit(data.home(), repr(sorted(st.query_params.to_dict().items())))
    total, overdue = data.count(wanted)
    _summary(total, overdue, wanted)
    if not total:
        if data.overview().total:
            _nothing(wanted)
        else:
            empty(
                "There are no pledges yet.",
                "A run finds them in the news: start “said run” or “said sample”.",
            )
        return
    top = st.container()
    n = address.page_number("pledges", -(-total // PER_PAGE))
    with top:
        lists.pledge_list(data.pledges(wanted, PER_PAGE, (n - 1) * PER_PAGE), data.home().today, "list")
    downloads("pledges", partial(pledge_search.pledges, data.home(), wanted, MOST))


def _nothing(wanted: Filter) -> None:
    """No pledge fits: what a name may have meant, and where else to look."""
    told = ["Take a choice back, or clear them all with the button above."]
    for found in data.names_in(wanted).values():
        if found.near:
            told.insert(0, f"Did you mean {' or '.join(found.near)}?")
    empty("No pledge fits.", " ".join(told))
    if wanted.text:
        with st.container(key="links_nothing", horizontal=True):
            to("search", "Search the statements, and by meaning", q=wanted.text)


def _show() -> str:
    """Which pledges: all, those that an editor marked, or what is so small that no list has it."""
    o = data.overview()
    numbers = {"all": o.total, "headline": o.lists["headline"].total, "minor": o.minor}
    named = {"all": "All pledges", "headline": "Headline pledges", "minor": "Minor ones"}
    offered = {
        key: f"{name} ({numbers[key]:,})" for key, name in named.items() if key == "all" or numbers[key]
    }
    return address.switch("Which", "show", offered, "all") if len(offered) > 1 else "all"


def _minor() -> None:
    """The commitments that nobody would track, the newest first, each with its statement."""
    total = data.overview().minor
    note(
        "Small commitments, such as “I will look into it”: kept with the statement that makes them, but"
        " tracked as no pledge and counted in no other number."
    )
    top = st.container()
    n = address.page_number("pledges", -(-total // PER_PAGE))
    with top:
        show(*map(_minor_item, data.minor(PER_PAGE, (n - 1) * PER_PAGE)))
    downloads("minor", partial(overview_page.minor, data.home(), MOST))


def _minor_item(one: Minor) -> Html:
    who = tag("b", said(one.speaker)) if one.speaker else unresolved(one.source_name, "")
    post = join([who, role_name(one.role), said(one.body)], ", ")
    card = go("The statement", "quotation", id=one.statement_id)
    where = meta(post, type_name(one.type), day(one.published), said(one.outlet), card)
    return item(tag("div", words(f"“{one.words}”" if one.words else "")), where)


def _filter() -> Filter:
    known = data.choices()
    with st.container(key="filters"):
        written, *first = st.columns([2, 1, 1, 1])
        with written:
            text = address.write("Who promised what?", "q", "for example: mayor buses")
        owners = _owners(known["owner"])
        spans = list(dict.fromkeys([*DUE, *_span(st.query_params.get("due", ""))]))
        chosen = _chosen(
            first,
            ("Official or body", "owner", list(owners), owners.__getitem__, "Everyone"),
            ("Status", "status", list(vocabulary.statuses()), status_name, "Any status"),
            ("Deadline", "due", spans, _due_name, "Any or none"),
        )
        more = any(st.query_params.get(key) for key in ("role", "area", "topic", "flag", "outlet", "sort"))
        with st.expander("More choices, and order", expanded=more):
            chosen |= _chosen(
                st.columns(3),
                ("Role", "role", list(known["role"]), lambda role: role_name(role) or role, "Any role"),
                ("Area", "area", list(known["area"]), str, "Everywhere"),
                ("Topic", "topic", list(patterns()), str, "Any topic"),
            )
            chosen |= _chosen(
                st.columns(3),
                ("Marked as", "flag", list(vocabulary.flags()), flag_name, "Anything"),
                ("Reported by", "outlet", list(known["outlet"]), str, "Any outlet"),
                ("Sort by", "sort", list(SORT)[1:], SORT.__getitem__, SORT["deadline"]),
            )
    chosen["sort"] = chosen["sort"] or "deadline"
    came, outcome = address.picked("came"), str(st.query_params.get("outcome", ""))
    given = {
        "text": text,
        "came": came.isoformat() if came else "",
        "outcome": outcome if outcome in OUTCOME else "",
    }
    wanted = Filter(**given, **chosen)  # type: ignore[arg-type]  # every field among these is words
    headline = st.query_params.get("show") == "headline"
    return replace(wanted, changed=_days("changed"), moved=_days("moved"), headline=headline)


def _days(key: str) -> int:
    given = str(st.query_params.get(key, ""))
    return int(given) if given.isdigit() and len(given) < 5 else 0


def _chosen(
    places: Sequence[DeltaGenerator], *lists: tuple[str, str, list[str], Callable[[str], str], str]
) -> dict[str, str]:
    """What is chosen, by key, from lists side by side, each as `address.choose` takes it."""
    chosen = {}
    for place, (name, key, options, in_words, everything) in zip(places, lists, strict=True):
        with place:
            chosen[key] = address.choose(name, key, options, in_words, everything)
    return chosen


def _owners(known: dict[str, str]) -> dict[str, str]:
    """Who can be chosen; an address may also name somebody, and then means all who are called so."""
    given = str(st.query_params.get("owner", ""))
    named = given and given not in known and data.count(Filter(owner=given))[0]
    names = {key: owner_name(name) for key, name in known.items()}
    return names | ({given: f"Named {given}"} if named else {})


def _span(given: str) -> list[str]:
    """A span of time that an address may hold beside the ones offered, such as 45d or -45d, or a month."""
    return [given] if re.fullmatch(r"-?\d{1,4}[dwm]", given) or days.month(given) else []


def _due_name(due: str) -> str:
    if month := days.month(due):
        return f"Promised for {days.month_of(month[0])}"
    units = {"d": "days", "w": "weeks", "m": "months"}
    span = f"{due.removeprefix('-')[:-1]} {units.get(due[-1:], '')}"
    return DUE.get(due) or (f"Overdue for at most {span}" if due.startswith("-") else f"In the next {span}")


def _summary(total: int, overdue: int, wanted: Filter) -> None:
    told = [number(total, "pledge")]
    if overdue:
        told.append(f"{overdue:,} of them overdue")
    if wanted.changed:
        told.append(f"status changed in the last {wanted.changed} days")
    if wanted.moved:
        told.append(f"put off in the last {wanted.moved} days")
    if wanted.outcome:
        told.append(f"{OUTCOME[wanted.outcome].lower()}: {OUTCOME_MEANS[wanted.outcome]}")
    if wanted.came:
        told.append(f"first read on or after {wanted.came}")
    if wanted.text:
        asked = data.question(wanted.text)
        told.append(f"understood as {asked.told}")
        told += [line.rstrip(".") for line in asked.notes]
    with st.container(key="links_summary", horizontal=True, vertical_alignment="center"):
        note(", ".join(told) + ".", role="status")
        if wanted != Filter() and st.button("Clear all choices", key="clear", type="tertiary"):
            st.query_params.clear()
            st.rerun()
    if wanted.headline:
        note(said(headline_rule(data.home().headline_rule), 2_000))
    _follow(wanted)
    address.share("this list")
    overdue_only = wanted.due == "overdue"
    address.feed(
        "this list",
        list="overdue" if overdue_only else "changed" if wanted.changed else "",
        due="" if overdue_only else wanted.due,
        q=wanted.text,
        **{name: getattr(wanted, name) for name in _IN_FEEDS},
    )


def _follow(wanted: Filter) -> None:
    """A button to follow what the list is narrowed to, where that is one thing."""
    named = data.choices()["owner"].get(wanted.owner, wanted.owner)
    things: list[tuple[FollowKind, str, str, str]] = [
        ("official" if wanted.owner in data.people() else "body", wanted.owner, owner_name(named), "owner"),
        ("topic", wanted.topic, wanted.topic, "topic"),
        ("area", wanted.area, wanted.area, "area"),
    ]
    chosen = [one for one in things if one[1] and one[1] != UNOWNED]
    if len(chosen) == 1:
        kind, value, named, field = chosen[0]
        follow(kind, value, named, **{field: value})


page()
