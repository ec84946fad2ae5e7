"""Files of officials: JSON lines, CSV, YAML and Popolo JSON, read into entries of one post each."""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from ledger import vocabulary
from ledger.errors import WrongUse
from ledger.types import Post, Role
from nlp.officials.lexicon import lexicon

Gender = Literal["f", "m", ""]
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")
_LEGISLATURES = {
    "house of commons": "mp",
    "uk parliament": "mp",
    "scottish parliament": "mp",
    "senedd": "mp",
    "northern ireland assembly": "mp",
    "house of lords": "other_official",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One person with at most one post. Entries of one ``key`` are one person."""

    key: str
    name: str
    aliases: tuple[str, ...]
    gender: Gender
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
    kind = path.suffix.lower()
    if kind == ".csv":
        return list(_from_csv(path, text))
    if kind in (".yaml", ".yml"):
        return list(_from_yaml(path, text))
    if kind == ".jsonl" or (kind != ".json" and text.lstrip()[0] == "{" and "\n{" in text):
        return list(_from_lines(path, text))
    if text.lstrip()[0] in "{[":
        return list(_from_json(path, text))
    if "," in text.splitlines()[0] and "name" in text.splitlines()[0].lower():
        return list(_from_csv(path, text))
    return list(_from_yaml(path, text))


def _wrong(path: Path, line: int, what: str) -> WrongUse:
    return WrongUse(f"{path}, line {line}: {what}")


def _from_lines(path: Path, text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise _wrong(path, number, f"not JSON ({error.msg}); give one object a line") from None
            yield _entry(path, number, row)


def _from_csv(path: Path, text: str) -> Iterator[Entry]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if "name" not in (reader.fieldnames or ()):
        raise _wrong(path, 1, "no column 'name'; the columns are name, aliases, role, office, body, from, to")
    try:
        for row in reader:
            if any(row.values()):
                yield _entry(path, reader.line_num, row)
    except csv.Error as error:
        raise _wrong(
            path, reader.line_num, f"not CSV ({error}); put fields with commas in quotation marks"
        ) from None


def _from_yaml(path: Path, text: str) -> Iterator[Entry]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "unreadable"
        raise _wrong(
            path, mark.line + 1 if mark else 1, f"not YAML ({what}); give a list of officials"
        ) from None
    if isinstance(data, Mapping) and isinstance(node, yaml.MappingNode) and "persons" in data:
        yield from _from_popolo(path, data)
        return
    if isinstance(data, Mapping) and isinstance(node, yaml.MappingNode):
        pairs = {key.value: value for key, value in node.value}
        data, node = data.get("officials"), pairs.get("officials")
    if data is None:
        return
    if not isinstance(data, list) or not isinstance(node, yaml.SequenceNode):
        raise _wrong(path, 1, "a list of officials is wanted, each with name, role, office and body")
    for row, item in zip(data, node.value, strict=True):
        for post in row.get("posts") or [{}] if isinstance(row, dict) else [{}]:
            whole = {**row, **post} if isinstance(row, dict) and isinstance(post, dict) else row
            yield _entry(path, item.start_mark.line + 1, whole)


def _from_json(path: Path, text: str) -> Iterator[Entry]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if "\n{" in text.strip():
            yield from _from_lines(path, text)
            return
        raise _wrong(path, error.lineno, f"not JSON ({error.msg}); give Popolo JSON or JSON lines") from None
    if isinstance(data, Mapping) and "persons" in data:
        yield from _from_popolo(path, data)
    else:
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            yield _entry(path, 1, row)


def _entry(path: Path, line: int, row: object) -> Entry:
    if not isinstance(row, Mapping):
        raise _wrong(path, line, "an object with name, role, office and body is wanted")
    name = _text(row.get("name"))
    if not name:
        raise _wrong(path, line, "the name is missing; give every official one")
    aliases = row.get("aliases") or ()
    if isinstance(aliases, str):
        aliases = re.split(r"\s*[;|]\s*", aliases)
    if not isinstance(aliases, list | tuple):
        raise _wrong(path, line, "aliases: a list is wanted (in CSV, set apart by ;)")
    gender = _text(row.get("gender")).lower()[:1]
    post = None
    if any(_text(row.get(key)) for key in ("role", "office", "body")):
        role = _text(row.get("role"))
        if role not in vocabulary.roles():
            raise _wrong(
                path, line, f"role {role!r} is not known; use one of {', '.join(vocabulary.roles())}"
            )
        post = Post(
            office=_text(row.get("office")),
            role=role,
            body=_text(row.get("body")),
            area=_text(row.get("area")),
            start=_day(path, line, row.get("from"), last=False),
            end=_day(path, line, row.get("to"), last=True),
        )
    return Entry(
        key=name.casefold(),
        name=name,
        aliases=tuple(str(alias).strip() for alias in aliases if str(alias).strip()),
        gender=cast(Gender, gender if gender in ("f", "m") else ""),
        post=post,
    )


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _day(path: Path, line: int, value: object, *, last: bool) -> date | None:
    """A day, or the first (``last``: last) day of the year or month given; nothing means open."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(str(value).strip())
    try:
        if match:
            year = int(match[1])
            month = int(match[2] or (12 if last else 1))
            day = int(match[3] or (calendar.monthrange(year, month)[1] if last else 1))
            return date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        pass  # told below, with the value
    raise _wrong(path, line, f"{value!r} is not a date; write YYYY-MM-DD, or leave it empty")


def _from_popolo(path: Path, data: Mapping[str, Any]) -> Iterator[Entry]:
    """Popolo: persons, memberships, posts, organizations, areas and events joined by their ids."""

    def by_id(key: str) -> dict[str, Mapping[str, Any]]:
        items = data.get(key) or []
        if not isinstance(items, list):
            raise _wrong(path, 1, f"{key}: a list is wanted, as Popolo has it")
        return {str(item.get("id")): item for item in items if isinstance(item, Mapping)}

    organizations, posts, areas, events = map(by_id, ("organizations", "posts", "areas", "events"))
    memberships: dict[str, list[Mapping[str, Any]]] = {}
    for membership in data.get("memberships") or []:
        if isinstance(membership, Mapping):
            memberships.setdefault(str(membership.get("person_id")), []).append(membership)
    for key, person in by_id("persons").items():
        name, others = _popolo_names(person)
        if not name:
            raise _wrong(path, 1, f"person {key} has no name; give it one")
        gender = cast(Gender, {"female": "f", "male": "m"}.get(_text(person.get("gender")).lower(), ""))
        found: list[Post | None] = [
            post
            for membership in memberships.get(key, [])
            if (post := _popolo_post(path, membership, organizations, posts, areas, events))
        ]
        for post in found or [None]:
            yield Entry(f"id:{key}", name, others, gender, post)


def _popolo_names(person: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Main name and the others; mySociety's files have given and family names under other_names only."""
    listed: list[tuple[str, str]] = []
    for other in person.get("other_names") or []:
        if isinstance(other, Mapping):
            whole = _text(other.get("name")) or " ".join(
                filter(
                    None,
                    (
                        _text(other.get("given_name")),
                        _text(other.get("family_name") or other.get("lordname")),
                    ),
                )
            )
            if whole and _text(other.get("lang")) in ("", "en"):
                listed.append((_text(other.get("note")), whole))
    main = [name for note, name in listed if note == "Main"]
    name = _text(person.get("name")) or (main[-1] if main else listed[0][1] if listed else "")
    return name, tuple(dict.fromkeys(other for _, other in listed if other != name))


def _popolo_post(
    path: Path,
    membership: Mapping[str, Any],
    organizations: Mapping[str, Mapping[str, Any]],
    posts: Mapping[str, Mapping[str, Any]],
    areas: Mapping[str, Mapping[str, Any]],
    events: Mapping[str, Mapping[str, Any]],
) -> Post | None:
    post = posts.get(str(membership.get("post_id")), {})
    organization = organizations.get(
        str(membership.get("organization_id") or post.get("organization_id")), {}
    )
    if _text(organization.get("classification")) == "party":
        return None
    area = post.get("area") or areas.get(str(membership.get("area_id") or post.get("area_id")), {})
    period = events.get(str(membership.get("legislative_period_id")), {})
    place = _text(area.get("name")) if isinstance(area, Mapping) else ""
    label = _text(post.get("label")) or _text(membership.get("label"))
    label = label or _text(membership.get("role")) or _text(post.get("role"))
    body = _text(organization.get("name"))
    role = _popolo_role([label, _text(membership.get("role")), _text(post.get("role"))], organization)
    if role == "mp" and place and label.lower() in ("member", "member of parliament", "mp"):
        label = f"MP for {place}"
    return Post(
        office=label or body,
        role=role,
        body="UK Parliament" if body.lower() in ("house of commons", "parliament") else body,
        area=place,
        start=_day(path, 1, membership.get("start_date") or period.get("start_date"), last=False),
        end=_day(path, 1, membership.get("end_date") or period.get("end_date"), last=True),
    )


def _popolo_role(words: Iterable[str], organization: Mapping[str, Any]) -> Role:
    """The role an office's words tell; else by the organization; ``other_official`` when neither does."""
    for text in filter(None, words):
        for kind, pattern in lexicon().offices:
            if kind.role != "non_official" and pattern.search(text):
                return kind.role
    name = f"{_text(organization.get('id'))} {_text(organization.get('name'))}".lower().replace("-", " ")
    for known, role in _LEGISLATURES.items():
        if known in name:
            return role
    if _text(organization.get("classification")) == "legislature":
        return "mp"
    return "councillor" if "council" in name else "police" if "police" in name else "other_official"
