"""What a pledge's own statements tell of it: whose it is, by what name, due when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.dates import due_dates
from ledger.pledges.members import Member
from ledger.pledges.owner import ownership
from ledger.types import Commitment, Pledge


@cache
def rules() -> dict[str, Any]:
    """The lengths and weights of title.yaml, its words as a set."""
    loaded: dict[str, Any] = read_yaml(__file__, "title.yaml")
    return loaded | {"unclear_starts": frozenset(loaded["unclear_starts"].split())}


def summarise(pledge_id: str, members: Sequence[Member]) -> Pledge:
    """What a pledge's own statements tell: whose it is, its title, the date it stands at. ``members``: those
    that count, in order of time, at least one."""
    about = [m for m in members if m.core] or members
    titled = _clearest(about)
    whose = ownership(about)
    due = due_dates(about)
    return Pledge(
        id=pledge_id,
        owner=whose.owner,
        title=_title(titled),
        commitments=tuple(m.commitment.id for m in members),
        owner_id=whose.owner_id,
        body=whose.body,
        person=whose.person,
        person_id=whose.person_id,
        rule=whose.rule,
        first_due=due.first,
        deadline=due.newest,
        moved_on=due.moved_on,
        titled=titled.id,
    )


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
