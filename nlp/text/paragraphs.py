"""Paragraphs of an article's text, and which of them are page furniture rather than report.

Furniture is what a page puts between the paragraphs: advertisement lines, newsletter boxes, picture
captions, links to other articles, comment guidelines. Its phrases are in ``layout.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal, get_args

from ledger.data_files import read_yaml
from ledger.errors import WrongUse
from ledger.types import Laid, LayoutKind, Span
from ledger.validation import Wanted, check

LAYOUT_KINDS: tuple[LayoutKind, ...] = get_args(LayoutKind)
_BULLET = re.compile(
    r"(?:[•·▪◦‣●–—*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}\.\d(?:\.\d)?)\s+(?=\S)"
)  # no "14.32 ", which is a time
_ENTRY = re.compile(r"(?:[01]?\d|2[0-3])[.:][0-5]\d(?: ?[ap]\.?m\b\.?)?(?: ?[:–—-])?\s+(?=\S)")
_LONGEST_HEADING = 90  # characters
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Para:
    """One line of the text, white space at its ends and the time of a live page's entry left out.

    ``timed``: such a time stands before it. ``kind``: as the page's layout tells it, else "list" or "heading"
    by the line's own look, else "".
    """

    start: int
    end: int
    furniture: bool
    kind: LayoutKind | Literal[""] = ""
    timed: bool = False


@dataclass(frozen=True, slots=True)
class _Given:
    """A `Laid` as it comes in from outside."""

    kind: Annotated[LayoutKind, Wanted(f"must be one of {', '.join(LAYOUT_KINDS)}")]
    span: Annotated[tuple[int, int], Wanted("must be two whole numbers, [start, end]")]


def layout_of(given: object, text: str, where: str) -> tuple[Laid, ...]:
    """The layout that comes with a text, None for none.

    Raises WrongUse naming ``where`` it stands, the entry and what is wrong with it.
    """
    laid = [Laid(one.kind, one.span) for one in check(tuple[_Given, ...], given or (), where)]
    for nth, one in enumerate(laid):
        start, end = one.span
        if not 0 <= start < end <= len(text):
            raise WrongUse(
                f"{where}.{nth}.span: {start} to {end} is no stretch of a text of {len(text)} characters"
            )
    return tuple(laid)


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


def paragraphs(text: str, layout: Sequence[Laid] = ()) -> list[Para]:
    """The lines of a text in order, each told as report or furniture. Linear in the text.

    ``layout``: what the page's markup told of spans; a line takes the kind of the one that holds its middle,
    a label that of the line it begins.
    """
    exact, starts, anywhere, closers = _rules()
    found: list[Para] = []
    closed = False
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            continue
        start = match.start() + match.group().index(line[0])
        stamp = _ENTRY.match(line)
        head = line[:400]
        if len(line) <= 80 and closers.fullmatch(line):
            closed = True
        furniture = closed or bool(
            (len(line) <= 200 and exact.fullmatch(line))
            or starts.match(head)
            or (len(line) <= 250 and anywhere.search(head))
        )
        begin = start + stamp.end() if stamp and not furniture else start
        found.append(Para(begin, start + len(line), furniture, _look(line), begin > start))
    return _laid(found, layout) if layout else found


def _look(line: str) -> Literal["list", "heading", ""]:
    """What a line is by its own look: an item of a list, or a heading, which is short and has no stop."""
    if _BULLET.match(line):
        return "list"
    short = len(line) <= _LONGEST_HEADING and line.rstrip("”\"’'»)*")[-1:] not in (*".!?…:;,", "")
    return "heading" if short and not line[0].islower() else ""


def _laid(found: list[Para], layout: Sequence[Laid]) -> list[Para]:
    """The paragraphs with the kinds of the layout, in one walk over both."""
    spans = sorted(layout, key=lambda laid: laid.span)
    made, at = [], 0
    for para in found:
        while at < len(spans) and spans[at].span[1] <= para.start:
            at += 1
        kind = para.kind
        if at < len(spans) and spans[at].span[0] <= para.start + 1:
            covers = spans[at].span[1] - para.start > (para.end - para.start) / 2
            kind = spans[at].kind if covers or spans[at].kind == "label" else kind
        made.append(replace(para, kind=kind, furniture=para.furniture or kind == "caption"))
    return made


def without_bullet(text: str, para: Para) -> int:
    """Where the words of a list's item begin."""
    bullet = _BULLET.match(text, para.start, para.end)
    return bullet.end() if bullet else para.start


def furniture_spans(text: str) -> list[Span]:
    """The spans of page furniture, in order."""
    return [(para.start, para.end) for para in paragraphs(text) if para.furniture]


_STAMP = re.compile(r"\W{0,3}(?:[01]?\d|2[0-3])[.:][0-5]\d ?(?:[ap]\.?m\b)?")
_HEADING = re.compile(r"(?![-•–·]|\d+[.)/]|[a-z])(?!.*[.!?:;,…”\"’')][*_]*$)(?!.*[.:] ).{3,90}")
ITEMS = 3  # headings or time stamps from which an article is taken for a collection of items
HEADLINE = 4  # words of a heading that tells news of its own, so that one alone parts two items


def items(text: str) -> list[Span]:
    """The items of a live blog, a round-up or a letters page; an ordinary article is one.

    The first span is what stands before the first heading or time stamp, and may be empty. An item reaches
    from its heading to the next. Linear in the text.
    """
    told = [(p, text[p.start : p.end]) for p in paragraphs(text) if not p.furniture]
    starts = [p.start for p, line in told if p.timed or _STAMP.match(line)]
    if len(starts) < ITEMS:
        heads = [
            (p.start, line)
            for (p, line), (_, after) in pairwise(told)
            if _HEADING.fullmatch(line) and len(after) > len(line)
        ]
        starts = [start for start, _ in heads]
        if len(starts) < ITEMS:
            starts = [start for start, line in heads if start and len(line.split()) >= HEADLINE]
            starts = [0, *starts] if starts else []  # what stands before a headline is an item too
    edges = [0, *starts, len(text)]
    return list(pairwise(edges))
