"""Publisher groups as data: what the outlets of one group have in common, and how a site of it is known.

``groups.yaml`` beside this module holds them; an entry of outlets takes from its group what it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel

from ledger.validation import Wanted, check, load_yaml

FILE = Path(__file__).with_name("groups.yaml")
ADDRESSES = ("feeds", "sitemaps", "sections")
_BEGINNINGS = ("{home}", "{origin}", "http://", "https://")


def _template(words: str) -> str:
    if not words.startswith(_BEGINNINGS):
        raise ValueError
    return words


Template = Annotated[
    str, AfterValidator(_template), Wanted(f"an address that begins with {', '.join(_BEGINNINGS)}")
]
Expression = Annotated[re.Pattern[str], Wanted("a regular expression")]


class KnownBy(BaseModel, extra="forbid"):
    """How a site of a group is told: by its host, or by the source of its page in small letters."""

    host: tuple[Expression, ...] = ()
    page: tuple[Expression, ...] = ()


class Group(BaseModel, extra="forbid"):
    """One group: templates of addresses, and ``common``, the other lines of an entry."""

    feeds: tuple[Template, ...] = ()
    sitemaps: tuple[Template, ...] = ()
    sections: tuple[Template, ...] = ()
    common: dict[str, Any] = {}
    known_by: KnownBy = KnownBy()

    def addresses(self, home: str) -> dict[str, list[str]]:
        """The group's feeds, sitemaps and sections for the site at ``home``; those that it has."""
        parts = urlsplit(home)
        values = {
            "{home}": home.rstrip("/"),
            "{origin}": f"{parts.scheme}://{parts.netloc}",
            "{path}": parts.path.rstrip("/"),
        }
        found: dict[str, list[str]] = {}
        for name in ADDRESSES:
            for template in getattr(self, name):
                for mark, value in values.items():
                    template = template.replace(mark, value)
                found.setdefault(name, []).append(template)
        return found


@lru_cache(maxsize=1)
def groups() -> dict[str, Group]:
    """The groups by name, in the file's order. Raises WrongUse, naming the group, when one cannot be used."""
    return {name: check(Group, given, f"{FILE}, {name}") for name, given in load_yaml(FILE).items()}


def filled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An outlet's entry with what its group gives: addresses where it has none of its own, lines it lacks.

    The entry is given back as it is where it names no known group.
    """
    name, home = entry.get("group"), entry.get("home")
    group = groups().get(name) if isinstance(name, str) else None
    if group is None:
        return dict(entry)
    rights = entry.get("rights", {})
    if isinstance(rights, Mapping):
        rights = {**group.common.get("rights", {}), **rights}
    found = {**group.common, **entry, "rights": rights}
    if isinstance(home, str) and not any(entry.get(kind) for kind in ADDRESSES):
        found |= group.addresses(home)
    return found


def group_of(url: str, page: str) -> str:
    """The group that a site is of, told by its host, else by the source of its page; "" where by neither."""
    host = (urlsplit(url).hostname or "").lower()
    for name, group in groups().items():
        if any(one.search(host) for one in group.known_by.host):
            return name
    source = page.lower()
    for name, group in groups().items():
        if any(one.search(source) for one in group.known_by.page):
            return name
    return ""
