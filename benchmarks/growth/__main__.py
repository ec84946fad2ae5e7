"""Measures, prints and keeps the figures: ``python -m benchmarks.growth [--day N] [--stored N,N,…]``.

For each number of stored articles (`benchmarks.growth.stored`; ten statements each): a day of N new articles,
all stages and publication, in a process of its own; the same command again with nothing new; the most
memory; what readers then wait for. The reference is the same day in an empty home. Seconds are told by the
clock and of the processor: others at work on the machine lengthen the first. Homes lie in ``--folder``
and are made once. ``--seed-fault`` has each stored home extract one in fifty of its articles again: the
ratios must show it. ``--pictures`` draws what was kept last, and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.growth import curves, readers, stored, web
from flows.pipeline.versions import version
from ledger.settings import Settings, load

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "growth.json"
NEW, STORED = 100, (1_000, 10_000, 100_000)
FAULT = 0.02  # of the stored articles, where a fault is asked for
RATIO, NOTHING, MEMORY, HITS, AFTER = 1.1, 5.0, 2_000.0, 10.0, 1_000.0  # the bars: ×, s, MB, ms, ms


@dataclass
class Grown:
    """Of a home with so many articles stored: seconds by the clock and of the processor of the day, of the
    processor of its stages, of both of a run with nothing new; megabytes in memory and on the disk; what
    readers wait, in milliseconds (median, 95th percentile)."""

    stored: int
    new: int
    clock: float
    processor: float
    stages: dict[str, float]
    nothing: tuple[float, float]
    memory: float
    disk: dict[str, float]
    waits: dict[str, tuple[float, float]]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(home: Settings, *more: str) -> tuple[float, dict[str, Any]]:
    """Seconds of the whole process, and what it told."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth.day", str(home.home), *more],
        check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    return time.perf_counter() - start, json.loads(done.stdout.splitlines()[-1])


def _empty(folder: Path) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(f"as_of = {web.DAY}\n", encoding="utf-8")
    web.write_register(folder / "officials.jsonl")
    return load(folder)


def _homes(folder: Path) -> Path:
    """Where the homes lie that the present rules made: what others made would be worked through again."""
    rules = version("extract", *map(version, ("flag", "group", "track")))
    for earlier in set(folder.glob("homes-*")) - {folder / f"homes-{rules}"}:
        shutil.rmtree(earlier)
    return folder / f"homes-{rules}"


def _base(folder: Path, earlier: list[web.PaperStory]) -> Settings:
    """The home that a run made of the earlier articles."""
    made = folder / "made"
    home = _empty(folder)
    if not made.exists():
        with web.served(earlier) as origin:
            web.write_outlets(folder / "outlets.yaml", origin)
            _run(home)
        made.touch()
    return home


def _measured(kept: Settings, number: int, told: list[web.PaperStory], fault: bool) -> Grown:
    """A day in a copy of a home."""
    with tempfile.TemporaryDirectory(dir=kept.home.parent) as scratch, web.served(told) as origin:
        copied = Path(scratch) / "home"
        shutil.copytree(kept.home, copied)
        web.write_outlets(copied / "outlets.yaml", origin)
        home = load(copied)
        _, found = _run(home, *(("--again", str(FAULT)) if fault and number else ()))
        read = found["counted"]["load"][1]
        if read != len(told):
            raise SystemExit(f"{read} of {len(told)} articles came: {found}")
        clock, again = _run(home, "--cold")
        if again["counted"].get("extract", [0])[0]:
            raise SystemExit(f"what was done is done again: {again}")
        disk, waits = dict(stored.sizes(home)), readers.waits(home)
        spent, nothing = (found["all"], found["processor"]), (clock, again["whole"])
        return Grown(number, len(told), *spent, found["stages"], nothing, found["mb"], disk, waits)


def _told(grown: Grown, none: Grown) -> None:
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in grown.stages.items())
    _say(
        f"{grown.stored:>7,} stored: a day of {grown.new} articles {grown.clock:6.1f} s by the clock,"
        f" {grown.processor:.1f} s of the processor, {grown.clock / none.clock:.2f} x and"
        f" {grown.processor / none.processor:.2f} x of that on none"
    )
    _say(f"         {stages} s of the processor")
    again = f"nothing new {grown.nothing[0]:.1f} s by the clock, {grown.nothing[1]:.1f} s of the processor"
    _say(f"         {again}; {grown.memory:,.0f} MB of memory at most")
    waits = ", ".join(f"{name} {a:.1f} / {b:.1f} ms" for name, (a, b) in grown.waits.items())
    room = ", ".join(f"{what} {mb:,.0f} MB" for what, mb in grown.disk.items())
    _say(f"         {waits} (median / p95); {room}")


def _bars(none: Grown, last: Grown) -> None:
    """Each figure of the largest home beside its bar."""
    told = (
        (f"a day of {last.new:,} articles, against none stored", last.clock / none.clock, RATIO, "x"),
        ("the same by processor time", last.processor / none.processor, RATIO, "x"),
        ("nothing new to do", last.nothing[0], NOTHING, "s"),
        ("the same by processor time", last.nothing[1], NOTHING, "s"),
        ("most memory", last.memory, MEMORY, "MB"),
        ("a page of search hits, p95", last.waits["hits"][1], HITS, "ms"),
        ("a pledge's page after a decision, p95", last.waits["pledge"][1], AFTER, "ms"),
    )
    _say(f"at {last.stored:,} articles, {last.stored * stored.STATEMENTS:,} statements:")
    for what, value, bar, unit in told:
        found = "held" if value <= bar else "missed"
        _say(f"  {what:42} {value:8.2f} {unit:2} (bar: at most {bar:g}; {found})")


def main() -> None:
    """Measure and print, or draw."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    asked.add_argument("--day", type=int, default=NEW)
    asked.add_argument("--stored", type=lambda text: [int(n) for n in text.split(",")], default=list(STORED))
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "said-bench-growth")
    asked.add_argument("--seed-fault", action="store_true")
    asked.add_argument("--pictures", type=Path, metavar="FOLDER")
    given = asked.parse_args()
    if given.pictures:
        for file in curves.draw([Grown(**one) for one in json.loads(KEPT.read_text())], given.pictures):
            _say(str(file))
        return
    earlier, told = web.stories(given.day)
    homes = _homes(given.folder)
    base = _base(homes / "base", earlier)
    rows = []
    for number in (0, *given.stored):
        start = time.perf_counter()
        kept = stored.stored_home(homes / str(number), number, base) if number else _empty(homes / "0")
        if (taken := time.perf_counter() - start) > 1:
            _say(f"{number:>7,} stored: made in {taken:.0f} s")
        rows.append(_measured(kept, number, told, given.seed_fault))
        _told(rows[-1], rows[0])
    _bars(rows[0], rows[-1])
    if not given.seed_fault:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps([asdict(one) for one in rows], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
