"""What a question finds by its words, as a feed: the newest statements first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ledger.days import day
from ledger.presentation.atom import AtomEntry, AtomFeed, quoted_html
from ledger.presentation.labels import cut
from ledger.questions.answer import read_question
from ledger.search.statement_search import Hit, fitting
from ledger.settings import Settings

LENGTH = 50  # entries of a feed
_TITLE = 100  # characters of a statement that name it
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def search_feed(
    settings: Settings, query: str, statement: Callable[[str], str], link: str, itself: str = ""
) -> AtomFeed:
    """The feed of the newest statements that fit. ``statement``: the address of a statement's page by its id;
    ``link``: of the search. Raises WrongUse as
    all of search does."""
    asked = read_question(settings, query).query
    hits = fitting(settings, asked, order="date", limit=LENGTH).hits
    entries = [_entry(hit, statement(hit.id)) for hit in hits]
    return AtomFeed(f"search:{query}", f"Said & Done: {cut(query, _TITLE)}", link, entries, itself)


def _entry(hit: Hit, link: str) -> AtomEntry:
    who = hit.speaker or hit.source_name or "Speaker not known"
    about = f"{hit.title} ({hit.outlet})" if hit.title else hit.outlet
    said = quoted_html(hit.words, f"{who}, {day(hit.published)}", about, link=hit.link)
    title = f"{who}: {cut(hit.words, _TITLE)}" if hit.words else who
    return AtomEntry(f"statement:{hit.id}", title, link, hit.published or _UNDATED, said, who)
