"""Numbers and dates of a passage against those that were promised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import pairwise

from ledger.types import Deadline, Measure
from nlp.evidence.signs import MAX_CHARS, signs
from nlp.text import similarity
from nlp.text.temporal import find_deadlines

BESIDE = 30  # characters before and behind a number that say what it counts
OF_WHOLE = 24  # characters from the end of a part to that of its whole: " of the other 1,200"
_OF = re.compile(r"\W*(?:out )?of\b")
MONTHS = "january february march april may june july august september october november december".split()


def shares_told(text: str, targets: Iterable[Measure]) -> list[float]:
    """The counts in a target's unit as shares of the target: "120 of the 300 homes" is 0.4.

    Of "300 more officers" a count of all officers tells nothing. A target below its baseline counts from
    there.
    """
    text = text[:MAX_CHARS]
    placed = similarity.placed_numbers(text)
    found: set[float] = set()
    for target in targets:
        found |= {
            _reached(value, target)
            for value, end in placed
            if value != target.value and _counts(value, _around(text, end), target)
        }
        found |= {
            part / target.value
            for (part, at), (whole, after) in pairwise(placed)
            if target.value and whole == target.value and _OF.match(text[at:after])
        }
    return sorted(found)


def in_part(text: str) -> bool:
    """Tells of some out of a whole, "37 of his 40 roads": that much is done, and not all. "One of the 40" may
    be every one."""
    placed = similarity.placed_numbers(text[:MAX_CHARS])
    return any(
        1 < part < whole and after - at <= OF_WHOLE and _OF.match(text[at:after])
        for (part, at), (whole, after) in pairwise(placed)
    )


def _around(text: str, end: int) -> str:
    return text[max(0, end - BESIDE) : end].rjust(BESIDE) + text[end : end + BESIDE]


def _counts(value: float, around: str, target: Measure) -> bool:
    """Whether a number in these words counts what the target counts: in its unit, no year, and an increase
    where an increase was promised."""
    year = 1900 <= value <= 2100 and value == int(value) and target.value < 1900
    unit = _unit_word(target.unit)
    relative = target.direction in ("more", "fewer") and target.baseline is None
    increase = not relative or signs()["increase"].search(around) is not None
    return bool(target.value and unit and not year and unit in around[BESIDE:].lower() and increase)


def _reached(value: float, target: Measure) -> float:
    way = target.value - target.baseline if target.baseline is not None else 0.0
    return (value - (target.baseline or 0.0)) / way if way else value / target.value


def _unit_word(unit: str) -> str:
    words = re.findall(r"[a-z]{3,}", unit.lower())
    return words[-1].rstrip("s") if words else ""


@lru_cache(maxsize=20_000)
def days_named(text: str, day: date | None) -> tuple[Deadline, ...]:
    """The times to come that a passage names, with a day."""
    return tuple(due for _, due in find_deadlines(text[:MAX_CHARS], day) if due.last and due.first)


def later_date(text: str, day: date | None, than: date | None) -> Deadline | None:
    """The first time that a passage names and that lies past a date altogether."""
    return next((due for due in days_named(text, day) if than and due.first and due.first > than), None)


@lru_cache(maxsize=20_000)
def months_named(text: str) -> frozenset[int]:
    """Months by name, 1 to 12."""
    words = set(re.findall(r"\b[A-Z][a-z]+", text[:MAX_CHARS]))
    return frozenset(n for n, month in enumerate(MONTHS, 1) if month.capitalize() in words)
