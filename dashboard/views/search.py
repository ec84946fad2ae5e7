"""A plain question: the pledges that fit, then the statements; each hit opens the article at the words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import data
from dashboard.decide.follow import follow
from dashboard.sitemap import to
from dashboard.ui import address
from dashboard.ui.downloads import MOST, downloads
from dashboard.ui.limits import admit_visit
from dashboard.ui.lists import pledge_list
from dashboard.ui.parts import Html, context, empty, go, join, label, link, note, said, show, tag, words
from dashboard.ui.pledge_parts import item, meta, unresolved
from ledger.days import day
from ledger.errors import SaidError
from ledger.presentation.labels import KIND, number, role_name, type_name
from ledger.queries.pledge_list import PledgeRow
from ledger.questions.answer import QuestionAnswer
from ledger.search.statement_search import Hit

PER_PAGE = 20
EXAMPLES = [
    ("mayor buses", "an office, a name or a place, and what it is about"),
    ("what did the police promise about 101", "a question as you would ask it"),
    ("council leader potholes by March", "what was promised for a date"),
    ('"by the end of March"', "words exactly as they were said"),
    ("trams -buses", "without a word"),
    ("role:mayor after:2026-01", "what mayors have said since January 2026"),
]


def page() -> None:
    show(tag("h1", "Search"))
    query = address.write("Who promised what?", "q", "mayor buses, a name, a place, a question …")
    orders = {
        "relevance": "Best match first",
        "date": "Newest first",
        "meaning": "Nearest in meaning",
    }
    order = address.switch("Order of statements", "order", orders, "relevance")
    if not query:
        _help()
        return
    slow = "Reading it, and comparing meanings where words find little; the first time takes a few seconds"
    try:
        admit_visit(data.home(), repr(sorted(st.query_params.to_dict().items())))
        with st.spinner(slow, show_time=False):
            found = _found(query, order, 0)
    except SaidError as error:
        empty("This search cannot be read.", str(error))
        return
    _understood(found, query, order)
    if found.advice:
        empty("Nothing was found.", found.advice)
        return
    if not st.query_params.get("page"):
        _pledges(found, query)
    if found.question.seeks:
        _statements(found, query, order)
        address.feed("this search", q=query)


def _found(query: str, order: str, offset: int, most: int = PER_PAGE) -> QuestionAnswer:
    given = {"by_meaning": True} if order == "meaning" else {"order": order}
    return data.answered(query, limit=most, offset=offset, plainly=_plainly(), **given)


def _plainly() -> bool:
    """True where the address asks to take every word as it is."""
    return st.query_params.get("plain") == "yes"


def _understood(found: QuestionAnswer, query: str, order: str) -> None:
    """What was understood, each part with a link that takes it back, and what was read otherwise."""
    kept = {"order": "" if order == "relevance" else order, "plain": "yes" if _plainly() else ""}
    with st.container(key="links_understood", horizontal=True, vertical_alignment="center", gap="small"):
        st.text("Understood as")
        for part in found.question.parts:
            named = f"{part.name}: {part.label}" if part.name else part.label
            to("search", f"{label(named)} :material/close:", help="Take this back", q=part.without, **kept)
        if not _plainly() and (found.question.named or found.question.notes):
            to("search", "Take every word as it is", q=query, order=kept["order"], plain="yes")
    for line in found.notes:
        note(line, role="status")


def _pledges(found: QuestionAnswer, query: str) -> None:
    """The pledges above the statements, each in its own words."""
    if found.pledges:
        show(tag("h2", "Pledges"))
        _listed(found.pledges, "promised")
        with st.container(key="links_promised", horizontal=True):
            to("pledges", "Every pledge that fits", q=query)
            to(
                "search",
                "Every time it was pledged, newest first",
                q=f"{query} commitment:yes",
                order="date",
            )
    if found.near:
        show(tag("h2", "Pledges close to it"))
        note("They have other words for it, or are near in meaning.", class_="sd-small")
        _listed(found.near, "near")


def _listed(pledges: Sequence[PledgeRow], where: str) -> None:
    for pledge in pledges:
        pledge_list([pledge], data.home().today, where, short=True)
        show(tag("blockquote", words(pledge.words, 400), class_="sd-context"))


def _statements(found: QuestionAnswer, query: str, order: str) -> None:
    total = found.statements.total
    if total and not found.by_meaning:
        follow("search", query, f"the search “{query}”", q=query)
    count = f"{number(total, 'statement')} {'near in meaning' if found.by_meaning else 'found'}."
    show(tag("h2", "Statements"), tag("p", count, class_="sd-meta", role="status"))
    if found.by_meaning and total:
        note(
            "The machine compares meanings: your words need not occur, and what is shown may be about "
            "something else.",
            class_="sd-small",
        )
    top = st.container()
    n = address.page_number("search", min(-(-total // PER_PAGE), 500))
    shown = found if n == 1 else _found(query, order, (n - 1) * PER_PAGE)
    with top:
        show(*(_hit(hit) for hit in shown.statements.hits))
    downloads("statements", lambda: _found(query, order, 0, MOST).statements.hits)


def _help() -> None:
    show(
        tag(
            "p",
            "Ask in your own words: who, where, about what. A part of a name, an office or a town will do.",
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
