"""The list of pledges narrowed by a plain question beside its other choices."""

from __future__ import annotations

from dataclasses import replace

from ledger.queries import pledge_list
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.questions.answer import fitting_ids, read_question
from ledger.settings import Settings


def narrowed(settings: Settings, wanted: Filter) -> Filter:
    """The filter with the pledges that fit its text by words in the text's place."""
    if not wanted.text:
        return wanted
    return replace(wanted, text="", among=tuple(fitting_ids(settings, read_question(settings, wanted.text))))


def pledges(settings: Settings, wanted: Filter, limit: int | None = None, offset: int = 0) -> list[PledgeRow]:
    """`pledge_list.pledges` of a filter that may hold a text."""
    return pledge_list.pledges(settings, narrowed(settings, wanted), limit, offset)


def count(settings: Settings, wanted: Filter) -> tuple[int, int]:
    """`pledge_list.count` of a filter that may hold a text."""
    return pledge_list.count(settings, narrowed(settings, wanted))
