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
    found = {name: re.compile(rules[name], re.IGNORECASE) for name in ("labels", "desk")}
    return {"kinds": kinds, "publishers": publishers, "ends": re.compile(rules["ends"]), **found}


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
    publisher = publisher or _of_desk(document.author)
    if not publisher and kind != "news":  # which names many bodies, and its own last of all
        publisher = _publisher(document, kind)
    publisher = publisher or speaker or document.author
    title = title or _title(document, name, publisher)
    own = kind in ("manifesto", "minutes")
    return Facts(
        kind, publisher, speaker or (publisher if own else ""), day or _day(document, brought), title
    )


def _kind(document: Document, name: str) -> ArticleKind:
    first = document.text.partition("\n\n")[0]
    parts = {
        "title": f"{name.replace('_', ' ')}\n{document.title}\n{first[:_LONGEST_TITLE]}\n{document.author}",
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


def _title(document: Document, name: str, publisher: str) -> str:
    """The file's own title where it has words, or its first heading or line; else its name.

    What only says that it is a press release, or whose it is, is no title where another is to be had.
    """
    headings = [document.text[slice(*one.span)] for one in document.layout if one.kind == "heading"]
    first = document.text[:_HEAD].split("\n\n")
    while len(first) > 1 and _is_label(first[0], publisher):
        del first[0]
    heading = next((words for words in headings if not _is_label(words, publisher)), "")
    heading = heading or (first[0] if len(first[0]) < _SHORT and not first[0].endswith(".") else "")
    own = document.title.strip()
    told = own if " " in own and not own.endswith((".pdf", ".docx")) else ""
    if _is_label(told, publisher):
        told = heading or told
    return (told or heading or document.title or name.rpartition(".")[0] or name)[:_LONGEST_TITLE]


def _is_label(line: str, publisher: str) -> bool:
    """Whether a line says only what the file is, for when, or whose."""
    return bool(_rules()["labels"].fullmatch(line)) or (bool(line) and line.lower() == publisher.lower())


def _of_desk(author: str) -> str:
    """The body in whose name a press office writes, "" where the author is none."""
    body = _rules()["desk"].sub("", author)
    return body if body != author else ""


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
