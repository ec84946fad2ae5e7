"""What the pages read, cached for as long as no run, person, day or setting has changed it.

Each reading is one of the ledger's without its settings, which are those of `home`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from ledger import settings
from ledger.queries import (
    coverage_page,
    journal_page,
    official_page,
    overview_page,
    pledge_list,
    pledge_page,
    review_lists,
    statement_card,
    word_use,
)
from ledger.queries.review_lists import OfficialChoice
from ledger.search import pledge_search, query_syntax, statement_search
from ledger.settings import Settings
from nlp.text.embeddings import Embedder

Asked = ParamSpec("Asked")
Answered = TypeVar("Answered")


def home() -> Settings:
    """The settings of SAID_HOME, else of the current folder."""
    return settings.load()


def _cached(
    read: Callable[Concatenate[Settings, Asked], Answered],
    most: int = 4,
    stamp: Callable[[Settings], str] = pledge_list.stamp,
) -> Callable[Asked, Answered]:
    """A reading of the home folder that keeps its last ``most`` answers while the stamp stays the same."""

    def kept(_settings: Settings, stamp: str, *asked: Asked.args, **given: Asked.kwargs) -> Answered:
        return read(_settings, *asked, **given)

    # Streamlit tells functions apart by these names and their source, which all of these share.
    kept.__module__, kept.__qualname__ = read.__module__, read.__qualname__
    cache = st.cache_data(max_entries=most, show_spinner=False)(kept)

    def reading(*asked: Asked.args, **given: Asked.kwargs) -> Answered:
        here = home()
        return cache(here, stamp(here), *asked, **given)

    return reading


def _similar(settings: Settings, /, query: str, **given: Any) -> statement_search.Results:
    """Statements similar in meaning to the words of a query; nothing where it has no words."""
    asked = query_syntax.parse(query)
    words = " ".join((*asked.words, *asked.phrases))
    if not words:
        return statement_search.Results(0, (), asked)
    return statement_search.similar(settings, Embedder().encode([words])[0], query, **given)


def _people(settings: Settings) -> dict[str, OfficialChoice]:
    """All officials by id."""
    return {person.id: person for person in review_lists.people(settings)}


overview = _cached(overview_page.overview)
by_topic = _cached(overview_page.by_topic)
minor = _cached(overview_page.minor, most=20)
pledges = _cached(pledge_list.pledges, most=50)
count = _cached(pledge_list.count, most=50)
choices = _cached(pledge_list.choices)
pledge = _cached(pledge_page.pledge, most=200)
reports = _cached(pledge_page.reports, most=20)
journal = _cached(pledge_page.journal)
subjects = _cached(journal_page.subjects, most=50)
find: Callable[..., statement_search.Results] = _cached(
    statement_search.search, most=200, stamp=statement_search.stamp
)
find_similar = _cached(_similar, most=200, stamp=statement_search.stamp)
pledges_for = _cached(pledge_search.promised, most=200, stamp=statement_search.stamp)
card = _cached(statement_card.card, most=200)
officials = _cached(official_page.officials)
official = _cached(official_page.official, most=200)
spoken = _cached(word_use.spoken, most=50)
queue = _cached(review_lists.queue)
people = _cached(_people)
coverage = _cached(coverage_page.coverage)
