"""What a crawl costs against stock Scrapy: ``python -m benchmarks.crawl [PAGES]``.

Three clients fetch the same pages of one local server, in turns, each in a process of its own: stock Scrapy
storing URL and status; the same spider with the politeness add-on; and the whole crawl stage (robots.txt,
sitemap, archive, crawl lines, seen-store). Then the whole crawl once more over what it knows already. Prints
CPU seconds a page and pages a second, as medians and as ratios to stock Scrapy, and what the second pass
transferred and stored.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from benchmarks.page_server import HOST
from crawlers.archive.lines import read_lines, runs
from crawlers.fetch.crawl import crawl
from ledger.counts import Counts
from ledger.types import Outlet

PAGES = 3000
ROUNDS = 3
CLIENTS = {"stock": "stock Scrapy", "polite": "with the add-on", "whole": "the whole crawl"}

_SPIDER = textwrap.dedent("""
    import json, sys
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from benchmarks.page_server import page_paths

    class Plain(Spider):
        name = "plain"

        async def start(self):
            for path in page_paths(int(sys.argv[2])):
                yield Request(sys.argv[1] + path)

        def parse(self, response):
            yield {"url": response.url, "status": response.status}

    settings = {"LOG_LEVEL": "ERROR", "FEEDS": {sys.argv[3]: {"format": "jsonlines"}}}
    if sys.argv[4] == "polite":
        from crawlers.fetch.politeness import PolitenessAddon
        local = [sys.argv[1].split("/")[2]]
        settings |= {"ADDONS": {PolitenessAddon: 0}, "SAID_LOCAL": local, "SAID_SEEN": sys.argv[3] + ".seen"}
    process = CrawlerProcess(settings)
    process.crawl(Plain)
    process.start()
""")


class Cost(NamedTuple):
    """Of one client: CPU seconds (user and system, its child process's own) and seconds on the clock."""

    cpu: float
    seconds: float


def _cost(work: Callable[[], object]) -> Cost:
    before, start = os.times(), time.perf_counter()
    work()
    after, seconds = os.times(), time.perf_counter() - start
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return Cost(spent, seconds)


@contextmanager
def page_server(pages: int) -> Iterator[str]:
    """The origin of a running server of so many pages."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.page_server", str(pages)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://{HOST}:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def _counts(origin: str) -> dict[str, int]:
    """The server's counts since they were last asked for."""
    with urlopen(f"{origin}/-/counts", timeout=30) as answer:  # our own server
        return dict(json.load(answer))


def _plain(origin: str, pages: int, folder: Path, how: str) -> None:
    out = folder / f"{how}-{time.monotonic_ns()}.jsonl"
    subprocess.run([sys.executable, "-c", _SPIDER, origin, str(pages), str(out), how], check=True)
    stored = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    if sum(row["status"] == 200 for row in stored) != pages:
        raise SystemExit(f"{how}: {len(stored)} of {pages} pages came")


def _whole(origin: str, home: Path) -> Counts:
    outlet = Outlet("Register", f"{origin}/", sitemaps=(f"{origin}/sitemap.xml",), crawl_delay=0, local=True)
    counts = crawl(home, [outlet])
    if counts.problems:
        raise SystemExit(f"said crawl: {counts.problems[:3]}")
    return counts


def _rounds(origin: str, pages: int, folder: Path) -> tuple[dict[str, list[Cost]], Path]:
    """The costs of every client by round, and the home of the last whole crawl."""
    costs: dict[str, list[Cost]] = {name: [] for name in CLIENTS}
    home = folder
    for number in range(ROUNDS):
        home = folder / f"home-{number}"
        home.mkdir()
        costs["stock"].append(_cost(partial(_plain, origin, pages, folder, "stock")))
        costs["polite"].append(_cost(partial(_plain, origin, pages, folder, "polite")))
        costs["whole"].append(_cost(partial(_whole, origin, home)))
    return costs, home


def _row(costs: dict[str, list[Cost]], name: str, pages: int) -> str:
    rounds = list(zip(costs[name], costs["stock"], strict=True))
    cpu = statistics.median(cost.cpu for cost, _ in rounds) / pages * 1000
    rate = pages / statistics.median(cost.seconds for cost, _ in rounds)
    dearer = statistics.median(cost.cpu / stock.cpu for cost, stock in rounds)
    faster = statistics.median(stock.seconds / cost.seconds for cost, stock in rounds)
    return (
        f"{CLIENTS[name]:16} {cpu:6.2f} ms CPU a page ({dearer:4.2f} x), "
        f"{rate:6.0f} pages a second ({faster:4.2f} x)\n"
    )


def _again(origin: str, home: Path) -> str:
    """A second pass over what the crawl of ``home`` has read already."""
    before = len(runs(home / "data" / "crawl"))
    _counts(origin)
    cost = _cost(partial(_whole, origin, home))
    served = _counts(origin)
    new = runs(home / "data" / "crawl")[before:]
    stored = sum(line is not None and line["what"] == "page" for p in new for _, line in read_lines(p))
    return (
        f"second pass:     {served['requests']} requests, {served['sent']} bodies of pages sent, "
        f"{stored} pages stored, {cost.seconds:.1f} s\n"
    )


def main(pages: int) -> None:
    """Measure and print."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as temporary, page_server(pages) as origin:
        costs, home = _rounds(origin, pages, Path(temporary))
        say(f"{pages} pages, {ROUNDS} rounds, medians; ratios to stock Scrapy of the same round\n")
        for name in CLIENTS:
            say(_row(costs, name, pages))
        say(_again(origin, home))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
