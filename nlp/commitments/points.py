"""The commitment that a point of a manifesto, a resolution or an action of minutes is.

A rule, for the votes have learned from news alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ledger.data_files import read_yaml
from ledger.types import ArticleKind, CommitmentType, Laid, Span, Statement
from nlp.commitments.proposals import trimmed
from nlp.text.normalize import fold_quotes
from nlp.text.sentences import sentence_breaks
from nlp.text.spans import words_at

SURE = 0.9  # confidence of a point
CELL = " | "  # between the cells of a table's row
_MANIFESTO, _PAPERS = "manifesto", ("minutes", "decision")
_SHOWN = ("list", "heading")


class _Patterns(NamedTuple):
    """What points.yaml holds; ``kinds`` in the order in which they are tried."""

    kinds: dict[CommitmentType, re.Pattern[str]]
    told: re.Pattern[str]
    promised: re.Pattern[str]
    will: re.Pattern[str]
    procedure: re.Pattern[str]
    minuted: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    rules = read_yaml(__file__, "points.yaml")
    kinds = {kind: re.compile(words) for kind, words in rules["kinds"].items()}
    return _Patterns(kinds, *(re.compile(rules[name]) for name in _Patterns._fields[1:]))


def is_point(statement: Statement, text: str, kind: ArticleKind, layout: Sequence[Laid] = ()) -> bool:
    """True for what a manifesto's publisher says in an item, by its bullet, its number or its layout, and for
    what minutes resolve, give to somebody to do, or note as undertaken."""
    start = statement.content[0][0]
    if kind in _PAPERS:
        cue = words_at(text, statement.cue).lower()
        return (
            bool(_patterns().minuted.fullmatch(cue))
            if cue
            else text[start : start + 3] == "to " or _is_cell(text, statement.content[0])
        )
    if kind != _MANIFESTO or statement.cue or statement.source:
        return False
    marked = text[text.rfind("\n", 0, start) + 1 : start].strip()
    return bool(marked) or any(
        laid.kind in _SHOWN and laid.span[0] <= start < laid.span[1] for laid in layout
    )


def _is_cell(text: str, content: Span) -> bool:
    """True for words of a table's row."""
    start, end = content
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").index("\n", end)]
    return CELL in line


def point_of(text: str, content: Sequence[Span]) -> tuple[Span, CommitmentType] | None:
    """The sentence of a point that says what is undertaken, and what kind of undertaking that is.

    An item's is its first, unless that tells how things are; that of a heading with its paragraph is the
    first that promises. None where nothing but the course of a meeting is resolved.
    """
    rules = _patterns()
    sentences = [span for part in content for span in _sentences(text, part)]
    plain = [fold_quotes(text[slice(*span)]).lower().partition(CELL)[0] for span in sentences]
    chosen = 0
    if len(content) > 1 or (rules.told.search(plain[0]) and not rules.promised.search(plain[0])):
        promising = (
            n for pattern in (rules.promised, rules.will) for n, w in enumerate(plain) if pattern.search(w)
        )
        chosen = next(promising, 0)
    span = trimmed(text, *sentences[chosen])
    if span is None or rules.procedure.search(plain[chosen]):
        return None
    return span, next(
        (kind for kind, pattern in rules.kinds.items() if pattern.search(plain[chosen])), "firm"
    )


def _sentences(text: str, content: Span) -> Iterator[Span]:
    start, end = content
    for stop, begin in [*sentence_breaks(text, start, end), (end, end)]:
        yield start, stop
        start = begin
