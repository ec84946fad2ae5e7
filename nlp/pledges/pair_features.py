"""Commitments as grouping sees them, and how likely two of them are the same pledge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.types import UNOWNED, Commitment, Span, Statement
from nlp.text import similarity
from nlp.text.normalize import fold_name

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A commitment with what grouping needs: who undertook it, on which day, in which words.

    ``owner``: the speaker's name, else the body's. ``vector``: of ``text``, (384,), length 1.
    ``context``: what its article is about (headline and first sentence), with its vector; where they
    are missing, the words themselves stand in, and restatements that name nothing are missed.
    """

    commitment: Commitment
    statement: Statement
    owner: str
    body: str | None
    day: date | None
    text: str
    vector: Vector
    context: str = ""
    context_vector: Vector | None = None

    @property
    def id(self) -> str:
        return self.commitment.id


def item_of(
    commitment: Commitment,
    statement: Statement,
    text: str,
    day: date | None,
    vector: Vector,
    context: str,
    context_vector: Vector,
) -> Item:
    """A commitment of the article ``text`` as an Item: its owner is the speaker, else the body."""
    return Item(
        commitment=commitment,
        statement=statement,
        owner=owner_of(statement.speaker, statement.body, statement.id),
        body=statement.body,
        day=day,
        text=text[slice(*commitment.span)],
        vector=vector,
        context=context,
        context_vector=context_vector,
    )


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


def in_order(items: Iterable[Item]) -> list[Item]:
    """By day, then article and place; those without a day last."""
    return sorted(
        items,
        key=lambda i: (i.day or date.max, i.statement.article_id, i.statement.content, i.commitment.id),
    )


def owners(item: Item) -> frozenset[str]:
    """The blocks an item belongs to: its owner, and the body it speaks for."""
    return owners_of(item.statement.official_id, item.owner, item.body, item.statement.role)


@lru_cache(maxsize=100_000)
def owners_of(official_id: str | None, owner: str, body: str | None, role: str | None) -> frozenset[str]:
    """The same from the fields of a statement."""
    who = official_id or fold_name(owner)  # two people of one name stay two
    own_voice = vocabulary.roles()[role or ""].own_voice
    return frozenset({who} if not body or own_voice else {who, fold_name(body)})


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """What is compared of an item, worked out once."""

    item: Item
    owners: frozenset[str]
    words: similarity.Terms
    topic: similarity.Terms
    numbers: frozenset[float]
    matter: Vector


def traits(item: Item, matter: Vector) -> Traits:
    """``matter``: the item's row of `matters`."""
    names = _names(item.owner, item.body or "")
    words, numbers = similarity.terms(item.text, names), similarity.numbers(item.text)
    topic = similarity.terms(item.context, names) if item.context else words
    return Traits(item, owners(item), words, topic, numbers, matter)


@lru_cache(maxsize=20_000)
def _names(owner: str, body: str) -> frozenset[str]:
    return frozenset(similarity.terms(f"{owner} {body}", least=0.0))


def matters(items: Sequence[Item]) -> Vector:
    """The meaning of each one's words with that of what its article is about mixed in: (n, 384), length 1."""
    own = np.stack([item.vector for item in items])
    around = np.stack([i.vector if i.context_vector is None else i.context_vector for i in items])
    mixed: Vector = np.float32(rules()["own_share"]) * own + around
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    np.divide(mixed, lengths, out=mixed, where=lengths > 0)
    return mixed


def features(one: Traits, other: Traits) -> dict[str, float]:
    """What the two share, under the names of grouping.yaml."""
    cap = float(rules()["most_shared"])
    crossed = max(
        similarity.shared_weight(one.words, other.topic), similarity.shared_weight(other.words, one.topic)
    )
    return {
        "matter": float(one.matter @ other.matter),
        "words": min(cap, similarity.shared_weight(one.words, other.words)),
        "in_context": min(cap, crossed),
        "number": float(bool(one.numbers & other.numbers)),
        "same_date": float(_same_date(one.item.commitment, other.item.commitment)),
    }


def _same_date(one: Commitment, other: Commitment) -> bool:
    """True when both are due, and within a few days of each other."""
    first, second = (c.deadline.last if c.deadline else None for c in (one, other))
    return first is not None and second is not None and abs((first - second).days) <= rules()["same_days"]


def log_odds(one: Traits, other: Traits) -> float:
    """Log-odds that two commitments are the same pledge."""
    rule = rules()
    if not one.owners & other.owners:
        return float(rule["other_owner"])
    weights: dict[str, float] = rule["likeness"]
    found = features(one, other)
    return weights["constant"] + sum(weights[name] * value for name, value in found.items())
