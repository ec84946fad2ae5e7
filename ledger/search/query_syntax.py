"""What a reader types into the search box, as a value.

Words must all occur (in any form of the word); "exact phrase" word for word; -word and -"phrase" must
not occur; what has neither letter nor digit says nothing; speaker: official: role: outlet: area: after:
before: added: and commitment:yes narrow the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger import vocabulary
from ledger.days import typed
from ledger.errors import WrongUse
from ledger.types import PRIVATE

FIELDS = ("speaker", "official", "role", "outlet", "area", "after", "before", "added", "commitment")
LONGEST = 1000  # characters of a query that are read
_TOKEN = re.compile(
    rf"""(?P<not>-)?(?:(?P<field>{"|".join(FIELDS)}):)?(?:["“”](?P<phrase>[^"“”]*)["“”]?|(?P<word>[^\s"“”]+))""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``after`` is the first day wanted, ``before`` the first day no longer wanted.

    ``speaker`` "unresolved" asks for statements without a resolved speaker, ``official`` for those of one
    official by id, where a name may be another's too. ``area`` is a body, the
    area of a post or a region. ``added`` is the day an article was first seen.
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


def parse(text: str) -> Query:
    """Read what was typed. Raises WrongUse, saying what to write, for a day or role it cannot read."""
    found: dict[str, list[str]] = {"words": [], "phrases": [], "without": []}
    given: dict[str, str] = {}
    for match in _TOKEN.finditer(text[:LONGEST]):
        quoted = match["phrase"] is not None
        said = (match["phrase"] if quoted else match["word"]) or ""
        if match["field"] and said.strip():
            given[match["field"].lower()] = said.strip()
        elif any(c.isalnum() for c in said):
            found["without" if match["not"] else "phrases" if quoted else "words"].append(said)
    parts: dict[str, Any] = {name: tuple(some) for name, some in found.items()}
    return narrow(Query(**parts), **given)


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


def _role(text: str) -> str:
    role = text.lower().replace(" ", "_").replace("-", "_")
    known = [role for role in vocabulary.roles() if role != PRIVATE]
    if role not in known:
        raise WrongUse(f"role:{text[:40]} is not known: one of {', '.join(known)}")
    return role
