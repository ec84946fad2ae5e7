"""A pledge from its commitments and evidence: the one place where all that is told of it is decided.

Runs keep what `reckon` gives for every pledge; readers ask it again for the pledges that later decisions bear
on, and for a pledge as it was known on a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.pledges.changes import Version, versions
from ledger.pledges.members import Member
from ledger.pledges.status import (
    PledgeDates,
    counts,
    for_a_period,
    known_by,
    lasts,
    marks,
    next_change,
    suggest,
    tells,
)
from ledger.pledges.summary import summarise
from ledger.types import Evidence, Pledge


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A pledge, None where all of it was rejected, and of its statements in their order what each changed.

    ``until``: the day from which the same statements and evidence may be told otherwise, None for never.
    """

    id: str
    pledge: Pledge | None
    versions: tuple[Version, ...]
    until: date | None = None


def reckon(pledge_id: str, members: Sequence[Member], evidence: Sequence[Evidence], today: date) -> Reckoned:
    """All that is told of a pledge, as of ``today``.

    ``members``: in order of time. ``evidence``: what people have not rejected, each with the article that it
    is a copy of as its article; what comes after ``today`` is left out.
    """
    kept = [member for member in members if not member.rejected]
    stated = {version.commitment_id: version for version in versions(m.commitment for m in kept)}
    ids = (member.commitment.id for member in members)
    pledge, until = None, None
    if kept:
        pledge = summarise(pledge_id, kept)
        terms = _terms(pledge, kept)
        pledge = _told(pledge, kept, terms, tuple(stated.values()), known_by(evidence, today), today)
        until = next_change(terms, evidence, today)
    return Reckoned(pledge_id, pledge, tuple(stated.get(key, Version(key)) for key in ids), until)


def _told(
    pledge: Pledge,
    members: Sequence[Member],
    terms: PledgeDates,
    stated: Sequence[Version],
    known: Sequence[Evidence],
    today: date,
) -> Pledge:
    """The pledge with its status, flags and counts."""
    status, why = suggest(terms, known, today)
    telling = [e for e in known if tells(e)]
    published = [m.published for m in members if m.published]
    return replace(
        pledge,
        suggested=status,
        why=why,
        marks=marks(pledge.first_due, pledge.deadline, known, stated, terms.last_said, terms.period),
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


def _terms(pledge: Pledge, members: Sequence[Member]) -> PledgeDates:
    """What the pledge's own statements set for its status."""
    about = [m.commitment for m in members if m.core] or [m.commitment for m in members]
    lasting = sum(lasts(c) for c in about) * 2 > len(about)
    return PledgeDates(
        pledge.first_due,
        pledge.deadline,
        moved_on=pledge.moved_on,
        last_said=max((m.day for m in members if m.day), default=None),
        counted=not lasting and any(counts(c) for c in about),
        lasting=lasting,
        period=for_a_period(about),
    )
