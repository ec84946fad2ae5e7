"""What the vote on which pledge a commitment comes to is fitted to: commitments placed one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nlp.models.votes import FigureRows, Trees, Vote
from nlp.pledges.clustering import Choice, Placing, Pledges
from nlp.pledges.pair_features import Item
from nlp.pledges.pairs import PairShares
from nlp.training import apart
from nlp.training.apart import Lists
from nlp.training.rows import VoteRows, together
from nlp.training.trees import fitted

SETTINGS: Mapping[str, float] = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "random_state": 0,
}
MEANS = (0.35, 0.5, 0.65)  # mean shares from which a commitment is placed: by lax and by strict votes


def join_rows(items: Sequence[Item], promises: Sequence[str], same: Vote) -> VoteRows:
    """A row for each pledge that a commitment is held against: right where most of it is the same promise.

    The pledges are those of placing by mean share, and the labelled ones. ``same``: the vote on pairs, which
    learned nothing from these.
    """
    promise = dict(zip((item.id for item in items), promises, strict=True))
    shares = PairShares(same)
    recorder = _Recorder(promise)
    for choice in (*map(_by_mean, MEANS), _labelled(promise)):
        Placing({}, [], shares, recorder.over(choice)).place_all(items)
    return recorder.rows()


class _Recorder:
    """Keeps what a choice is given."""

    def __init__(self, promise: Mapping[str, str]) -> None:
        self._promise = promise
        self._names: list[str] = []
        self._rows: list[FigureRows] = []
        self._right: list[bool] = []

    def over(self, choice: Choice) -> Choice:
        """The same choice, recorded."""

        def choose(item: Item, pledges: Pledges, names: Sequence[str], rows: FigureRows) -> str | None:
            self._names = list(names)
            self._rows.append(rows)
            for members in pledges.values():
                alike = [self._promise[one.id] == self._promise[item.id] for one in members]
                self._right.append(2 * sum(alike) > len(alike))
            return choice(item, pledges, names, rows)

        return choose

    def rows(self) -> VoteRows:
        """All that was given."""
        return VoteRows(self._names, np.concatenate(self._rows), np.array(self._right, bool))


def _by_mean(least: float) -> Choice:
    def choose(item: Item, pledges: Pledges, names: Sequence[str], rows: FigureRows) -> str | None:
        means = rows[:, list(names).index("mean")]
        best = int(means.argmax())
        return list(pledges)[best] if means[best] >= least else None

    return choose


def _labelled(promise: Mapping[str, str]) -> Choice:
    def choose(item: Item, pledges: Pledges, names: Sequence[str], rows: FigureRows) -> str | None:
        return next((name for name, its in pledges.items() if promise[its[0].id] == promise[item.id]), None)

    return choose


def fitted_on(rows: Iterable[VoteRows]) -> Trees:
    """The vote on what these regions' commitments were held against."""
    whole = together(rows)
    return fitted(whole.names, whole.figures, whole.right, SETTINGS)


def left_out(rows: Mapping[str, Sequence[VoteRows]], lists: Lists) -> dict[str, Trees]:
    """For each region the vote that learned nothing from it."""
    return apart.left_out(lists, lambda others: fitted_on(one for name in others for one in rows[name]))
