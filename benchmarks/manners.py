"""What a crawl does at hosts that misbehave or ask for care: ``python -m benchmarks.manners``.

One crawl of the sample's hostile hosts. Prints what was asked of the hosts that close themselves, set a delay
or ask for rest, beside stock Scrapy where it has a part for it; then every fault by the name it was counted
under, the time of the run and the crawling process's peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

from crawlers.archive.lines import Line
from crawlers.fetch.crawl import crawl
from crawlers.outlets import load_outlets
from sample.hostile import model
from sample.outlets import outlets
from sample.server import Web, serve

TIMEOUT, DRIP = 6.0, 9.0  # seconds; the slow answers take longer than the crawl waits

_STOCK = textwrap.dedent("""
    import sys
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    class Stock(Spider):
        name = "stock"

        async def start(self):
            for url in sys.argv[1:]:
                yield Request(url)

        def parse(self, response):
            pass

    process = CrawlerProcess({"ROBOTSTXT_OBEY": True, "LOG_ENABLED": False})
    process.crawl(Stock)
    process.start()
""")


def _closed_fetched(web: Web) -> int:
    return sum(visit.path in model.CLOSED for visit in web.seen(model.SENTINEL))


def _stock() -> int:
    """How many of the closed pages of a new host, queued at once, stock Scrapy fetches."""
    with serve(base_port=0, hostile=True) as web:
        urls = [web.home(model.SENTINEL).rstrip("/") + path for path in model.CLOSED]
        subprocess.run([sys.executable, "-c", _STOCK, *urls], check=True, timeout=120)
        return _closed_fetched(web)


def _peak() -> float:
    """MB of the largest process started and ended so far."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit


def _crawl(web: Web, folder: Path) -> tuple[list[Line], float]:
    path = folder / "outlets.yaml"
    path.write_text(outlets(web.base_port, hostile=True), encoding="utf-8")
    lines: list[Line] = []
    start = time.perf_counter()
    crawl(folder, load_outlets(path), timeout=TIMEOUT, progress=lines.append)
    return lines, time.perf_counter() - start


def _manners(web: Web, stock: int) -> list[str]:
    slow = [visit.at for visit in web.seen(model.TORTOISE)]
    gap = min(later - earlier for earlier, later in pairwise(slow))
    asked = web.seen(model.ECHO)
    refused = next(visit.at for visit in asked if visit.status == 429)
    rest = min(visit.at - refused for visit in asked if visit.at > refused)
    shut = sum(visit.path != "/robots.txt" for visit in web.seen(model.GAZETTE))
    forbidden = sum(visit.path != "/robots.txt" for visit in web.seen(model.ARGUS))
    return [
        f"8 closed pages of a new host at once: {_closed_fetched(web)} fetched (stock Scrapy: {stock})",
        f"robots.txt 503: {shut} fetched; 403: {forbidden} fetched",
        f"crawl delay {model.CRAWL_DELAY} s: least gap {gap:.2f} s over {len(slow)} requests",
        f"429 with Retry-After {model.RETRY_AFTER} s: next request {rest:.2f} s later",
    ]


def main() -> None:
    """Run and print."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as temporary, serve(base_port=0, hostile=True, drip=DRIP) as web:
        lines, seconds = _crawl(web, Path(temporary))
        peak = _peak()  # before stock Scrapy is started
        for text in _manners(web, _stock()):
            say(text + "\n")
    faults = Counter(str(line["reason"]) for line in lines if line["what"] == "problem")
    ended = lines[-1]["what"] == "end"
    say(f"faults counted: {', '.join(f'{reason} {count}' for reason, count in sorted(faults.items()))}\n")
    say(
        f"the run {'ended by itself' if ended else 'DID NOT END'} after {seconds:.0f} s, "
        f"peak memory {peak:.0f} MB\n"
    )


if __name__ == "__main__":
    main()
