"""Measures all anew and writes the report that ships: `python -m nlp.evaluation`, or `make eval`.

What ships reads the regions that nothing learned from. Every other region is read by a tagger, an encoder
and votes that left its list of `folds.yaml` out: the votes are fitted here. Answers are kept under the folder
given with ``--work`` by the state of code and labels, so that a run that was cut short goes on, and figures
can be reckoned anew at once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ledger.errors import WrongUse
from ledger.outputs.quality import accuracy
from nlp.evaluation import names_alike
from nlp.evaluation.answers import Answers, alone, answers, keep, kept
from nlp.evaluation.report import Read, report_of
from nlp.models import regions
from nlp.models.regions import Region
from nlp.training import votes
from nlp.training.promises import fold_encoders

WORK = Path("build/evaluation")
ROOT = Path(__file__).parents[2]
READ_BY = ("nlp", "ledger")  # folders whose state the answers hang on
NOT_READ = ("nlp/evaluation", "ledger/outputs", "ledger/presentation", "ledger/queries", "ledger/search")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, tells how it goes, and writes the report. Exit status 2 where the regions are not there."""
    ask = argparse.ArgumentParser(prog="python -m nlp.evaluation", description=__doc__.split("\n\n")[0])
    ask.add_argument("--work", type=Path, default=WORK, help="where answers are kept")
    asked = ask.parse_args(arguments)
    try:
        if not regions.FOLDER.is_dir():
            raise WrongUse(f"the labelled regions are missing: {regions.FOLDER}; measure in a clone")
        work = Work(asked.work / state(ROOT))
        fresh = [regions.load(name, regions.FRESH) for name in regions.names(regions.FRESH)]
        sets = {"fresh": [work.read(region, "fresh") for region in fresh], "left_out": left_out(work)}
        report = report_of(sets, work.names())
    except WrongUse as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 2
    accuracy.FILE.write_text(accuracy.written(report), encoding="utf-8")
    tell(f"{accuracy.FILE.relative_to(ROOT)} is written; `said evaluate` shows it")
    return 0


def left_out(work: Work) -> list[Read]:
    """Every region that rules were not fitted to, as read by what left its list out."""
    listed = [regions.load(name) for name in regions.names()]
    if not all(work.has(region, "left_out") for region in listed):
        judged = votes.judging(listed, fold_encoders.folds(), tell)
        for region in listed:
            weights, read = judged.weights[region.name], judged.read[region.name]
            work.made(region, "left_out", partial(answers, region, weights, read))
            work.made(region, "left_out_alone", partial(alone, region, weights))
    return [work.read(region, "left_out") for region in listed if region.name not in regions.FITTED]


class Work:
    """The folder in which answers are kept, a file for a region and how it was read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, region: Region, how: str) -> bool:
        """Whether a region's answers are there, with its register and without."""
        return all(self._file(region, kind).is_file() for kind in (how, f"{how}_alone"))

    def read(self, region: Region, how: str) -> Read:
        """A region's answers; what is not there is asked of what ships."""
        given = self.made(region, how, partial(answers, region))
        return Read(region, given, self.made(region, f"{how}_alone", partial(alone, region)))

    def made(self, region: Region, how: str, make: Callable[[], Answers]) -> Answers:
        """What is kept, or is made now and kept."""
        file = self._file(region, how)
        if not file.is_file():
            keep(make(), file)
            tell(f"{region.name}, {how.replace('_', ' ')}: read")
        return kept(file)

    def names(self) -> names_alike.PlainNames:
        """How composed names fare."""
        file = self.folder / "names.json"
        if not file.is_file():
            rows = [row for group in names_alike.groups() for row in names_alike.asked(group)]
            file.write_text(json.dumps(names_alike.told(rows), ensure_ascii=False), encoding="utf-8")
            tell("names of all groups: read")
        found: names_alike.PlainNames = json.loads(file.read_text(encoding="utf-8"))
        return found

    def _file(self, region: Region, how: str) -> Path:
        return self.folder / f"{region.name}.{how}.json"


def state(root: Path) -> str:
    """Names the state of what the answers hang on: code, phrases, weights and labels."""
    digest = hashlib.sha256()
    for file in sorted(path for part in READ_BY for path in (root / part).rglob("*") if path.is_file()):
        name = file.relative_to(root).as_posix()
        if not name.startswith(NOT_READ) and "__pycache__" not in name:
            digest.update(f"{name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def tell(text: str, began: float = time.monotonic()) -> None:
    """A line of how it goes, with the minutes since the beginning, at once."""
    sys.stdout.write(f"{(time.monotonic() - began) / 60:5.1f} min  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
