"""Commitments to pledges: restatements by one owner join, day by day, and what was joined stays.

Method: average-link clustering over the k nearest neighbours of each new commitment, within the block
of its owner and of the body it speaks for. Likeness is the log-odds of a fitted logistic regression over
meaning and shared words (`nlp/grouping.yaml`). Days are taken one after the other, and the likeness of a
pair depends on nothing but the pair: many runs by day and one run over all give the same pledges. What
people merge and split comes after this, over its outcome (`ledger.grouping`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from nlp.alike import Item, context_of, in_order, owners
from nlp.placing import Placing
from nlp.pledges import build_pledges

__all__ = ["Item", "assign", "build_pledges", "context_of"]


def assign(new: Sequence[Item], stored: Sequence[Item], pledge_of: Mapping[str, str]) -> dict[str, str]:
    """Pledge ids of all commitments, new and stored: the given ones stay.

    ``pledge_of``: commitment id to pledge id of the stored items.
    """
    placed = {item.id: pledge_of[item.id] for item in stored if item.id in pledge_of}
    known = {item.id: item for item in [*stored, *new]}
    homeless = [item for item in known.values() if item.id not in placed]
    work = Placing(placed, _beside(homeless, placed, known))
    days: dict[date, list[Item]] = {}
    for item in in_order(homeless):
        days.setdefault(item.day or date.max, []).append(item)
    for todays in days.values():
        work.place(todays)
    return dict(work.placed)


def _beside(homeless: Sequence[Item], placed: Mapping[str, str], known: Mapping[str, Item]) -> list[Item]:
    """All placed items of every pledge that a homeless one may come to by its owner."""
    wanted = {owner for item in homeless for owner in owners(item)}
    near = {pledge for i, pledge in placed.items() if not wanted.isdisjoint(owners(known[i]))}
    return [known[i] for i, pledge in placed.items() if pledge in near]
