"""The list of pledges, narrowed and sorted; the address holds every choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.decide.follow import follow
from dashboard.sitemap import to
from dashboard.ui import address, lists
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.parts import empty, note, show, tag
from ledger import vocabulary
from ledger.follows.follow import FollowKind
from ledger.presentation.labels import flag_name, number, owner_name, role_name, status_name
from ledger.queries.pledge_list import Filter
from ledger.queries.topics import patterns
from ledger.questions import pledge_search
from ledger.types import UNOWNED

PER_PAGE = 25
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
    wanted = _filter()
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
    changed, came = str(st.query_params.get("changed", "")), address.picked("came")
    return Filter(
        text=text,
        changed=int(changed) if changed.isdigit() and len(changed) < 5 else 0,
        came=came.isoformat() if came else "",
        **chosen,  # type: ignore[arg-type]  # every one of them is words
    )


def _chosen(
    places: Sequence[DeltaGenerator], *lists: tuple[str, str, list[str], Callable[[str], str], str]
) -> dict[str, str]:
    """What is chosen, by key, from lists side by side, each as `address.choose` takes it."""
    chosen = {}
    for place, (name, key, options, words, everything) in zip(places, lists, strict=True):
        with place:
            chosen[key] = address.choose(name, key, options, words, everything)
    return chosen


def _owners(known: dict[str, str]) -> dict[str, str]:
    """Who can be chosen; an address may also name somebody, and then means all who are called so."""
    given = str(st.query_params.get("owner", ""))
    named = given and given not in known and data.count(Filter(owner=given))[0]
    words = {key: owner_name(name) for key, name in known.items()}
    return words | ({given: f"Named {given}"} if named else {})


def _span(given: str) -> list[str]:
    """A span of time that an address may hold beside the ones offered, such as 45d."""
    return [given] if len(given) < 6 and given[:-1].isdigit() and given[-1:] in ("d", "w", "m") else []


def _due_name(due: str) -> str:
    units = {"d": "days", "w": "weeks", "m": "months"}
    return DUE.get(due) or f"In the next {due[:-1]} {units.get(due[-1:], '')}"


def _summary(total: int, overdue: int, wanted: Filter) -> None:
    words = [number(total, "pledge")]
    if overdue:
        words.append(f"{overdue:,} of them overdue")
    if wanted.changed:
        words.append(f"status changed in the last {wanted.changed} days")
    if wanted.came:
        words.append(f"first read on or after {wanted.came}")
    if wanted.text:
        asked = data.question(wanted.text)
        words.append(f"understood as {asked.told}")
        words += [line.rstrip(".") for line in asked.notes]
    with st.container(key="links_summary", horizontal=True, vertical_alignment="center"):
        note(", ".join(words) + ".", role="status")
        if wanted != Filter() and st.button("Clear all choices", key="clear", type="tertiary"):
            st.query_params.clear()
            st.rerun()
    _follow(wanted)
    address.share("this list")


def _follow(wanted: Filter) -> None:
    """A button to follow what the list is narrowed to, where that is one thing."""
    named = data.choices()["owner"].get(wanted.owner, wanted.owner)
    things: list[tuple[FollowKind, str, str]] = [
        ("official" if wanted.owner in data.people() else "body", wanted.owner, owner_name(named)),
        ("topic", wanted.topic, wanted.topic),
        ("area", wanted.area, wanted.area),
    ]
    chosen = [one for one in things if one[1] and one[1] != UNOWNED]
    if len(chosen) == 1:
        follow(*chosen[0])


page()
