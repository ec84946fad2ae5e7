"""An outlet whose pages stop giving whole articles has changed its layout: told the day it happens. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict

from crawlers.loading.load import Loaded
from crawlers.pages.parse import STAGE
from ledger.counts import Problem

LEAST = 3  # pages of one outlet; fewer tell nothing
SHARE = 0.5  # of the pages; more that lack the same thing are the layout's fault
_LACKS = {"no_text": "text"}


class Layouts:
    """What the pages of each outlet lack in one run."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._lacks: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, found: Loaded) -> None:
        """Count one page. A page that was no page to begin with (a PDF, an empty body) is not counted."""
        article, lacks = found.article, self._lacks[found.outlet]
        missing = [_LACKS[p.reason] for p in found.problems if article is None and p.reason in _LACKS]
        if article is not None:
            missing += [
                name for name, held in (("title", article.title), ("date", article.published)) if not held
            ]
        elif not missing:
            return
        self._pages[found.outlet] += 1
        lacks.update(missing)

    def problems(self) -> list[Problem]:
        """``broken_layout`` for each outlet of which most pages lack a text, a title or a date."""
        return [
            Problem(STAGE, outlet, "broken_layout", f"{number} of {pages} pages without a {name}")
            for outlet, pages in self._pages.items()
            for name, number in sorted(self._lacks[outlet].items())
            if pages >= LEAST and number > SHARE * pages
        ]
