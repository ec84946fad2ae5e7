"""Drift: what changes between restatements of a pledge, in words: number, date, scope, firmness, or its sense
("will not sell" against "will sell").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml
from ledger.types import Commitment
from nlp.text.similarity import stem


@dataclass(frozen=True, slots=True)
class Version:
    """One statement of a pledge. ``changed``: in words, against what was said before; "" when nothing."""

    commitment_id: str
    changed: str = ""


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(__file__, "drift.yaml")
    return loaded


def versions(commitments: Sequence[Commitment]) -> list[Version]:
    """The statements of one pledge in order of time, each with what it changed.

    A number or date is compared with the last one given, since a restatement that gives none takes
    nothing back.
    """
    found: list[Version] = []
    for place, commitment in enumerate(commitments):
        before = commitments[:place]
        words = [*_number(before, commitment), *_date(before, commitment), *_firmness(before, commitment)]
        words += [*_scope(before, commitment), *_sense(before, commitment)]
        found.append(Version(commitment.id, "; ".join(words)))
    return found


def _number(before: Sequence[Commitment], now: Commitment) -> list[str]:
    if now.measure is None:
        return []
    earlier = [c.measure for c in before if c.measure and c.measure.unit == now.measure.unit]
    if not earlier or not earlier[-1].value:
        return []
    change = abs(now.measure.value - earlier[-1].value) / abs(earlier[-1].value)
    if change <= rules()["number"]:
        return []
    return [f"the number: {earlier[-1].text} → {now.measure.text}"]


def _date(before: Sequence[Commitment], now: Commitment) -> list[str]:
    if now.deadline is None or now.deadline.last is None or now.deadline.first is None:
        return []
    earlier = [c.deadline for c in before if c.deadline and c.deadline.last]
    if not earlier:
        return []
    latest = max(earlier, key=lambda deadline: deadline.last or deadline.first)  # type: ignore[arg-type,return-value]  # last is set
    if latest.last is None or now.deadline.first <= latest.last + timedelta(days=rules()["days"]):
        return []  # an earlier date is a step on the way
    return [f"the date: {latest.text or latest.last} → {now.deadline.text or now.deadline.last}"]


def _firmness(before: Sequence[Commitment], now: Commitment) -> list[str]:
    ranks: dict[str, int] = rules()["firmness"]
    named: dict[str, str] = rules()["named"]
    if not before or now.type not in ranks:
        return []
    firmest = max((c.type for c in before if c.type in ranks), key=ranks.__getitem__, default=None)
    if firmest is None or ranks[now.type] >= ranks[firmest]:
        return []
    return [f"the firmness: {named[firmest]} → {named[now.type]}"]


def _scope(before: Sequence[Commitment], now: Commitment) -> list[str]:
    whole = re.compile(rules()["scope"]["whole"], re.I)
    part = re.compile(rules()["scope"]["part"], re.I)
    all_of = next((m for c in reversed(before) if (m := whole.search(c.action[:2_000]))), None)
    some_of = part.search(now.action[:2_000])
    if all_of is None or some_of is None or whole.search(now.action[:2_000]):
        return []
    return [f"the scope: “{all_of.group()}” → “{some_of.group()}”"]


def _sense(before: Sequence[Commitment], now: Commitment) -> list[str]:
    """What was refused is now undertaken, or the other way round: the same act, once with a "not"."""
    act, refused = _act(now)
    last = next((c for c in reversed(before) if act and _act(c)[0] == act), None)
    turned = last is not None and _act(last)[1] != refused
    return [f"the sense: “{last.action}” → “{now.action}”"] if last and turned else []


def _act(commitment: Commitment) -> tuple[str, bool]:
    """(stem of the act's verb, whether it is refused); "" for a refusal of no act, as "no redundancies"."""
    words = commitment.action.lower().split()
    if commitment.type != "negative":
        return (stem(words[0]) if words else ""), False
    return (stem(words[1]) if len(words) > 1 and words[0] == "not" else ""), True
