"""From one stage's values to the next one's: the joints of the text side, for runs and `said annotate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ledger.types import Commitment, Pledge, Span, Statement
from nlp.commitments import JOIN, Said
from nlp.evidence import Passage
from nlp.grouping import Item, build_pledges

Vector = NDArray[np.float32]
UNOWNED = "unresolved"


def words(text: str, spans: Sequence[Span]) -> str:
    """The words of a statement for the stages after extraction, the parts of a split one joined."""
    return JOIN.join(text[start:end] for start, end in spans)


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
    commitment: Commitment,
    statement: Statement,
    text: str,
    day: date | None,
    vector: Vector,
    context: str,
    context_vector: Vector,
) -> Item:
    """A commitment as `nlp.grouping` wants it: its owner is the speaker, else the body.

    Where neither is known it stands alone: two unknown speakers are never taken for one.
    """
    return Item(
        commitment=commitment,
        statement=statement,
        owner=owner(statement.speaker, statement.body, statement.id),
        body=statement.body,
        day=day,
        text=words(text, statement.content),
        vector=vector,
        context=context,
        context_vector=context_vector,
    )


def owner(speaker: str | None, body: str | None, statement_id: str) -> str:
    """Who answers for a commitment; a name of its own where nobody is known."""
    return speaker or body or f"{UNOWNED} {statement_id}"


def pledges(items: Sequence[Item], pledge_of: Mapping[str, str]) -> list[Pledge]:
    """The pledges of these items; an owner that is not known is called so."""
    built = build_pledges(items, pledge_of)
    return [replace(p, owner=UNOWNED) if p.owner.startswith(f"{UNOWNED} ") else p for p in built]


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
