"""The words at spans of a text."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.types import Span

JOIN = " … "  # between the words of a statement's spans, for the stages after extraction


def words_at(text: str, spans: Sequence[Span]) -> str:
    """The words at the spans, the parts of a split statement joined by JOIN."""
    return JOIN.join(text[start:end] for start, end in spans)


def paragraph_at(text: str, spans: Sequence[Span]) -> str:
    """The paragraph that holds the first span."""
    start, end = spans[0]
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return text[first : last if last >= 0 else len(text)]
