"""``said outlets check``: try outlets live, in a folder of their own, and say what was found of each."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.archive.lines import Line, listings, number
from crawlers.fetch.crawl import crawl
from crawlers.loading.load import Loaded, articles_from
from crawlers.pages.dates import parse_date
from crawlers.pages.head import RESERVING
from ledger.counts import Problem
from ledger.types import Article, Outlet

PAGES = 3  # articles tried of each outlet
_ANSWERED = {"", "robots_forbidden"}  # the site is there, whatever its robots.txt says
_RIGHTS = {*RESERVING, "not_mined", "robots_disallowed", "paid"}  # skips of pages that were left alone


@dataclass(slots=True)
class Report:
    """What a try of an outlet found. ``good``: its listings give links, and articles come out whole.

    ``robots``: why nothing may be asked, "" where it may; ``delay``: seconds it asks for; ``links``:
    of recent articles; ``newest``: the latest time that a listing names; ``rights``: how many pages say what.
    """

    outlet: Outlet
    robots: str = "not_asked"
    delay: float = 0.0
    listings: list[dict[str, object]] = field(default_factory=list)  # see `crawlers.discovery.listings`
    links: int = 0
    articles: list[Article] = field(default_factory=list)
    rights: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        return self.robots in _ANSWERED

    @property
    def newest(self) -> datetime | None:
        named = (parse_date(one.get("newest")) for one in self.listings)
        return max((when for when in named if when), default=None)

    @property
    def whole(self) -> list[Article]:
        """The articles that came with title and date."""
        return [article for article in self.articles if article.title and article.published]

    @property
    def good(self) -> bool:
        whole = len(self.whole) == len(self.articles) > 0
        return self.links > 0 and whole and not self.problems

    @property
    def troubles(self) -> list[tuple[str, str, str]]:
        """What is in the way, each as (address, reason, detail): listings first, then what else failed."""
        found: dict[str, tuple[str, str, str]] = {}
        if self.robots and all(problem.reason != self.robots for problem in self.problems):
            found[self.outlet.home] = (self.outlet.home, self.robots, "")
        for one in self.listings:
            address, detail = str(one["url"]), str(one.get("detail", ""))
            if reason := str(one["reason"] or ("" if one["links"] or one.get("quiet") else "no_links")):
                found[address] = (address, reason, detail)
            elif not self.links and one["links"]:
                found[address] = (address, "old_only", detail)
        for problem in self.problems:
            if problem.item not in found:
                found[problem.item] = (problem.item, problem.reason, problem.detail)
        return list(found.values())


def check_outlets(
    outlets: Sequence[Outlet], contact: str = "", pages: int = PAGES, **limits: Any
) -> list[Report]:
    """Crawl ``pages`` articles of each outlet in one crawl, side by side, and parse them; nothing is kept.

    The manners are the crawl's: robots.txt, delays, a name and contact with every request. Raises WrongUse
    when none of the outlets may be asked: they are public and no contact is set.
    """
    reports = {outlet.name: Report(outlet) for outlet in outlets}
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="said-check-") as folder:
        home = Path(folder)
        counts = crawl(home, outlets, contact=contact, progress=lines.append, limit=pages, **limits)
        for problem in counts.problems:
            if problem.item in reports:  # the crawl's own, before anything is asked
                reports[problem.item].problems.append(problem)
        for line in lines:
            if report := reports.get(str(line["outlet"])):
                _note(report, line)
        for found in articles_from(home, outlets):
            _take(reports, found)
    return list(reports.values())


def _note(report: Report, line: Line) -> None:
    what, reason = line["what"], str(line.get("reason", ""))
    if what == "outlet":
        report.links += number(line, "links")
        report.listings += listings(line)
        report.robots = str(line.get("robots", ""))
        delay = line.get("delay")
        report.delay = float(delay) if isinstance(delay, int | float) else 0.0
    elif what == "skip" and reason in _RIGHTS:
        report.rights[reason] += 1
    elif what == "problem":
        detail = str(line.get("detail", ""))
        report.problems.append(Problem("crawl", str(line.get("item", "")), reason, detail))
    elif what == "page":
        held = line.get("rights")
        said = held if isinstance(held, dict) else {}
        report.rights.update(name for name, value in said.items() if value is True)


def _take(reports: dict[str, Report], found: Loaded | Problem) -> None:
    if isinstance(found, Problem) or (report := reports.get(found.outlet)) is None:
        return  # of a line that the crawl wrote wrongly: there is none in a crawl of just now
    report.problems += found.problems
    if found.article is not None:
        report.articles.append(found.article)
        if found.article.paywalled:
            report.rights["paywalled"] += 1
