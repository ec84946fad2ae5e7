"""Commitments as grouping sees them: whose, on which day, in which words, within what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.types import PRIVATE, UNOWNED, Commitment, Span, Statement
from nlp.models.promise_encoder import PromiseEncoder, passage_text, pledge_text
from nlp.text.embeddings import WIDTH, Embedder
from nlp.text.normalize import fold_name

Vector = NDArray[np.float32]
BEFORE: Final = 450  # characters before a clause, and
BEHIND: Final = 200  # behind it, that may name what it is about


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as its commitments stand in it; ``sentences``: of its reported text. ``voices``: the blocks
    of everyone who is known to speak in it."""

    title: str
    text: str
    sentences: Sequence[Span]
    voices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A commitment with what grouping needs: who undertook it, on which day, in which words.

    ``owner``: the speaker's name, else the body's. ``context``: what its article is about (headline and first
    sentence). ``around``: the sentence before the clause, and its own to the end. ``wide``: more of both.
    ``voices``: of the article. ``vectors``: (4, 384), rows of length 1, of the texts that `texts_of` gives.
    """

    commitment: Commitment
    statement: Statement
    owner: str
    body: str | None
    day: date | None
    text: str
    title: str
    context: str
    around: str
    wide: str
    vectors: Vector
    voices: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return self.commitment.id

    @property
    def vector(self) -> Vector:
        """(384,): of the clause."""
        clause: Vector = self.vectors[0]
        return clause


def item_of(
    commitment: Commitment, statement: Statement, printed: Printed, day: date | None, vectors: Vector
) -> Item:
    """A commitment in its article as an Item: its owner is the speaker, else the body."""
    (start, end), text = commitment.span, printed.text
    first, last = sentences_at(printed, commitment.span)
    return Item(
        commitment=commitment,
        statement=statement,
        owner=owner_of(statement.speaker, statement.body, statement.id),
        body=statement.body,
        day=day,
        text=text[start:end],
        title=printed.title,
        context=context_of(printed.title, text, printed.sentences),
        around=text[min(start, first[0]) : max(end, last[1])],
        wide=text[max(0, start - BEFORE) : end + BEHIND],
        vectors=vectors,
        voices=printed.voices,
    )


def texts_of(span: Span, printed: Printed) -> tuple[str, str, str, str]:
    """What is encoded of the clause at a span: its words, what its article is about, and the clause as the
    encoder of promises reads a pledge and a passage. Whose it is, is left out: that is compared by itself."""
    words, before = printed.text[slice(*span)], printed.text[slice(*sentences_at(printed, span)[0])]
    return (
        words,
        context_of(printed.title, printed.text, printed.sentences),
        pledge_text("", "", words, printed.title),
        passage_text(printed.title, before, "", words),
    )


def encoded(texts: Sequence[Sequence[str]], embedder: Embedder, promises: PromiseEncoder) -> Vector:
    """The vectors of what `texts_of` gave for each commitment: (n, 4, 384)."""
    plain = embedder.encode([text for row in texts for text in row[:2]]).reshape(-1, 2, WIDTH)
    told = promises.vectors([text for row in texts for text in row[2:]]).reshape(-1, 2, WIDTH)
    both: Vector = np.concatenate([plain, told], axis=1)
    return both


def sentences_at(printed: Printed, clause: Span) -> tuple[Span, Span]:
    """The sentence before that in which a clause begins, and the one in which it ends; the clause itself
    where no sentence is known."""
    if not printed.sentences:
        return clause, clause
    starts = [start for start, _ in printed.sentences]
    first = max(0, bisect_right(starts, clause[0]) - 2)
    last = max(0, bisect_right(starts, clause[1] - 1) - 1)
    return printed.sentences[first], printed.sentences[last]


def owner_of(speaker: str | None, body: str | None, statement_id: str) -> str:
    """Who answers for a commitment; where nobody is known a name of its own, so that two unknown speakers
    are never taken for one."""
    return speaker or body or f"{UNOWNED} {statement_id}"


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The thresholds and weights of grouping.yaml."""
    loaded: dict[str, Any] = read_yaml(__file__, "grouping.yaml")
    return loaded


def context_of(title: str, text: str, sentences: Sequence[Span]) -> str:
    """What an article is about: its headline and the first sentence of its reported text."""
    first = " ".join(text[start:end] for start, end in sentences[:1])
    return f"{title}. {first}".strip(". ")


def rank(item: Item) -> tuple[date, str, Span, str]:
    """By day, then article and place; those without a day last."""
    return item.day or date.max, item.statement.article_id, item.commitment.span, item.id


def in_order(items: Iterable[Item]) -> list[Item]:
    """By their `rank`."""
    return sorted(items, key=rank)


def owners(item: Item) -> frozenset[str]:
    """The blocks an item belongs to: its owner, and the body it speaks for. What nobody is known to have said
    ("the plan is to …") may be anybody's who speaks in its article."""
    said = item.statement
    mine = owners_of(said.official_id, item.owner, item.body, said.role)
    return mine if owned(item) else mine | item.voices


def owned(item: Item) -> bool:
    """True where it is known who promises."""
    return bool(item.statement.speaker or item.body)


def voices_of(statements: Iterable[Statement]) -> frozenset[str]:
    """The blocks of everyone who is known to speak in an article, by its statements."""
    known = (s for s in statements if s.speaker or s.body)
    return frozenset().union(
        *(owners_of(s.official_id, owner_of(s.speaker, s.body, s.id), s.body, s.role) for s in known)
    )


@lru_cache(maxsize=100_000)
def owners_of(official_id: str | None, owner: str, body: str | None, role: str | None) -> frozenset[str]:
    """The same from the fields of a statement."""
    who = official_id or fold_name(owner)  # two people of one name stay two
    own_voice = role != PRIVATE and vocabulary.roles()[role or ""].own_voice  # a firm's people speak for it
    return frozenset({who} if not body or own_voice else {who, fold_name(body)})


def matters(items: Sequence[Item]) -> Vector:
    """The meaning of each one's words with that of what its article is about mixed in: (n, 384), length 1."""
    own, around = (np.stack([item.vectors[row] for item in items]) for row in (0, 1))
    mixed: Vector = np.float32(rules()["own_share"]) * own + around
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    np.divide(mixed, lengths, out=mixed, where=lengths > 0)
    return mixed
