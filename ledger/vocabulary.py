"""The vocabulary of the ledger as data: statuses, flags, stances, roles and types of commitments.

Each is a table in vocabulary.yaml, read once. Code names a row only where a rule is about that very one;
whatever holds for all of them (labels, order, colours, sums, checks of what comes in) goes by the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field

from ledger.data_files import data_file
from ledger.errors import WrongUse
from ledger.validation import Wanted, check, load_yaml

FILE = data_file(__file__, "vocabulary.yaml")
Outcome = Literal["kept", "open", "not_kept"]
Bearing = Literal["for", "against", "neither"]
Tone = Literal["alarm", "doubt", "plain"]
# A name stands in addresses, style sheets and queries.
RowName = Annotated[str, Field(pattern="^[a-z]+(_[a-z]+)*$"), Wanted("small letters, parts joined by _")]


@dataclass(frozen=True, slots=True)
class VocabularyRow:
    """What every row has: the name that is stored, and what people read."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    name: RowName
    label: str


@dataclass(frozen=True, slots=True)
class StatusRow(VocabularyRow):
    """What can be said of a pledge; ``awaited``: nothing is known to have come of it, good or bad."""

    meaning: str
    colour: str  # of its mark, "#rrggbb"
    outcome: Outcome
    closed: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class FlagRow(VocabularyRow):
    """What can be marked on a pledge beside its status."""

    meaning: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class StanceRow(VocabularyRow):
    """What a report can say of a pledge; ``told`` is how a letter puts it, "" where by the label."""

    sign: Bearing
    told: str = ""


@dataclass(frozen=True, slots=True)
class RoleRow(VocabularyRow):
    """What a speaker can be; of several roles of one person the one of most ``weight`` holds."""

    official: bool
    own_voice: bool  # speaks for themselves, not for the body they sit in
    weight: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class TypeRow(VocabularyRow):
    """A kind of undertaking; ``firmness`` 0 (a wish) to 3 (a promise)."""

    firmness: int
    told: str = ""
    verb: str = ""  # how drift words its firmness: "aims to"; "" where that is not compared


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The five tables, each by name in the order of the file."""

    statuses: Mapping[str, StatusRow]
    flags: Mapping[str, FlagRow]
    stances: Mapping[str, StanceRow]
    roles: Mapping[str, RoleRow]
    types: Mapping[str, TypeRow]


R = TypeVar("R", bound=VocabularyRow)
_SEEN = ("label", "meaning", "colour", "tone", "told")  # columns that people see and no rule asks for
_in_use = [FILE]  # the last one holds


@cache
def load(file: Path) -> Vocabulary:
    """The tables in a YAML file; WrongUse, naming file and row, where one cannot be used."""
    given = load_yaml(file)

    def table(kind: str, row: type[R]) -> dict[str, R]:
        made: dict[str, R] = {}
        for entry in given[kind]:
            one = check(row, entry, f"{file}: {kind}: {entry.get('name')}")
            if one.name in made:
                raise WrongUse(f"{file}: {kind}: {one.name} stands there twice; leave one out")
            made[one.name] = one
        return made

    return Vocabulary(
        table("statuses", StatusRow),
        table("flags", FlagRow),
        table("stances", StanceRow),
        table("roles", RoleRow),
        table("types", TypeRow),
    )


def decisive(table: str) -> str:
    """What rules can depend on in a table, as one text: all of it but what only people see."""
    rows = getattr(current(), table).values()
    return json.dumps([{k: v for k, v in asdict(row).items() if k not in _SEEN} for row in rows])


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
