"""What an article offers as evidence: each sentence, with who says it and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Article, Span, Statement
from nlp.text.sentences import sentence_breaks

COVERED = 0.5  # share of a sentence within statements from which their own sentences stand for it


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """A sentence of a statement, or of the reporter's own words.

    ``speaker`` and ``body``: of the statement, None where the reporter tells. ``before``: the sentence that
    stands before it in the article.
    """

    article_id: str
    span: Span
    text: str
    day: date | None
    outlet: str
    speaker: str | None = None
    body: str | None = None
    statement_id: str | None = None
    before: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ArticlePassages:
    """One article's passages, in the order of the text."""

    article_id: str
    headline: str
    outlet: str
    day: date | None
    passages: tuple[CandidatePassage, ...]


def passages_of(
    article: Article, day: date | None, sentences: Sequence[Span], statements: Sequence[Statement]
) -> ArticlePassages:
    """An article cut into passages. ``sentences``: spans of its reported text, as extraction gives them."""
    text = article.text
    taken = sorted(span for s in statements for span in s.content)
    found: list[tuple[Span, Statement | None]] = [
        (part, s) for s in statements for span in s.content for part in sentences_in(text, span)
    ]
    found += [(span, None) for span in sentences if not _covered(span, taken)]
    found.sort(key=lambda row: row[0])
    made: list[CandidatePassage] = []
    for span, statement in found:
        before = made[-1].text if made else ""
        words = text[slice(*span)]
        made.append(
            CandidatePassage(
                article.id,
                span,
                words,
                day,
                article.outlet,
                speaker=statement.speaker if statement else None,
                body=statement.body if statement else None,
                statement_id=statement.id if statement else None,
                before=before,
            )
        )
    return ArticlePassages(article.id, article.title, article.outlet, day, tuple(made))


def sentences_in(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a stretch of text."""
    at, end = span
    for stop, begin in [*sentence_breaks(text, at, end), (end, end)]:
        stop += len(text[stop:begin].rstrip())
        if text[at:stop].strip():
            yield at, stop
        at = begin


def _covered(span: Span, taken: Sequence[Span]) -> bool:
    inside = sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in taken)
    return inside > COVERED * (span[1] - span[0])
