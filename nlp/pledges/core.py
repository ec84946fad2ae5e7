"""The core of a pledge: its commitments to the thing itself, apart from those that only support it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ledger.pledges.members import Member
from nlp.models.learned import same_promise
from nlp.models.votes import Vote
from nlp.pledges.pair_features import Item, in_order, rules
from nlp.pledges.pairs import PairShares


def core_of(items: Sequence[Item], vote: Vote | None = None) -> list[Item]:
    """The commitments to the thing itself: near to others of the pledge and due on the same day as one.

    By a regression fitted on the labelled regions (`core` in grouping.yaml). ``vote``: on pairs, another than
    the one that ships.
    """
    if len(items) < 2:
        return []
    rule: Mapping[str, float] = rules()["core"]
    latest = items[-int(rule["members"]) :]
    pairs = PairShares(vote or same_promise())
    pairs.work_out((a, b) for n, a in enumerate(latest) for b in latest[:n])
    return [one for one in latest if _fit(one, latest, pairs, rule) >= rule["threshold"]]


def _fit(one: Item, known: Sequence[Item], pairs: PairShares, rule: Mapping[str, float]) -> float:
    others = [other for other in known if other is not one]
    nearest = sorted((pairs.of(one, other) for other in others), reverse=True)[:3]
    due = one.commitment.deadline
    last = due.last if due else None
    dates = {d.last for other in others if (d := other.commitment.deadline)}
    return (
        rule["constant"]
        + rule["nearest"] * sum(nearest) / len(nearest)
        + rule["dated"] * (last is not None)
        + rule["same_date"] * (last is not None and last in dates)
    )


def grouped(items: Sequence[Item], pledge_of: Mapping[str, str]) -> dict[str, list[Item]]:
    """The items of each pledge in their order; those without a place left out."""
    groups: dict[str, list[Item]] = {}
    for item in in_order(items):
        if item.id in pledge_of:
            groups.setdefault(pledge_of[item.id], []).append(item)
    return groups


def members_of(
    group: Sequence[Item], offices: Mapping[str, str] | None = None, vote: Vote | None = None
) -> list[Member]:
    """A pledge's items as the rules look at them. Those that undertake the thing itself are its core, all
    where none does; how central each one is goes by the mean vector of the core.

    ``offices``: of the speakers, by statement. ``vote``: as `core_of` takes it.
    """
    about = core_of(group, vote) or group
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
            office=(offices or {}).get(item.statement.id, ""),
            source_name=item.statement.source_name,
            words=item.text,
            headline=item.title,
        )
        for item, value in zip(group, central, strict=True)
    ]
