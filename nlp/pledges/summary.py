"""Pledges of grouped commitments without a warehouse: by the rules of the ledger, with our own vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ledger.pledges.summary import summarise
from ledger.types import Official, Pledge, Statement
from nlp.models.votes import Vote
from nlp.officials.register import post_for
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item


def build_pledges(
    items: Sequence[Item],
    pledge_of: Mapping[str, str],
    offices: Mapping[str, str] | None = None,
    vote: Vote | None = None,
) -> list[Pledge]:
    """The pledges of the items, in the order of their first commitments; items without a place left out.

    ``offices``: of the speakers on the day, by statement, as `offices_of` gives them. ``vote``: on pairs,
    another than the one that ships.
    """
    groups = grouped(items, pledge_of)
    return [summarise(pledge, members_of(group, offices, vote)) for pledge, group in groups.items()]


def offices_of(
    said: Iterable[tuple[Statement, date | None]], officials: Iterable[Official]
) -> dict[str, str]:
    """The office in which each statement's speaker spoke on its day, by statement, where one is known."""
    known = {official.id: official for official in officials}
    found = {}
    for statement, day in said:
        official = known.get(statement.official_id or "")
        post = post_for(official, day, {"role": statement.role or ""}) if official else None
        if post and post.role == statement.role:
            found[statement.id] = post.office
    return found
