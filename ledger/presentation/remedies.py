"""What is wrong with a listing in words, and what to try: for terminal, coverage page and digest alike."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from ledger.data_files import read_yaml


@dataclass(frozen=True, slots=True)
class Remedy:
    """``told``: what it is, in words; ``advice``: what to try, a sentence or two."""

    told: str
    advice: str


def in_words(reason: str) -> str:
    """Why something was left out or failed, by the reason that a stage noted."""
    if reason in _reasons():
        return _reasons()[reason]
    row = next(row for name, row in _table().items() if fnmatchcase(reason, name))
    return reason.replace("_", " ") if row is _table()["*"] else row["told"]


@lru_cache(maxsize=1)
def _reasons() -> dict[str, str]:
    rows: dict[str, str] = read_yaml(__file__, "reasons.yaml")
    return rows


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = read_yaml(__file__, "remedies.yaml")
    return rows


def remedy(reason: str, home: str, detail: str = "") -> Remedy:
    """Of a reason as the crawl notes it, for the outlet at ``home``; the first row that fits holds."""
    row = next(row for name, row in _table().items() if fnmatchcase(reason, name))
    return Remedy(row["told"], row["try"].format(home=home, detail=detail or home))
