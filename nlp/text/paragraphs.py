"""Paragraphs of an article's text, and which of them are page furniture rather than report.

Furniture is what a page puts between the paragraphs: advertisement lines, newsletter boxes, picture
captions, links to other articles, comment guidelines. Its phrases are in ``layout.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Span

_STOP = re.compile(r"[.!?…][)\]]?\s+(?=[A-Z“‘\"'(])")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Para:
    """One line of the text, white space at its ends left out."""

    start: int
    end: int
    furniture: bool


@cache
def _abbreviation() -> re.Pattern[str]:
    listed = read_yaml(__file__, "layout.yaml")["abbreviations"]
    return re.compile(rf"(?<![\w’'])(?:{'|'.join(listed.split())}|[A-Z]|[A-Z]\.[A-Z])$")


def ends_abbreviation(text: str, at: int) -> bool:
    """True for a full stop at ``at`` that belongs to an abbreviation: "Cllr. Lee", "J. K. Lee"."""
    return text[at] == "." and bool(_abbreviation().search(text[max(0, at - 8) : at]))


def sentence_ends(text: str, left: int, right: int) -> Iterator[Span]:
    """From the stop to the next sentence's beginning, for each sentence that ends between the two."""
    for match in _STOP.finditer(text, left, right):
        if not ends_abbreviation(text, match.start()):
            yield match.span()


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    rules = read_yaml(__file__, "layout.yaml")
    exact = "|".join(re.escape(line) for line in sorted(rules["lines"], key=len, reverse=True))
    return (
        re.compile(rf"(?:(?:{exact})[\s.!:|·]*)+", re.IGNORECASE),
        re.compile("|".join(f"(?:{p})" for p in rules["starts"]), re.IGNORECASE),
        re.compile("|".join(f"(?:{p})" for p in rules["anywhere"]), re.IGNORECASE),
        re.compile("|".join(f"(?:{p})" for p in rules["closers"]), re.IGNORECASE),
    )


def paragraphs(text: str) -> list[Para]:
    """The lines of a text in order, each told as report or furniture. Linear in the text."""
    exact, starts, anywhere, closers = _rules()
    found: list[Para] = []
    closed = False
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            continue
        start = match.start() + match.group().index(line[0])
        head = line[:400]
        if len(line) <= 80 and closers.fullmatch(line):
            closed = True
        furniture = closed or bool(
            (len(line) <= 200 and exact.fullmatch(line))
            or starts.match(head)
            or (len(line) <= 250 and anywhere.search(head))
        )
        found.append(Para(start, start + len(line), furniture))
    return found


def furniture_spans(text: str) -> list[Span]:
    """The spans of page furniture, in order."""
    return [(para.start, para.end) for para in paragraphs(text) if para.furniture]
