"""The suggested status of a pledge as of a day, by the table in status.yaml, and the flags with their days.

A suggestion is for people to confirm. Delivery that only the owner claims never makes it "delivered".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.days import day
from ledger.pledges.changes import Version
from ledger.types import Commitment, Evidence, Flag, Mark, Stance, Status

OUTCOMES: tuple[Stance, ...] = ("delivered", "broken", "cancelled")


@dataclass(frozen=True, slots=True)
class PledgeDates:
    """What a pledge's own statements set for its status.

    ``first_due``, ``deadline``: the first date given and the newest, ``moved_on``: the day that was said.
    ``last_said``: the day of the last commitment, for silence; evidence's days do without it. ``counted``,
    ``lasting``, ``period``: as `counts`, `lasts` and `for_a_period` say of commitments.
    """

    first_due: date | None = None
    deadline: date | None = None
    moved_on: date | None = None
    last_said: date | None = None
    counted: bool = False
    lasting: bool = False
    period: bool = False


@cache
def rules() -> dict[str, Any]:
    """The table, words and day counts of status.yaml, its pattern compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "status.yaml")
    patterns = {name: re.compile(loaded[name], re.I) for name in ("lasting", "until", "by")}
    return loaded | patterns | {"levels": frozenset(loaded["levels"])}


def counts(commitment: Commitment) -> bool:
    """Promises a number of things, of which a part can be done; a share or a sum is reached or missed."""
    return commitment.measure is not None and commitment.measure.unit not in rules()["levels"]


def lasts(commitment: Commitment) -> bool:
    """Promises to leave or keep something as it is, which is kept until it is broken."""
    return commitment.type in ("negative", "ongoing") or bool(rules()["lasting"].match(commitment.action))


def until(commitment: Commitment) -> bool:
    """Its date ends a time ("no new charges this year"), and is no limit ("keep none waiting by May")."""
    said, rule = commitment.deadline.text if commitment.deadline else "", rules()
    return bool(rule["until"].match(said)) or (lasts(commitment) and not rule["by"].match(said))


def for_a_period(commitments: Iterable[Commitment]) -> bool:
    """A pledge whose date is the end of a period, as at least half of its dated commitments say."""
    dated = [until(c) for c in commitments if c.deadline and c.deadline.last]
    return bool(dated) and sum(dated) * 2 >= len(dated)


def known_by(evidence: Iterable[Evidence], today: date) -> list[Evidence]:
    """The evidence up to a day in the order of its days, what has none first."""
    known = (e for e in evidence if e.day is None or e.day <= today)
    return sorted(known, key=lambda e: (e.day or date.min, e.id))


def suggest(terms: PledgeDates, known: Sequence[Evidence], today: date) -> tuple[Status, str]:
    """The status suggested as of ``today`` and one sentence of reason. ``known``: as `known_by` gives it."""
    held = facts(terms, known, today)
    for row in rules()["table"]:
        if all(fact in held for fact in row["all"]):
            return row["status"], _why(row, terms, known)
    raise ValueError("status.yaml has no last row without conditions")


def next_change(terms: PledgeDates, evidence: Iterable[Evidence], today: date) -> date | None:
    """The first day after ``today`` as of which `suggest` may say otherwise of the same ``evidence``."""
    told = list(evidence)
    heard = _last_heard(known_by(told, today), terms.last_said)
    days = [e.day for e in told if e.day]
    days += [_later(terms.deadline, 1)] if terms.deadline else []
    days += [_later(heard, rules()["days"]["stale"] + 1)] if heard else []
    return min((one for one in days if one > today), default=None)


def is_named(why: str, source: str, at: date | None) -> bool:
    """Whether the reason of a suggestion names a report of this source and day as what it rests on."""
    told = day(at, "no date")
    return bool(source) and (f"({source}, {told})" in why or f" {told} ({source})" in why)


def facts(terms: PledgeDates, known: Sequence[Evidence], today: date) -> set[str]:
    """What holds of a pledge by ``today``, under the names of status.yaml."""
    done = _independent(known, "delivered")
    moved, delays = [*_of(known, "progress"), *done], _of(known, "delayed")
    against = [e for e in known if e.stance in ("broken", "cancelled")]
    heard = _last_heard(known, terms.last_said)
    stale = timedelta(days=rules()["days"]["stale"])
    restated = bool(_of(known, "restated"))
    held = {
        "moved": bool(moved),
        "reviewed": any(tells(e) for e in known),
        "claimed": _claimed(known),
        "told_done": bool(done),
        "part": (terms.counted and bool(moved)) or bool(done),
        "delays": bool(delays),
        "delayed": bool(delays) and (not moved or _last(delays) - _last(moved) > stale),
        "restated": restated,
        "holds": restated and terms.lasting and not against,
        "due": terms.deadline is not None and terms.deadline < today,
        "period": terms.period,
        "silent": heard is not None and today - heard > stale,
    }
    found = {name for name, true in held.items() if true}
    outcome = _outcome(known)
    if outcome == "delivered":
        found |= {outcome, "late"} if _is_late(terms, known) else {outcome}
    elif outcome:
        found |= {outcome, *_since(terms, known, _last(_of(known, outcome)))}
    return found


