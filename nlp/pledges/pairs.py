"""How likely two commitments are one promise: named figures of many pairs, and a learned vote on them.

A pair's figures hang on nothing but the pair. Two commitments without an owner in common never are one
promise, nor are two that are far apart in meaning: these are not voted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.models.votes import FigureRows, Vote
from nlp.pledges.pair_features import Item, Vector, owners, rank, rules
from nlp.pledges.traits import MOST, SINGLE, Traits, traits

PLACES: Final = 4  # of a figure that are kept, so that the rounding of a sum turns no vote
FAR: Final = 400.0  # days from which more of them tell no more
LONG: Final = 2_000.0  # characters likewise
LIGHT: Final = 0.3  # weight of words below which a share of them says nothing
AT_ONCE: Final = 2_048  # pairs
SAME: Final = 0.9  # of the weighted words, and cosine, from which clauses say the same but for a date
HEAVY: Final = 1.0  # weight of the words that they share, from which these are about one thing
SAID_AGAIN: Final = 0.97  # share of such pairs that are one promise: all 17 of 18 labelled regions
PLEDGES_AT_ONCE: Final = 64  # pledges that another is held against
CLAUSE, CONTEXT, PLEDGE, PASSAGE = range(4)  # rows of an item's vectors
# Words of the one against words of the other; both ways where the two differ.
SAME_WORDS: Final = (
    "clause",
    "around",
    "context",
    "title",
    "wide",
    "act",
    "clause names",
    "around names",
    "wide names",
)
CROSSED_WORDS: Final = (
    ("clause", "around"),
    ("clause", "context"),
    ("clause", "wide"),
    ("title", "around"),
    ("title", "wide"),
    ("clause names", "around names"),
    ("clause names", "wide names"),
)
Column = NDArray[np.float64]
Places = NDArray[np.intp]


class PairShares:
    """The share of pairs like a given one that are one promise, 0 to 1, worked out in bulk and kept."""

    def __init__(self, vote: Vote) -> None:
        self._vote = vote
        self._traits: dict[str, Traits] = {}
        self._known: dict[tuple[str, str], float] = {}

    def work_out(self, pairs: Iterable[tuple[Item, Item]]) -> None:
        """Works out what is not known yet."""
        wanted = {ordered(a, b): (a, b) for a, b in pairs}
        fresh = [pair for key, pair in wanted.items() if key not in self._known]
        if not fresh:
            return
        items, one, other = _placed([pair if rank(pair[0]) < rank(pair[1]) else pair[::-1] for pair in fresh])
        given = np.zeros(len(fresh), np.float32)
        near = comparable(items, one, other)
        used, place = np.unique(np.concatenate([one[near], other[near]]), return_inverse=True)
        if len(used):
            known = [self._traits_of(items[n]) for n in used.tolist()]
            a, b = np.split(place, 2)
            given[near] = shares(known, a, b, self._vote)
        self._known.update(zip((ordered(a, b) for a, b in fresh), given.tolist(), strict=True))

    def mean(self, some: Sequence[Item], others: Sequence[Item]) -> float:
        """The mean share over all pairs of some with others."""
        pairs = [(a, b) for a in some for b in others]
        self.work_out(pairs)
        return sum(self._known[ordered(a, b)] for a, b in pairs) / len(pairs)

    def may_reach(self, least: float, some: Sequence[Item], others: Sequence[Sequence[Item]]) -> list[bool]:
        """Of each of the others whether its mean share with some can be so large: where too few pairs are
        `comparable` it cannot, and what they hold need not be read."""
        found: list[bool] = []
        for at in range(0, len(others), PLEDGES_AT_ONCE):
            part = others[at : at + PLEDGES_AT_ONCE]
            fits = comparable(*_placed([(a, b) for members in part for a in some for b in members]))
            ends = np.cumsum([len(some) * len(members) for members in part])
            found += [float(mine.mean()) >= least for mine in np.split(fits, ends[:-1])]
        return found

    def _traits_of(self, item: Item) -> Traits:
        if item.id not in self._traits:
            self._traits[item.id] = traits(item)
        return self._traits[item.id]

    def of(self, one: Item, other: Item) -> float:
        """The share of a pair that was worked out."""
        return self._known[ordered(one, other)]


def ordered(one: Item, other: Item) -> tuple[str, str]:
    """A pair's name, whichever stands first."""
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)


