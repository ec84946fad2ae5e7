"""The commitment that a manifesto's point is: a rule, for the votes have learned from news alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import ArticleKind, CommitmentType, Span, Statement
from nlp.commitments.proposals import trimmed
from nlp.text.normalize import fold_quotes
from nlp.text.sentences import sentence_breaks

SURE = 0.9  # confidence of a point
_KIND = "manifesto"
_SHOWN = ("list", "heading")


@cache
def _patterns() -> tuple[dict[CommitmentType, re.Pattern[str]], re.Pattern[str], re.Pattern[str]]:
    """Kinds of undertakings in the order in which they are tried; what tells how it is; what promises."""
    rules = read_yaml(__file__, "points.yaml")
    kinds = {kind: re.compile(words) for kind, words in rules["kinds"].items()}
    return kinds, re.compile(rules["told"]), re.compile(rules["promised"])


def is_point(
    statement: Statement, text: str, kind: ArticleKind, layout: Sequence[tuple[str, Span]] = ()
) -> bool:
    """True for what a manifesto's publisher says in an item, by its bullet, its number or its layout."""
    if kind != _KIND or statement.cue or statement.source:
        return False
    start = statement.content[0][0]
    marked = text[text.rfind("\n", 0, start) + 1 : start].strip()
    return bool(marked) or any(shown in _SHOWN and a <= start < b for shown, (a, b) in layout)


def point_of(text: str, content: Span) -> tuple[Span, CommitmentType] | None:
    """The sentence of a point that says what is undertaken, and what kind of undertaking that is."""
    kinds, told, promised = _patterns()
    sentences = list(_sentences(text, content))
    plain = [fold_quotes(text[slice(*span)]).lower() for span in sentences]
    chosen = 0
    if told.search(plain[0]) and not promised.search(plain[0]):
        chosen = next((n for n, words in enumerate(plain) if promised.search(words)), 0)
    span = trimmed(text, *sentences[chosen])
    if span is None:
        return None
    return span, next((kind for kind, pattern in kinds.items() if pattern.search(plain[chosen])), "firm")


def _sentences(text: str, content: Span) -> Iterator[Span]:
    start, end = content
    for stop, begin in [*sentence_breaks(text, start, end), (end, end)]:
        yield start, stop
        start = begin
