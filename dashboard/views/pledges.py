"""The list of pledges, narrowed and sorted; the address holds every choice."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from dashboard import data
from dashboard.ui import address, lists
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.parts import empty, number, show, tag
from ledger import vocabulary
from ledger.presentation.labels import flag_name, owner_name, role_name, status_name
from ledger.queries import pledge_list
from ledger.queries.pledge_list import Filter
from ledger.queries.topics import patterns

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
            empty("No pledge fits.", "Take a choice back, or clear them all with the button above.")
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
    downloads("pledges", partial(pledge_list.pledges, data.home(), wanted, MOST))


def _filter() -> Filter:
    choices = data.choices()
    with st.container(key="filters"):
        first = st.columns([2, 1, 1, 1])
        with first[0]:
            text = address.write("Name, or words of the promise", "q", "for example: library")
        with first[1]:
            owners = _owners(choices["owner"])
            owner = address.choose("Official or body", "owner", list(owners), owners.__getitem__, "Everyone")
        with first[2]:
            status = address.choose(
                "Status", "status", list(vocabulary.statuses()), status_name, "Any status"
            )
        with first[3]:
            spans = list(dict.fromkeys([*DUE, *_span(st.query_params.get("due", ""))]))
            due = address.choose("Deadline", "due", spans, _due_name, "Any or none")
        more = any(st.query_params.get(key) for key in ("role", "area", "topic", "flag", "outlet", "sort"))
        with st.expander("More choices, and order", expanded=more):
            second = st.columns(3)
            with second[0]:
                role = address.choose(
                    "Role", "role", list(choices["role"]), lambda r: role_name(r) or r, "Any role"
                )
            with second[1]:
                area = address.choose("Area", "area", list(choices["area"]), everything="Everywhere")
            with second[2]:
                topic = address.choose("Topic", "topic", list(patterns()), everything="Any topic")
            third = st.columns(3)
            with third[0]:
                flag = address.choose("Marked as", "flag", list(vocabulary.flags()), flag_name, "Anything")
            with third[1]:
                outlet = address.choose(
                    "Reported by", "outlet", list(choices["outlet"]), everything="Any outlet"
                )
            with third[2]:
                sort = address.choose("Sort by", "sort", list(SORT)[1:], SORT.__getitem__, SORT["deadline"])
    changed, came = str(st.query_params.get("changed", "")), str(st.query_params.get("came", ""))
    return Filter(
        owner=owner,
        role=role,
        area=area,
        status=status,
        flag=flag,
        due=due,
        outlet=outlet,
        topic=topic,
        text=text,
        changed=int(changed) if changed.isdigit() and len(changed) < 5 else 0,
        came=came if _is_day(came) else "",
        sort=sort or "deadline",
    )


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


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _summary(total: int, overdue: int, wanted: Filter) -> None:
    words = [number(total, "pledge")]
    if overdue:
        words.append(f"{overdue:,} of them overdue")
    if wanted.changed:
        words.append(f"status changed in the last {wanted.changed} days")
    if wanted.came:
        words.append(f"first read on or after {wanted.came}")
    with st.container(key="links_summary", horizontal=True, vertical_alignment="center"):
        show(tag("p", ", ".join(words) + ".", class_="sd-meta", role="status"))
        if wanted != Filter() and st.button("Clear all choices", key="clear", type="tertiary"):
            st.query_params.clear()
            st.rerun()
    address.share("this list")


page()
