"""The vocabulary of the ledger as data: statuses, flags, stances, roles, commitment types, article kinds.

Each is a table in vocabulary.yaml, read once. Code names a row only where a rule is about that very one;
whatever holds for all of them (labels, order, colours, sums, checks of what comes in) goes by the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ledger.data_files import data_file
from ledger.validation import Wanted, check, load_yaml

FILE = data_file(__file__, "vocabulary.yaml")
Outcome = Literal["kept", "open", "not_kept"]
Bearing = Literal["for", "against", "neither"]
Tone = Literal["alarm", "doubt", "plain"]
# A name stands in addresses, style sheets and queries; a colour in style sheets.
RowName = Annotated[str, Field(pattern="^[a-z]+(_[a-z]+)*$"), Wanted("small letters, parts joined by _")]
Colour = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$"), Wanted('written "#rrggbb"')]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VocabularyRow(_Strict):
    """What every row has: the name that is stored, and what people read."""

    RETIRED: ClassVar[Mapping[str, Any]]  # what holds of a name that is stored and no longer in the table
    name: RowName
    label: str


class StatusRow(VocabularyRow):
    """What can be said of a pledge; ``awaited``: nothing is known to have come of it, good or bad."""

    RETIRED = {"meaning": "", "colour": "#8d8a86", "outcome": "open", "closed": True, "awaited": False}
    meaning: str
    colour: Colour  # of its mark
    outcome: Outcome
    closed: bool
    awaited: bool


class FlagRow(VocabularyRow):
    """What can be marked on a pledge beside its status."""

    RETIRED = {"meaning": "", "tone": "plain"}
    meaning: str
    tone: Tone


class StanceRow(VocabularyRow):
    """What a report can say of a pledge; ``told`` is how a letter puts it, "" where by the label."""

    RETIRED = {"sign": "neither"}
    sign: Bearing
    told: str = ""


class RoleRow(VocabularyRow):
    """What a speaker can be; of several roles of one person the one of most ``weight`` holds."""

    RETIRED = {"own_voice": False, "weight": 0, "called": ()}
    own_voice: bool  # speaks for themselves, not for the body they sit in
    weight: int
    told: str = ""
    called: Annotated[tuple[str, ...], Field(strict=False)] = ()  # what people type for it, beside its label


class TypeRow(VocabularyRow):
    """A kind of undertaking; ``firmness`` 0 (a wish) to 3 (a promise)."""

    RETIRED = {"firmness": 0}
    firmness: Annotated[int, Field(ge=0, le=3)]
    told: str = ""
    verb: str = ""  # how drift words its firmness: "aims to"; "" where that is not compared


class KindRow(VocabularyRow):
    """What an article can be; ``own_word``: its words are its publisher's own."""

    RETIRED = {"own_word": False}
    own_word: bool


R = TypeVar("R", bound=VocabularyRow)


class Table(dict[str, R]):
    """Rows by name in the order of the file. A stored name that is no longer among them (`in` tells) stays
    readable: ``table[name]`` gives a neutral row labelled by the name."""

    def __init__(self, kind: type[R], rows: Iterable[R]) -> None:
        self._kind = kind
        for row in rows:
            if row.name in self:
                raise ValueError(f"has {row.name} twice; leave one out")
            self[row.name] = row

    def __missing__(self, name: str) -> R:
        return self._kind.model_construct(name=name, label=name, **self._kind.RETIRED)

    def ordered(self, names: Iterable[str]) -> list[R]:
        """The rows of these names, each once, in the order of the table; retired ones last."""
        asked = set(names)
        return [self[name] for name in (*(n for n in self if n in asked), *sorted(asked - self.keys()))]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (kind,) = get_args(source)
        rows = core_schema.list_schema(handler.generate_schema(kind), strict=True)
        return core_schema.no_info_after_validator_function(lambda given: cls(kind, given), rows)


class Vocabulary(_Strict):
    """The tables of a file."""

    statuses: Table[StatusRow]
    flags: Table[FlagRow]
    stances: Table[StanceRow]
    roles: Table[RoleRow]
    types: Table[TypeRow]
    kinds: Table[KindRow]


_SEEN = {
    "label",
    "meaning",
    "colour",
    "tone",
    "told",
    "called",
}  # columns that people see and no rule asks for
_in_use = {object(): FILE}  # the last one holds


@cache
def load(file: Path) -> Vocabulary:
    """The tables in a YAML file; WrongUse, naming file and entry, where one cannot be used."""
    return check(Vocabulary, load_yaml(file), str(file))


def decisive(table: str) -> str:
    """What rules can depend on in a table, as one text: all of it but what only people see."""
    return json.dumps([row.model_dump(exclude=_SEEN) for row in getattr(current(), table).values()])


def current() -> Vocabulary:
    """The tables in use: those of the package, unless within `using`."""
    return load(next(reversed(_in_use.values())))


@contextmanager
def using(file: Path) -> Iterator[Vocabulary]:
    """For tests: within the block, and in every thread, the tables of ``file``."""
    mine = object()
    _in_use[mine] = file
    try:
        yield load(file)
    finally:
        del _in_use[mine]


def statuses() -> Table[StatusRow]:
    """What can be said of a pledge, in the order in which charts stack it."""
    return current().statuses


def flags() -> Table[FlagRow]:
    """What can be marked on a pledge."""
    return current().flags


def stances() -> Table[StanceRow]:
    """What a report can say of a pledge."""
    return current().stances


def roles() -> Table[RoleRow]:
    """What a speaker can be, officials and not."""
    return current().roles


def types() -> Table[TypeRow]:
    """The kinds of commitments, in the order of the model's rows."""
    return current().types


def kinds() -> Table[KindRow]:
    """What an article can be."""
    return current().kinds
