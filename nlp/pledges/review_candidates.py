"""Where the grouping was near to deciding otherwise: pledges that may be one, members that may not belong.

Both are for people to judge. Likeness is the mean share of the pairs (`nlp.pledges.pairs`), given around the
threshold at which half of such pledges are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from nlp.models.learned import same_promise
from nlp.models.votes import Vote
from nlp.pledges.pair_features import Item, Vector, in_order, owners, rules
from nlp.pledges.pairs import PASSAGE, PairShares

Proposal = Literal["merge", "split"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """``merge``: two pledges by their ids. ``split``: a commitment's id, and that of the pledge it is in."""

    kind: Proposal
    one: str
    other: str
    likeness: float


def doubts(
    items: Sequence[Item], pledge_of: Mapping[str, str], touched: Iterable[str], vote: Vote | None = None
) -> list[Doubt]:
    """Doubts about the ``touched`` pledges, those nearest to the threshold first.

    A pair's likeness depends on the pair alone, so that many small runs give what one large one gives.

    ``items``: all commitments of the touched pledges and of those that share an owner with them. ``vote``:
    another than the one that ships.
    """
    rule = rules()["doubts"]
    groups: dict[str, list[Item]] = {}
    for item in in_order(items):
        if item.id in pledge_of:
            groups.setdefault(pledge_of[item.id], []).append(item)
    latest = {pledge: group[-int(rules()["members"]) :] for pledge, group in groups.items()}
    pairs = PairShares(vote or same_promise())
    centres = {pledge: _centre(group) for pledge, group in latest.items()}
    by_owner: dict[str, list[str]] = {}
    for pledge, group in latest.items():
        for owner in sorted({o for item in group for o in owners(item)}):
            by_owner.setdefault(owner, []).append(pledge)
    least = float(rules()["threshold"] - rule["below"])
    found: set[Doubt] = set()
    for pledge in sorted(set(touched) & groups.keys()):
        beside = {p for item in latest[pledge] for o in owners(item) for p in by_owner[o]} - {pledge}
        # far apart in meaning: spares the comparison of all with all
        near = [other for other in beside if float(centres[other] @ centres[pledge]) >= rule["cosine"]]
        worth = pairs.may_reach(least, latest[pledge], [latest[other] for other in near])
        near = [other for other, worthy in zip(near, worth, strict=True) if worthy]
        pairs.work_out((a, b) for other in near for a in latest[pledge] for b in latest[other])
        for other in near:
            share = pairs.mean(latest[pledge], latest[other])
            if share >= least:
                one, two = sorted((pledge, other))
                found.add(Doubt("merge", one, two, _likeness(share)))
        found |= set(_strangers(pledge, latest[pledge], pairs))
    return sorted(found, key=lambda d: (abs(d.likeness - 0.5), d.one, d.other))


def _centre(group: Sequence[Item]) -> Vector:
    mean: Vector = np.stack([item.vectors[PASSAGE] for item in group]).mean(axis=0)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-9))


def _strangers(pledge: str, members: Sequence[Item], pairs: PairShares) -> Iterable[Doubt]:
    """Members of a pledge of three or more that are scarcely like the rest."""
    if len(members) < 3:
        return
    pairs.work_out((a, b) for n, a in enumerate(members) for b in members[:n])
    for one in members:
        share = median(pairs.of(one, other) for other in members if other is not one)
        if one.id != pledge and share < rules()["threshold"]:
            yield Doubt("split", one.id, pledge, _likeness(share))


def _likeness(share: float) -> float:
    """0.5 at the threshold, 0 for a share of 0, 1 for one of 1."""
    middle = float(rules()["threshold"])
    within = share / middle / 2 if share < middle else 0.5 + (share - middle) / (1 - middle) / 2
    return round(within, 3)
