"""What is worth a look: later passages that may bear on a pledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.types import Span, Stance, content_id


@dataclass(frozen=True, slots=True)
class Lead:
    """A later passage that may bear on a pledge: no evidence until a person takes it.

    ``likely``: share of such passages that bear on their pledge, 0 to 1, by which a reading list is ordered.
    ``marked``: spans of the article's text within ``span``, of the words that matter.
    """

    id: str
    pledge_id: str
    article_id: str
    span: Span
    likely: float
    stance: Stance  # the likeliest, should it be evidence
    day: date | None = None
    by_owner: bool = False
    source: str = ""
    why: str = ""
    marked: tuple[Span, ...] = ()

    @staticmethod
    def make_id(pledge_id: str, article_id: str, words: str) -> str:
        return content_id("lead", pledge_id, article_id, words)
