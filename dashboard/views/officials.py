"""Officials: the list, and one of them with posts, pledges and how these ended."""

from __future__ import annotations

from collections import Counter
from datetime import date

import streamlit as st

from dashboard import data
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.downloads import downloads
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import (
    Html,
    context,
    day,
    empty,
    go,
    join,
    label,
    link,
    number,
    said,
    show,
    table,
    tag,
)
from ledger import vocabulary
from ledger.presentation.labels import KIND, flag_name, role_name
from ledger.queries.official_page import Latest, OfficialPage, OfficialRow, PostRow
from ledger.types import PRIVATE

PER_PAGE = 50


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
    show(tag("p", f"{number(len(found), 'official')} with statements.", class_="sd-meta", role="status"))
    if not found:
        empty("No official fits.", "Take a choice back, or load a register with “said officials import”.")
        return
    top = st.container()
    n = address.page_number("officials", -(-len(found) // PER_PAGE))
    with top:
        show(table(_COLUMNS, map(_row, found[(n - 1) * PER_PAGE : n * PER_PAGE])))
    downloads("officials", lambda: found)


_COLUMNS = [
    ("Name", False),
    ("Post", False),
    ("Pledges", True),
    ("Delivered of those ended", True),
    (flag_name("overdue"), True),
    ("Statements", True),
]


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
    if o.provisional:
        show(
            tag(
                "p",
                "Known only from a title in an article: not in the register of officials.",
                class_="sd-meta",
            )
        )
    posts = [tag("li", said(_post(p.office, p.body, p.role)), _days(p)) for p in found.posts]
    aliases = (
        tag("p", "Also written: ", said(", ".join(found.aliases)), class_="sd-small")
        if found.aliases
        else Html("")
    )
    show(tag("ul", *posts, class_="sd-meta") if posts else Html(""), aliases)
    show(tag("h2", f"Pledges ({len(found.pledges):,})"))
    if found.pledges:
        _pledges(found)
    else:
        show(tag("p", "No pledge of theirs has been found.", class_="sd-meta"))
    if found.spoken_for:
        heading = f"Pledges of others that they gave their word for too ({len(found.spoken_for):,})"
        show(tag("h2", heading))
        pledge_list(found.spoken_for, data.home().today, "spoken_for")
    _latest(found)
    _spoken(o.id)


def _latest(found: OfficialPage) -> None:
    o = found.official
    show(tag("h2", f"Statements ({o.statements:,})"))
    if not found.latest:
        show(tag("p", "No statement of theirs has been found.", class_="sd-meta"))
        return
    show(tag("p", "The latest:", class_="sd-meta"), *map(_statement, found.latest))
    with st.container(key="links_said", horizontal=True):
        to("search", label(f"All {number(o.statements, 'statement')}"), q=f"official:{o.id}", order="date")


def _statement(one: Latest) -> Html:
    where = [day(one.published), link(one.title or one.url, one.link), said(one.outlet)]
    card = go("Evidence card and citation", "quotation", id=one.id)
    kind = KIND.get(one.kind, one.kind)
    return tag(
        "div",
        context(one.context),
        tag("div", join([*where, kind, card]), class_="sd-meta"),
        class_="sd-item",
    )


def _pledges(found: OfficialPage) -> None:
    counts = Counter(p.status for p in found.pledges)
    rows = vocabulary.statuses().ordered(counts)
    words = join([f"{row.label.lower()} {counts[row.name]:,}" for row in rows], ", ")
    show(tag("p", f"Of {number(len(found.pledges), 'pledge')}: ", words, ".", class_="sd-meta"))
    pledge_list(found.pledges, data.home().today, "official")
    downloads("pledges", lambda: found.pledges)


def _spoken(official_id: str) -> None:
    """What they speak about, year by year, and in which words."""
    rows = data.spoken(official_id)
    show(tag("h2", "What they speak about, and in which words"))
    if not rows:
        show(tag("p", "No statement of theirs is about a topic we know words of.", class_="sd-meta"))
        return
    show(
        tag(
            "p", "A word is shown with the number of statements it stands in, from two on.", class_="sd-meta"
        ),
        table(
            [("Topic", False), ("Year", True), ("Statements", True), ("Words used most", False)],
            [
                [
                    said(row.topic),
                    str(row.year),
                    f"{row.statements:,}",
                    said(", ".join(f"{word} {n:,}" for word, n in row.words) or "none twice"),
                ]
                for row in rows
            ],
        ),
    )
    downloads("topics", lambda: rows)


def _days(post: PostRow) -> str:
    def on(value: date | None) -> str:
        return day(value) if value else ""

    if post.first and post.last:
        return f", {on(post.first)} to {on(post.last)}"
    if post.last:
        return f", until {on(post.last)}"
    return f", since {on(post.first)}" if post.first else ""


page()
