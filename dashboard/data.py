"""What the pages read, cached for as long as no run, person, day or setting has changed it."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from ledger.queries.coverage_page import Coverage
from ledger.queries.journal_page import Subject
from ledger.queries.official_page import OfficialPage, OfficialRow
from ledger.queries.overview_page import Overview
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.queries.pledge_page import Journalled, PledgePage, Shown
from ledger.queries.review_lists import OfficialChoice, Queue
from ledger.queries.statement_card import Card
from ledger.queries.word_use import Spoken
from ledger.search import pledge_search, query_syntax, statement_search
from ledger.search.pledge_search import Promised
from ledger.settings import Settings
from nlp.text.embeddings import Embedder


def home() -> Settings:
    """The settings of SAID_HOME, else of the current folder."""
    return settings.load()


def overview() -> Overview:
    return _overview(home(), pledge_list.stamp(home()))


def pledges(wanted: Filter, limit: int, offset: int) -> list[PledgeRow]:
    return _pledges(home(), pledge_list.stamp(home()), wanted, limit, offset)


def count(wanted: Filter) -> tuple[int, int]:
    """How many pledges fit, and how many of them are overdue."""
    return _count(home(), pledge_list.stamp(home()), wanted)


def choices() -> dict[str, dict[str, str]]:
    return _choices(home(), pledge_list.stamp(home()))


def pledge(pledge_id: str, known: date | None = None) -> PledgePage | None:
    return _pledge(home(), pledge_list.stamp(home()), pledge_id, known)


def find(query: str, **given: Any) -> statement_search.Results:
    return _find(home(), statement_search.stamp(home()), query, **given)


def pledges_for(query: str) -> Promised:
    """The pledges behind the words of a query."""
    return _pledges_for(home(), statement_search.stamp(home()), query)


def card(statement_id: str) -> Card | None:
    return _card(home(), pledge_list.stamp(home()), statement_id)


def find_similar(query: str, **given: Any) -> statement_search.Results:
    """Statements similar in meaning to the words of a query; nothing where it has no words."""
    return _find_similar(home(), statement_search.stamp(home()), query, **given)


def spoken(official_id: str) -> tuple[Spoken, ...]:
    return _spoken(home(), pledge_list.stamp(home()), official_id)


def officials() -> list[OfficialRow]:
    return _officials(home(), pledge_list.stamp(home()))


def official(official_id: str) -> OfficialPage | None:
    return _official(home(), pledge_list.stamp(home()), official_id)


def queue() -> Queue:
    return _queue(home(), pledge_list.stamp(home()))


def people() -> dict[str, OfficialChoice]:
    """All officials by id."""
    return _people(home(), pledge_list.stamp(home()))


def journal() -> tuple[Journalled, ...]:
    """Everything ever decided, newest first."""
    return _journal(home(), pledge_list.stamp(home()))


def subjects(entries: tuple[Journalled, ...]) -> dict[str, Subject]:
    """What these rows of the journal are about, by id."""
    rows = tuple(entry.decision.row for entry in entries)
    return _subjects(home(), pledge_list.stamp(home()), rows, entries)


def reports(pledge_ids: tuple[str, ...]) -> dict[str, tuple[Shown, ...]]:
    """What was reported of each of these pledges."""
    return _reports(home(), pledge_list.stamp(home()), pledge_ids)


def coverage() -> Coverage:
    return _coverage(home(), pledge_list.stamp(home()))


@st.cache_data(max_entries=4, show_spinner=False)
def _overview(_settings: Settings, stamp: str) -> Overview:
    return overview_page.overview(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _pledges(_settings: Settings, stamp: str, wanted: Filter, limit: int, offset: int) -> list[PledgeRow]:
    return pledge_list.pledges(_settings, wanted, limit, offset)


@st.cache_data(max_entries=50, show_spinner=False)
def _count(_settings: Settings, stamp: str, wanted: Filter) -> tuple[int, int]:
    return pledge_list.count(_settings, wanted)


@st.cache_data(max_entries=4, show_spinner=False)
def _choices(_settings: Settings, stamp: str) -> dict[str, dict[str, str]]:
    return pledge_list.choices(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _spoken(_settings: Settings, stamp: str, official_id: str) -> tuple[Spoken, ...]:
    return word_use.spoken(_settings, official_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _pledge(_settings: Settings, stamp: str, pledge_id: str, known: date | None) -> PledgePage | None:
    return pledge_page.pledge(_settings, pledge_id, known)


@st.cache_data(max_entries=200, show_spinner=False)
def _find(_settings: Settings, stamp: str, query: str, **given: Any) -> statement_search.Results:
    return statement_search.search(_settings, query, **given)


@st.cache_data(max_entries=200, show_spinner=False)
def _pledges_for(_settings: Settings, stamp: str, query: str) -> Promised:
    return pledge_search.promised(_settings, query)


@st.cache_data(max_entries=200, show_spinner=False)
def _card(_settings: Settings, stamp: str, statement_id: str) -> Card | None:
    return statement_card.card(_settings, statement_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _find_similar(_settings: Settings, stamp: str, query: str, **given: Any) -> statement_search.Results:
    asked = query_syntax.parse(query)
    words = " ".join((*asked.words, *asked.phrases))
    if not words:
        return statement_search.Results(0, (), asked)
    return statement_search.similar(_settings, Embedder().encode([words])[0], query, **given)


@st.cache_data(max_entries=4, show_spinner=False)
def _officials(_settings: Settings, stamp: str) -> list[OfficialRow]:
    return official_page.officials(_settings)


@st.cache_data(max_entries=200, show_spinner=False)
def _official(_settings: Settings, stamp: str, official_id: str) -> OfficialPage | None:
    return official_page.official(_settings, official_id)


@st.cache_data(max_entries=4, show_spinner=False)
def _queue(_settings: Settings, stamp: str) -> Queue:
    return review_lists.queue(_settings)


@st.cache_data(max_entries=4, show_spinner=False)
def _people(_settings: Settings, stamp: str) -> dict[str, OfficialChoice]:
    return {person.id: person for person in review_lists.people(_settings)}


@st.cache_data(max_entries=4, show_spinner=False)
def _journal(_settings: Settings, stamp: str) -> tuple[Journalled, ...]:
    return pledge_page.journal(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _subjects(
    _settings: Settings, stamp: str, rows: tuple[int, ...], _entries: tuple[Journalled, ...]
) -> dict[str, Subject]:
    return journal_page.subjects(_settings, _entries)


@st.cache_data(max_entries=20, show_spinner=False)
def _reports(_settings: Settings, stamp: str, pledge_ids: tuple[str, ...]) -> dict[str, tuple[Shown, ...]]:
    return pledge_page.reports(_settings, pledge_ids)


@st.cache_data(max_entries=4, show_spinner=False)
def _coverage(_settings: Settings, stamp: str) -> Coverage:
    return coverage_page.coverage(_settings)
