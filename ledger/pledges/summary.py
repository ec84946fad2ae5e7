"""What a pledge's own statements tell of it: whose it is, by what name, due when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.members import Member
from ledger.types import UNOWNED, Commitment, Pledge


@cache
def rules() -> dict[str, Any]:
    """The lengths and weights of title.yaml, its words as a set."""
    loaded: dict[str, Any] = read_yaml(__file__, "title.yaml")
    return loaded | {"unclear_starts": frozenset(loaded["unclear_starts"].split())}


def summarise(pledge_id: str, members: Sequence[Member]) -> Pledge:
    """What a pledge's own statements tell: whose it is, its title, the date it stands at. ``members``: those
    that count, in order of time, at least one."""
    people = {m.speaker for m in members if m.speaker}
    bodies = Counter(sorted(m.body for m in members if m.body))
    body = bodies.most_common(1)[0][0] if bodies else None
    alone = len(people) == 1 or body is None
    speaker = next((m.speaker for m in members if m.speaker), None)
    officials = [m.official_id for m in members if m.official_id]
    about = [m for m in members if m.core] or members
    titled = _clearest(about)
    return Pledge(
        id=pledge_id,
        owner=(speaker if alone else None) or body or UNOWNED,
        title=_title(titled),
        commitments=tuple(m.commitment.id for m in members),
        owner_id=officials[0] if alone and officials else None,
        body=body,
        deadline=deadline([m.commitment for m in about]),
        titled=titled.id,
    )


def deadline(commitments: Sequence[Commitment]) -> date | None:
    """The date the pledge stands at now: the first one stated, moved on by every later one.

    A restatement with an earlier date names a step on the way and moves nothing.
    """
    return max((c.deadline.last for c in commitments if c.deadline and c.deadline.last), default=None)


def _clearest(members: Sequence[Member]) -> Commitment:
    """The commitment that says the act best: firm, with a number and a date, of fair length, and near to what
    the whole pledge is about."""
    rule = rules()
    longest, shortest = int(rule["longest"]), int(rule["shortest"])

    def clearness(member: Member) -> tuple[float, int]:
        commitment = member.commitment
        whole = not commitment.action.endswith("…")
        fits = whole and shortest <= len(commitment.action) <= longest
        measured = commitment.measure is not None and commitment.measure.text in commitment.action
        firm = vocabulary.types()[commitment.type].firmness
        unclear = commitment.action.lower().split(" ", 1)[0] in rule["unclear_starts"]
        weight = 4 * fits + 2 * measured + bool(commitment.deadline) + firm
        weight += rule["central"] * round(member.central, 2) - rule["unclear"] * unclear
        return (float(weight), -abs(len(commitment.action) - longest // 2))

    return max(members, key=clearness).commitment


def _title(commitment: Commitment) -> str:
    """The act in the words of the commitment, with its date where there is room."""
    longest = int(rules()["longest"])
    words = " ".join(commitment.action.split())
    due = commitment.deadline.text.strip() if commitment.deadline else ""
    if due and due.lower() not in words.lower() and len(words) + len(due) < longest:
        words = f"{words}, {due}"
    if len(words) > longest:
        words = words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return words[:1].upper() + words[1:]
