"""``python -m benchmarks.fuzz``: the parts that are asked for, the table, and exit status 1 where an
input was not taken rightly."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator

import click

from benchmarks.faults.report import FaultReport, Measured, TrialOutcome
from benchmarks.fuzz.inputs import inputs as hostile_inputs
from benchmarks.fuzz.line import line
from benchmarks.fuzz.planted import FAULTS
from benchmarks.fuzz.pure import pure

_WITH_FAULT = 100  # inputs that are enough to find one
Outcomes = Iterator[TrialOutcome | Measured]
PARTS: dict[str, Callable[[int, int], Outcomes]] = {"pure": pure, "line": line, "inputs": hostile_inputs}


@click.command()
@click.option(
    "--inputs",
    type=click.IntRange(10),
    default=2_000,
    show_default=True,
    help="Mutated inputs that are served; others in proportion.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(list(PARTS)), help="Only this one. Default: all."
)
@click.option(
    "--seed-fault",
    "fault",
    type=click.Choice(list(FAULTS)),
    help="Put this fault into the product; the part that must find it runs.",
)
def main(inputs: int, seed: int, parts: tuple[str, ...], fault: str | None) -> None:
    """What the program takes without falling."""
    begun, report = (
        time.monotonic(),
        FaultReport(("What was given", "inputs", "refused", "wrong"), every=False),
    )
    if fault:
        parts, inputs = (FAULTS[fault][0],), min(inputs, _WITH_FAULT)
    for name in parts or PARTS:
        if fault and name == "line":
            report.take(line(inputs, seed, fault))
            continue
        if fault:
            FAULTS[fault][1]()
        report.take(PARTS[name](inputs, seed))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    click.echo(report.table())
    took = f"{time.monotonic() - begun:,.0f} s, {seconds:,.0f} s of them on a processor"
    click.echo(f"{took}; {os.cpu_count()} cores; seed {seed}; {inputs:,} inputs")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
