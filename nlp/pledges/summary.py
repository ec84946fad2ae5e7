"""Pledges of grouped commitments without a warehouse: by the rules of the ledger, with our own vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.pledges.summary import summarise
from ledger.types import Pledge
from nlp.pledges.core import grouped, members_of
from nlp.pledges.pair_features import Item


def build_pledges(items: Sequence[Item], pledge_of: Mapping[str, str]) -> list[Pledge]:
    """The pledges of the items, in the order of their first commitments; items without a place left out."""
    return [summarise(pledge, members_of(group)) for pledge, group in grouped(items, pledge_of).items()]
