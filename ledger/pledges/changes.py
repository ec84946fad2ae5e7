"""Drift: what changes between restatements of a pledge, in words: number, date, scope, firmness, or its sense
("will not sell" against "will sell").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.dates import is_later
from ledger.pledges.stems import stem
from ledger.types import Commitment, Deadline, Measure
from ledger.vocabulary import TypeRow

_LOOKED_AT = 2_000  # characters of an act


@dataclass(frozen=True, slots=True)
class Version:
    """One statement of a pledge. ``changed``: in words, against what was said before; "" when nothing.
    ``turned``: also what is undertaken is now refused, or the other way round. ``postponed``: the date is a
    later one."""

    commitment_id: str
    changed: str = ""
    turned: bool = False
    postponed: bool = False


@cache
def rules() -> dict[str, Any]:
    """The thresholds of drift.yaml, its patterns compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "drift.yaml")
    scope = {name: re.compile(pattern, re.I) for name, pattern in loaded["scope"].items()}
    return loaded | {"scope": scope, "rest": re.compile(loaded["rest"], re.I)}


def versions(commitments: Iterable[Commitment]) -> list[Version]:
    """The statements of one pledge, given in order of time, each with what it changed.

    A number or date is compared with the last one given, since a restatement that gives none takes
    nothing back.
    """
    before = _SaidBefore()
    found: list[Version] = []
    for commitment in commitments:
        turned, later = before.sense(commitment), before.date(commitment.deadline)
        words = [*before.number(commitment), *later]
        words += [*before.firmness(commitment), *before.scope(commitment), *turned]
        found.append(Version(commitment.id, "; ".join(words), bool(turned), bool(later)))
    return found


@dataclass(slots=True)
class _SaidBefore:
    """What a pledge's statements have said up to now. Each method holds the next one's word against that and
    takes it in; what it gives are the differences in words, none or one."""

    measures: dict[str, Measure] = field(default_factory=dict)  # by unit, the last
    due: Deadline | None = None  # the latest
    firmest: TypeRow | None = None
    whole: str = ""  # the last word for all of a thing
    acts: dict[str, Commitment] = field(default_factory=dict)  # by the stem of the verb, the last

    def number(self, commitment: Commitment) -> list[str]:
        now = commitment.measure
        if now is None or _is_rest(commitment.action, now.text):
            return []
        earlier, self.measures[now.unit] = self.measures.get(now.unit), now
        if earlier is None or not earlier.value:
            return []
        if abs(now.value - earlier.value) / abs(earlier.value) <= rules()["number"]:
            return []
        return [f"the number: {earlier.text} → {now.text}"]

    def date(self, now: Deadline | None) -> list[str]:
        if now is None or now.last is None:
            return []
        earlier = self.due
        if earlier is None or is_later(now, earlier):
            self.due = now
        if earlier is None or not is_later(now, earlier, rules()["days"]):
            return []  # an earlier date is a step on the way
        return [f"the date: {earlier.text or earlier.last} → {now.text or now.last}"]

    def firmness(self, commitment: Commitment) -> list[str]:
        now, earlier = vocabulary.types()[commitment.type], self.firmest
        if not now.verb:
            return []
        if earlier is None or now.firmness > earlier.firmness:
            self.firmest = now
        if earlier is None or now.firmness >= earlier.firmness:
            return []
        return [f"the firmness: {earlier.verb} → {now.verb}"]

    def scope(self, commitment: Commitment) -> list[str]:
        act, earlier = commitment.action[:_LOOKED_AT], self.whole
        if now := rules()["scope"]["whole"].search(act):
            self.whole = now.group()
            return []
        part = rules()["scope"]["part"].search(act) if earlier else None
        return [f"the scope: “{earlier}” → “{part.group()}”"] if part else []

    def sense(self, commitment: Commitment) -> list[str]:
        """What was refused is now undertaken, or the other way round: the same act, once with a "not"."""
        act, refused = _act(commitment)
        if not act:
            return []
        earlier, self.acts[act] = self.acts.get(act), commitment
        if earlier is None or _act(earlier)[1] == refused:
            return []
        return [f"the sense: “{earlier.action}” → “{commitment.action}”"]


def _is_rest(act: str, number: str) -> bool:
    """Whether an act tells a number as a step or as what is left: "recruit the remaining 53"."""
    head, found, _ = act[:_LOOKED_AT].partition(number)
    return bool(found) and rules()["rest"].search(head) is not None


def _act(commitment: Commitment) -> tuple[str, bool]:
    """(stem of the act's verb, whether it is refused); "" for a refusal of no act, as "no redundancies"."""
    words = commitment.action.lower().split()
    if commitment.type != "negative":
        return (stem(words[0]) if words else ""), False
    return (stem(words[1]) if len(words) > 1 and words[0] == "not" else ""), True
