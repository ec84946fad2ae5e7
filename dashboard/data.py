"""What the pages read, cached for as long as neither a run nor a person has changed anything."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ledger import queries, queries_pledge, search, settings
from ledger.queries import Filter, Overview, PledgeRow
from ledger.queries_pledge import PledgePage
from ledger.settings import Settings


def home() -> Settings:
    """The settings of SAID_HOME, else of the current folder."""
    return settings.load()


def overview() -> Overview:
    return _overview(home(), queries.stamp(home()))


def pledges(wanted: Filter) -> list[PledgeRow]:
    return _pledges(home(), queries.stamp(home()), wanted)


def choices() -> dict[str, list[str]]:
    return _choices(home(), queries.stamp(home()))


def pledge(pledge_id: str) -> PledgePage | None:
    return _pledge(home(), queries.stamp(home()), pledge_id)


def find(query: str, **given: Any) -> search.Results:
    return _find(home(), queries.stamp(home()), query, **given)


@st.cache_data(max_entries=4, show_spinner=False)
def _overview(_settings: Settings, stamp: str) -> Overview:
    return queries.overview(_settings)


@st.cache_data(max_entries=50, show_spinner=False)
def _pledges(_settings: Settings, stamp: str, wanted: Filter) -> list[PledgeRow]:
    return queries.pledges(_settings, wanted)


@st.cache_data(max_entries=4, show_spinner=False)
def _choices(_settings: Settings, stamp: str) -> dict[str, list[str]]:
    return queries.choices(_settings)


@st.cache_data(max_entries=200, show_spinner=False)
def _pledge(_settings: Settings, stamp: str, pledge_id: str) -> PledgePage | None:
    return queries_pledge.pledge(_settings, pledge_id)


@st.cache_data(max_entries=200, show_spinner=False)
def _find(_settings: Settings, stamp: str, query: str, **given: Any) -> search.Results:
    return search.search(_settings, query, **given)
