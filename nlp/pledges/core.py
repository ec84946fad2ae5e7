"""The core of a pledge: its commitments to the thing itself, apart from those that only support it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlp.pledges.pair_features import Item, Traits, log_odds, matters, rules, traits


def core_of(items: Sequence[Item]) -> list[Item]:
    """The commitments to the thing itself: near to others of the pledge and due on the same day as one.

    By a regression fitted on the invented county (`core` in grouping.yaml).
    """
    if len(items) < 2:
        return []
    rule: Mapping[str, float] = rules()["core"]
    latest = items[-int(rule["members"]) :]
    known = [traits(item, row) for item, row in zip(latest, matters(latest), strict=True)]
    return [one.item for one in known if _fit(one, known, rule) >= rule["threshold"]]


def _fit(one: Traits, known: Sequence[Traits], rule: Mapping[str, float]) -> float:
    others = [other for other in known if other is not one]
    nearest = sorted((log_odds(one, other) for other in others), reverse=True)[:3]
    due = one.item.commitment.deadline
    last = due.last if due else None
    dates = {d.last for other in others if (d := other.item.commitment.deadline)}
    return (
        rule["constant"]
        + rule["nearest"] * sum(nearest) / len(nearest)
        + rule["dated"] * (last is not None)
        + rule["same_date"] * (last is not None and last in dates)
    )
