"""Files of officials: JSON lines, CSV, YAML and Popolo JSON, read into entries of one post each."""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from ledger import vocabulary
from ledger.errors import WrongUse
from ledger.types import Post, Role
from ledger.validation import NOT_YAML, Wanted, check
from nlp.officials.lexicon import lexicon

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")
_LEGISLATURES: dict[str, Role] = {
    "house of commons": "mp",
    "uk parliament": "mp",
    "scottish parliament": "mp",
    "senedd": "mp",
    "northern ireland assembly": "mp",
    "house of lords": "other_official",
}


def _day(last: bool, value: object) -> date:
    """A day, or the first (``last``: last) day of the year or month given."""
    match = _DATE.fullmatch(str(value).strip())
    if not match:
        raise ValueError
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    return date(year, month, int(match[3] or (calendar.monthrange(year, month)[1] if last else 1)))


def _parts(value: object) -> object:
    return re.split(r"[;|]", value) if isinstance(value, str) else value


def _known(role: Role) -> Role:
    if role not in vocabulary.roles():
        raise ValueError(f"must be one of {', '.join(vocabulary.roles())}, not {role!r}")
    return role


def _letter(value: object) -> str:
    letter = str(value).strip().lower()[:1]
    return letter if letter in ("f", "m") else ""


_DAY = Wanted("a date, written YYYY-MM-DD, or nothing")
First = Annotated[date | None, BeforeValidator(partial(_day, False)), _DAY]
Last = Annotated[date | None, BeforeValidator(partial(_day, True)), _DAY]
GivenGender = Annotated[Literal["f", "m", ""], BeforeValidator(_letter)]
Aliases = Annotated[
    tuple[str, ...],
    BeforeValidator(_parts),
    AfterValidator(lambda aliases: tuple(filter(None, aliases))),
    Wanted("a list (in CSV, set apart by ;)"),
]


class Given(BaseModel, str_strip_whitespace=True, coerce_numbers_to_str=True):
    """What a file holds: empty values stand for none, and what we do not know is passed over."""

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        filled = {key: value.strip() if isinstance(value, str) else value for key, value in given.items()}
        return {key: value for key, value in filled.items() if value not in (None, "")}


class RegisterRow(Given):
    """One official with one post at most, as our own formats have it."""

    name: str = ""
    aliases: Aliases = ()
    gender: GivenGender = ""
    role: Annotated[Role, AfterValidator(_known)] | None = None
    office: str = ""
    body: str = ""
    area: str = ""
    start: First = Field(None, alias="from")
    end: Last = Field(None, alias="to")

    @model_validator(mode="after")
    def _whole(self) -> RegisterRow:
        if not self.name:
            raise ValueError("has no name; give every official one")
        if not self.role and (self.office or self.body):
            raise ValueError(f"has no role; give it one of {', '.join(vocabulary.roles())}")
        return self


