"""How long the dashboard's pages take to be drawn in a real browser: a part of `benchmarks.read`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ledger import decisions
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


def draw(home: Settings, pledge_id: str) -> None:
    """Print for each page the median of some visits, after a first, and each after a fresh decision."""
    say = sys.stdout.write
    if not (CHROMIUM and DRIVER):
        say("pages: chromium and chromedriver are not on the PATH (Debian: chromium, chromium-driver)\n")
        return
    pages = {
        "overview": "",
        "pledges": "pledges",
        "pledge": f"pledge?id={pledge_id}",
        "search": "search?q=%22the+end+of%22",
        "officials": "officials",
        "review": "review",
        "coverage": "coverage",
    }
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
                decisions.record(home, Decision("set_status", pledge_id, status, "Ed", "read"))
                fresh.append(_drawn(driver, address + place))
            say(f"page {name:10} first {first:.2f} s, again {again:.2f} s, after a decision ")
            say(f"{statistics.median(fresh):.2f} s  (bar: 1.5 s)\n")
            sys.stdout.flush()
