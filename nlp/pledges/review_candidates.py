"""Where the grouping was near to deciding otherwise: pledges that may be one, members that may not belong.

Both are for people to judge. Likeness is the mean log-odds that grouping itself uses
(`nlp.pledges.pair_features`), given as a probability around its threshold: from 0.5 on it joins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nlp.pledges.pair_features import Item, Traits, in_order, log_odds, matters, owners, rules, traits

Proposal = Literal["merge", "split"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """``merge``: two pledges by their ids. ``split``: a commitment's id, and that of the pledge it is in."""

    kind: Proposal
    one: str
    other: str
    likeness: float


def doubts(items: Sequence[Item], pledge_of: Mapping[str, str], touched: Iterable[str]) -> list[Doubt]:
    """Doubts about the ``touched`` pledges, those nearest to the threshold first.

    A pair's likeness depends on the pair alone, so that many small runs give what one large one gives.

    ``items``: all commitments of the touched pledges and of those that share an owner with them.
    """
    rule = rules()["doubts"]
    groups: dict[str, list[Item]] = {}
    for item in in_order(items):
        if item.id in pledge_of:
            groups.setdefault(pledge_of[item.id], []).append(item)
    latest = {pledge: group[-int(rules()["members"]) :] for pledge, group in groups.items()}
    known: dict[str, list[Traits]] = {}

    def of(pledge: str) -> list[Traits]:
        if pledge not in known:
            rows = matters(latest[pledge])
            known[pledge] = [traits(item, row) for item, row in zip(latest[pledge], rows, strict=True)]
        return known[pledge]

    centres = {pledge: matters(group).mean(axis=0) for pledge, group in latest.items()}
    by_owner: dict[str, list[str]] = {}
    for pledge, group in latest.items():
        for owner in sorted({o for item in group for o in owners(item)}):
            by_owner.setdefault(owner, []).append(pledge)
    found: set[Doubt] = set()
    for pledge in sorted(set(touched) & groups.keys()):
        beside = {p for item in latest[pledge] for o in owners(item) for p in by_owner[o]} - {pledge}
        for other in beside:
            if float(centres[other] @ centres[pledge]) < rule["cosine"]:
                continue  # far apart in meaning: spares the comparison word by word
            score = _mean(of(pledge), of(other))
            if score >= rules()["threshold"] - rule["below"]:
                one, two = sorted((pledge, other))
                found.add(Doubt("merge", one, two, _probability(score)))
        found |= set(_strangers(pledge, of(pledge)))
    return sorted(found, key=lambda d: (abs(d.likeness - 0.5), d.one, d.other))


def _strangers(pledge: str, members: Sequence[Traits]) -> Iterable[Doubt]:
    """Members of a pledge of three or more that are scarcely like the rest."""
    if len(members) < 3:
        return
    for one in members:
        score = _mean([one], [other for other in members if other is not one])
        if one.item.id != pledge and score < rules()["threshold"]:
            yield Doubt("split", one.item.id, pledge, _probability(score))


def _mean(some: Sequence[Traits], others: Sequence[Traits]) -> float:
    return float(np.mean([log_odds(one, other) for one in some for other in others]))


def _probability(score: float) -> float:
    return round(1 / (1 + math.exp(float(rules()["threshold"]) - score)), 3)
