"""What a reader types into the search box, as a value.

Words must all occur (in any form of the word); "exact phrase" word for word; -word and -"phrase" must
not occur; what has neither letter nor digit says nothing; speaker: official: role: outlet: area: after:
before: added: and commitment:yes narrow the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from ledger import vocabulary
from ledger.days import typed
from ledger.errors import WrongUse
from ledger.names.known import role_called
from ledger.types import PRIVATE
from ledger.validation import did_you_mean

FIELDS = ("speaker", "official", "role", "outlet", "area", "after", "before", "added", "commitment")
LONGEST = 1000  # characters of a query that are read
_TOKEN = re.compile(
    rf"""(?P<not>-)?(?:(?P<field>{"|".join(FIELDS)}):)?(?:["“”](?P<phrase>[^"“”]*)(?P<end>["“”])?|(?P<word>[^\s"“”]+))""",
    re.IGNORECASE,
)


_BARE = re.compile(r'[^\s"“”]+')  # a value that needs no quotation marks


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``after`` is the first day wanted, ``before`` the first day no longer wanted.

    ``speaker`` "unresolved" asks for statements without a resolved speaker, ``official`` for those of one
    official by id, where a name may be another's too. ``area`` is a body, the
    area of a post or a region. ``added`` is the day an article was first seen.

    What names were found to mean (`ledger.names`): ``people`` by id, or by name where nobody has one,
    ``bodies``, ``areas`` and ``outlets``, of each of which one must fit; of ``places`` each, by the words or
    by whose they are. ``either``: words and phrases in any form, of each group one must stand. ``in_titles``:
    a word may stand in the title of the pledge in its place. ``open_mark``: a quotation mark was left open.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # words and phrases that must not occur
    speaker: str = ""
    official: str = ""
    role: str = ""
    outlet: str = ""
    area: str = ""
    after: date | None = None
    before: date | None = None
    added: date | None = None
    commitment: bool | None = None
    people: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    in_titles: bool = False
    open_mark: bool = False


def parse(text: str) -> Query:
    """Read what was typed. Raises WrongUse, saying what to write, for a day or role it cannot read."""
    found: dict[str, list[str]] = {"words": [], "phrases": [], "without": []}
    given: dict[str, str] = {}
    left_open = False
    for match in _TOKEN.finditer(text[:LONGEST]):
        left_open |= match["phrase"] is not None and match["end"] is None
        quoted = match["phrase"] is not None
        said = (match["phrase"] if quoted else match["word"]) or ""
        if match["field"] and said.strip():
            given[match["field"].lower()] = said.strip()
        elif any(c.isalnum() for c in said):
            found["without" if match["not"] else "phrases" if quoted else "words"].append(said)
    parts: dict[str, Any] = {name: tuple(some) for name, some in found.items()}
    return narrow(Query(**parts, open_mark=left_open), **given)


def narrow(query: Query, **given: str) -> Query:
    """The query with fields set from text as typed; empty values leave a field as it is."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if not value:
            continue
        if name == "role":
            found[name] = _role(value)
        elif name in ("after", "before", "added"):
            found[name] = typed(value, name)
        elif name == "commitment":
            found[name] = value.lower() in ("yes", "true", "1")
        else:
            found[name] = value
    return replace(query, **found)


def field(name: str, value: str) -> str:
    """A field as it is typed: speaker:"Ann Example"."""
    plain = re.sub('["“”]', " ", value)
    return f'{name}:"{" ".join(plain.split())}"'


def cleared(query: Query, *names: str) -> Query:
    """The query with fields as they are where nothing is typed."""
    defaults: dict[str, Any] = {one.name: one.default for one in fields(query) if one.name in names}
    return replace(query, **defaults)


def written(query: Query) -> str:
    """A query as it is typed: what `parse` reads as the same; without what names were found to mean."""
    typed_in = {name: getattr(query, name) for name in FIELDS if getattr(query, name) not in ("", None)}
    if query.commitment is not None:
        typed_in["commitment"] = "yes" if query.commitment else "no"
    phrases = [f'"{phrase}"' for phrase in query.phrases]
    without = [f'-"{said}"' if " " in said else f"-{said}" for said in query.without]
    given = [
        f"{name}:{value}" if _BARE.fullmatch(str(value)) else field(name, str(value))
        for name, value in typed_in.items()
    ]
    return " ".join((*query.words, *phrases, *without, *given))


def _role(text: str) -> str:
    role = role_called(text)
    if not role:
        known = [role for role in vocabulary.roles() if role != PRIVATE]
        raise WrongUse(f"role:{text[:40]} is not known: one of {', '.join(known)}{did_you_mean(text, known)}")
    return role
