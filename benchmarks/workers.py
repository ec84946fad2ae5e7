"""Reading texts by two workers and by one process: ``python -m benchmarks.workers [COPIES [ROUNDS]]``.

Articles of the invented county, each copied with words of its own, are extracted and flagged in a home
folder, by one process and by two in turns, after a short round that loads the weights. Prints articles a
second by the clock, and the ratio; then the same in processor time, which other work on the machine cannot
lengthen by much: what all processes took (writer, scheduler, workers, Prefect's server) for an article, and
from it the ratio that two cores with nothing else to do would give at best; and what the writer takes. Last
the memory of a worker and the bytes stored an article.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import psutil

from flows.pipeline import stages
from flows.pipeline.sources import Over, Sources
from flows.schedule.environment import prepare
from ledger.outlet import Outlet
from ledger.settings import Settings, load, quiet_libraries
from ledger.storage import records, warehouse
from ledger.types import Article
from nlp.annotate import article_of
from nlp.officials.register import Register

COPIES, ROUNDS = 3, 2
WARM = 50  # articles of the first round
WORKERS = 2
SAMPLE = Path(str(files("sample"))) / "marlshire"


@dataclass
class Taken:
    """Of a round: seconds by the clock; processor seconds of all processes, the most of one, and of this."""

    clock: float
    processor: float
    longest: float
    writer: float


def _articles(copies: int, mark: str) -> list[Article]:
    lines = map(json.loads, (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    made = []
    for line in lines:
        for copy in range(copies):
            one = article_of(line)
            name = f"{one.id}-{mark}-{copy}"
            made.append(
                replace(one, id=name, url=f"http://127.0.0.1/{name}", text=f"{one.text}\n\nNo. {name}.")
            )
    return made


def _processor() -> dict[int, float]:
    """Processor seconds so far of this process and all below it."""
    me = psutil.Process()
    return {one.pid: sum(one.cpu_times()[:2]) for one in [me, *me.children(recursive=True)]}


def _round(home: Settings, sources: Sources, articles: Sequence[Article]) -> Taken:
    """Extract and flag these articles, put into that home before the clock starts."""
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(connection, articles, "bench")
    before, start = _processor(), time.perf_counter()
    stages.extract(home, sources, "bench")
    stages.flag(home, sources, "bench")
    clock = time.perf_counter() - start
    spent = {process: now - before.get(process, 0.0) for process, now in _processor().items()}
    return Taken(clock, sum(spent.values()), max(spent.values()), spent[os.getpid()])


def main() -> None:
    """Measure and print."""
    copies, rounds = (int(n) for n in [*sys.argv[1:], *map(str, (COPIES, ROUNDS)[len(sys.argv) - 1 :])])
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    quiet_libraries()
    with tempfile.TemporaryDirectory() as folder:
        homes = {n: replace(load(_made(Path(folder) / str(n))), workers=n) for n in (1, WORKERS)}
        prepare(homes[WORKERS])
        from flows.schedule.workers import shared_out  # reads what was just prepared

        register = Register.load(SAMPLE / "officials.jsonl")
        taken: dict[int, list[Taken]] = {n: [] for n in homes}
        with shared_out(homes[WORKERS]) as over:
            ways: dict[int, Over] = {1: map, WORKERS: over}
            for number in range(rounds + 1):
                for n, home in homes.items():
                    sources = Sources((), register, "bench", ways[n])
                    articles = _articles(copies, str(number))
                    if number:
                        taken[n].append(_round(home, sources, articles))
                    else:
                        _round(home, sources, articles[:WARM])
            memory = [one.memory_info().rss / 2**20 for one in _workers()]
        _told(taken, len(articles))
        stored = homes[1].work.stat().st_size / (len(articles) * rounds + WARM)
    out = sys.stdout.write
    out(f"memory:        {max(memory):6.0f} MB a worker\n")
    out(f"stored:        {stored / 1024:6.1f} KB an article, before the index for search\n")


def _made(folder: Path) -> Path:
    folder.mkdir()
    with warehouse.run(load(folder)) as connection, warehouse.transaction(connection):
        records.put_outlets(connection, [Outlet("Gazette", "http://127.0.0.1/", "Marlshire")])
    return folder


def _workers() -> list[psutil.Process]:
    """The processes with the weights: those that are the largest."""
    below = psutil.Process().children(recursive=True)
    return sorted(below, key=lambda one: -one.memory_info().rss)[:WORKERS]


def _told(taken: dict[int, list[Taken]], articles: int) -> None:
    out = sys.stdout.write
    for n, found in taken.items():
        clock = statistics.median(one.clock for one in found)
        spent = statistics.median(one.processor for one in found)
        out(
            f"{n} at work:     {articles / clock:6.2f} articles a second by the clock,"
            f" {spent / articles:.3f} processor seconds an article\n"
        )
    writer = statistics.median(one.writer for one in taken[WORKERS]) / articles
    out(f"writer:        {writer:6.3f} processor seconds an article, where {WORKERS} others read\n")
    pairs = list(zip(*taken.values(), strict=True))
    clock = statistics.median(one.clock / two.clock for one, two in pairs)
    cores = statistics.median(one.processor / max(two.longest, two.processor / WORKERS) for one, two in pairs)
    out(f"ratio:         {clock:6.2f} by the clock (median of {len(pairs)} rounds)\n")
    out(f"ratio:         {cores:6.2f} by processor time, on {WORKERS} cores with nothing else to do\n")


if __name__ == "__main__":
    main()
