"""What people write in files, held against a model: one plain line says what is wrong and what to do."""

from __future__ import annotations

import dataclasses
import re
import reprlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, core_schema
from rapidfuzz import fuzz, process

from ledger.errors import WrongUse

M = TypeVar("M")
NEAR = 72  # of 100: how like a known name, or a part of it, a misspelt one must be to be taken for it
_SHOWN = 100  # characters of a wrong value that are shown
# What PyYAML raises for text: its own error; what Python's readers of numbers and days say; where it is
# nested without end; where a tag's value is none of its kind ("!!int ''", "!!timestamp x").
NOT_YAML = (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError)
# pydantic's names of such errors
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument", "invalid_key")
_PLAIN = {  # pydantic's name of an error, up to its "_": what was wanted, for people
    "string": "words (in quotes)",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "tuple": "a list",
    "dict": "named values",
    "model": "named values",
    "dataclass": "named values",
    "date": "a day, written YYYY-MM-DD",
}


_brief = reprlib.Repr()
_brief.maxlevel, _brief.maxstring, _brief.maxother = 3, _SHOWN, _SHOWN


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """In ``Annotated[…]``, last: whatever is wrong with the value, say that it must be ``words``."""

    words: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source), custom_error_type="wanted", custom_error_message=self.words
        )


def check(model: type[M], given: object, where: str) -> M:
    """``given`` as a value of ``model``, which is a pydantic model or a dataclass.

    Raises WrongUse with one line: ``where`` (the file and the entry), what is wrong first of all, and what to
    do. A ValueError of a model's own validator is told in its words, behind the name of the field if it
    has one.
    """
    try:
        made: M = adapter(model).validate_python(given)  # type: ignore[arg-type]  # every type can be hashed
        return made
    except ValidationError as error:
        # an unknown name first: where a name is misspelt, that is why another is missing
        first = min(error.errors(include_url=False), key=lambda one: one["type"] not in _UNKNOWN)
        raise WrongUse(f"{where}: {_told(first, given, model)}") from error


def load_yaml(file: Path) -> Any:
    """What a YAML file holds. Raises WrongUse with the file, the line and what to do."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}); give a file that is there") from error
    except NOT_YAML as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise WrongUse(f"{file}{line}: not readable as YAML; check indentation and quotes there") from error


def load_toml(file: Path) -> dict[str, Any]:
    """What a TOML file holds. Raises WrongUse with the file and the place."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise WrongUse(f"{file}: not readable as TOML ({error})") from error


def shown(value: object) -> str:
    """A wrong value as an error tells it: its beginning, however much it holds or refers to."""
    return (repr(value[:_SHOWN]) if isinstance(value, str) else _brief.repr(value))[:_SHOWN]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The end of a message about a name that is not known: "; did you mean …?", "" when none is near."""
    near = process.extractOne(word, known, scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=NEAR)
    return f"; did you mean {near[0]}?" if near else ""


@cache
def adapter(model: Any) -> TypeAdapter[Any]:
    """Pydantic's reader of a model or a dataclass, made once."""
    return TypeAdapter(model)


def _told(error: ErrorDetails, given: object, model: type) -> str:
    path = _path(error["loc"], given)
    name, before = path[-1] if path else "", "".join(f"{part}: " for part in path[:-1])
    kind, message = error["type"], error["msg"]
    if kind in _UNKNOWN:
        known = [] if before else sorted(_names(model))
        return f"{before}unknown line {name!r}" + (
            f"; known are {', '.join(known)}{did_you_mean(name, known)}" if known else ""
        )
    if kind == "missing":
        return f'{before}has no {name}; add a line "{name}: …"'
    if kind == "value_error":
        return f"{before}{name} {error['ctx']['error']}".lstrip()
    plain = _PLAIN.get(kind.partition("_")[0]) if kind.endswith(("_type", "_parsing")) else None
    wanted = message if kind == "wanted" else plain
    must = f"must be {wanted}" if wanted else re.sub(r"^\w+ should", "must", message)
    return f"{before}{name} {must}, not {shown(error['input'])}".lstrip()


def _path(places: Sequence[int | str], given: object) -> list[str]:
    """The names on the way to a wrong value as written, with the number of the entry in a list of entries.

    Pydantic's own names are left out: the tags of a choice, "[key]".
    """
    path: list[str] = []
    for place in places:
        if isinstance(given, Mapping) and (place in given or place == places[-1]):
            path.append(str(place))
            given = given.get(place)
        elif isinstance(given, list | tuple) and isinstance(place, int):
            given = given[place]
            if path and isinstance(given, Mapping):
                path[-1] += f" {place + 1}"
    return path


def _names(model: Any) -> list[str]:
    if issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return [field.name for field in dataclasses.fields(model)]
