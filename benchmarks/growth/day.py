"""One run in a process of its own: ``python -m benchmarks.growth.day HOME [--cold] [--again FRACTION]``.

All stages in order and publication, as `said run` does them, after the models have been loaded (``--cold``:
before). Prints one line of JSON: seconds by the clock and of the processor, those of the processor by stage,
what each stage counted, and the most memory at any time (of this process, with the crawl's while that runs).
``--again FRACTION``, a seeded fault: that share of what is stored is extracted again.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from flows.pipeline.runner import run_stage, run_stages
from flows.pipeline.sources import load_sources
from flows.pipeline.stages import extracted
from ledger.counts import Counts
from ledger.settings import load, quiet_libraries
from ledger.storage import warehouse
from ledger.types import Article
from nlp.models import learned
from nlp.text.embeddings import Embedder

WARM = "The council will open a library by May 2027, the leader of the council, Ada Reed, said."


def main() -> None:
    """Run and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("home", type=Path)
    asked.add_argument("--again", type=float, default=0.0)
    asked.add_argument("--cold", action="store_true")
    given = asked.parse_args()
    quiet_libraries()
    settings = load(given.home)
    sources = load_sources(settings)
    if not given.cold:
        extracted([Article("warm", "Register", "", "", WARM)], sources.register, settings.spacy_model, 0.5)
        learned.shipped()
        Embedder().encode([WARM])
    if given.again:
        with warehouse.run(settings) as connection:
            connection.execute(
                "DELETE FROM done WHERE stage = 'extract' AND hash(item) % 10000 < ?", [given.again * 10000]
            )
    seconds: dict[str, float] = {}
    counted: dict[str, list[int]] = {}
    most = [0.0]

    def do(name: str, run_id: str) -> Counts:
        start = _processor()
        counts = run_stage(name, settings, sources, run_id)
        seconds[name] = _processor() - start
        if name == "crawl":  # the only one that starts another process, and it waits for it
            most[0] = _most_memory(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        counted[name] = [counts.read, counts.written, len(counts.problems)]
        return counts

    start, busy = time.perf_counter(), _processor()
    with redirect_stdout(io.StringIO()):
        run_stages(settings, sources, do)
    told: dict[str, object] = {"all": time.perf_counter() - start, "processor": _processor() - busy}
    told |= {"whole": _processor(), "mb": max(*most, _most_memory()), "stages": seconds, "counted": counted}
    sys.stdout.write(json.dumps(told) + "\n")


def _processor() -> float:
    """Processor seconds so far of this process and those that it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _most_memory(also: int = 0) -> float:
    """Megabytes of this process at its most, with the largest of those it started where ``also`` is that."""
    unit = 1024 * (1024 if sys.platform == "darwin" else 1)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + also) / unit


if __name__ == "__main__":
    main()