class Popolo(Given):
    """A file as https://www.popoloproject.com has it: its parts name one another by their ids."""

    persons: tuple[dict[str, Any], ...]
    memberships: tuple[dict[str, Any], ...] = ()
    organizations: tuple[dict[str, Any], ...] = ()
    posts: tuple[dict[str, Any], ...] = ()
    areas: tuple[dict[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] = ()


Part = Mapping[str, Any]
Parts = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Entry:
    """One person with at most one post. Entries of one ``key`` are one person."""

    key: str
    name: str
    aliases: tuple[str, ...]
    gender: GivenGender
    post: Post | None


def read_entries(path: Path) -> list[Entry]:
    """Everything in the file. Raises WrongUse with file, line and what to do."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WrongUse(
            f"{path}: no such file; give the register of officials, or an empty file for none"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: cannot be read ({error}); save it as UTF-8 text") from None
    if not text.strip():
        return []
    named = {".csv": _from_csv, ".yaml": _from_yaml, ".yml": _from_yaml, ".jsonl": _from_lines}
    head = text.lstrip().splitlines()[0]
    told = _from_json if head[0] in "{[" else _from_csv if "name" in head and "," in head else _from_yaml
    return list(named.get(path.suffix.lower(), told)(path, text))


def _wrong(path: Path, line: int, what: str) -> WrongUse:
    return WrongUse(f"{path}, line {line}: {what}")


def _from_lines(path: Path, text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise _wrong(path, number, f"not JSON ({error}); give one object a line") from None
            yield _entry(f"{path}, line {number}", row)


def _from_csv(path: Path, text: str) -> Iterator[Entry]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if "name" not in (reader.fieldnames or ()):
            raise _wrong(path, 1, "no column 'name'; columns are name, aliases, role, office, body, from, to")
        for row in reader:
            if any(row.values()):
                yield _entry(f"{path}, line {reader.line_num}", row)
    except csv.Error as error:
        raise _wrong(path, reader.line_num, f"not CSV ({error}); quote fields with commas") from None


def _from_yaml(path: Path, text: str) -> Iterator[Entry]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except NOT_YAML as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "unreadable"
        line = mark.line + 1 if mark else 1
        raise _wrong(path, line, f"not YAML ({what}); give a list of officials") from None
    if isinstance(data, Mapping) and "persons" in data:
        yield from _from_popolo(path, data)
        return
    if isinstance(node, yaml.MappingNode):
        node = {key.value: value for key, value in node.value}.get("officials")
        data = data.get("officials")
    if data is None:
        return
    if not isinstance(data, list) or not isinstance(node, yaml.SequenceNode):
        raise _wrong(path, 1, "a list of officials is wanted, each with name, role, office and body")
    for row, item in zip(data, node.value, strict=True):
        for post in row.get("posts") or [{}] if isinstance(row, dict) else [{}]:
            whole = {**row, **post} if isinstance(row, dict) and isinstance(post, dict) else row
            yield _entry(f"{path}, line {item.start_mark.line + 1}", whole)


def _from_json(path: Path, text: str) -> Iterator[Entry]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n{" in text.strip():
            yield from _from_lines(path, text)
            return
        line, what = getattr(error, "lineno", 1), f"not JSON ({error}); give Popolo JSON or JSON lines"
        raise _wrong(path, line, what) from None
    if isinstance(data, Mapping) and "persons" in data:
        yield from _from_popolo(path, data)
    else:
        rows = data if isinstance(data, list) else [data]
        for number, row in enumerate(rows, 1):
            yield _entry(f"{path}, entry {number}", row)


def _entry(where: str, given: object, key: str = "") -> Entry:
    row = check(RegisterRow, given, where)
    post = Post(row.office, row.role, row.body, row.area, row.start, row.end) if row.role else None
    return Entry(key or row.name.casefold(), row.name, row.aliases, row.gender, post)


def _from_popolo(path: Path, given: object) -> Iterator[Entry]:
    """Popolo as rows of our own form: one for each of a person's memberships, of parties aside."""
    data = check(Popolo, given, str(path))
    parts = [
        {str(item.get("id")): item for item in part}
        for part in (data.organizations, data.posts, data.areas, data.events)
    ]
    held: dict[str, list[dict[str, object]]] = {}
    for membership in data.memberships:
        if post := _popolo_post(membership, *parts):
            held.setdefault(str(membership.get("person_id")), []).append(post)
    for key, person in {str(person.get("id")): person for person in data.persons}.items():
        name, others = _popolo_names(person)
        about = {"name": name, "aliases": others, "gender": person.get("gender")}
        for post in held.get(key) or [{}]:
            yield _entry(f"{path}, person {key}", about | post, f"id:{key}")


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _popolo_names(person: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Main name and the others; mySociety's files have given and family names under other_names only."""
    listed: list[tuple[str, str]] = []
    for other in (name for name in person.get("other_names") or () if isinstance(name, Mapping)):
        last = _text(other.get("family_name") or other.get("lordname"))
        whole = _text(other.get("name")) or f"{_text(other.get('given_name'))} {last}".strip()
        if whole and _text(other.get("lang")) in ("", "en"):
            listed.append((_text(other.get("note")), whole))
    main = [name for note, name in listed if note == "Main"]
    name = _text(person.get("name")) or (main[-1] if main else listed[0][1] if listed else "")
    return name, [other for _, other in listed if other != name]


def _popolo_post(
    membership: Part, organizations: Parts, posts: Parts, areas: Parts, events: Parts
) -> dict[str, object]:
    post = posts.get(str(membership.get("post_id")), {})
    organization = organizations.get(
        str(membership.get("organization_id") or post.get("organization_id")), {}
    )
    if organization.get("classification") == "party":
        return {}
    area = post.get("area") or areas.get(str(membership.get("area_id") or post.get("area_id")), {})
    period = events.get(str(membership.get("legislative_period_id")), {})
    place = _text(area.get("name")) if isinstance(area, Mapping) else ""
    offices = [post.get("label"), membership.get("label"), membership.get("role"), post.get("role")]
    label = next(filter(None, map(_text, offices)), "")
    role = _popolo_role([label, _text(membership.get("role")), _text(post.get("role"))], organization)
    if role == "mp" and place and label.lower() in ("member", "member of parliament", "mp"):
        label = f"MP for {place}"
    body = _text(organization.get("name"))
    return {
        "office": label or body,
        "role": role,
        "body": "UK Parliament" if body.lower() in ("house of commons", "parliament") else body,
        "area": place,
        "from": membership.get("start_date") or period.get("start_date"),
        "to": membership.get("end_date") or period.get("end_date"),
    }


def _popolo_role(words: Iterable[str], organization: Part) -> Role:
    """The role an office's words tell; else by the organization; ``other_official`` when neither does."""
    for text in filter(None, words):
        for kind, pattern in lexicon().offices:
            if kind.role != "non_official" and pattern.search(text):
                return kind.role
    name = f"{_text(organization.get('id'))} {_text(organization.get('name'))}".lower().replace("-", " ")
    for known, role in _LEGISLATURES.items():
        if known in name:
            return role
    if organization.get("classification") == "legislature":
        return "mp"
    return "councillor" if "council" in name else "police" if "police" in name else "other_official"
