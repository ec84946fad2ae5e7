"""For when something was promised, as a question says it: "by March", "before the end of 2027"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from ledger.data_files import read_yaml

_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class PromisedFor:
    """A month, a year, or a month of one year."""

    month: int | None
    year: int | None

    def holds(self, *days: date | None) -> bool:
        """True where one of the days lies in it."""
        return any(day and self.month in (None, day.month) and self.year in (None, day.year) for day in days)


@cache
def question_words() -> dict[str, list[str]]:
    """Words of questions, by what they are for (``question.yaml``)."""
    listed: dict[str, list[str]] = read_yaml(__file__, "question.yaml")
    return listed


def due_at(words: Sequence[str], start: int) -> tuple[int, PromisedFor] | None:
    """The end of a date promised that begins at a word, and the date; None where none does."""
    lower = [word.lower().strip(".,?!;") for word in words]
    if lower[start] not in question_words()["by"]:
        return None
    at = start + 1
    while at < len(lower) and lower[at] in question_words()["between"]:
        at += 1
    month = year = None
    if at < len(lower) and lower[at] in _months():
        month, at = _months()[lower[at]], at + 1
    if at < len(lower) and lower[at].isdecimal() and int(lower[at]) in _YEARS:
        year, at = int(lower[at]), at + 1
    return (at, PromisedFor(month, year)) if month or year else None


@cache
def _months() -> dict[str, int]:
    listed = (question_words()[name] for name in ("months", "short_months"))
    return {name: n for names in listed for n, name in enumerate(names, 1)}
