"""Articles out of pages, on the sample web: ``python -m tests.golden.extraction``.

Every article page of the sample web against what it was made from: lines of page furniture left, sentences
of articles lost, bodies the same character for character, dates within a minute; then pages a CPU-second of
`crawlers.pages.parse.parse_page` (everything about an article) against trafilatura's fast mode alone (the
body) on the same pages in the same run.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from trafilatura import extract

from crawlers.outlets import load_outlets
from crawlers.pages.parse import Parsed, parse_page
from ledger.types import Article, Outlet
from sample.outlets import outlets as _sample_outlets
from sample.site import Site
from sample.stories import publishers
from sample.truth import Truth, truth

ROUNDS = 7
_SENTENCE = re.compile(r"(?<=[.!?”\"’])\s+")
MINUTE = 60  # seconds


class Page(NamedTuple):
    """A page with what it was made from."""

    body: bytes
    told: Truth
    outlet: Outlet


class Scores(NamedTuple):
    """Counts over all pages: ``left`` lines that are not the article's, ``lost`` of its ``sentences``,
    ``same`` bodies, ``dated`` within a minute of the truth, and ``pages``."""

    left: int
    lost: int
    sentences: int
    same: int
    dated: int
    pages: int


def pages() -> list[Page]:
    """Every article page of the first edition, newest first."""
    listed = {outlet.name: outlet for outlet in _outlets()}
    sites = {p.name: Site(p, listed[p.name].home.rstrip("/"), 1) for p in publishers()}
    return [
        Page(sites[told.outlet].answer(urlsplit(told.url).path).body, told, listed[told.outlet])
        for told in truth()
    ]


def _outlets() -> list[Outlet]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outlets.yaml"
        path.write_text(_sample_outlets(), encoding="utf-8")
        return load_outlets(path)


def parsed(page: Page) -> Article | None:
    """The article of a page, by the page and its outlet alone: no header, no listing."""
    found = parse_page(page.body, page.told.url, page.outlet.layout, page.outlet)
    return found.article if isinstance(found, Parsed) else None


def score(some: Sequence[Page]) -> Scores:
    """The counts over ``some`` pages; a page without an article loses all its sentences."""
    left = lost = sentences = same = dated = 0
    for page in some:
        article = parsed(page)
        text = article.text if article else ""
        left += len(set(text.split("\n\n")) - {*page.told.paragraphs, ""})
        own = [s for paragraph in page.told.paragraphs for s in _SENTENCE.split(paragraph)]
        sentences += len(own)
        lost += sum(sentence not in text for sentence in own)
        same += text == page.told.text
        dated += article is not None and _near(article.published, page.told.published)
    return Scores(left, lost, sentences, same, dated, len(some))


def _near(found: datetime | None, told: datetime) -> bool:
    """Aware, and within a minute."""
    return found is not None and found.tzinfo is not None and abs((found - told).total_seconds()) <= MINUTE


def speed(some: Sequence[Page]) -> tuple[float, float, float]:
    """(pages a CPU-second of trafilatura alone, of ours, median ratio of the rounds).

    Page by page in turns, so that a machine that slows down slows both.
    """

    def cpu(work: Callable[[Page], object], page: Page) -> float:
        start = time.process_time()
        work(page)
        return time.process_time() - start

    def alone_on(page: Page) -> object:
        return extract(page.body, url=page.told.url, fast=True, include_comments=False)

    alone, ours = [], []
    for _ in range(ROUNDS):
        both = [(cpu(alone_on, page), cpu(parsed, page)) for page in some]
        alone.append(sum(a for a, _ in both))
        ours.append(sum(o for _, o in both))
    ratio = statistics.median(a / o for a, o in zip(alone, ours, strict=True))
    return len(some) / statistics.median(alone), len(some) / statistics.median(ours), ratio


def main() -> None:
    """Measure and print."""
    say = sys.stdout.write
    some = pages()
    scores = score(some)
    say(f"sample web, {scores.pages} article pages\n")
    say(f"  lines not the article's        {scores.left}\n")
    say(f"  sentences of articles lost    {scores.lost} of {scores.sentences}\n")
    say(f"  bodies the same to the letter {scores.same} of {scores.pages}\n")
    say(f"  published within a minute     {scores.dated} of {scores.pages}\n")
    alone, ours, ratio = speed(some)
    say(f"  trafilatura fast alone        {alone:.0f} pages a CPU-second\n")
    say(f"  said parse                    {ours:.0f} pages a CPU-second, {ratio:.2f} x\n")


if __name__ == "__main__":
    main()
