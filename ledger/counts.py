"""What a stage or a crawl did: counted and named, shown to people, stored with the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """How an outlet answered one crawl. ``links``: in its listings; ``new``: pages archived.

    ``failures``: how often what went wrong, by name. ``listings``: under "asked", what was found of each
    that was asked for, as ``crawlers.discovery.listings`` reports it: url, links, reason, newest, mark.
    """

    crawl: str
    outlet: str
    visited: datetime
    links: int
    new: int
    failures: dict[str, int]
    listings: dict[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was met, named and left out. ``reason`` is a short fixed code."""

    stage: str
    item: str
    reason: str
    detail: str = ""


@dataclass(slots=True)
class Counts:
    """What a stage did: shown to people, stored with the run."""

    stage: str
    read: int = 0
    written: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def problem(self, item: str, reason: str, detail: str = "") -> None:
        self.problems.append(Problem(self.stage, item, reason, detail))
