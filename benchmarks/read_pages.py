"""How long the dashboard's pages take to be drawn in a real browser: a part of `benchmarks.read`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ledger.decisions import journal
from ledger.queries import official_page, pledge_list, pledge_page
from ledger.queries.pledge_list import Filter
from ledger.settings import Settings
from ledger.types import Decision
from tests.browser import CHROMIUM, DRIVER, READY, chromium, serving

VISITS = 5
WIDTH = 1440


def _drawn(driver: Any, address: str) -> float:
    """Seconds from asking for a page until it stands."""
    start = time.perf_counter()
    driver.get(address)
    while not driver.execute_script(READY):
        time.sleep(0.01)
        if time.perf_counter() - start > 120:
            raise SystemExit(f"{address} was not drawn within two minutes")
    return time.perf_counter() - start


def _pages(home: Settings) -> tuple[str, dict[str, str]]:
    """A pledge to decide on, and the address of every kind of page, of the largest that the home holds."""
    largest = pledge_list.pledges(home, Filter(sort="evidence"), 1)[0]
    page = pledge_page.pledge(home, largest.id)
    assert page and page.stated[0].published
    official = max(official_page.officials(home), key=lambda one: one.statements)
    middle = page.stated[len(page.stated) // 2].published or page.stated[0].published
    lists = ("statuses", "silent", "speakers", "merges", "splits", "newcomers", "journal")
    return largest.id, {
        "overview": "",
        "pledges": "pledges",
        "pledges, filtered": f"pledges?owner={quote(largest.owner)}&status={largest.status}",
        "pledges, words": f"pledges?q={quote(' '.join(largest.words.split()[:2]))}",
        "pledge": f"pledge?id={largest.id}",
        "pledge as known on": f"pledge?id={largest.id}&on={middle:%Y-%m-%d}",
        "search": "search?q=%22the+end+of%22",
        "search by meaning": "search?q=more+buses+in+the+evening&order=meaning",
        "evidence card": f"quotation?id={page.stated[0].statement_id}",
        "officials": "officials",
        "official": f"officials?id={official.id}",
        **{f"review: {name}": f"review?list={name}" for name in lists},
        "coverage": "coverage",
    }


def draw(home: Settings) -> None:
    """Print for each page the median of some visits, after a first, and each after a fresh decision."""
    say = sys.stdout.write
    if not (CHROMIUM and DRIVER):
        say("pages: chromium and chromedriver are not on the PATH (Debian: chromium, chromium-driver)\n")
        return
    pledge_id, pages = _pages(home)
    with (
        tempfile.TemporaryDirectory() as profile,
        serving(home) as address,
        chromium(WIDTH, Path(profile)) as driver,
    ):
        for name, place in pages.items():
            first = _drawn(driver, address + place)
            again = statistics.median(_drawn(driver, address + place) for _ in range(VISITS))
            fresh: list[float] = []
            for _ in range(VISITS):
                status: dict[str, object] = {"status": ("stalled", "unclear")[len(fresh) % 2]}
                journal.record(home, Decision("set_status", pledge_id, status, "Ed", "read"))
                fresh.append(_drawn(driver, address + place))
            say(f"page {name:18} first {first:.2f} s, again {again:.2f} s, after a decision ")
            say(f"{statistics.median(fresh):.2f} s  (bar: 1 s after a decision)\n")
            sys.stdout.flush()
