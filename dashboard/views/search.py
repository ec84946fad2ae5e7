"""Search in everything that officials said; each hit opens the article at the words."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from dashboard import data
from dashboard.decide.follow import follow
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import Html, context, empty, go, join, label, link, note, said, show, tag, words
from dashboard.ui.pledge_parts import item, meta, unresolved
from ledger.days import day
from ledger.errors import SaidError
from ledger.presentation.labels import KIND, number, role_name, type_name
from ledger.search.statement_search import Hit, Results

PER_PAGE = 20
EXAMPLES = [
    ("bus franchising", "every word, in any form; with the name of an official also what they promised"),
    ('"by the end of March"', "an exact phrase"),
    ("trams -buses", "without a word"),
    ("role:mayor after:2026-01", "what mayors have said since January 2026"),
    ("speaker:unresolved commitment:yes", "undertakings whose speaker is not known yet"),
]


def page() -> None:
    show(tag("h1", "Search"))
    query = address.write(
        "Search what officials said",
        "q",
        'words, "exact phrase", -not, speaker: role: outlet: area: after: before:',
    )
    orders = {
        "relevance": "Best match first",
        "date": "Newest first",
        "meaning": "Similar in meaning",
    }
    order = address.switch("Order", "order", orders, "relevance")
    if not query:
        _help()
        return
    alike = order == "meaning"
    slow = "Comparing meanings; the first time takes a few seconds"
    try:
        with st.spinner(slow) if alike else nullcontext():
            first = _found(query, order, 0)
    except SaidError as error:
        empty("This search cannot be read.", str(error))
        return
    if order == "relevance" and _promised(query) and not first.total:
        return
    if not alike:
        follow("search", query, f"the search “{query}”")
    count = f"{number(first.total, 'statement')} {'similar in meaning' if alike else 'found'}."
    show(tag("h2", "Statements"), tag("p", count, class_="sd-meta", role="status"))
    if alike:
        note(
            "The machine compares meanings: your words need not occur, and what is shown may be about "
            "something else. For what was said word for word, take “Best match first”.",
            class_="sd-small",
        )
    if not first.total:
        empty(
            "Nothing was found.",
            "Write the words of a sentence that you look for."
            if alike
            else "All words must stand in one statement. Try fewer words, only a surname after speaker:, or "
            "“Similar in meaning”.",
        )
        return
    top = st.container()
    n = address.page_number("search", min(-(-first.total // PER_PAGE), 500))
    found = first if n == 1 else _found(query, order, (n - 1) * PER_PAGE)
    with top:
        show(*(_hit(hit) for hit in found.hits))
    downloads("statements", lambda: _found(query, order, 0, MOST).hits)


def _found(query: str, order: str, offset: int, most: int = PER_PAGE) -> Results:
    if order == "meaning":
        return data.find_similar(query, limit=most, offset=offset)
    return data.find(query, order=order, limit=most, offset=offset)


def _promised(query: str) -> bool:
    """The pledges behind the words, above the statements; whose they are, where the words name somebody."""
    found = data.pledges_for(query) if not st.query_params.get("page") else None
    if found is None or not found.pledges:
        return False
    about = f" about “{found.about}”" if found.about else ""
    whose = f"Promised by {found.speaker}{about}" if found.speaker else "Pledges"
    show(tag("h2", said(whose)))
    for pledge in found.pledges:
        pledge_list([pledge], data.home().today, "promised", short=True)
        show(tag("blockquote", words(pledge.words, 400), class_="sd-context"))
    with st.container(key="links_promised", horizontal=True):
        to("search", "Every promise with these words, newest first", q=found.query, order="date")
        if found.speaker:
            all_said = found.query.removesuffix(" commitment:yes")
            to("search", label(f"All that {found.speaker} said{about}"), q=all_said, order="date")
    return True


def _help() -> None:
    show(
        tag(
            "p",
            "Find the words in seconds, and open the article where they stand. For example:",
            class_="sd-lead",
        ),
        tag(
            "ul", *(tag("li", go(q, "search", q=q), f" – {finds}") for q, finds in EXAMPLES), class_="sd-meta"
        ),
        tag(
            "p",
            "Fields: speaker: official: role: outlet: area: after: before: added: commitment:yes. A name of"
            ' two words goes in quotation marks: speaker:"Ann Example". official: takes the id in the address'
            " of an official’s page, and finds nobody else of the same name. Days are written 2026-03-31,"
            " 2026-03 or 2026; after: includes the day named, before: does not.",
            class_="sd-small",
        ),
    )


def _hit(hit: Hit) -> Html:
    if hit.speaker is None:
        who = unresolved(hit.source_name, hit.why)
    else:
        who = join([tag("b", said(hit.speaker)), role_name(hit.role), said(hit.body)], ", ")
    where = [day(hit.published), link(hit.title or hit.url, hit.link), said(hit.outlet)]
    pledged = dict(zip(hit.pledge_ids, hit.commitments, strict=True))  # of two in one pledge the later
    promises = [go(type_name(kind), "pledge", id=key) for key, kind in pledged.items() if key]
    card = go("Evidence card and citation", "quotation", id=hit.id)
    about = meta(*where, KIND.get(hit.kind, hit.kind), *promises, card)
    return item(tag("div", who), context(hit.context, hit.terms), about)


page()
