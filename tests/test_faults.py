"""The harness of `make chaos`: a few points on a small home, and faults in the product that it finds."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from benchmarks.faults.forks import Ended
from benchmarks.faults.kills import Point, draw, kill_at, step_point
from benchmarks.faults.lanes import TrialLane
from benchmarks.faults.report import FaultReport, Skipped, TrialOutcome
from benchmarks.faults.rooms import one_line, without_rights, without_room
from benchmarks.faults.scene import LIFE, TrialScene, scene
from benchmarks.faults.state import differences, state_of
from tests.reading_home import hostile_home

pytestmark = pytest.mark.slow
_STEPS = ("decide", "digest", "backup")  # of a home that was read: `make chaos` tries the others


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialScene]:
    life, home = [step for step in LIFE if step.name in _STEPS], tmp_path_factory.mktemp("home")
    hostile_home(home)
    with scene(tmp_path_factory.mktemp("faults"), (), life, home=home) as made:
        yield made


def at(scene: TrialScene, point: Point) -> TrialOutcome:
    return kill_at(scene, point, state_of(scene.after(point.step)))


def test_points_are_drawn_over_all_commands_and_the_same_for_a_seed(small: TrialScene) -> None:
    some, again = (draw(small, 40, random.Random(5)) for _ in range(2))
    assert some == again
    assert {point.step.name for point in some} == {step.name for step in small.life}
    assert {point.way for point in some} == {"event", "step", "time"}
    assert sum("socket.connect" in point.told for point in some) > 0
    shared = [TrialLane(n, 3).mine(some) for n in range(3)]
    assert sorted(map(repr, chain(*shared))) == sorted(map(repr, some))


def test_a_kill_is_survived_and_a_fault_in_the_product_found_by_it(
    small: TrialScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = step_point(small, "digest", "socket.connect", "")
    found = at(small, point)
    assert found.struck and found.wrong == []
    monkeypatch.setattr(small, "fault", "sent-again")
    assert "was taken 2 times" in " ".join(at(small, point).wrong)


def test_a_full_disk_and_a_folder_that_may_not_be_written_end_in_a_line(small: TrialScene) -> None:
    step = small.step("backup")
    found: TrialOutcome | Skipped = without_rights(small, step)
    assert isinstance(found, TrialOutcome) and found.struck and found.wrong == []
    found = without_room(small, step, 0.5)
    if isinstance(found, Skipped):
        pytest.skip(found.why)
    assert found.struck and found.wrong == []


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (Ended(2, "home: No space left on device\n"), 0),
        (Ended(2, "said: an error of ours: OSError"), 1),
        (Ended(1, ""), 1),
        (Ended(-9, "home: gone\n"), 1),
    ],
)
def test_a_hindered_command_must_say_so_in_a_line(ended: Ended, told: int) -> None:
    assert len(one_line(ended)) == told


def test_the_report_fails_where_one_differs() -> None:
    report = FaultReport()
    report.take([TrialOutcome("killed: load", "at 5%", True, []), Skipped("disk full", "no tmpfs")])
    assert not report.failed
    report.take([TrialOutcome("killed: load", "at 7%", True, ["articles: 1 missing: x"])])
    assert report.failed
    assert [line.split() for line in report.table().splitlines()[1:]] == [
        ["killed:", "load", "2", "2", "1"],
        ["all", "2", "2", "1"],
        ["skipped:", "disk", "full:", "no", "tmpfs"],
    ]


def test_a_home_that_differs_in_a_row_is_told(small: TrialScene) -> None:
    trial = small.copy(small.kept("digest"))
    before = state_of(trial)
    with sqlite3.connect(trial.home / "decisions.sqlite") as journal:
        journal.execute("INSERT INTO decisions VALUES (999, '', 'Ann', 'note', 'x', '{}', 'more')")
    journal.close()
    told = differences(before, state_of(trial))
    assert len(told) == 1
    assert told[0].startswith("decisions.sqlite: 1 more")
    shutil.rmtree(trial.folder)


def test_nothing_of_the_harness_is_in_the_product() -> None:
    root = Path(__file__).parents[1]
    named = [
        file
        for part in ("ledger", "crawlers", "nlp", "flows", "dashboard")
        for file in (root / part).rglob("*.py")
    ]
    assert not [file for file in named if "CHAOS_" in file.read_text(encoding="utf-8")]
