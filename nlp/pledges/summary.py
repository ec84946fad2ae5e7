"""Pledges from grouped commitments: whose, by what name, due when, and whether it changed on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from ledger.types import Commitment, Pledge
from nlp.pledges import changes
from nlp.pledges.core import core_of
from nlp.pledges.pair_features import UNOWNED, Item, in_order, rules

_FIRMNESS = {"firm": 3, "negative": 2, "conditional": 2, "intention": 1, "ongoing": 1, "aspiration": 0}


def build_pledges(items: Sequence[Item], pledge_of: Mapping[str, str]) -> list[Pledge]:
    """The pledges of the items, in the order of their first commitments; items without a place left out."""
    groups: dict[str, list[Item]] = {}
    for item in in_order(items):
        if item.commitment.id in pledge_of:
            groups.setdefault(pledge_of[item.commitment.id], []).append(item)
    return [_pledge(pledge, group) for pledge, group in groups.items()]


def _pledge(pledge: str, group: Sequence[Item]) -> Pledge:
    people = {item.statement.speaker for item in group if item.statement.speaker}
    bodies = [item.body for item in group if item.body]
    body = max(sorted(set(bodies)), key=bodies.count) if bodies else None
    alone = len(people) == 1 or body is None
    owner = next((i.owner for i in group if i.statement.speaker), group[0].owner) if alone else body
    ids = [item.statement.official_id for item in group if item.statement.official_id]
    changed = any(version.changed for version in changes.versions([item.commitment for item in group]))
    about = core_of(group) or group
    core = [item.commitment for item in about]
    return Pledge(
        id=pledge,
        owner=_shown(owner or group[0].owner),
        title=title(core, centrality(about)),
        commitments=tuple(item.commitment.id for item in group),
        owner_id=ids[0] if alone and ids else None,
        body=body,
        deadline=deadline(core),
        flags=("drifted",) if changed else (),
    )


def _shown(owner: str) -> str:
    """An owner that is not known bears a name of its own to stay apart; all are shown as one
    word."""
    return UNOWNED if owner.startswith(f"{UNOWNED} ") else owner


def deadline(commitments: Sequence[Commitment]) -> date | None:
    """The date the pledge stands at now: the first one stated, moved on by every later one.

    A restatement with an earlier date names a step on the way and moves nothing.
    """
    dates = [c.deadline.last for c in commitments if c.deadline and c.deadline.last]
    return max(dates) if dates else None


def centrality(items: Sequence[Item]) -> list[float]:
    """How near each item's words are to the middle of all: cosine with the mean vector, -1 to 1."""
    vectors = np.stack([item.vector for item in items])
    middle = vectors.mean(axis=0)
    return [float(value) for value in vectors @ middle / max(float(np.linalg.norm(middle)), 1e-9)]


def title(commitments: Sequence[Commitment], central: Sequence[float]) -> str:
    """The act in the words of the clearest commitment: firm, with a number and a date, of fair length.

    ``central``: how near each one is to what the whole pledge is about, see `centrality`.
    """
    rule = rules()["title"]
    longest, shortest = int(rule["longest"]), int(rule["shortest"])

    def clearness(n: int) -> tuple[float, int]:
        commitment = commitments[n]
        whole = not commitment.action.endswith("…")
        fits = whole and shortest <= len(commitment.action) <= longest
        measured = commitment.measure is not None and commitment.measure.text in commitment.action
        said = 2 * measured + bool(commitment.deadline) + _FIRMNESS[commitment.type]
        unclear = commitment.action.lower().split(" ", 1)[0] in rule["unclear_starts"].split()
        weight = (
            4 * fits + said + float(rule["central"]) * round(central[n], 2) - float(rule["unclear"]) * unclear
        )
        return (weight, -abs(len(commitment.action) - longest // 2))

    best = commitments[max(range(len(commitments)), key=clearness)]
    words = " ".join(best.action.split())
    due = best.deadline.text.strip() if best.deadline else ""
    if due and due.lower() not in words.lower() and len(words) + len(due) < longest:
        words = f"{words}, {due}"
    if len(words) > longest:
        words = words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return words[:1].upper() + words[1:]
