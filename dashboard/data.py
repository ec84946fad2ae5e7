"""What the pages read, cached for as long as no run, person, day or setting has changed it.

Each reading is one of the ledger's without its settings, which are those of `home`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from ledger import settings
from ledger.decisions.published import mark
from ledger.follows import followers
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
from ledger.questions import answer, pledge_search
from ledger.questions.answer import QuestionAnswer
from ledger.questions.question import Question
from ledger.search import statement_search
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


def _answer(settings: Settings, /, text: str, **given: Any) -> QuestionAnswer:
    """A plain question answered, by meaning where its words find little."""
    return answer.answer(settings, text, Embedder().encode, **given)


def _people(settings: Settings) -> dict[str, OfficialChoice]:
    """All officials by id."""
    return {person.id: person for person in review_lists.people(settings)}


def _subscriptions(settings: Settings) -> str:
    return mark(settings.home / "subscriptions.yaml")


overview = _cached(overview_page.overview)
by_topic = _cached(overview_page.by_topic)
minor = _cached(overview_page.minor, most=20)
pledges = _cached(pledge_search.pledges, most=50, stamp=statement_search.stamp)
count = _cached(pledge_search.count, most=50, stamp=statement_search.stamp)
names_in = _cached(pledge_list.names_in, most=50)
question: Callable[..., Question] = _cached(answer.read_question, most=50, stamp=statement_search.stamp)
choices = _cached(pledge_list.choices)
pledge = _cached(pledge_page.pledge, most=200)
reports = _cached(pledge_page.reports, most=20)
journal = _cached(pledge_page.journal)
subjects = _cached(journal_page.subjects, most=50)
answered: Callable[..., QuestionAnswer] = _cached(_answer, most=200, stamp=statement_search.stamp)
card = _cached(statement_card.card, most=200)
officials = _cached(official_page.officials)
official = _cached(official_page.official, most=200)
spoken = _cached(word_use.spoken, most=50)
queue = _cached(review_lists.queue)
people = _cached(_people)
coverage = _cached(coverage_page.coverage)
sends_letters = _cached(followers.are_sent_letters, stamp=_subscriptions)
