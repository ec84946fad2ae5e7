"""A disk that is full, and a folder that may not be written: each command ends in one line, and done again
with room and rights it leaves what it would have left at once.

The full disk is a small tmpfs that this program mounts where it may; elsewhere the part is skipped by name.
Rights are taken from folder and process alike, since root would write all the same.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.forks import Ended
from benchmarks.faults.report import Skipped, TrialOutcome
from benchmarks.faults.scene import LifeStep, Trial, TrialScene
from benchmarks.faults.state import State, differences, state_of

_BLOCK = 4096
_NOT_THESE = ("decide",)  # the editor is no command of the product's
_ROOM = 256_000_000  # bytes of the tmpfs once there is room again
_LOOK = 0.002  # seconds between two looks at how full it is


class _NoDiskError(Exception):
    """This machine lets nobody mount a disk."""


def full_disk(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome | Skipped]:
    """So many points: at each a step of the life meets a disk that takes a random share of what it would
    write."""
    chance = random.Random(seed)
    steps = [step for step in scene.life if step.name not in _NOT_THESE]
    chance.shuffle(steps)
    turns = [(steps[turn % len(steps)], chance.random()) for turn in range(number)]
    for step, share in scene.lane.mine(turns):
        outcome = without_room(scene, step, share)
        yield outcome
        if isinstance(outcome, Skipped):
            return


def without_room(scene: TrialScene, step: LifeStep, share: float) -> TrialOutcome | Skipped:
    """The step with room for this share of what it takes at most while it works."""
    trial = scene.before(step)
    try:
        with _small_disk(scene.folder / "disk") as disk:
            return _on_disk(scene, step, trial, disk, share)
    except _NoDiskError as error:
        return Skipped("disk full", f"no tmpfs can be mounted here ({error})")
    finally:
        scene.drop(trial)


class _Most:
    """How much of a disk is taken at most until a command has ended: a ``watch`` of `Forks.run`."""

    def __init__(self, disk: Path) -> None:
        self._disk, self._before, self.taken = disk, _free(disk), 0

    def __call__(self, group: int, ended: int) -> None:
        over = False
        while not over:
            over = ended in select.select([ended], [], [], _LOOK)[0]
            self.taken = max(self.taken, self._before - _free(self._disk))


def _on_disk(scene: TrialScene, step: LifeStep, plain: Trial, disk: Path, share: float) -> TrialOutcome:
    said, trial, wanted = scene.folder / "full.said", Trial(disk / "trial"), state_of(scene.after(step))
    if step.name not in scene.rooms:
        plain.copied_to(trial)
        most = _Most(disk)
        with scene.sound():
            _run(scene, step, trial, said, most)
        scene.rooms[step.name] = most.taken
        shutil.rmtree(trial.folder)
    plain.copied_to(trial)
    scene.post.clear()
    filler = disk / "filler"
    left = int(share * scene.rooms[step.name] / _BLOCK) * _BLOCK
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(_free(disk) - left, _BLOCK))
    ended = _run(scene, step, trial, said)
    filler.unlink()
    told = one_line(ended)
    again = _run(scene, step, trial, said)
    if again.status != 0:
        told.append(f"with room again it ended with {again.status}: {again.said[-300:]}")
    told += differences(wanted, state_of(trial))
    end = ended.said.strip().splitlines()[-1][:120] if ended.status else "enough"
    point = f"{step.name} with {left // 1000:,} kB of room: {end}"
    return TrialOutcome("disk full", point, ended.status != 0, told)


def _run(scene: TrialScene, step: LifeStep, trial: Trial, said: Path, watch: _Most | None = None) -> Ended:
    scene.show(step.edition)
    return scene.forks.run(scene.arguments(step, trial), said, scene.environment(trial), watch)


def one_line(ended: Ended) -> list[str]:
    """What is wrong with how a hindered command ended: it must say so in a line, without a traceback."""
    if ended.status == 0:
        return []
    last = (ended.said.strip().splitlines() or [""])[-1]
    if "Traceback" in ended.said or "an error of ours" in ended.said:
        return [f"ended with {ended.status} and no line of its own: {ended.said[-400:]}"]
    if ended.status not in (1, 2) or not last:
        return [f"ended with {ended.status}: {ended.said[-300:]}"]
    return []


def _free(disk: Path) -> int:
    return os.statvfs(disk).f_bavail * _BLOCK


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    """A tmpfs of its own. Raises _NoDiskError where none may be mounted."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise _NoDiskError(done.stderr.strip() or f"mount ended with {done.returncode}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def read_only(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome | Skipped]:
    """Commands of the life in a home that may not be written, in a process that may not pass over that."""
    chance = random.Random(seed)
    steps = [step for step in scene.life if step.name not in (*_NOT_THESE, "restore")]
    for step in scene.lane.mine(chance.sample(steps, min(number, len(steps)))):
        yield without_rights(scene, step)


def without_rights(scene: TrialScene, step: LifeStep) -> TrialOutcome:
    """One of them."""
    trial = scene.before(step)
    before = state_of(trial)
    with _barred(trial.home), _barred(trial.out):
        ended = scene.run(step, trial, {"CHAOS_BARRED": "1"})
    told = one_line(ended)
    if ended.status == 0:
        told.append("it ended with 0 in a folder that may not be written")
    told += [f"changed: {line}" for line in differences(before, state_of(trial))]
    told += _then_well(scene, step, trial, state_of(scene.after(step)))
    point = f"{step.name}: {(ended.said.strip().splitlines() or ['nothing'])[-1][:140]}"
    scene.drop(trial, bool(told))
    return TrialOutcome("folder read-only", point, ended.status != 0, told)


def _then_well(scene: TrialScene, step: LifeStep, trial: Trial, wanted: State) -> list[str]:
    again = scene.run(step, trial)
    told = (
        [] if again.status == 0 else [f"with rights again it ended with {again.status}: {again.said[-300:]}"]
    )
    return told + differences(wanted, state_of(trial))


@contextmanager
def _barred(folder: Path) -> Iterator[None]:
    """Nothing below may be written."""
    modes = {one: one.stat().st_mode for one in [folder, *folder.rglob("*")]}
    for one, mode in modes.items():
        one.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for one, mode in modes.items():
            if one.exists():
                one.chmod(mode)
