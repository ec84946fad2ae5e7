"""Commitments to pledges: restatements by one owner join, day by day, and what was joined stays.

Each commitment in its turn is held against the pledges of its k nearest neighbours, within the block of its
owner and of the body it speaks for: a learned vote says to which it comes, if to any (`nlp.pledges.joining`,
over what another gives each pair, `nlp.pledges.pairs`). Days are taken one after the other: many runs by day
and one run over all give the same pledges. What people merge and split comes after this, over its outcome
(`ledger.decisions.merges`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from nlp.models.learned import joined_pledge, same_promise
from nlp.models.votes import FigureRows, Vote
from nlp.pledges.joining import compared, figures
from nlp.pledges.pair_features import Item, Vector, in_order, owners, rules
from nlp.pledges.pairs import PASSAGE, PairShares

Pledges = Mapping[str, Sequence[Item]]  # by id their members in order
# Chooses the pledge that an item comes to, None where it begins one, by a row of figures for each of them.
Choice = Callable[[Item, Pledges, Sequence[str], FigureRows], str | None]


def assign(
    new: Sequence[Item],
    stored: Sequence[Item],
    pledge_of: Mapping[str, str],
    same: Vote | None = None,
    joins: Vote | None = None,
) -> dict[str, str]:
    """Pledge ids of all commitments, new and stored: the given ones stay.

    ``pledge_of``: commitment id to pledge id of the stored items. ``same``, ``joins``: other votes than those
    that ship, on pairs and on which pledge a commitment comes to.
    """
    placed = {item.id: pledge_of[item.id] for item in stored if item.id in pledge_of}
    known = {item.id: item for item in [*stored, *new]}
    homeless = [item for item in known.values() if item.id not in placed]
    shares = PairShares(same or same_promise())
    work = Placing(placed, _beside(homeless, placed, known), shares, voted(joins or joined_pledge()))
    work.place_all(homeless)
    return dict(work.placed)


def voted(joins: Vote) -> Choice:
    """The likeliest pledge, where it is likely enough."""

    def choose(item: Item, pledges: Pledges, names: Sequence[str], rows: FigureRows) -> str | None:
        shares = joins.shares(names, rows)
        best = int(shares.argmax())
        return list(pledges)[best] if shares[best] >= rules()["joins"] else None

    return choose


def _beside(homeless: Sequence[Item], placed: Mapping[str, str], known: Mapping[str, Item]) -> list[Item]:
    """All placed items of every pledge that a homeless one may come to by its owner."""
    wanted = {owner for item in homeless for owner in owners(item)}
    near = {pledge for i, pledge in placed.items() if not wanted.isdisjoint(owners(known[i]))}
    return [known[i] for i, pledge in placed.items() if pledge in near]


@dataclass(slots=True)
class _Block:
    """The items of one owner or body, with their vectors in one growing matrix."""

    ids: list[str] = field(default_factory=list)
    matrix: Vector = field(default_factory=lambda: np.zeros((16, 384), dtype=np.float32))

    def add(self, ids: Sequence[str], vectors: Vector) -> None:
        start, end = len(self.ids), len(self.ids) + len(ids)
        if end > len(self.matrix):
            grown = np.zeros((max(end, 2 * len(self.matrix)), self.matrix.shape[1]), dtype=np.float32)
            grown[:start] = self.matrix[:start]
            self.matrix = grown
        if ids:
            self.matrix[start:end] = vectors
        self.ids.extend(ids)

    def nearest(self, vectors: Vector, count: int) -> list[list[str]]:
        """Ids of the nearest ``count`` to each row of ``vectors``, ties by place."""
        likeness_ = vectors @ self.matrix[: len(self.ids)].T
        if len(self.ids) > count:
            best = np.argpartition(-likeness_, count, axis=1)[:, :count]
        else:
            best = np.tile(np.arange(len(self.ids)), (len(vectors), 1))
        return [[self.ids[n] for n in sorted(row)] for row in best.tolist()]


class Placing:
    """The state of one `assign`: who is where, block by block, and pair shares worked out so far."""

    def __init__(
        self, placed: dict[str, str], stored: Sequence[Item], shares: PairShares, choose: Choice
    ) -> None:
        self.placed = placed
        self.items = {item.id: item for item in stored}
        self.members: dict[str, list[str]] = {}
        for item in stored:
            self.members.setdefault(placed[item.id], []).append(item.id)
        self._unordered = set(self.members)
        self.of_owner: dict[str, list[str]] = {}
        for item in stored:
            for owner in owners(item):
                self.of_owner.setdefault(owner, []).append(item.id)
        self.blocks: dict[str, _Block] = {}
        self.shares = shares
        self._choose = choose

    def place_all(self, homeless: Sequence[Item]) -> None:
        """Items without a pledge, day by day, those without a day last."""
        days: dict[date, list[Item]] = {}
        for item in in_order(homeless):
            days.setdefault(item.day or date.max, []).append(item)
        for todays in days.values():
            self._place(todays)

    def _place(self, todays: Sequence[Item]) -> None:
        """One day's items in their order."""
        for item in todays:
            self.items[item.id] = item
        worth = self._worth(self._neighbours(todays))
        self.shares.work_out(
            (self.items[a], member)
            for a, near in worth.items()
            for pledge in {self.placed[b] for b in near if b in self.placed}
            for member in compared(self._members(pledge))
        )
        for item in todays:
            near = {self.placed[b] for b in worth[item.id] if b in self.placed}
            pledges = {pledge: self._members(pledge) for pledge in sorted(near)}
            mine = self._chosen(item, pledges) or item.id
            self.placed[item.id] = mine
            self._members(mine)
            self.members[mine].append(item.id)
        for owner in {o for item in todays for o in owners(item)}:
            self.of_owner.setdefault(owner, [])
        for item in todays:
            for owner in owners(item):
                self.of_owner[owner].append(item.id)
                if owner in self.blocks:
                    self.blocks[owner].add([item.id], _searched([item]))

    def _chosen(self, item: Item, pledges: Pledges) -> str | None:
        if not pledges:
            return None
        self.shares.work_out((item, member) for members in pledges.values() for member in compared(members))
        return self._choose(item, pledges, *figures(item, pledges, self.shares))

    def _members(self, pledge: str) -> list[Item]:
        """The commitments of a pledge in their order; put in order when they are first asked for."""
        if pledge in self._unordered:
            self._unordered.remove(pledge)
            self.members[pledge] = [i.id for i in in_order([self.items[m] for m in self.members[pledge]])]
        return [self.items[m] for m in self.members.setdefault(pledge, [])]

    def _neighbours(self, todays: Sequence[Item]) -> dict[str, set[str]]:
        """The nearest commitments of each of today's, stored ones and today's own."""
        found: dict[str, set[str]] = {item.id: set() for item in todays}
        by_owner: dict[str, list[Item]] = {}
        for item in todays:
            for owner in owners(item):
                by_owner.setdefault(owner, []).append(item)
        count = int(rules()["neighbours"])
        for owner, items in by_owner.items():
            block = self._block(owner)
            own = _Block()
            vectors = _searched(items)
            own.add([item.id for item in items], vectors)
            for where in (block, own):
                if where.ids:
                    rows = where.nearest(vectors, count)
                    for item, near in zip(items, rows, strict=True):
                        found[item.id].update(i for i in near if i != item.id)
        return found

    def _block(self, owner: str) -> _Block:
        if owner not in self.blocks:
            block = self.blocks[owner] = _Block()
            ids = self.of_owner.get(owner, [])
            if ids:
                block.add(ids, _searched([self.items[i] for i in ids]))
        return self.blocks[owner]

    def _worth(self, near: Mapping[str, set[str]]) -> dict[str, list[str]]:
        """Of the nearest those that may be the same promise: only their pledges are weighed whole."""
        items, least = self.items, rules()["worth"]
        self.shares.work_out((items[a], items[b]) for a, others in near.items() for b in others)
        return {
            a: sorted(b for b in others if self.shares.of(items[a], items[b]) >= least)
            for a, others in near.items()
        }


def _searched(items: Sequence[Item]) -> Vector:
    """What the nearest are looked for by: (n, 384)."""
    return np.stack([item.vectors[PASSAGE] for item in items])
