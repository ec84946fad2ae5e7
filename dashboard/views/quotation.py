"""The evidence card: one statement, all that speaks for its being right, and citations to copy."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.sitemap import to
from dashboard.ui.parts import Html, context, empty, esc, go, join, link, said, show, tag
from dashboard.ui.pledge_parts import in_post, unresolved
from ledger.days import day
from ledger.outputs.citations import citations
from ledger.presentation.labels import plain, type_name
from ledger.queries.statement_card import Card, Undertaking

KINDS = {
    "direct": "quoted: the speaker’s own words",
    "indirect": "reported: the reporter’s words for what was said",
    "mixed": "partly quoted, partly reported",
}


def page() -> None:
    asked = str(st.query_params.get("id", ""))
    found = data.card(asked) if asked else None
    if found is None:
        show(tag("h1", "Evidence card"))
        empty(
            "No statement has this address." if asked else "No statement is chosen.",
            "It may have been taken out of its article. Look for its words in the search.",
        )
        to("search", "Search")
        return
    show(
        tag("p", go("Search", "search"), class_="sd-meta sd-crumb"),
        tag("h1", "Evidence card"),
        context(found.context),
        tag("dl", *(tag("dt", name) + tag("dd", value) for name, value in _facts(found)), class_="sd-facts"),
    )
    show(tag("h2", "Cite it"), tag("p", "The sign at the right of each box copies it.", class_="sd-meta"))
    for name, words in citations(found).items():
        show(tag("h3", name))
        lines = map(plain, words.split("\n"))  # without what drives a screen
        st.code("\n".join(lines), language=None, wrap_lines=True)


def _facts(card: Card) -> list[tuple[str, Html | str]]:
    facts: list[tuple[str, Html | str]] = [
        ("Speaker", _speaker(card)),
        ("Kind", KINDS.get(card.kind, card.kind)),
        ("Published", join([day(card.published), said(card.outlet)])),
        ("Article", link(card.headline or card.url, card.link)),
        *([("Page", card.context.page)] if card.context.page else []),
        ("First seen", day(data.home().seen_on(card.first_seen))),
        ("Text, SHA-256", tag("code", card.sha256)),
        ("Archive record", tag("code", card.archive) if card.archive else "none: the text was given as text"),
        (
            "Checked now",
            "the words stand in the stored text letter by letter, and the text has this hash"
            if card.verified
            else tag("b", "the words do not stand in the stored text: do not use them"),
        ),
    ]
    if card.revisions > 1:
        facts.append(("Revisions", f"{card.revisions:,} states of the article are kept"))
    facts += [("Commitment", _undertaking(one)) for one in card.undertakings]
    return facts


def _undertaking(one: Undertaking) -> Html:
    kind = (
        tag("span", f"{type_name(one.type)}, minor: not listed")
        if one.minor
        else Html(esc(type_name(one.type)))
    )
    if one.pledge_id:
        kind = go(f"{type_name(one.type)}: its pledge", "pledge", id=one.pledge_id)
    return join([kind, said(f"“{one.words}”") if one.words else ""])


def _speaker(card: Card) -> Html:
    if card.speaker is None:
        return unresolved(card.source_name, card.why)
    name = said(card.speaker)
    if card.official_id:
        name = go(name, "officials", id=card.official_id)
    by = f"named by {card.linked_by}, an editor" if card.linked_by else card.why
    return in_post(name, card.office, card.role, card.body, by)


page()
