"""``said outlets check``: try one outlet live, in a folder of its own, and say what was found."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawlers.archive.lines import Line, listings, number
from crawlers.fetch.crawl import crawl
from crawlers.loading.load import articles_from
from ledger.counts import Problem
from ledger.types import Article, Outlet

PAGES = 3  # articles tried


@dataclass(slots=True)
class Report:
    """What a try of an outlet found. ``good``: its listings give links, and articles come out whole."""

    outlet: str
    listings: list[dict[str, object]] = field(default_factory=list)  # url, links, reason ("" is good)
    links: int = 0
    articles: list[Article] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        whole = [a for a in self.articles if a.title and a.published]
        return self.links > 0 and bool(whole) and len(whole) == len(self.articles)


def check_outlet(outlet: Outlet, contact: str = "", pages: int = PAGES, **limits: Any) -> Report:
    """Crawl ``pages`` articles of one outlet and parse them; nothing is kept.

    Raises WrongUse when the outlet is public and no contact is set.
    """
    report = Report(outlet.name)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="said-check-") as folder:
        home = Path(folder)
        counts = crawl(home, [outlet], contact=contact, progress=lines.append, limit=pages, **limits)
        report.problems += counts.problems
        for line in lines:
            if line["what"] == "outlet":
                report.links += number(line, "links")
                report.listings += listings(line)
        for found in articles_from(home, [outlet]):
            if isinstance(found, Problem):
                report.problems.append(found)
                continue
            report.problems += found.problems
            if found.article is not None:
                report.articles.append(found.article)
    return report
