"""The gate itself: a floor rises freely, falls only when it is named, and stands on its labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import gate

FLOORS = {"hythe": {"statements F1": 0.9, "speaker wrong": 0.03, "called kept that is not": 1.0}}


def found(**given: float) -> dict[str, dict[str, float]]:
    return {"hythe": {name.replace("_", " "): value for name, value in given.items()}}


GOOD = found(statements_F1=0.95, speaker_wrong=0.01, called_kept_that_is_not=0.0)
WORSE = found(statements_F1=0.899, speaker_wrong=0.031, called_kept_that_is_not=2.0)


def test_each_figure_on_the_wrong_side_of_its_floor_is_told() -> None:
    assert gate.fallen(FLOORS, GOOD) == {}
    assert gate.fallen(FLOORS, WORSE) == {
        "hythe:statements F1": (0.899, 0.9),
        "hythe:speaker wrong": (0.031, 0.03),
        "hythe:called kept that is not": (2.0, 1.0),
    }
    with pytest.raises(KeyError):
        gate.fallen(FLOORS, {})


def test_a_floor_rises_to_a_little_under_the_figure() -> None:
    assert gate.updated(FLOORS, GOOD) == found(
        statements_F1=0.935, speaker_wrong=0.025, called_kept_that_is_not=0.0
    )


def test_a_floor_near_its_figure_stays() -> None:
    near = found(statements_F1=0.905, speaker_wrong=0.02, called_kept_that_is_not=1.0)
    assert gate.updated(FLOORS, near) == FLOORS


def test_no_floor_is_lowered_untold() -> None:
    with pytest.raises(gate.Refused, match=r"statements F1 \(0\.899 under 0\.900\)"):
        gate.updated(FLOORS, WORSE)
    some = ["hythe:statements F1", "hythe:speaker wrong"]
    with pytest.raises(gate.Refused, match="called kept"):
        gate.updated(FLOORS, WORSE, some)
    lowered = gate.updated(FLOORS, WORSE, [*some, "hythe:called kept that is not"])
    assert lowered == found(statements_F1=0.88, speaker_wrong=0.05, called_kept_that_is_not=2.0)


def test_other_labels_are_not_taken_untold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held = (tmp_path / "floors.json").resolve()
    held.write_text(gate.FILE.read_text("utf-8").replace('"labels": "', '"labels": "0'), "utf-8")
    monkeypatch.setattr(gate, "FILE", held)
    assert gate.main([]) == gate.main(["--update"]) == 1
    assert held.read_text("utf-8").count('"labels": "0') == 1


def test_the_floors_stand_on_the_labels_they_were_set_on() -> None:
    labels, floors = gate.read()
    assert labels == gate.labels_hash(list(floors))
