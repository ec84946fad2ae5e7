"""What a reader types into the search box, as a value.

Words must all occur (in any form of the word); "exact phrase" word for word; -word and -"phrase" must
not occur; speaker: official: role: outlet: area: after: before: added: and commitment:yes narrow the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ledger import vocabulary
from ledger.days import typed
from ledger.errors import WrongUse

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
    dropped: tuple[str, ...] = ()  # parts that say nothing, such as a lone quotation mark


def parse(text: str) -> Query:
    """Read what was typed. Raises WrongUse, saying what to write, for a day or role it cannot read."""
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    dropped: list[str] = []
    given: dict[str, str] = {}
    for match in _TOKEN.finditer(text[:LONGEST]):
        quoted = match["phrase"] is not None
        said = (match["phrase"] if quoted else match["word"]) or ""
        if match["field"] and said.strip():
            given[match["field"].lower()] = said.strip()
        elif not any(c.isalnum() for c in said):
            dropped.append(match[0])
        elif match["not"]:
            without.append(said)
        elif quoted:
            phrases.append(said)
        else:
            words.append(said)
    query = Query(tuple(words), tuple(phrases), tuple(without), dropped=tuple(dropped))
    return narrow(query, **given)


def narrow(query: Query, **given: str) -> Query:
    """The query with fields set from text as typed; empty values leave a field as it is."""
    found: dict[str, object] = {}
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
    return replace(query, **found)  # type: ignore[arg-type]  # each value was made for its field above


def field(name: str, value: str) -> str:
    """A field as it is typed: speaker:"Ann Example"."""
    plain = re.sub('["“”]', " ", value)
    return f'{name}:"{" ".join(plain.split())}"'


def _role(text: str) -> str:
    role = text.lower().replace(" ", "_").replace("-", "_")
    known = [row.name for row in vocabulary.roles().values() if row.official]
    if role not in known:
        raise WrongUse(f"role:{text[:40]} is not known: one of {', '.join(known)}")
    return role
