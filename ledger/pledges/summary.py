"""What a pledge's own statements tell of it: whose it is, by what name, due when."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.pledges.dates import due_dates
from ledger.pledges.members import Member
from ledger.pledges.owner import ownership
from ledger.pledges.titles import title_of
from ledger.types import Pledge


def summarise(pledge_id: str, members: Sequence[Member]) -> Pledge:
    """What a pledge's own statements tell: whose it is, its title, the date it stands at. ``members``: those
    that count, in order of time, at least one."""
    about = [m for m in members if m.core] or members
    whose, due = ownership(about), due_dates(about)
    titled, title = title_of(about, due.first)
    return Pledge(
        id=pledge_id,
        owner=whose.owner,
        title=title,
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
