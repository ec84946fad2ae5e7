"""The gate of quality: floors under figures on regions that nothing of these figures learned from.

`python -m tests.golden.gate` measures and tells what is under its floor; ``--update`` raises floors to a
little under what is measured now, so that rounding on another machine fails nothing. It lowers none, and
takes no other labels, unless ``--lower REGION:MEASURE`` or ``--labels`` tells it to: in a commit of its own
that says why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from math import ceil, floor
from pathlib import Path

from nlp.evaluation.answers import answers
from nlp.evaluation.measures import MEASURES, figures
from nlp.evaluation.tally import tallied
from nlp.models import regions
from nlp.training import votes

FILE = Path(__file__).with_name("floors.json")
MARGIN = 0.015  # of a share, between figure and floor
STEP = 0.005  # to which a floor is rounded
Figures = Mapping[str, Mapping[str, float]]


class Refused(Exception):
    """The floors stay as they are, and why."""


def read() -> tuple[str, dict[str, dict[str, float]]]:
    """The hash of the labels that the floors were set on, and by region the floor of each measure."""
    held = json.loads(FILE.read_text(encoding="utf-8"))
    return held["labels"], held["floors"]


def labels_hash(names: Sequence[str]) -> str:
    """The hash of what the figures of these regions are measured on."""
    digest = hashlib.sha256()
    for name in sorted(names):
        for file in ("articles.jsonl", "gold.jsonl", "officials.jsonl", "pledges.jsonl"):
            digest.update((regions.FOLDER / name / file).read_bytes())
    return digest.hexdigest()


def fallen(floors: Figures, found: Figures) -> dict[str, tuple[float, float]]:
    """The figures on the wrong side of their floor, by "region:measure": (figure, floor). Raises KeyError
    where a region or measure was not measured."""
    pairs = {f"{r}:{m}": (found[r][m], least) for r, mine in floors.items() for m, least in mine.items()}
    return {key: pair for key, pair in pairs.items() if _better(key, pair[1], pair[0])}


def updated(floors: Figures, found: Figures, lower: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """The floors raised to what was found, less a margin. Raises Refused where one would have to fall that is
    not named in ``lower``, as "region:measure"."""
    down = {key: pair for key, pair in fallen(floors, found).items() if key not in lower}
    if down:
        told = ", ".join(f"{key} ({value:.3f} under {least:.3f})" for key, (value, least) in down.items())
        raise Refused(f"no floor is lowered untold: {told}")
    made: dict[str, dict[str, float]] = {}
    for region, mine in floors.items():
        made[region] = {}
        for measure, least in mine.items():
            key, new = f"{region}:{measure}", _under(measure, found[region][measure])
            made[region][measure] = new if key in lower or _better(key, new, least) else least
    return made


def _better(key: str, one: float, other: float) -> bool:
    return one < other if MEASURES[key.partition(":")[2]].falls else one > other


def _under(measure: str, value: float) -> float:
    """A floor for a figure: a little under it, or above where less is better; a count itself."""
    if MEASURES[measure].counted:
        return value
    if MEASURES[measure].falls:
        return round(ceil(round((value + MARGIN) / STEP, 6)) * STEP, 4)
    return round(floor(round((value - MARGIN) / STEP, 6)) * STEP, 4)


def measured(name: str) -> dict[str, float]:
    """The figures of a region, read by what never saw it."""
    region = regions.load(name)
    given = answers(region, votes.judged(name))
    return figures(tallied(region.labels, given.lines, region.pledges, given.pledges))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where a figure is under its floor, or the floors may not be changed so."""
    ask = argparse.ArgumentParser(prog="python -m tests.golden.gate", description=__doc__.split("\n\n")[0])
    ask.add_argument("--update", action="store_true", help="raise the floors to what is measured now")
    ask.add_argument("--lower", action="append", default=[], metavar="REGION:MEASURE", help="lower this one")
    ask.add_argument("--labels", action="store_true", help="take the labels as they are now")
    asked = ask.parse_args(arguments)
    labels, floors = read()
    now = labels_hash(list(floors))
    if labels != now and not (asked.update and asked.labels):
        sys.stderr.write(
            "the labels are not those that the floors were set on: --update --labels takes them\n"
        )
        return 1
    found = {name: measured(name) for name in floors}
    try:
        new = updated(floors, found, asked.lower) if asked.update else floors
    except Refused as why:
        sys.stderr.write(f"{why}\n")
        return 1
    if asked.update:
        FILE.write_text(json.dumps({"labels": now, "floors": new}, indent=1) + "\n", encoding="utf-8")
        return 0
    for key, (value, least) in fallen(floors, found).items():
        sys.stdout.write(f"{key}: {value:.4f}, its floor is {least:.4f}\n")
    return bool(fallen(floors, found))


if __name__ == "__main__":
    sys.exit(main())
