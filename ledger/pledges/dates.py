"""When a pledge falls due: the first date given, and the newest as restatements moved or narrowed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from ledger.data_files import read_yaml
from ledger.pledges.members import Member
from ledger.types import Deadline


@dataclass(frozen=True, slots=True)
class DueDates:
    """``first``: the first date given, ``newest``: the one that stands, ``moved_on``: the day it was said."""

    first: date | None = None
    newest: date | None = None
    moved_on: date | None = None


@cache
def rules() -> dict[str, Any]:
    """The words and day counts of dates.yaml, its patterns compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "dates.yaml")
    return loaded | {name: re.compile(loaded[name], re.I) for name in ("year", "end_only")}


def due_dates(members: Sequence[Member]) -> DueDates:
    """The dates of statements given in order of time.

    A later date moves the newest one. Said on one day, the more exact of two words for one time holds ("this
    year", "before the recess"). An earlier date is a step on the way and moves nothing, and neither does a
    coarser word for the same date ("by the end of June 2029", then "in 2029").
    """
    first: Deadline | None = None
    newest: Deadline | None = None
    moved_on: date | None = None
    for member in members:
        given = member.commitment.deadline
        if given is None or given.last is None:
            continue
        if first is None or newest is None:
            first, newest, moved_on = given, given, member.day
        elif is_later(given, newest):
            newest, moved_on = given, member.day
        elif member.day == moved_on and _narrows(given, newest):
            first, newest = given if newest is first else first, given
    if first is None or newest is None:
        return DueDates()
    return DueDates(first.last, newest.last, moved_on)


def is_later(now: Deadline, earlier: Deadline, days: int = 0) -> bool:
    """A date ``days`` or more after another, and not merely a coarser word for it."""
    if now.last is None or earlier.last is None:
        return False
    return now.last - earlier.last > timedelta(days=days) and _period(now)[0] > earlier.last


def _narrows(now: Deadline, earlier: Deadline) -> bool:
    (first, last), (since, until) = _period(now), _period(earlier)
    return since <= last < until and last - first < until - since


def _period(deadline: Deadline) -> tuple[date, date]:
    """The days that a deadline's words name: "in spring" three months, "by 2029" a year, "by May" May."""
    first, last = deadline.first, deadline.last
    if last is None:
        return date.max, date.max
    if (last.month, last.day) == (12, 31) and rules()["year"].search(deadline.text):
        return max(date(last.year, 1, 1), first or last), last
    stretch = first is not None and first.day == 1 and not rules()["end_only"].search(deadline.text)
    if first is not None and stretch and last - first <= timedelta(days=rules()["season"]):
        return first, last
    return last.replace(day=1), last
