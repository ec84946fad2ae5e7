"""Officials: the list, and one of them with posts, pledges and how these ended."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboard import data
from dashboard.decide.follow import follow
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.downloads import downloads
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import Html, context, empty, go, join, label, link, note, said, show, table, tag
from dashboard.ui.pledge_parts import item, meta
from ledger import vocabulary
from ledger.days import day
from ledger.presentation.labels import KIND, flag_name, number, role_name
from ledger.queries.official_page import Latest, OfficialPage, OfficialRow, PostRow
from ledger.types import PRIVATE

PER_PAGE = 50
COLUMNS = ["Name", "Post", "Pledges", "Delivered of those ended", flag_name("overdue"), "Statements"]


def page() -> None:
    asked = str(st.query_params.get("id", ""))
    if not asked:
        _list()
        return
    found = data.official(asked)
    if found is None:
        show(tag("h1", "Official"))
        empty("No official has this address.", "Choose one from the list of officials.")
        to("officials", "All officials")
        return
    _one(found)


def _list() -> None:
    show(tag("h1", "Officials"))
    everybody = data.officials()
    left, right = st.columns([2, 1])
    with left:
        text = address.write("Name, office or body", "q", "for example: council").lower()
    with right:
        held = vocabulary.roles().ordered(o.role for o in everybody if o.role)
        roles = [row.name for row in held if row.name != PRIVATE]
        role = address.choose("Role", "role", roles, role_name, "Any role")
    found = [o for o in everybody if (not role or o.role == role) and text in _all_words(o)]
    note(f"{number(len(found), 'official')} with statements.", role="status")
    if not found:
        empty("No official fits.", "Take a choice back, or load a register with “said officials import”.")
        return
    top = st.container()
    n = address.page_number("officials", -(-len(found) // PER_PAGE))
    with top:
        show(table(COLUMNS, map(_row, found[(n - 1) * PER_PAGE : n * PER_PAGE]), COLUMNS[2:]))
    downloads("officials", lambda: found)


def _all_words(o: OfficialRow) -> str:
    return f"{o.name} {o.office} {o.body}".lower()


def _post(office: str | None, body: str | None, role: str | None) -> str:
    name = office or role_name(role)
    return f"{name}, {body}" if body and body not in name else name


def _row(o: OfficialRow) -> list[Html | str]:
    seen = tag("span", "seen only in an article", class_="sd-flag") if o.provisional else Html("")
    return [
        go(said(o.name), "officials", id=o.id) + (Html(" ") + seen if seen else ""),
        said(_post(o.office, o.body, o.role)),
        f"{o.pledges:,}",
        f"{o.delivered:,} of {o.judged:,}" if o.judged else "–",
        f"{o.overdue:,}" if o.pledges else "–",
        f"{o.statements:,}",
    ]


def _one(found: OfficialPage) -> None:
    o = found.official
    show(tag("p", go("Officials", "officials"), class_="sd-meta sd-crumb"), tag("h1", said(o.name)))
    follow("official", o.id, o.name)
    if o.provisional:
        note("Known only from a title in an article: not in the register of officials.")
    posts = [tag("li", said(_post(p.office, p.body, p.role)), _days(p)) for p in found.posts]
    aliases = tag("p", "Also written: ", said(", ".join(found.aliases)), class_="sd-small")
    show(tag("ul", *posts, class_="sd-meta") if posts else "", aliases if found.aliases else "")
    show(tag("h2", f"Pledges ({len(found.pledges):,})"))
    if found.pledges:
        _pledges(found)
    else:
        note("No pledge of theirs has been found.")
    if found.spoken_for:
        show(tag("h2", f"Pledges of others that they gave their word for too ({len(found.spoken_for):,})"))
        pledge_list(found.spoken_for, data.home().today, "spoken_for")
    _latest(found)
    _spoken(o.id)


def _latest(found: OfficialPage) -> None:
    o = found.official
    show(tag("h2", f"Statements ({o.statements:,})"))
    if not found.latest:
        note("No statement of theirs has been found.")
        return
    show(tag("p", "The latest:", class_="sd-meta"), *map(_statement, found.latest))
    with st.container(key="links_said", horizontal=True):
        to("search", label(f"All {number(o.statements, 'statement')}"), q=f"official:{o.id}", order="date")


def _statement(one: Latest) -> Html:
    where = [day(one.published), link(one.title or one.url, one.link), said(one.outlet)]
    card = go("Evidence card and citation", "quotation", id=one.id)
    return item(context(one.context), meta(*where, KIND.get(one.kind, one.kind), card))


def _pledges(found: OfficialPage) -> None:
    counts = Counter(p.status for p in found.pledges)
    rows = vocabulary.statuses().ordered(counts)
    words = join([f"{row.label.lower()} {counts[row.name]:,}" for row in rows], ", ")
    note(f"Of {number(len(found.pledges), 'pledge')}: ", words, ".")
    pledge_list(found.pledges, data.home().today, "official")
    downloads("pledges", lambda: found.pledges)


def _spoken(official_id: str) -> None:
    """What they speak about, year by year, and in which words."""
    rows = data.spoken(official_id)
    show(tag("h2", "What they speak about, and in which words"))
    if not rows:
        note("No statement of theirs is about a topic we know words of.")
        return
    how = "A word is shown with the number of statements it stands in, from two on."
    columns = ["Topic", "Year", "Statements", "Words used most"]
    used = [
        [
            said(row.topic),
            str(row.year),
            f"{row.statements:,}",
            said(", ".join(f"{word} {n:,}" for word, n in row.words) or "none twice"),
        ]
        for row in rows
    ]
    show(tag("p", how, class_="sd-meta"), table(columns, used, numbers=["Year", "Statements"]))
    downloads("topics", lambda: rows)


def _days(post: PostRow) -> str:
    if post.first and post.last:
        return f", {day(post.first)} to {day(post.last)}"
    if post.last:
        return f", until {day(post.last)}"
    return f", since {day(post.first)}" if post.first else ""


page()
