"""Killed: SIGKILL of a command's whole process group at points drawn over the life, then the same command
again.

Points are drawn in three ways in turn: right after the k-th thing written, made, renamed or removed in the
folder, seen from outside (`watch`); right before the k-th step that Python itself tells of (`points`: opening
to write, renaming, connecting, starting a program); at a random share of the step's measured time.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from benchmarks.faults.report import TrialOutcome
from benchmarks.faults.scene import Course, LifeStep, Trial, TrialScene, counting
from benchmarks.faults.state import State, differences, state_of
from benchmarks.faults.watch import Killer

_WAYS = ("event", "step", "time")
ALWAYS = (  # before the last step of a command that begins with this and has that in it
    ("publish", "os.rename", "work.duckdb"),
    ("digest", "os.rename", ".txt."),
    ("digest", "socket.connect", ""),
    ("flag", "open", "run.lock"),
)
_NEXT_DAY = "2026-07-01"


@dataclass(frozen=True, slots=True)
class Point:
    """Where a step is killed: ``at`` counts events or steps, or is a share of the step's time."""

    step: LifeStep
    way: str
    at: float
    told: str


def draw(scene: TrialScene, number: int, chance: random.Random) -> list[Point]:
    """So many points over all steps, in the order of the life; those of ALWAYS come first."""
    points = [step_point(scene, *one) for one in ALWAYS if one[0] in scene.courses][:number]
    turn = 0
    while len(points) < number:
        step = scene.life[turn % len(scene.life)]
        way = _WAYS[(turn // len(scene.life) + turn) % len(_WAYS)]
        points.append(_point(step, scene.courses[step.name], way, chance))
        turn += 1
    order = {step.name: n for n, step in enumerate(scene.life)}
    return sorted(points, key=lambda point: order[point.step.name])


def _point(step: LifeStep, course: Course, way: str, chance: random.Random) -> Point:
    if way == "event":
        at = chance.randint(1, course.events)
        return Point(step, way, at, f"after event {at} of {course.events}")
    if way == "step" and course.steps:
        at = chance.randint(1, len(course.steps))
        return Point(step, way, at, f"before step {at}, {_short(course.steps[at - 1])}")
    share = chance.random()
    return Point(step, "time", share, f"at {share:.0%} of its time")


def _short(step: str) -> str:
    event, _, where = step.partition(" ")
    return f"{event} {where.rpartition('/')[2]}"


def step_point(scene: TrialScene, name: str, event: str, part: str) -> Point:
    """Before the last step of that command which begins with ``event`` and has ``part`` in it."""
    told = scene.courses[name].steps
    at = max(n for n, one in enumerate(told, 1) if one.startswith(event) and part in one)
    return Point(scene.step(name), "step", at, f"before step {at}, {_short(told[at - 1])}")


def kill_points(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome]:
    """Kill at each point, run the command again, and compare."""
    wanted: dict[str, State] = {}
    for point in scene.lane.mine(draw(scene, number, random.Random(seed))):
        if point.step.name not in wanted:
            wanted[point.step.name] = state_of(scene.after(point.step))
        yield kill_at(scene, point, wanted[point.step.name])


def kill_at(scene: TrialScene, point: Point, wanted: State) -> TrialOutcome:
    """One point."""
    step, course = point.step, scene.courses[point.step.name]
    trial = scene.before(step)
    killed = disturb(scene, point, trial)
    again = scene.run(step, trial)
    told = [] if again.status == 0 else [f"run again it ended with {again.status}: {again.said[-300:]}"]
    told += differences(wanted, state_of(trial))
    told += letters_wrong(scene, course, trial)
    scene.drop(trial, bool(told))
    return TrialOutcome(
        f"killed: {step.name}", point.told + ("" if killed else " (it had ended)"), killed, told
    )


def disturb(scene: TrialScene, point: Point, trial: Trial) -> bool:
    """Run the step and kill it at the point; False where it ended before."""
    step, course = point.step, scene.courses[point.step.name]
    scene.show(step.edition)
    environment = scene.environment(trial)
    tally = trial.folder.with_suffix(".tally")
    killer = Killer(trial.folder)
    if point.way == "event":
        killer = Killer(trial.folder, events=int(point.at))
    elif point.way == "step":
        environment |= counting(trial, tally, int(point.at))
    else:
        killer = Killer(trial.folder, seconds=max(point.at * course.seconds, 0.01))
    return scene.forks.run(scene.arguments(step, trial), trial.said, environment, killer).status == -9


def letters_wrong(scene: TrialScene, course: Course, trial: Trial) -> list[str]:
    """No letter twice and none lost. One of which nobody can tell whether it arrived is noted as such, and
    what it told is told by the next day's."""
    taken, wanted = _letters(scene.post.letters()), _letters(course.letters)
    told = [f"letter {name} was taken {n} times" for name, n in taken.items() if n > max(wanted[name], 1)]
    missing = sum((wanted - taken).values())
    doubtful = in_doubt(trial)
    if missing > doubtful:
        told.append(f"{missing} letters missing, {doubtful} of them noted as unknown")
    if doubtful:
        scene.post.mail.taken.clear()
        again = scene.forks.run(["digest", "--date", _NEXT_DAY], trial.said, scene.environment(trial))
        if again.status != 0:
            told.append(f"the next day's digest ended with {again.status}: {again.said[-300:]}")
        if in_doubt(trial):
            told.append("the next day's letter does not cover one that is unknown")
    return told


def in_doubt(trial: Trial) -> int:
    """Letters of which the journal says that nobody can tell."""
    if not (trial.home / "deliveries.sqlite").exists():
        return 0
    with closing(sqlite3.connect(trial.home / "deliveries.sqlite")) as journal:
        query = "SELECT count(*) FROM standing WHERE step IN ('unknown', 'committed')"
        return int(journal.execute(query).fetchone()[0])


def _letters(taken: Counter[str]) -> Counter[str]:
    """Letters by names without the time of day in them, and the hook's without the length."""
    plain: Counter[str] = Counter()
    for name, n in taken.items():
        plain[re.sub(r"T\d{6}", "T#", " ".join(name.split()[:2]))] += n
    return plain