def _placed(pairs: Sequence[tuple[Item, Item]]) -> tuple[list[Item], Places, Places]:
    """The items of some pairs, and the places in them of each pair's first and second."""
    place: dict[str, int] = {}
    items: list[Item] = []
    for item in (item for pair in pairs for item in pair):
        if place.setdefault(item.id, len(items)) == len(items):
            items.append(item)
    sides = np.array([[place[a.id], place[b.id]] for a, b in pairs], np.intp)
    return items, sides[:, 0], sides[:, 1]


def comparable(items: Sequence[Item], one: Places, other: Places) -> NDArray[np.bool_]:
    """Which pairs of items, by their places, are voted on."""
    vectors, mine = np.stack([item.vectors for item in items]), [owners(item) for item in items]
    owned = [not mine[a].isdisjoint(mine[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    found = np.zeros(len(one), bool)
    asked = np.flatnonzero(owned)
    for at in range(0, len(asked), AT_ONCE):
        part = asked[at : at + AT_ONCE]
        a, b = vectors[one[part]], vectors[other[part]]
        bears = np.maximum(_cosines(a, PLEDGE, b, PASSAGE), _cosines(a, PASSAGE, b, PLEDGE))
        likeness = bears + _cosines(a, PASSAGE, b, PASSAGE) + _cosines(a, CLAUSE, b, CLAUSE)
        found[part] = likeness >= rules()["likeness"]
    return found


def _cosines(one: Vector, p: int, other: Vector, q: int) -> Column:
    # row by row, so that a pair gives the same sum whatever stands beside it
    cosines: Column = np.einsum("ij,ij->i", one[:, p], other[:, q]).astype(np.float64)
    return cosines


def shares(known: Sequence[Traits], one: Places, other: Places, vote: Vote) -> NDArray[np.float32]:
    """(n,) for pairs of ``known`` by their places, the earlier of each pair first."""
    names, rows = figures(known, one, other)
    given = vote.shares(names, rows)
    column = {name: rows[:, n] for n, name in enumerate(names)}
    same = (column["clause: share"] >= SAME) & (column["clause: shared"] >= HEAVY)
    same &= (column["like clauses"] >= SAME) & (column["numbers not shared"] <= 0)
    given[same] = SAID_AGAIN
    return given


def figures(known: Sequence[Traits], one: Places, other: Places) -> tuple[list[str], FigureRows]:
    """The figures' names, and a row for each pair, as `shares` votes on them."""
    parts = [
        _Pairs(known, one[at : at + AT_ONCE], other[at : at + AT_ONCE]).figures()
        for at in range(0, len(one), AT_ONCE)
    ]
    return parts[0][0], np.concatenate([rows for _, rows in parts])


class _Pairs:
    """Some pairs, with what is compared of their items stacked."""

    def __init__(self, known: Sequence[Traits], one: Places, other: Places) -> None:
        used, place = np.unique(np.concatenate([one, other]), return_inverse=True)
        self._mine = [known[n] for n in used.tolist()]
        self._a, self._b = place[: len(one)], place[len(one) :]
        self._vectors = np.stack([t.vectors for t in self._mine])

    def figures(self) -> tuple[list[str], FigureRows]:
        found = self._meanings() | self._words() | self._numbers() | self._promisors() | self._times()
        rows: FigureRows = np.round(np.column_stack(list(found.values())), PLACES).astype(np.float32)
        return list(found), rows

    def _likeness(self, p: int, q: int) -> Column:
        return _cosines(self._vectors[self._a], p, self._vectors[self._b], q)

    def _meanings(self) -> dict[str, Column]:
        forth, back = self._likeness(PLEDGE, PASSAGE), self._likeness(PASSAGE, PLEDGE)
        return {
            "later bears on earlier": forth,
            "earlier bears on later": back,
            "either bears": np.maximum(forth, back),
            "like passages": self._likeness(PASSAGE, PASSAGE),
            "like pledges": self._likeness(PLEDGE, PLEDGE),
            "like clauses": self._likeness(CLAUSE, CLAUSE),
            "like contexts": self._likeness(CONTEXT, CONTEXT),
            "clause in context": np.maximum(self._likeness(CLAUSE, CONTEXT), self._likeness(CONTEXT, CLAUSE)),
        }

    def _words(self) -> dict[str, Column]:
        words = {name: np.stack([t.words[name] for t in self._mine]) for name in MOST}
        found: dict[str, Column] = {}
        for name in SAME_WORDS:
            shared, lighter = _shared(words[name][self._a], words[name][self._b])
            found[f"{name}: shared"] = shared
            found[f"{name}: share"] = shared / np.maximum(lighter, LIGHT)
            if name.endswith("names"):
                found[f"{name}: either's least"] = lighter
        for name, around in CROSSED_WORDS:
            forth, of_forth = _shared(words[name][self._a], words[around][self._b])
            back, of_back = _shared(words[name][self._b], words[around][self._a])
            found[f"{name} in {around}: more"] = np.maximum(forth, back)
            found[f"{name} in {around}: less"] = np.minimum(forth, back)
            found[f"{name} in {around}: share"] = np.maximum(
                forth / np.maximum(of_forth, LIGHT), back / np.maximum(of_back, LIGHT)
            )
        return found

    def _numbers(self) -> dict[str, Column]:
        numbers = np.stack([t.numbers for t in self._mine])
        count = np.isfinite(numbers).sum(1)
        a, b = numbers[self._a], numbers[self._b]
        same = (a[:, :, None] == b[:, None, :]).any(2).sum(1)
        fewer = np.minimum(count[self._a], count[self._b])
        unit = self._equal("unit")
        one, other = self._single("value")
        ratio = np.minimum(one, other) / np.maximum(np.maximum(one, other), 1e-9)
        return {
            "numbers shared": same.astype(np.float64),
            "numbers not shared": np.where(fewer > 0, fewer - same, -1.0),
            "unit": unit,
            "value": np.where(unit == 1, ratio, -1.0),
        }

    def _promisors(self) -> dict[str, Column]:
        voices, negatives, lengths, known = (
            self._single(n) for n in ("own voice", "negative", "length", "owned")
        )
        firm = self._single("firmness")
        article = self._equal("article")
        starts = self._single("start")
        return {
            "speaker": self._equal("speaker"),
            "body": self._equal("body"),
            "own voices": voices[0] + voices[1],
            "owners known": known[0] + known[1],
            "verb": self._equal("verb"),
            "negatives": negatives[0] + negatives[1],
            "firmer": firm[1] - firm[0],
            "shorter": np.minimum(*lengths),
            "longer": np.maximum(*lengths),
            "article": article,
            "statement": self._equal("statement"),
            "characters apart": np.where(article == 1, np.minimum(LONG, np.abs(starts[1] - starts[0])), -1.0),
        }

    def _times(self) -> dict[str, Column]:
        days, dues = self._single("day"), self._single("due")
        apart = dues[1] - dues[0]
        return {
            "days": np.nan_to_num(np.minimum(FAR, days[1] - days[0]), nan=-1.0),
            "due later": np.nan_to_num(np.clip(apart, -FAR, FAR), nan=2 * FAR),
            "due apart": np.nan_to_num(np.minimum(np.abs(apart), FAR), nan=-1.0),
            "dated": np.isfinite(dues[0]) + np.isfinite(dues[1]) * 1.0,
            "later dated": np.isfinite(dues[1]) * 1.0 - np.isfinite(dues[0]),
            "since due": np.nan_to_num(np.clip(days[1] - dues[0], -FAR, FAR), nan=-2 * FAR),
        }

    def _single(self, name: str) -> tuple[Column, Column]:
        column = np.array([t.single[SINGLE.index(name)] for t in self._mine])
        return column[self._a], column[self._b]

    def _equal(self, name: str) -> Column:
        """1 where both have the same, 0 where another, -1 where it is not known of one."""
        one, other = self._single(name)
        return np.where((one == 0) | (other == 0), -1.0, one == other)


def _shared(one: FigureRows, other: FigureRows) -> tuple[Column, Column]:
    """Of each pair of rows of words the weight of those that both have, and the weight of the lighter row."""
    hit = (one[:, 0, :, None] == other[:, 0, None, :]).any(2) & (one[:, 0] > 0)
    shared = np.where(hit, one[:, 1], 0).sum(1, dtype=np.float64)
    return shared, np.minimum(one[:, 1].sum(1, dtype=np.float64), other[:, 1].sum(1, dtype=np.float64))
