"""A byte of a file flipped, as a worn disk does it: found by `said verify`, named in one line, made anew.

The warehouse is made again by `said rebuild` from archive and journal, the index and the vectors by the next
`said publish`. A byte in a place of the warehouse that holds nothing harms nothing: then all must be the same
at once. A page in the archive cannot be made again: it must be found and named.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.faults.report import TrialOutcome
from benchmarks.faults.scene import LifeStep, Trial, TrialScene
from benchmarks.faults.state import differences, state_of

_KINDS = ("warehouse", "index", "vectors", "warehouse", "index", "archive")
_AFTER = "export"  # the home before this step is whole and published
_ANEW = {"warehouse": "rebuild", "index": "publish", "vectors": "publish"}


def flipped_bytes(scene: TrialScene, number: int, seed: int, after: str = _AFTER) -> Iterator[TrialOutcome]:
    """So many flips, the kinds of files in turn, in the home as it is before the step ``after``."""
    turns = scene.lane.mine(range(number))
    if not turns:
        return
    whole = scene.copy(scene.kept(after))
    with scene.sound():
        scene.run(LifeStep("rebuild", ("rebuild",), edition=2), whole)
    wanted = {"rebuild": state_of(whole), "publish": state_of(scene.kept(after))}
    for turn in turns:
        chance = random.Random(f"{seed} {turn}")
        kind = _KINDS[turn % len(_KINDS)]
        trial = scene.copy(scene.kept(after))
        file = chance.choice(_files(trial, kind))
        at = flip(file, chance)
        found = scene.run(LifeStep("verify", ("verify",)), trial)
        told: list[str] = []
        name = file.name if kind != "vectors" else "meaning"
        named = found.status != 0 and any(name in line for line in found.said.splitlines())
        if "Traceback" in found.said or "an error of ours" in found.said:
            told.append(f"verify ended without a line of its own: {found.said[-300:]}")
        if kind in _ANEW and (named or kind != "warehouse"):
            if not named:
                told.append(f"verify did not name it: {found.said[-300:]}")
            again = scene.run(LifeStep("anew", (_ANEW[kind],), edition=2), trial)
            if again.status not in (0, 1):
                told.append(f"{_ANEW[kind]} ended with {again.status}: {again.said[-300:]}")
            told += differences(wanted[_ANEW[kind]], state_of(trial))
        elif kind == "warehouse":
            told += differences(wanted["publish"], state_of(trial))
        elif not named:
            told.append(f"verify did not name it: {found.said[-300:]}")
        scene.drop(trial, bool(told))
        place = f"{file.relative_to(trial.folder)}, byte {at:,}: {'named' if named else 'holds nothing'}"
        yield TrialOutcome(f"byte flipped: {kind}", place, named, told)
    scene.drop(whole)


def _files(trial: Trial, kind: str) -> list[Path]:
    """The files of a kind that hold something."""
    home = trial.home
    listed = {
        "warehouse": [home / "warehouse.duckdb"],
        "index": [one for one in (home / "data" / "index").glob("[0-9]/*") if one.name != "lists.crc"],
        "vectors": list((home / "data" / "index" / "meaning").iterdir()),
        "archive": sorted((home / "data" / "archive").glob("*.warc.gz")),
    }[kind]
    return sorted(one for one in listed if one.stat().st_size)


def flip(file: Path, chance: random.Random) -> int:
    """Flip one bit of a random byte; the file's times stay as they were. Gives the byte's place."""
    times, at = file.stat(), chance.randrange(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.seek(at)
        (byte,) = opened.read(1)
        opened.seek(at)
        opened.write(bytes([byte ^ 1 << chance.randrange(8)]))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    return at
