"""Commitments to pledges: restatements by one owner join, day by day, and what was joined stays.

Method: average-link clustering over the k nearest neighbours of each new commitment, within the block
of its owner and of the body it speaks for. Likeness is the share that a learned vote gives a pair
(`nlp.pledges.pairs`). Days are taken one after the other, and the likeness of a pair depends on nothing but
the pair: many runs by day and one run over all give the same pledges. What people merge and split comes after
this, over its outcome (`ledger.decisions.merges`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from nlp.models.learned import same_promise
from nlp.models.votes import Vote
from nlp.pledges.pair_features import Item, Vector, in_order, owners, rules
from nlp.pledges.pairs import PASSAGE, PairShares


def assign(
    new: Sequence[Item], stored: Sequence[Item], pledge_of: Mapping[str, str], vote: Vote | None = None
) -> dict[str, str]:
    """Pledge ids of all commitments, new and stored: the given ones stay.

    ``pledge_of``: commitment id to pledge id of the stored items. ``vote``: another than the one that ships.
    """
    placed = {item.id: pledge_of[item.id] for item in stored if item.id in pledge_of}
    known = {item.id: item for item in [*stored, *new]}
    homeless = [item for item in known.values() if item.id not in placed]
    work = Placing(placed, _beside(homeless, placed, known), PairShares(vote or same_promise()))
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
    """The state of one `assign`: who is where, block by block, and pair scores worked out so far."""

    def __init__(self, placed: dict[str, str], stored: Sequence[Item], shares: PairShares) -> None:
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

    def place(self, todays: Sequence[Item]) -> None:
        """One day's items: the best joins first, until none is good enough."""
        for item in todays:
            self.items[item.id] = item
        self._join([item.id for item in todays], self._neighbours(todays))
        for owner in {o for item in todays for o in owners(item)}:
            self.of_owner.setdefault(owner, [])
        for item in todays:
            for owner in owners(item):
                self.of_owner[owner].append(item.id)
                if owner in self.blocks:
                    self.blocks[owner].add([item.id], _searched([item]))

    def _members(self, pledge: str) -> list[str]:
        """The commitments of a pledge in their order; put in order when they are first asked for."""
        if pledge in self._unordered:
            self._unordered.remove(pledge)
            self.members[pledge] = [i.id for i in in_order([self.items[m] for m in self.members[pledge]])]
        return self.members.setdefault(pledge, [])

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

    def _join(self, todays: Sequence[str], near: Mapping[str, set[str]]) -> None:
        """Average link: join the closest two, work out the joined one's neighbours, go on."""
        worth = self._worth(near)
        where = {one: number for number, one in enumerate(todays)}
        pledge_at: dict[int, str] = {}
        number_of: dict[str, int] = {}
        beside: dict[int, set[int]] = {number: set() for number in where.values()}
        for one, others in worth.items():
            for other in others:
                if other in where:
                    there = where[other]
                else:
                    pledge = self.placed[other]
                    there = number_of.setdefault(pledge, -1 - len(number_of))
                    pledge_at[there] = pledge
                if there != where[one]:
                    beside[where[one]].add(there)
                    beside.setdefault(there, set()).add(where[one])
        groups = {number: [one] for one, number in where.items()}
        groups |= {n: list(self._members(p)) for n, p in pledge_at.items()}
        self.shares.work_out(
            (a, b)
            for number, around in beside.items()
            if number not in pledge_at
            for other_number in around
            for a in self._latest(groups[number])
            for b in self._latest(groups[other_number])
        )
        open_: dict[tuple[int, int], float] = {}
        for number, around in beside.items():
            for other_number in around:
                self._weigh(open_, groups, pledge_at, number, other_number)
        fresh = max(groups, default=0) + 1
        while open_:
            first, second = max(open_, key=lambda pair: (open_[pair], -pair[0], -pair[1]))
            groups[fresh] = groups.pop(first) + groups.pop(second)
            if old := pledge_at.pop(first, None) or pledge_at.pop(second, None):
                pledge_at[fresh] = old
            around = (beside.pop(first) | beside.pop(second)) - {first, second}
            open_ = {pair: s for pair, s in open_.items() if first not in pair and second not in pair}
            beside[fresh] = around
            for number in around:
                beside[number] = beside[number] - {first, second} | {fresh}
                self._weigh(open_, groups, pledge_at, fresh, number)
            fresh += 1
        for number, group in groups.items():
            unplaced = [i for i in group if i not in self.placed]
            if unplaced:
                named = in_order([self.items[i] for i in unplaced])[0].id
                pledge = pledge_at.get(number, named)
                self._members(pledge).extend(unplaced)
                self.placed.update(dict.fromkeys(unplaced, pledge))

    def _weigh(
        self,
        open_: dict[tuple[int, int], float],
        groups: Mapping[int, list[str]],
        pledge_at: Mapping[int, str],
        one: int,
        other: int,
    ) -> None:
        """Note the pair of groups among those that may join, when they are near enough."""
        pair = (min(one, other), max(one, other))
        both_old = one in pledge_at and other in pledge_at
        if pair in open_ or both_old:
            return
        mean = self.shares.mean(self._latest(groups[one]), self._latest(groups[other]))
        if mean >= rules()["threshold"]:
            open_[pair] = mean

    def _latest(self, group: Sequence[str]) -> list[Item]:
        """The latest members of a group, which alone are compared."""
        return [self.items[i] for i in group[-int(rules()["members"]) :]]


def _searched(items: Sequence[Item]) -> Vector:
    """What the nearest are looked for by: (n, 384)."""
    return np.stack([item.vectors[PASSAGE] for item in items])
