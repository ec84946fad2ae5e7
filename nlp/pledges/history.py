"""What would have been suggested of a pledge on every day of its past, from what was known on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.types import Evidence, Flag, Status
from nlp.pledges.pair_features import Item
from nlp.pledges.status import rules, suggest
from nlp.pledges.summary import build_pledges


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pledge stood from ``day`` until the next one."""

    pledge_id: str
    day: date
    title: str
    deadline: date | None
    suggested: Status
    flags: tuple[Flag, ...]
    why: str


def standings(pledge_id: str, items: Sequence[Item], evidence: Sequence[Evidence]) -> list[Standing]:
    """The pledge's standings, oldest first; each differs from the one before it.

    They change with a statement, with evidence, with the day after a deadline, and when nothing was heard for
    long; days to come count as if nothing more were heard. Statements without a day are known from the start.
    """
    days = {day for item in items if (day := item.day)} | {day for e in evidence if (day := e.day)}
    if not days:
        return []
    silent = timedelta(days=int(rules()["days"]["stale"]) + 1)
    due = {d.last for item in items if (d := item.commitment.deadline) and d.last}
    turns = days | {_later(day, timedelta(days=1)) for day in due} | {_later(day, silent) for day in days}
    found: list[Standing] = []
    for day in sorted(turn for turn in turns if turn >= min(days)):
        known = [item for item in items if item.day is None or item.day <= day]
        if not known:
            continue
        (pledge,) = build_pledges(known, {item.id: pledge_id for item in known})
        last = max((item.day for item in known if item.day), default=None)
        status, flags, why = suggest(pledge, [item.commitment for item in known], evidence, day, last)
        row = Standing(pledge_id, day, pledge.title, pledge.deadline, status, flags, why)
        if not found or _told(found[-1]) != _told(row):
            found.append(row)
    return found


def _later(day: date, span: timedelta) -> date:
    return day + span if day < date.max - span else date.max


def _told(row: Standing) -> tuple[object, ...]:
    return row.title, row.deadline, row.suggested, row.flags, row.why
