"""What people write in files: one plain line for whatever is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ledger.errors import WrongUse
from ledger.validation import Wanted, check, did_you_mean, load_toml, load_yaml


class Stop(BaseModel, extra="forbid", strict=True):
    name: str
    passengers: Annotated[int, Field(ge=0), Wanted("a number from 0 up")] = 0


class Route(BaseModel, extra="forbid"):
    number: Annotated[str, Field(min_length=1)]
    stops: tuple[Stop, ...] = ()
    days: Literal["weekdays", "daily"] = "daily"
    since: date | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Route:
        if len(self.stops) == 1:
            raise ValueError("has one stop; give it another")
        return self


@dataclass(frozen=True)
class Garage:
    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}
    routes: tuple[Route, ...]
    open: Annotated[bool, Field(strict=True)] = True
    names: dict[str, str] = field(default_factory=dict)


def test_what_fits_is_made() -> None:
    made = check(Garage, {"routes": [{"number": "22", "since": "2026-01-02"}]}, "garage.yaml")
    assert made == Garage((Route(number="22", since=date(2026, 1, 2)),))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (7, "must be named values, not 7"),
        ({}, 'has no routes; add a line "routes: …"'),
        ({"rutes": []}, "unknown line 'rutes'; known are names, open, routes; did you mean routes?"),
        ({"routes": [{"number": "1", 7: 8}]}, "routes 1: unknown line '7'"),
        ({"routes": 3}, "routes must be a list, not 3"),
        ({"routes": [], "open": 1}, "open must be true or false, not 1"),
        ({"routes": [], "names": {"a": 3}}, "names: a must be words (in quotes), not 3"),
        ({"routes": [{"number": ""}]}, "routes 1: number must have at least 1 character, not ''"),
        (
            {"routes": [{"number": "1"}, {"number": "2", "days": "sundays"}]},
            "routes 2: days must be 'weekdays' or 'daily', not 'sundays'",
        ),
        (
            {"routes": [{"number": "1", "since": "soon"}]},
            "routes 1: since must be a day, written YYYY-MM-DD, not 'soon'",
        ),
        ({"routes": [{"number": "1", "stops": [{"name": "A"}]}]}, "routes 1 has one stop; give it another"),
        (
            {"routes": [{"number": "1", "stops": [{"name": "A"}, {"name": "B", "passengers": -1}]}]},
            "routes 1: stops 2: passengers must be a number from 0 up, not -1",
        ),
        ({"routes": [{"number": "1", "stop": []}]}, "routes 1: unknown line 'stop'"),
        ({"routes": "x" * 500}, f"routes must be a list, not '{'x' * 99}"),
    ],
)
def test_the_first_thing_wrong_is_one_line(given: object, told: str) -> None:
    with pytest.raises(WrongUse) as error:
        check(Garage, given, "garage.yaml")
    assert str(error.value) == f"garage.yaml: {told}"


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 2022-13-45\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"a\.yaml: not readable as YAML"):
        load_yaml(file)
    file.write_text("a: 1\nb: [\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"a\.yaml, line 3: not readable as YAML"):
        load_yaml(file)


@pytest.mark.parametrize(
    ("word", "near"),
    [("rudkin", "Helena Rudkin"), ("Hexly Courier", "Hexley Courier"), ("Quux", ""), ("", "")],
)
def test_only_a_near_name_is_suggested(word: str, near: str) -> None:
    told = did_you_mean(word, ["Helena Rudkin", "Kwame Ellison", "Hexley Courier"])
    assert told == (f"; did you mean {near}?" if near else "")


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefghi")
)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2_000,
        "- " * 2_000,
        "a: 1" + "0" * 6_000,
        "- !!int ''",
        "- !!bool x",
        "- !!timestamp x",
        "? [a]\n: b",
    ],
    ids=["nested", "lists", "digits", "no number", "no truth", "no time", "no name"],
)
def test_no_yaml_is_read_without_a_line_of_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="not readable as YAML"):
        load_yaml(tmp_path / "a.yaml")


@pytest.mark.parametrize("text", ["a = " + "[" * 2_000, "a = 1" + "0" * 6_000])
def test_no_toml_is_read_without_a_line_of_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="not readable as TOML"):
        load_toml(tmp_path / "a.toml")


def test_what_refers_to_itself_a_billion_times_is_shown_in_brief() -> None:
    held = yaml.safe_load(f"{LAUGHS}number: *i\n")
    with pytest.raises(WrongUse, match="number must be words") as told:
        check(Route, {"number": held["number"]}, "a.yaml")
    assert len(str(told.value)) < 300


def test_an_error_is_one_line_that_drives_no_terminal() -> None:
    assert str(WrongUse("no\nday: \x1b[31m\x00")) == "no day:  [31m "
    assert len(str(WrongUse("x" * 50_000))) == 2_000
