"""A clock that is wrong: set back and forward between commands, and both changes of the British clocks.

The times that Python gives are shifted (time-machine) in every process of a command; those of SQL's own
``now()``, by which only the noting of a run is dated, and of the file system stay true. The day that all is
reckoned from is fixed by ``as_of``, so that the clock alone differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.faults.kills import letters_wrong
from benchmarks.faults.report import TrialOutcome
from benchmarks.faults.scene import Course, LifeStep, Trial, TrialScene
from benchmarks.faults.state import State, differences, state_of

_LINE = ("digest", "run")  # the commands between which the clock moves
_REBUILD = LifeStep("rebuild", ("rebuild",), edition=2)


def _cases() -> list[tuple[str, str, str]]:
    """What happens, and what the clock shows when the first and the second command begin; "" for the true
    time."""
    now = datetime.now(UTC)
    day, year = timedelta(days=1), timedelta(days=365)
    return [
        ("set back by a day after the first", "", (now - day).isoformat()),
        (
            "spring: forward by an hour within a command",
            "2026-03-29T00:59:58+00:00",
            "2026-03-29T01:00:30+00:00",
        ),
        (
            "autumn: back by an hour within a command",
            "2026-10-25T00:59:58+00:00",
            "2026-10-25T01:00:30+00:00",
        ),
        ("a year ahead, then set right", (now + year).isoformat(), ""),
        ("set back by a year, then set right", (now - year).isoformat(), ""),
        ("set ahead by a day after the first", "", (now + day).isoformat()),
    ]


def wrong_clock(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome]:
    """Two commands of the life, the clock moved, then a rebuild; all must be as with a right clock."""
    mine = scene.lane.mine(_cases()[:number])
    if not mine:
        return
    reference = scene.copy(scene.kept(_LINE[0]))
    with scene.sound():
        wanted, course = _live(scene, reference, ("", "")), _course(scene)
    scene.drop(reference)
    for told, first, second in mine:
        trial = scene.copy(scene.kept(_LINE[0]))
        found = _live(scene, trial, (first, second))
        wrong = [f"{name}: {line}" for name in wanted for line in differences(wanted[name], found[name])]
        wrong += letters_wrong(scene, course, trial)
        scene.drop(trial, bool(wrong))
        yield TrialOutcome("clock", told, True, wrong)


def _live(scene: TrialScene, trial: Trial, clocks: tuple[str, str]) -> dict[str, State]:
    """The home after the two commands, and after a rebuild; and how these ended."""
    ends = []
    for name, clock in zip(_LINE, clocks, strict=True):
        step = scene.step(name)
        ended = scene.run(step, trial, {"CHAOS_CLOCK": clock, "TZ": "Europe/London"} if clock else {})
        ends.append(f"{name}: {ended.status} {ended.said[-300:] if ended.status else ''}")
    after = state_of(trial)
    ends.append(f"rebuild: {scene.run(_REBUILD, trial).status}")
    return {"after": after, "rebuilt": state_of(trial), "ends": {"ended": ends}}


def _course(scene: TrialScene) -> Course:
    """What a right clock brings: the letters of all commands."""
    first = scene.courses[_LINE[0]]
    return Course(0, (), 0.0, scene.post.letters(), first.texts)