def _since(terms: PledgeDates, known: Sequence[Evidence], day: date) -> Iterable[str]:
    """Whether a breach told on ``day`` was mended by another date, and by movement towards it."""
    last, ahead = _last(_of(known, "delayed")), terms.deadline is not None and terms.deadline > day
    if last > day or (last == day and ahead):
        yield "put_off"
    if ahead and last > date.min and _last(_of(known, "progress")) > day:
        yield "resumed"


def _is_late(terms: PledgeDates, known: Sequence[Evidence]) -> bool:
    """Delivered after the first date given. A report may come long after the deed, so that its day alone
    does not tell: it takes a delay or a breach before it, another date, or many days."""
    due = None if terms.period else terms.first_due
    done = min((e.day for e in _independent(known, "delivered") if e.day), default=None)
    if due is None or done is None or done <= due:
        return False
    put_off = any(e.stance in ("delayed", "broken") and _day(e) <= done for e in known)
    moved_on = terms.deadline is not None and terms.deadline > due
    return put_off or moved_on or done - due > timedelta(days=rules()["days"]["late"])


def marks(
    first_due: date | None,
    deadline: date | None,
    known: Sequence[Evidence],
    versions: Sequence[Version],
    last_said: date | None = None,
    period: bool = False,
) -> tuple[Mark, ...]:
    """The flags of a pledge by what is known of it, each with the days on which it holds.

    Overdue from the day after the first date given until the status is closed, however often it was moved;
    stale, and due soon before the newest date, while nothing is known to have come of it, good or bad; the
    others for good. Never overdue nor due soon is what was promised for a ``period``: it runs out.
    """
    span = timedelta(days=rules()["days"]["dispute"])
    done = _of(known, "delivered")
    undone = [e for e in known if e.stance in ("broken", "cancelled") and not e.by_owner]
    found: list[Mark] = []
    if first_due and not period:
        found.append(Mark("overdue", _later(first_due, 1), only="open"))
    if deadline and not period:
        found.append(Mark("due_soon", last=deadline, only="awaited"))
    if heard := _last_heard(known, last_said):
        found.append(Mark("stale", _later(heard, rules()["days"]["stale"] + 1), only="awaited"))
    lasting: dict[Flag, bool] = {
        "period": period,
        "claimed_only": _claimed(known),
        "disputed": any(abs(_day(d) - _day(u)) <= span for d in done for u in undone),
        "reversed": _reversed(known, versions),
        "drifted": any(version.changed for version in versions),
    }
    return tuple(found + [Mark(flag) for flag, true in lasting.items() if true])


def standing(found: Iterable[Mark], status: Status, today: date, due_soon_days: int) -> tuple[Flag, ...]:
    """The flags that hold on a day under a status that the rules suggest, as readers see them."""
    row = vocabulary.statuses()[status]
    asked = {"open": not is_closed(status, by_person=False), "awaited": row.awaited, "": True}
    soon = timedelta(days=due_soon_days)
    return tuple(
        mark.flag
        for mark in found
        if (mark.first or (mark.last - soon if mark.last else today)) <= today <= (mark.last or today)
        and asked[mark.only]
    )


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


def _outcome(known: Sequence[Evidence]) -> Stance | None:
    """Delivery that anybody but the owner reports, cancelling or breach: of these the last told, unless it
    weighs far less; told on one day, the bad one. No delivery that later delays outweigh."""
    rows = {stance: _independent(known, stance) for stance in OUTCOMES}
    weights = {stance: _weight(mine) for stance, mine in rows.items() if mine}
    weights = {
        stance: weight for stance, weight in weights.items() if weight >= rules()["least_outcome"][stance]
    }
    if not weights:
        return None
    least = rules()["last_word"] * max(weights.values())
    best = max(
        (stance for stance, weight in weights.items() if weight >= least),
        key=lambda stance: (_last(rows[stance]), stance != "delivered", weights[stance]),
    )
    if best != "delivered":
        return best
    later = [e for e in _of(known, "delayed") if _day(e) > _day(rows[best][0])]
    return None if _weight(later) > weights[best] else best


def _independent(known: Iterable[Evidence], stance: Stance) -> list[Evidence]:
    """The rows of a stance that count for it: the owner's own claim of a delivery counts nothing."""
    return [e for e in known if e.stance == stance and not (stance == "delivered" and e.by_owner)]


def _last(rows: Iterable[Evidence]) -> date:
    return max(map(_day, rows), default=date.min)


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


def _why(row: dict[str, Any], terms: PledgeDates, known: Sequence[Evidence]) -> str:
    told = next((rules()["tells"][fact] for fact in reversed(row["all"]) if fact in rules()["tells"]), ())
    rows = [e for e in known if e.stance in told] or list(known)
    last = rows[-1] if rows else None
    why = str(row["why"])
    if vocabulary.statuses()[row["status"]].outcome != "kept" and (moved := _moved_on(terms)):
        why += f" {rules()['moved_on'][moved]}"
    return why.format(
        day=day(last.day if last else None, "no date"),
        source=(last.source if last else "") or "unnamed",
        first_due=day(terms.first_due, "no date"),
        deadline=day(terms.deadline, "no date"),
        stale=rules()["days"]["stale"],
    )


def _moved_on(terms: PledgeDates) -> str:
    """How the date was moved, as a name of status.yaml; "" where it was not."""
    if terms.period or not (terms.first_due and terms.deadline and terms.deadline > terms.first_due):
        return ""
    return "missed" if terms.moved_on and terms.moved_on > terms.first_due else "earlier"
