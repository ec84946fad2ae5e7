"""Pledges from grouped commitments: what the rules of the ledger need of their words, by vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ledger.pledges.summary import Member, summarise
from ledger.types import Pledge
from nlp.pledges.core import core_of
from nlp.pledges.pair_features import Item, in_order


def build_pledges(items: Sequence[Item], pledge_of: Mapping[str, str]) -> list[Pledge]:
    """The pledges of the items, in the order of their first commitments; items without a place left out."""
    return [summarise(pledge, members_of(group)) for pledge, group in grouped(items, pledge_of).items()]


def grouped(items: Sequence[Item], pledge_of: Mapping[str, str]) -> dict[str, list[Item]]:
    """The items of each pledge in their order; those without a place left out."""
    groups: dict[str, list[Item]] = {}
    for item in in_order(items):
        if item.id in pledge_of:
            groups.setdefault(pledge_of[item.id], []).append(item)
    return groups


def members_of(group: Sequence[Item]) -> list[Member]:
    """A pledge's items as the rules look at them. Those that undertake the thing itself are its core, all
    where none does; how central each one is goes by the mean vector of the core."""
    about = core_of(group) or group
    core = {item.id for item in about}
    middle = np.stack([item.vector for item in about]).mean(axis=0)
    central = np.stack([item.vector for item in group]) @ middle / max(float(np.linalg.norm(middle)), 1e-9)
    return [
        Member(
            commitment=item.commitment,
            day=item.day,
            speaker=item.statement.speaker,
            official_id=item.statement.official_id,
            role=item.statement.role,
            body=item.statement.body,
            core=item.id in core,
            central=float(value),
        )
        for item, value in zip(group, central, strict=True)
    ]
