"""What the pages read, cached for as long as no run, person, day or setting has changed it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from ledger import (
    promised,
    queries,
    queries_card,
    queries_coverage,
    queries_journal,
    queries_officials,
    queries_pledge,
    queries_review,
    queries_words,
    search,
    search_query,
    settings,
)
from ledger.promised import Promised
from ledger.queries import Filter, Overview, PledgeRow
from ledger.queries_card import Card
from ledger.queries_coverage import Coverage
from ledger.queries_journal import Subject
from ledger.queries_officials import OfficialPage, OfficialRow
from ledger.queries_pledge import Journalled, PledgePage, Shown
from ledger.queries_review import Person, Queue
from ledger.queries_words import Spoken
from ledger.settings import Settings
from nlp.embedding import Embedder


def home() -> Settings:
    """The settings of SAID_HOME, else of the current folder."""
    return settings.load()


def overview() -> Overview:
    return _overview(home(), queries.stamp(home()))


def pledges(wanted: Filter, limit: int, offset: int) -> list[PledgeRow]:
    return _pledges(home(), queries.stamp(home()), wanted, limit, offset)


def count(wanted: Filter) -> tuple[int, int]:
    """How many pledges fit, and how many of them are overdue."""
    return _count(home(), queries.stamp(home()), wanted)


def choices() -> dict[str, dict[str, str]]:
    return _choices(home(), queries.stamp(home()))


def pledge(pledge_id: str, known: date | None = None) -> PledgePage | None:
    return _pledge(home(), queries.stamp(home()), pledge_id, known)


def find(query: str, **given: Any) -> search.Results:
    return _find(home(), search.stamp(home()), query, **given)


def pledges_for(query: str) -> Promised:
    """The pledges behind the words of a query."""
    return _pledges_for(home(), search.stamp(home()), query)


def card(statement_id: str) -> Card | None:
    return _card(home(), queries.stamp(home()), statement_id)


def find_similar(query: str, **given: Any) -> search.Results:
    """Statements similar in meaning to the words of a query; nothing where it has no words."""
    return _find_similar(home(), search.stamp(home()), query, **given)


def spoken(official_id: str) -> tuple[Spoken, ...]:
    return _spoken(home(), queries.stamp(home()), official_id)


def officials() -> list[OfficialRow]:
    return _officials(home(), queries.stamp(home()))


def official(official_id: str) -> OfficialPage | None:
    return _official(home(), queries.stamp(home()), official_id)


def queue() -> Queue:
    return _queue(home(), queries.stamp(home()))


def people() -> dict[str, Person]:
    """All officials by id."""
    return _people(home(), queries.stamp(home()))


def journal() -> tuple[Journalled, ...]:
    """Everything ever decided, newest first."""
    return _journal(home(), queries.stamp(home()))


def subjects(entries: tuple[Journalled, ...]) -> dict[str, Subject]:
    """What these rows of the journal are about, by id."""
    rows = tuple(entry.decision.row for entry in entries)
    return _subjects(home(), queries.stamp(home()), rows, entries)


def reports(pledge_ids: tuple[str, ...]) -> dict[str, tuple[Shown, ...]]:
    """What was reported of each of these pledges."""
    return _reports(home(), queries.stamp(home()), pledge_ids)


def coverage() -> Coverage:
    return _coverage(home(), queries.stamp(home()))


@st.cache_data(max_entries=4, show_spinner=False)
def _overview(_settings: Settings, stamp: str) -> Overview:
    return queries.overview(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _pledges(_settings: Settings, stamp: str, wanted: Filter, limit: int, offset: int) -> list[PledgeRow]:
    return queries.pledges(_settings, wanted, limit, offset)


@st.cache_data(max_entries=50, show_spinner=False)
def _count(_settings: Settings, stamp: str, wanted: Filter) -> tuple[int, int]:
    return queries.count(_settings, wanted)


@st.cache_data(max_entries=4, show_spinner=False)
def _choices(_settings: Settings, stamp: str) -> dict[str, dict[str, str]]:
    return queries.choices(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _spoken(_settings: Settings, stamp: str, official_id: str) -> tuple[Spoken, ...]:
    return queries_words.spoken(_settings, official_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _pledge(_settings: Settings, stamp: str, pledge_id: str, known: date | None) -> PledgePage | None:
    return queries_pledge.pledge(_settings, pledge_id, known)


@st.cache_data(max_entries=200, show_spinner=False)
def _find(_settings: Settings, stamp: str, query: str, **given: Any) -> search.Results:
    return search.search(_settings, query, **given)


@st.cache_data(max_entries=200, show_spinner=False)
def _pledges_for(_settings: Settings, stamp: str, query: str) -> Promised:
    return promised.promised(_settings, query)


@st.cache_data(max_entries=200, show_spinner=False)
def _card(_settings: Settings, stamp: str, statement_id: str) -> Card | None:
    return queries_card.card(_settings, statement_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _find_similar(_settings: Settings, stamp: str, query: str, **given: Any) -> search.Results:
    asked = search_query.parse(query)
    words = " ".join((*asked.words, *asked.phrases))
    if not words:
        return search.Results(0, (), asked)
    return search.similar(_settings, Embedder().encode([words])[0], query, **given)


@st.cache_data(max_entries=4, show_spinner=False)
def _officials(_settings: Settings, stamp: str) -> list[OfficialRow]:
    return queries_officials.officials(_settings)


@st.cache_data(max_entries=200, show_spinner=False)
def _official(_settings: Settings, stamp: str, official_id: str) -> OfficialPage | None:
    return queries_officials.official(_settings, official_id)


@st.cache_data(max_entries=4, show_spinner=False)
def _queue(_settings: Settings, stamp: str) -> Queue:
    return queries_review.queue(_settings)


@st.cache_data(max_entries=4, show_spinner=False)
def _people(_settings: Settings, stamp: str) -> dict[str, Person]:
    return {person.id: person for person in queries_review.people(_settings)}


@st.cache_data(max_entries=4, show_spinner=False)
def _journal(_settings: Settings, stamp: str) -> tuple[Journalled, ...]:
    return queries_pledge.journal(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _subjects(
    _settings: Settings, stamp: str, rows: tuple[int, ...], _entries: tuple[Journalled, ...]
) -> dict[str, Subject]:
    return queries_journal.subjects(_settings, _entries)


@st.cache_data(max_entries=20, show_spinner=False)
def _reports(_settings: Settings, stamp: str, pledge_ids: tuple[str, ...]) -> dict[str, tuple[Shown, ...]]:
    return queries_pledge.reports(_settings, pledge_ids)


@st.cache_data(max_entries=4, show_spinner=False)
def _coverage(_settings: Settings, stamp: str) -> Coverage:
    return queries_coverage.coverage(_settings)
