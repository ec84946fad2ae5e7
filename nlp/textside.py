"""From one stage's values to the next one's: the joints of the text side, used by runs and `said annotate`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ledger.types import Commitment, Span, Statement
from nlp.commitments import Said
from nlp.evidence import Passage
from nlp.grouping import Item

UNOWNED = "unresolved"


def words(text: str, spans: Sequence[Span]) -> str:
    """The words of a statement for the stages after extraction; parts of a split one are joined by a space."""
    return " ".join(text[start:end] for start, end in spans)


def paragraph(text: str, spans: Sequence[Span]) -> str:
    """The paragraph that holds the first span."""
    start, end = spans[0]
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return text[first : last if last >= 0 else len(text)]


def said(statement: Statement, text: str, day: date | None) -> Said:
    """A statement as `nlp.commitments.flag` wants it."""
    return Said(
        statement_id=statement.id,
        text=words(text, statement.content),
        kind=statement.kind,
        cue=words(text, statement.cue),
        published=day,
        role=statement.role,
        speaker=statement.speaker,
        context=paragraph(text, statement.content),
    )


def item(
    commitment: Commitment, statement: Statement, text: str, day: date | None, vector: NDArray[np.float32]
) -> Item:
    """A commitment as `nlp.grouping` wants it: its owner is the speaker, else the body, else nobody known."""
    return Item(
        commitment=commitment,
        statement=statement,
        owner=statement.speaker or statement.body or UNOWNED,
        body=statement.body,
        day=day,
        text=words(text, statement.content),
        vector=vector,
    )


def passages(
    article_id: str,
    text: str,
    outlet: str,
    day: date | None,
    sentences: Sequence[Span],
    statements: Sequence[Statement],
) -> list[Passage]:
    """What an article offers as evidence: its statements, and the sentences outside them."""
    said = [
        Passage(article_id, span, text[span[0] : span[1]], day, outlet, s.speaker or s.body, s.id)
        for s in statements
        for span in s.content
    ]
    taken = sorted(span for s in statements for span in s.content)
    told = [
        Passage(article_id, span, text[span[0] : span[1]], day, outlet, None, None)
        for span in sentences
        if not _covered(span, taken)
    ]
    return sorted(said + told, key=lambda passage: passage.span)


def _covered(span: Span, taken: Sequence[Span], share: float = 0.5) -> bool:
    """True when more than ``share`` of the span lies inside statements."""
    inside = sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in taken)
    return inside > share * (span[1] - span[0])
