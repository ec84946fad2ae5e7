"""The suggested status of a pledge and its flags, as of a day, by the table in status.yaml.

A suggestion is for people to confirm. Delivery that only the owner claims never makes it "delivered".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml
from ledger.types import Commitment, Evidence, Flag, Pledge, Stance, Status
from nlp.pledges import changes

OUTCOMES: tuple[Stance, ...] = ("delivered", "broken", "cancelled")
_CLOSED: tuple[Status, ...] = ("delivered", "delivered_late", "not_delivered", "partly_delivered")
_TELLS: dict[str, tuple[Stance, ...]] = {
    "cancelled": ("cancelled",),
    "broken": ("broken",),
    "delivered": ("delivered",),
    "delayed": ("delayed",),
    "moved": ("progress", "delivered"),
    "claimed": ("delivered",),
    "silent": (),
}


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The table and day counts of status.yaml."""
    loaded: dict[str, Any] = read_yaml(__file__, "status.yaml")
    return loaded


def suggest(
    pledge: Pledge,
    commitments: Sequence[Commitment],
    evidence: Sequence[Evidence],
    today: date,
    last_said: date | None = None,
) -> tuple[Status, tuple[Flag, ...], str]:
    """Status, flags and one sentence of reason, from what was known by ``today``.

    ``last_said``: the day of the pledge's last commitment, for silence; evidence's days do without it.
    """
    known = sorted(
        (e for e in evidence if e.pledge_id == pledge.id and (e.day is None or e.day <= today)),
        key=lambda e: (e.day or date.min, e.id),
    )
    held = facts(pledge, known, today, last_said)
    for row in rules()["table"]:
        if all(fact in held for fact in row["all"]):
            status: Status = row["status"]
            return status, _flags(pledge, commitments, known, held, status, today), _why(row, pledge, known)
    raise ValueError("status.yaml has no last row without conditions")


def facts(pledge: Pledge, known: Sequence[Evidence], today: date, last_said: date | None = None) -> set[str]:
    """What holds of a pledge by ``today``, under the names of status.yaml. ``known``: in order of days."""
    independent = [e for e in known if not (e.by_owner and e.stance in ("delivered", "progress"))]
    found: set[str] = set()
    if moved := [e for e in known if e.stance == "progress" or (e.stance == "delivered" and not e.by_owner)]:
        found.add("moved")
    if any(e.stance != "restated" for e in known):
        found.add("reviewed")
    if any(e.stance == "delivered" for e in known) and not _of(independent, "delivered"):
        found.add("claimed")
    if outcome := _outcome(independent):
        found.add(outcome)
        if _weight(moved) >= rules()["part"] * _weight(_of(independent, outcome)):
            found.add("part")
        done = _of(independent, "delivered")
        if (
            outcome == "delivered"
            and pledge.deadline
            and all((e.day or date.min) > pledge.deadline for e in done)
        ):
            found.add("late")
    elif (delays := _of(known, "delayed")) and _weight(delays) >= _weight(moved):
        found.add("delayed")
    if pledge.deadline and pledge.deadline < today:
        found.add("due")
    heard = max([e.day for e in known if e.day] + ([last_said] if last_said else []), default=None)
    if heard and today - heard > timedelta(days=rules()["days"]["stale"]):
        found.add("silent")
    return found


def _outcome(rows: Sequence[Evidence]) -> Stance | None:
    """The weightiest of the three outcomes, the later at a tie; no delivery that later delays outweigh."""
    weights = {stance: _weight(_of(rows, stance)) for stance in OUTCOMES if _of(rows, stance)}
    if not weights:
        return None
    best = max(weights, key=lambda stance: (weights[stance], _last(_of(rows, stance))))
    if weights[best] < rules()["least_outcome"]:
        return None
    if best != "delivered":
        return best  # a new date after a breach does not mend it
    since = _of(rows, best)[0].day or date.min
    later = [e for e in _of(rows, "delayed") if (e.day or date.min) >= since]
    return None if _weight(later) > weights[best] else best


def _of(rows: Iterable[Evidence], stance: Stance) -> list[Evidence]:
    return [e for e in rows if e.stance == stance]


def _weight(rows: Iterable[Evidence]) -> float:
    return sum(e.confidence for e in rows)


def _last(rows: Sequence[Evidence]) -> date:
    return max((e.day for e in rows if e.day), default=date.min)


def _flags(
    pledge: Pledge,
    commitments: Sequence[Commitment],
    known: Sequence[Evidence],
    held: set[str],
    status: Status,
    today: date,
) -> tuple[Flag, ...]:
    days = rules()["days"]
    open_ = status not in _CLOSED
    left = (pledge.deadline - today).days if pledge.deadline else None
    done = [e for e in known if e.stance == "delivered"]
    undone = [e for e in known if e.stance in ("broken", "cancelled") and not e.by_owner]
    span = timedelta(days=days["dispute"])
    holds: dict[Flag, bool] = {
        "overdue": open_ and left is not None and left < 0,
        "due_soon": open_ and left is not None and 0 <= left <= days["due_soon"],
        "stale": open_ and "silent" in held,
        "disputed": any(abs(_day(d) - _day(u)) <= span for d in done for u in undone),
        "reversed": _reversed(commitments, known),
        "claimed_only": "claimed" in held,
        "drifted": "drifted" in pledge.flags or any(v.changed for v in changes.versions(commitments)),
    }
    return tuple(flag for flag, true in holds.items() if true)


def _reversed(commitments: Sequence[Commitment], known: Sequence[Evidence]) -> bool:
    """The owner takes it back or says the opposite, or work that had begun is cancelled."""
    gone = [e for e in known if e.stance == "cancelled"]
    began = [e for e in known if e.stance in ("progress", "delivered")]
    turned = any("the sense:" in version.changed for version in changes.versions(commitments))
    return turned or any(e.by_owner for e in gone) or any(_day(b) < _day(g) for b in began for g in gone)


def _day(row: Evidence) -> date:
    return row.day or date.min


def _why(row: dict[str, Any], pledge: Pledge, known: Sequence[Evidence]) -> str:
    told = next((_TELLS[fact] for fact in row["all"] if fact in _TELLS), ())
    rows = [e for e in known if e.stance in told] or list(known)
    last = rows[-1] if rows else None
    return str(row["why"]).format(
        day=_written(last.day if last else None),
        source=(last.source if last else "") or "unnamed",
        deadline=_written(pledge.deadline),
        stale=rules()["days"]["stale"],
    )


def _written(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "no date"
