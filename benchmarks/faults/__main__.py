"""``python -m benchmarks.faults``: the parts that are asked for, the table, and exit status 1 where one
differs."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click

from benchmarks.faults.clocks import wrong_clock
from benchmarks.faults.flips import flipped_bytes
from benchmarks.faults.kills import ALWAYS, kill_points
from benchmarks.faults.lanes import TrialLane
from benchmarks.faults.points import FAULTS
from benchmarks.faults.report import FaultReport, Skipped, TrialOutcome
from benchmarks.faults.rooms import full_disk, read_only
from benchmarks.faults.scene import OUTLETS, TrialScene, scene
from benchmarks.faults.together import open_dashboard, two_at_once

TrialPart = Callable[[TrialScene, int, int], Iterator[TrialOutcome | Skipped]]
PARTS: dict[str, tuple[TrialPart, float]] = {  # and how many of a hundred trials are its own
    "kills": (kill_points, 1.0),
    "full": (full_disk, 0.1),
    "readonly": (read_only, 0.06),
    "clock": (wrong_clock, 0.1),
    "twice": (two_at_once, 0.08),
    "dashboard": (open_dashboard, 0.04),
    "flips": (flipped_bytes, 0.15),
}


@click.command()
@click.option(
    "--points",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="Kill points; others in proportion.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(list(PARTS)), help="Only this one. Default: all."
)
@click.option(
    "--outlet",
    "outlets",
    multiple=True,
    default=OUTLETS,
    show_default=True,
    help="Of the sample web. Fewer are quicker.",
)
@click.option(
    "--seed-fault",
    "faults",
    multiple=True,
    type=click.Choice([*FAULTS, "all"]),
    help="Put this fault into the product, and tell whether its part finds it; nothing else is tried.",
)
@click.option(
    "--lanes",
    "number",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="one a core",
    help="Processes that share the trials out.",
)
def main(
    points: int,
    seed: int,
    parts: tuple[str, ...],
    outlets: tuple[str, ...],
    faults: tuple[str, ...],
    number: int,
) -> None:
    """What the program survives."""
    begun, report = time.monotonic(), FaultReport()
    work = partial(_try, points, seed, parts or tuple(PARTS), outlets)
    if faults:
        work = partial(_find, points, seed, tuple(FAULTS) if "all" in faults else faults, outlets)
    with ProcessPoolExecutor(number, mp_context=get_context("fork")) as pool:
        report.join(list(pool.map(work, [TrialLane(n, number) for n in range(number)])))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    click.echo(report.table())
    took = f"{time.monotonic() - begun:,.0f} s, {seconds:,.0f} s of them on a processor"
    click.echo(f"{took}; {os.cpu_count()} cores; seed {seed}")
    sys.exit(1 if report.failed else 0)


def _try(
    points: int, seed: int, parts: Collection[str], outlets: Collection[str], lane: TrialLane
) -> FaultReport:
    """What came of a lane's trials."""
    report = FaultReport()
    with (
        tempfile.TemporaryDirectory(prefix="said-chaos-") as folder,
        scene(Path(folder), outlets, lane=lane) as made,
    ):
        for name in parts:
            report.take(_trials(made, name, points, seed))
    return report


def _find(
    points: int, seed: int, faults: Collection[str], outlets: Collection[str], lane: TrialLane
) -> FaultReport:
    """Whether each of a lane's faults is found: one that is not is wrong."""
    report = FaultReport()
    with tempfile.TemporaryDirectory(prefix="said-chaos-") as folder, scene(Path(folder), outlets) as made:
        for fault in lane.mine(faults):
            made.fault, part = fault, FAULTS[fault][0]
            trials = _trials(made, part, len(ALWAYS) if part == "kills" else points, seed)
            found = next((one for one in trials if isinstance(one, TrialOutcome) and one.wrong), None)
            point = f"by {found.group}, {found.point}: {found.wrong[0]}" if found else "by none"
            wrong = [] if found else ["it was not found"]
            report.take([TrialOutcome(f"fault {fault}", point, found is not None, wrong)])
    return report


def _trials(made: TrialScene, name: str, points: int, seed: int) -> Iterator[TrialOutcome | Skipped]:
    part, share = PARTS[name]
    return part(made, max(1, round(points * share)), seed)


if __name__ == "__main__":
    main()
