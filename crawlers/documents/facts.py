"""What a file is, whose words it holds, of which day: guessed from its first page unless one is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from crawlers.documents.document import Document
from crawlers.pages.dates import find_date
from ledger.data_files import read_yaml
from ledger.types import ArticleKind

_HEAD = 1_500  # characters of a file's first page
_BODY = 40_000
_WEIGHTS = {"title": 4, "head": 3, "body": 1}
_MOST_OF_BODY = 3
_LEAST = 3
_LONGEST_TITLE = 200
_SHORT = 120  # characters of a first line that is taken for a title


@dataclass(frozen=True, slots=True)
class Facts:
    """``publisher``: whose file it is; ``speaker``: whose own words, "" where the text tells who speaks.

    ``day``: of publication, None where it is not told.
    """

    kind: ArticleKind
    publisher: str
    speaker: str
    day: date | None
    title: str


@cache
def _rules() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = read_yaml(__file__, "kinds.yaml")
    kinds = {
        kind: {part: re.compile(words, re.IGNORECASE | re.MULTILINE) for part, words in parts.items()}
        for kind, parts in rules["kinds"].items()
    }
    publishers = {
        kind: [re.compile(words.replace("NAME", rules["names"])) for words in listed]
        for kind, listed in rules["publishers"].items()
    }
    return {"kinds": kinds, "publishers": publishers, "ends": re.compile(rules["ends"])}


def guessed(
    document: Document,
    name: str,
    *,
    kind: str = "",
    publisher: str = "",
    speaker: str = "",
    day: date | None = None,
    title: str = "",
    brought: date | None = None,
) -> Facts:
    """The facts of a file called ``name``; those given hold. ``brought``: no day is later than that."""
    kind = kind or _kind(document, name)
    title = title or _title(document, name)
    if not publisher and kind != "news":  # which names many bodies, and its own last of all
        publisher = _publisher(document, kind)
    publisher = publisher or speaker or document.author
    own = kind in ("manifesto", "minutes")
    return Facts(
        kind, publisher, speaker or (publisher if own else ""), day or _day(document, brought), title
    )


def _kind(document: Document, name: str) -> ArticleKind:
    first = document.text.partition("\n\n")[0]
    parts = {
        "title": f"{name.replace('_', ' ')}\n{document.title}\n{first[:_LONGEST_TITLE]}",
        "head": document.text[:_HEAD],
        "body": document.text[:_BODY],
    }
    weights: dict[str, int] = {}
    for kind, patterns in _rules()["kinds"].items():
        found = {
            part: min(_MOST_OF_BODY if part == "body" else 1, len(pattern.findall(parts[part])))
            for part, pattern in patterns.items()
        }
        weights[kind] = sum(_WEIGHTS[part] * number for part, number in found.items())
    best = max(weights, key=lambda kind: weights[kind])
    return best if weights[best] >= _LEAST else "news"


def _title(document: Document, name: str) -> str:
    """The file's own title where it has words, or its first heading or line; else its name."""
    heading = next(
        (document.text[slice(*laid.span)] for laid in document.layout if laid.kind == "heading"), ""
    )
    first = document.text.partition("\n\n")[0]
    heading = heading or (first if len(first) < _SHORT and not first.endswith(".") else "")
    own = document.title.strip()
    told = own if " " in own and not own.endswith((".pdf", ".docx")) else ""
    return (told or heading or document.title or name.rpartition(".")[0] or name)[:_LONGEST_TITLE]


def _publisher(document: Document, kind: ArticleKind) -> str:
    """Whose file it is: its first page's words, and for what names its promoter, its last ones."""
    rules = _rules()["publishers"]
    head = " \n".join((document.title, document.text[:_HEAD], document.text[-_HEAD:])).replace("\n", " \n")
    for pattern in (*rules.get(kind, ()), *rules["any"]):
        for match in pattern.finditer(head):
            who = _rules()["ends"].sub("", match["who"]).strip(" ,.;:")
            if len(who) > 2 and not who.isdigit():
                return who.title() if who.isupper() and " " in who else str(who)
    return ""


def _day(document: Document, brought: date | None) -> date | None:
    """The first day on the first page, unless it lies past the day the file was made, or brought."""
    made = date.fromisoformat(document.date) if document.date else None
    found = find_date(document.text[:_HEAD])
    named = found.date() if found else None
    last = min((day for day in (made, brought) if day), default=date.max)
    return named if named is not None and named <= last else made
