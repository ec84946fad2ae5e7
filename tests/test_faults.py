"""The harness of `make chaos`: a few points on a small home, and faults in the product that it finds."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults.kills import Point, draw, kill_at, kill_points, step_point
from benchmarks.faults.report import FaultReport, Skipped, TrialOutcome
from benchmarks.faults.rooms import without_room
from benchmarks.faults.scene import LIFE, TrialScene, scene
from benchmarks.faults.state import differences, state_of

pytestmark = pytest.mark.slow
_LEFT_OUT = ("add", "run", "restore", "forget", "export")  # they take too long for a test
_OUTLETS = ("Marlshire Combined Authority",)  # three articles


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialScene]:
    life = [step for step in LIFE if step.name not in _LEFT_OUT]
    with scene(tmp_path_factory.mktemp("faults"), _OUTLETS, life) as made:
        yield made


def at(scene: TrialScene, point: Point) -> TrialOutcome:
    return kill_at(scene, point, state_of(scene.after(point.step)))


def test_points_over_the_life_leave_all_as_it_was(small: TrialScene) -> None:
    found = list(kill_points(small, 2, 1))
    assert [one.wrong for one in found] == [[], []]
    assert any(one.struck for one in found)


def test_points_are_drawn_over_all_commands_and_the_same_for_a_seed(small: TrialScene) -> None:
    some, again = (draw(small, 40, random.Random(5)) for _ in range(2))
    assert some == again
    assert {point.step.name for point in some} == {step.name for step in small.life}
    assert {point.way for point in some} == {"event", "step", "time"}
    assert any(point.told.endswith("os.rename work.duckdb") for point in some)


@pytest.mark.parametrize(
    ("fault", "step", "event", "what", "told"),
    [
        ("unswept", "digest", "os.rename", ".txt.", "files: 1 more"),
        ("sent-again", "digest", "socket.connect", "", "was taken 2 times"),
        ("lost-row", "flag", "open", "run.lock", "commitments"),
    ],
)
def test_a_fault_in_the_product_is_found_by_a_kill(
    small: TrialScene,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    step: str,
    event: str,
    what: str,
    told: str,
) -> None:
    point = step_point(small, step, event, what)
    monkeypatch.setattr(small, "fault", fault)
    assert told in " ".join(at(small, point).wrong)


def test_a_full_disk_that_is_told_without_words_is_found(
    small: TrialScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = small.step("extract")
    found = without_room(small, extract, 0.02)
    if isinstance(found, Skipped):
        pytest.skip(found.why)
    assert found.struck
    assert found.wrong == []
    monkeypatch.setattr(small, "fault", "no-words")
    found = without_room(small, extract, 0.02)
    assert isinstance(found, TrialOutcome)
    assert "no line of its own" in " ".join(found.wrong)


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
