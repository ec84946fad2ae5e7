"""An outlet whose pages stop giving whole articles has changed its layout: told the day it happens. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict

from crawlers.loading.load import Loaded
from crawlers.pages.parse import STAGE
from ledger.counts import Problem

LEAST = 3  # pages of one outlet; fewer tell nothing
SHARE = 0.5  # of the pages; more that lack the same thing are the layout's fault


class Layouts:
    """What the pages of each outlet lack in one run."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._lacks: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, found: Loaded) -> None:
        """Count one page. A page that was no page to begin with (a PDF, an empty body) is not counted."""
        article = found.article
        if article is not None:
            wanted = (("title", article.title), ("date", article.published))
            missing = [name for name, held in wanted if not held]
        elif any(problem.reason == "no_text" for problem in found.problems):
            missing = ["text"]
        else:
            return
        self._pages[found.outlet] += 1
        self._lacks[found.outlet].update(missing)

    def problems(self) -> list[Problem]:
        """``broken_layout`` for each outlet of which most pages lack a text, a title or a date."""
        return [
            Problem(STAGE, outlet, "broken_layout", f"{number} of {pages} pages without a {name}")
            for outlet, pages in self._pages.items()
            for name, number in sorted(self._lacks[outlet].items())
            if pages >= LEAST and number > SHARE * pages
        ]
