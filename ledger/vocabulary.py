"""The vocabulary of the ledger as data: statuses, flags, stances, roles and types of commitments.

Each is a table in vocabulary.yaml, read once. Code names a row only where a rule is about that very one;
whatever holds for all of them (labels, order, colours, sums, checks of what comes in) goes by the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from ledger.data_files import data_file
from ledger.errors import WrongUse

FILE = data_file(__file__, "vocabulary.yaml")
Outcome = Literal["kept", "open", "not_kept"]
Sign = Literal["for", "against", "neither"]
Tone = Literal["alarm", "doubt", "plain"]
_CHOICES = {"outcome": get_args(Outcome), "sign": get_args(Sign), "tone": get_args(Tone)}


@dataclass(frozen=True, slots=True)
class Row:
    """What every row has: the name that is stored, and what people read."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class StatusRow(Row):
    """What can be said of a pledge; ``awaited``: nothing is known to have come of it, good or bad."""

    meaning: str
    colour: str  # of its mark, "#rrggbb"
    outcome: Outcome
    closed: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class FlagRow(Row):
    """What can be marked on a pledge beside its status."""

    meaning: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class StanceRow(Row):
    """What a report can say of a pledge; ``told`` is how a letter puts it, the label unless given."""

    sign: Sign
    told: str


@dataclass(frozen=True, slots=True)
class RoleRow(Row):
    """What a speaker can be; of several roles of one person the one of most ``weight`` holds."""

    official: bool
    own_voice: bool  # speaks for themselves, not for the body they sit in
    weight: int
    told: str


@dataclass(frozen=True, slots=True)
class TypeRow(Row):
    """A kind of undertaking; ``firmness`` 0 (a wish) to 3 (a promise)."""

    firmness: int
    told: str
    verb: str = ""  # how drift words its firmness: "aims to"; "" where that is not compared


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The five tables, each by name in the order of the file."""

    statuses: Mapping[str, StatusRow]
    flags: Mapping[str, FlagRow]
    stances: Mapping[str, StanceRow]
    roles: Mapping[str, RoleRow]
    types: Mapping[str, TypeRow]


_ROWS: dict[str, Any] = {
    "statuses": StatusRow,
    "flags": FlagRow,
    "stances": StanceRow,
    "roles": RoleRow,
    "types": TypeRow,
}
_in_use = [FILE]  # the last one holds


@cache
def load(file: Path) -> Vocabulary:
    """The tables in a YAML file; WrongUse, naming file and row, where one cannot be used."""
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Vocabulary(**{kind: _table(f"{file}: {kind}", row, given[kind]) for kind, row in _ROWS.items()})


def _table(where: str, row: Any, given: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in given:
        name = entry.get("name")
        if not re.fullmatch(
            "[a-z]+(_[a-z]+)*", str(name)
        ):  # it stands in addresses, style sheets and queries
            raise WrongUse(f"{where}: {name!r} must be a word of small letters, parts joined by _")
        if name in made:
            raise WrongUse(f"{where}: {name} stands there twice; leave one out")
        for key, choices in _CHOICES.items():
            if key in entry and entry[key] not in choices:
                raise WrongUse(f"{where}: {name}: {key} {entry[key]!r} is none of {', '.join(choices)}")
        told = {"told": entry.get("label")} if "told" in row.__dataclass_fields__ else {}
        try:
            made[str(name)] = row(**told | entry)
        except TypeError as error:
            raise WrongUse(f"{where}: {name}: {error}; give it the columns of its neighbours") from error
    return made


def current() -> Vocabulary:
    """The tables in use: those of the package, unless within `using`."""
    return load(_in_use[-1])


@contextmanager
def using(file: Path) -> Iterator[Vocabulary]:
    """Within the block, in every thread, the tables of ``file``: to try a new row out."""
    _in_use.append(file)
    try:
        yield load(file)
    finally:
        _in_use.pop()


def statuses() -> Mapping[str, StatusRow]:
    """What can be said of a pledge, in the order in which charts stack it."""
    return current().statuses


def flags() -> Mapping[str, FlagRow]:
    """What can be marked on a pledge."""
    return current().flags


def stances() -> Mapping[str, StanceRow]:
    """What a report can say of a pledge."""
    return current().stances


def roles() -> Mapping[str, RoleRow]:
    """What a speaker can be, officials and not."""
    return current().roles


def types() -> Mapping[str, TypeRow]:
    """The kinds of commitments, in the order of the model's rows."""
    return current().types
