"""A pledge from its commitments and evidence: whose it is, its title and dates, its status, flags and counts.

`reckon` is the one place where all of this is decided. Runs keep what it gives for every pledge; readers ask
it again for the pledges that later decisions bear on, and for a pledge as it was known on a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.changes import Version, versions
from ledger.pledges.status import known_by, marks, suggest, tells
from ledger.types import Commitment, Evidence, Pledge

UNOWNED = "unresolved"  # the owner where neither speaker nor body is known


@dataclass(frozen=True, slots=True)
class Member:
    """A commitment with what else a pledge takes from it: whose it is as people decided, when and where said.

    ``day``: of publication, in London. ``area``: of the post held then. ``core``: to the thing itself, not to
    what only supports it. ``central``: how near its words are to the middle of all, -1 to 1. Both are the
    machine's and of its own grouping, whatever people join and part. ``came``: the day it was first seen.
    ``rejected``: a person has found that it is none; it keeps its place and says nothing.
    """

    commitment: Commitment
    day: date | None = None
    speaker: str | None = None
    official_id: str | None = None
    role: str | None = None
    body: str | None = None
    area: str | None = None
    core: bool = True
    central: float = 0.0
    published: datetime | None = None
    came: date | None = None
    outlet: str = ""
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A pledge, None where all of it was rejected, and of its statements in their order what each changed."""

    id: str
    pledge: Pledge | None
    versions: tuple[Version, ...]


@cache
def rules() -> dict[str, Any]:
    """The lengths and weights of title.yaml, its words as a set."""
    loaded: dict[str, Any] = read_yaml(__file__, "title.yaml")
    return loaded | {"unclear_starts": frozenset(loaded["unclear_starts"].split())}


def reckon(pledge_id: str, members: Sequence[Member], evidence: Sequence[Evidence], today: date) -> Reckoned:
    """All that is told of a pledge, as of ``today``.

    ``members``: in order of time. ``evidence``: what people have not rejected, each with the article that it
    is a copy of as its article; what comes after ``today`` is left out.
    """
    kept = [member for member in members if not member.rejected]
    stated = {version.commitment_id: version for version in versions(m.commitment for m in kept)}
    ids = (member.commitment.id for member in members)
    return Reckoned(
        pledge_id,
        _told(summarise(pledge_id, kept), kept, tuple(stated.values()), known_by(evidence, today), today)
        if kept
        else None,
        tuple(stated.get(key, Version(key)) for key in ids),
    )


def _told(
    pledge: Pledge,
    members: Sequence[Member],
    stated: Sequence[Version],
    known: Sequence[Evidence],
    today: date,
) -> Pledge:
    """The pledge with its status, flags and counts."""
    last_said = max((m.day for m in members if m.day), default=None)
    status, why = suggest(pledge.deadline, known, today, last_said)
    telling = [e for e in known if tells(e)]
    published = [m.published for m in members if m.published]
    return replace(
        pledge,
        suggested=status,
        why=why,
        marks=marks(pledge.deadline, known, stated, last_said),
        role=next((m.role for m in members if m.role is not None), None),
        area=next((m.area for m in members if m.area is not None), None),
        first_stated=min(published, default=None),
        last_stated=max(published, default=None),
        came=min((m.came for m in members if m.came), default=None),
        outlets=tuple(sorted({m.outlet for m in members})),
        evidence=len(telling),
        independent=len({e.article_id for e in telling if not e.by_owner}),
        last_evidence=max((e.day for e in telling if e.day), default=None),
    )


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
