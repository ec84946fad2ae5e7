"""The suggested status of a pledge as of a day, by the table in status.yaml, and the flags with their days.

A suggestion is for people to confirm. Delivery that only the owner claims never makes it "delivered".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.days import day
from ledger.pledges.changes import Version
from ledger.types import Evidence, Flag, Mark, Stance, Status

OUTCOMES: tuple[Stance, ...] = ("delivered", "broken", "cancelled")
_TELLS: dict[str, tuple[Stance, ...]] = {
    **{stance: (stance,) for stance in (*OUTCOMES, "delayed")},
    "moved": ("progress", "delivered"),
    "claimed": ("delivered",),
    "silent": (),
}


@cache
def rules() -> dict[str, Any]:
    """The table and day counts of status.yaml."""
    loaded: dict[str, Any] = read_yaml(__file__, "status.yaml")
    return loaded


def known_by(evidence: Iterable[Evidence], today: date) -> list[Evidence]:
    """The evidence up to a day in the order of its days, what has none first."""
    known = (e for e in evidence if e.day is None or e.day <= today)
    return sorted(known, key=lambda e: (e.day or date.min, e.id))


def suggest(
    deadline: date | None, known: Sequence[Evidence], today: date, last_said: date | None = None
) -> tuple[Status, str]:
    """The status suggested as of ``today`` and one sentence of reason.

    ``deadline``: the last date given. ``known``: as `known_by` gives it. ``last_said``: the day of the
    pledge's last commitment, for silence; evidence's days do without it.
    """
    held = facts(deadline, known, today, last_said)
    for row in rules()["table"]:
        if all(fact in held for fact in row["all"]):
            return row["status"], _why(row, deadline, known)
    raise ValueError("status.yaml has no last row without conditions")


def facts(
    deadline: date | None, known: Sequence[Evidence], today: date, last_said: date | None = None
) -> set[str]:
    """What holds of a pledge by ``today``, under the names of status.yaml."""
    independent = [e for e in known if not (e.by_owner and e.stance in ("delivered", "progress"))]
    found: set[str] = set()
    if moved := [e for e in known if e.stance == "progress" or (e.stance == "delivered" and not e.by_owner)]:
        found.add("moved")
    if any(tells(e) for e in known):
        found.add("reviewed")
    if _claimed(known):
        found.add("claimed")
    if outcome := _outcome(independent):
        found.add(outcome)
        if _weight(moved) >= rules()["part"] * _weight(_of(independent, outcome)):
            found.add("part")
        done = _of(independent, "delivered")
        if outcome == "delivered" and deadline and all((e.day or date.min) > deadline for e in done):
            found.add("late")
    elif (delays := _of(known, "delayed")) and _weight(delays) >= _weight(moved):
        found.add("delayed")
    if deadline and deadline < today:
        found.add("due")
    heard = _last_heard(known, last_said)
    if heard and today - heard > timedelta(days=rules()["days"]["stale"]):
        found.add("silent")
    return found


def marks(
    deadline: date | None,
    known: Sequence[Evidence],
    versions: Sequence[Version],
    last_said: date | None = None,
) -> tuple[Mark, ...]:
    """The flags of a pledge by what is known of it, each with the days on which it holds.

    Overdue from the day after the deadline until the status is closed; stale, and due soon before the
    deadline, while nothing is known to have come of it, good or bad; the others for good.
    """
    span = timedelta(days=rules()["days"]["dispute"])
    done = _of(known, "delivered")
    undone = [e for e in known if e.stance in ("broken", "cancelled") and not e.by_owner]
    found: list[Mark] = []
    if deadline:
        found += [
            Mark("overdue", _later(deadline, 1), only="open"),
            Mark("due_soon", last=deadline, only="awaited"),
        ]
    if heard := _last_heard(known, last_said):
        found.append(Mark("stale", _later(heard, rules()["days"]["stale"] + 1), only="awaited"))
    lasting: dict[Flag, bool] = {
        "claimed_only": _claimed(known),
        "disputed": any(abs(_day(d) - _day(u)) <= span for d in done for u in undone),
        "reversed": _reversed(known, versions),
        "drifted": any(version.changed for version in versions),
    }
    return tuple(found + [Mark(flag) for flag, true in lasting.items() if true])


def tells(evidence: Evidence) -> bool:
    """Evidence that says how it stands with the pledge; a promise said again does not."""
    return vocabulary.stances()[evidence.stance].sign != "neither"


def is_closed(status: str, by_person: bool) -> bool:
    """No date is awaited any more: it was kept, or a person says that it is over. What the rules take for an
    end without delivery is for a person to confirm."""
    row = vocabulary.statuses()[status]
    return row.closed and (by_person or row.outcome == "kept")


def _claimed(known: Sequence[Evidence]) -> bool:
    """Delivery by the owner's word only."""
    done = _of(known, "delivered")
    return bool(done) and all(e.by_owner for e in done)


def _last_heard(known: Iterable[Evidence], last_said: date | None) -> date | None:
    return max([e.day for e in known if e.day] + ([last_said] if last_said else []), default=None)


def _later(than: date, days: int) -> date:
    return than + timedelta(days=days) if (date.max - than).days > days else date.max


def _outcome(rows: Sequence[Evidence]) -> Stance | None:
    """The weightiest of the three outcomes, the later at a tie; no delivery that later delays outweigh."""
    weights = {stance: _weight(mine) for stance in OUTCOMES if (mine := _of(rows, stance))}
    if not weights:
        return None
    best = max(weights, key=lambda stance: (weights[stance], max(map(_day, _of(rows, stance)))))
    if weights[best] < rules()["least_outcome"]:
        return None
    if best != "delivered":
        return best  # a new date after a breach does not mend it
    since = _day(_of(rows, best)[0])
    later = [e for e in _of(rows, "delayed") if _day(e) >= since]
    return None if _weight(later) > weights[best] else best


def _of(rows: Iterable[Evidence], stance: Stance) -> list[Evidence]:
    return [e for e in rows if e.stance == stance]


def _weight(rows: Iterable[Evidence]) -> float:
    return sum(e.confidence for e in rows)


def _reversed(known: Sequence[Evidence], versions: Sequence[Version]) -> bool:
    """The owner takes it back or says the opposite, or work that had begun is cancelled."""
    gone = _of(known, "cancelled")
    began = [e for e in known if e.stance in ("progress", "delivered")]
    turned = any(version.turned for version in versions)
    return turned or any(e.by_owner for e in gone) or any(_day(b) < _day(g) for b in began for g in gone)


def _day(row: Evidence) -> date:
    return row.day or date.min


def _why(row: dict[str, Any], deadline: date | None, known: Sequence[Evidence]) -> str:
    told = next((_TELLS[fact] for fact in row["all"] if fact in _TELLS), ())
    rows = [e for e in known if e.stance in told] or list(known)
    last = rows[-1] if rows else None
    return str(row["why"]).format(
        day=day(last.day if last else None, "no date"),
        source=(last.source if last else "") or "unnamed",
        deadline=day(deadline, "no date"),
        stale=rules()["days"]["stale"],
    )
