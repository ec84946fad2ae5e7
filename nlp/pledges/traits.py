"""What is compared of a commitment, worked out once: words, names, numbers, days, whose, as rows of numbers.

A word is its stem and weighs by its rarity in English (`nlp.text.embeddings.rarity`), so that nothing here
hangs on what else is stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger import vocabulary
from nlp.pledges.pair_features import Item, Vector, owned
from nlp.text import similarity
from nlp.text.normalize import fold_name

# How many words of each of an item's texts are compared, the rarest first. "names": capitalised ones.
MOST: Final[Mapping[str, int]] = {
    "clause": 14,
    "around": 28,
    "context": 20,
    "title": 12,
    "wide": 40,
    "act": 8,
    "clause names": 6,
    "around names": 12,
    "wide names": 16,
}
NUMBERS: Final = 5
# What else is compared, a number each; 0 for a word that is not known, nan for a number that is not.
SINGLE: Final = (
    "day",
    "due",
    "speaker",
    "body",
    "article",
    "statement",
    "start",
    "unit",
    "value",
    "verb",
    "negative",
    "firmness",
    "own voice",
    "owned",
    "length",
)
RARE: Final = 0.25  # rarity from which a capitalised word counts as a name
_CAPITALISED = re.compile(r"(?<![\w.])[A-Z][A-Za-z’'-]{2,}")
_TIMES = frozenset(
    similarity.terms(
        "January February March April May June July August September October November December Monday "
        "Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter",
        least=0.0,
    )
)
_known: dict[str, int] = {}  # numbers of people, bodies, units and so on, in the order they were met
_words: dict[str, int] = {}  # and of words


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """``words``: by the names of MOST, (2, k): numbers of words, 0 where there are fewer, and their weights.
    ``numbers``: (NUMBERS,), nan where there are fewer. ``single``: by SINGLE. ``vectors``: the item's."""

    words: Mapping[str, NDArray[np.float32]]
    numbers: NDArray[np.float32]
    single: NDArray[np.float64]
    vectors: Vector


def traits(item: Item) -> Traits:
    """What is compared of an item; the names of whoever promises tell nothing and are left out."""
    names = _names(item.owner, item.body or "")
    texts = {
        "clause": item.text,
        "around": item.around,
        "context": item.context,
        "title": item.title,
        "wide": item.wide,
        "act": item.commitment.action,
    }
    words: dict[str, Mapping[str, float]] = {
        name: similarity.terms(text, names) for name, text in texts.items()
    }
    words |= {f"{name} names": _capitalised(texts[name], names) for name in ("clause", "around", "wide")}
    numbers = np.full(NUMBERS, math.nan, np.float32)
    found = sorted(similarity.numbers(item.text))[:NUMBERS]
    numbers[: len(found)] = found
    return Traits(
        {name: _row(words[name], MOST[name]) for name in MOST},
        numbers,
        _single(item),
        item.vectors,
    )


def _single(item: Item) -> NDArray[np.float64]:
    one, said = item.commitment, item.statement
    due, measure = one.deadline and one.deadline.last, one.measure
    known = {
        "day": item.day.toordinal() if item.day else math.nan,
        "due": due.toordinal() if due else math.nan,
        "speaker": _number("speaker", said.official_id or fold_name(said.speaker or "")),
        "body": _number("body", fold_name(item.body or "")),
        "article": _number("article", said.article_id),
        "statement": _number("statement", said.id),
        "start": one.span[0],
        "unit": _number("unit", measure.unit if measure else ""),
        "value": measure.value if measure else math.nan,
        "verb": _number("verb", next(iter(similarity.terms(one.action.partition(" ")[0], least=0.0)), "")),
        "negative": one.type == "negative",
        "firmness": vocabulary.types()[one.type].firmness,
        "own voice": vocabulary.roles()[said.role or ""].own_voice,
        "owned": owned(item),
        "length": len(item.text.split()),
    }
    return np.array([known[name] for name in SINGLE], np.float64)


def _number(kind: str, word: str) -> int:
    return _known.setdefault(f"{kind} {word}", len(_known) + 1) if word else 0


@lru_cache(maxsize=20_000)
def _names(owner: str, body: str) -> frozenset[str]:
    return frozenset(similarity.terms(f"{owner} {body}", least=0.0))


def _capitalised(text: str, without: frozenset[str]) -> Mapping[str, float]:
    return similarity.terms(" ".join(_CAPITALISED.findall(text)), without | _TIMES, least=RARE)


def _row(terms: Mapping[str, float], most: int) -> NDArray[np.float32]:
    kept = sorted((-weight, term) for term, weight in terms.items())[:most]
    row = np.zeros((2, most), np.float32)
    if kept:
        row[0, : len(kept)] = [_words.setdefault(term, len(_words) + 1) for _, term in kept]
        row[1, : len(kept)] = [-weight for weight, _ in kept]
    return row
