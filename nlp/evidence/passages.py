"""What an article offers as evidence: its statements, and the sentences outside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Span, Statement


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """A span of an article that may be evidence: a statement's words, or a sentence outside statements."""

    article_id: str
    span: Span
    text: str
    day: date | None
    outlet: str
    speaker: str | None
    statement_id: str | None


def passages_of(
    article_id: str,
    text: str,
    outlet: str,
    day: date | None,
    sentences: Sequence[Span],
    statements: Sequence[Statement],
) -> list[CandidatePassage]:
    """What an article offers as evidence: its statements, and the sentences outside them."""
    said = [
        CandidatePassage(article_id, span, text[span[0] : span[1]], day, outlet, s.speaker or s.body, s.id)
        for s in statements
        for span in s.content
    ]
    taken = sorted(span for s in statements for span in s.content)
    told = [
        CandidatePassage(article_id, span, text[span[0] : span[1]], day, outlet, None, None)
        for span in sentences
        if not _covered(span, taken)
    ]
    return sorted(said + told, key=lambda passage: passage.span)


def _covered(span: Span, taken: Sequence[Span], share: float = 0.5) -> bool:
    """True when more than ``share`` of the span lies inside statements."""
    inside = sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in taken)
    return inside > share * (span[1] - span[0])
