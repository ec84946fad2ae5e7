"""A statement as commitments are looked for in it: its place in the article, who said it, what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Role, Span, Statement
from nlp.models.promises import PromiseReading, unpacked
from nlp.text.spans import words_at


@dataclass(frozen=True, slots=True)
class Said:
    """One statement. ``article``: the whole text that ``content`` lies in; ``cue``: its words, "" if none.

    ``role`` None: not known, the words alone are judged. ``seen``: what the tagger read of promises in it,
    None where it read none. ``point``: of a manifesto, a commitment whatever the votes say.
    """

    statement_id: str
    article: str
    content: Sequence[Span]
    seen: PromiseReading | None
    kind: str = "direct"
    cue: str = ""
    published: date | None = None
    role: Role | None = None
    speaker: str | None = None
    body: str | None = None
    headline: str = ""
    point: bool = False


def said_of(
    statement: Statement, text: str, day: date | None, headline: str = "", point: bool = False
) -> Said:
    """A statement of the article ``text``, published on ``day``, as flagging wants it.

    ``point``: it is one of a manifesto (`nlp.commitments.points.is_point`).
    """
    return Said(
        statement_id=statement.id,
        article=text,
        content=statement.content,
        seen=unpacked(statement.promises),
        kind=statement.kind,
        cue=words_at(text, statement.cue),
        published=day,
        role=statement.role,
        speaker=statement.speaker,
        body=statement.body,
        headline=headline,
        point=point,
    )
