"""What two texts share besides their meaning: uncommon words and numbers. Pure functions on text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ledger.pledges.stems import stem
from nlp.text.embeddings import rarity
from nlp.text.numbers import SCALES, SMALL

MAX_CHARS = 20_000  # of a text; what follows is not read
Terms = dict[str, float]

_WORD = re.compile(r"([^\W\d_]+)(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(\.\d{1,4})?(?:\s?(k|m|bn|million|billion))?(?![\w/])",
    re.I,
)
_TIMES = {"k": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_ANY_SPELT = frozenset([*SMALL, *SCALES])


def terms(text: str, without: Iterable[str] = (), least: float = 0.1) -> Terms:
    """The text's uncommon words, stemmed, with their rarity (0..1); the stems of ``without`` left out.

    ``without``: stems that say nothing here, such as those of the owner's own name. ``least``: the
    rarity below which a word is too common to tell one matter from another. The answer is shared: not to be
    altered.
    """
    stop = without if isinstance(without, frozenset) else frozenset(without)
    found = _terms(text[:MAX_CHARS], least)
    if stop.isdisjoint(found):
        return found
    return {term: weight for term, weight in found.items() if term not in stop}


@lru_cache(maxsize=64)
def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@lru_cache(maxsize=20_000)
def _terms(text: str, least: float) -> Terms:
    found: Terms = {}
    for word in _words(text):
        if len(word) >= 3:
            stemmed, weight = _weighed(word)
            if weight >= least and weight > found.get(stemmed, -1.0):
                found[stemmed] = weight
    return found


@lru_cache(maxsize=100_000)
def _weighed(word: str) -> tuple[str, float]:
    return stem(word), rarity(word)


def shared_weight(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Weight of the terms that both have."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return sum(weight for term, weight in few.items() if term in many)


class TermIndex:
    """Several texts' terms, held against others' together: `shared_weight` by the shared words alone."""

    def __init__(self, listed: Sequence[Terms]) -> None:
        self._sizes = [len(one) for one in listed]
        self._holding: dict[str, list[tuple[int, float]]] = {}
        for place, one in enumerate(listed):
            for term, weight in one.items():
                self._holding.setdefault(term, []).append((place, weight))

    def shared(self, words: Mapping[str, float]) -> list[float]:
        """The `shared_weight` of these words with each of the texts, in their order."""
        found, few = [0.0] * len(self._sizes), len(words)
        for term, weight in words.items():
            for place, theirs in self._holding.get(term, ()):
                found[place] += weight if few <= self._sizes[place] else theirs
        return found


@lru_cache(maxsize=20_000)
def numbers(text: str) -> frozenset[float]:
    """The numbers in a text, in figures or words, without years and without one and two."""
    found = {value for value, _ in placed_numbers(text)}
    return frozenset(n for n in found if n > 2 and not 1900 <= n <= 2100)


@lru_cache(maxsize=20_000)
def placed_numbers(text: str) -> tuple[tuple[float, int], ...]:
    """Every number in figures or words with the offset where it ends, in text order."""
    text = text[:MAX_CHARS]
    found = [
        (float(m[1].replace(",", "") + (m[2] or "")) * _TIMES.get((m[3] or "").lower(), 1.0), m.end())
        for m in _NUMBER.finditer(text)
    ]
    return tuple(sorted(found + _spelt(text), key=lambda pair: pair[1]))


def _spelt(text: str) -> list[tuple[float, int]]:
    """Numbers in words: "two hundred and twelve", "a thousand"."""
    found: list[tuple[float, int]] = []
    if _ANY_SPELT.isdisjoint(_words(text)):
        return found
    total, end, last = 0.0, -1, ""
    for match in _WORD.finditer(text):
        word = match.group().lower()
        follows = end >= 0 and not text[end : match.start()].strip(" -") and match.start() - end < 4
        if word in SMALL and follows and last != "unit":
            total, end, last = total + SMALL[word], match.end(), "unit" if SMALL[word] < 20 else "ten"
        elif word in SCALES and (follows or last == "a"):
            total, end, last = max(total, 1.0) * SCALES[word], match.end(), "scale"
        elif word == "and" and follows and last == "scale":
            end, last = match.end(), "and"
        else:
            if total:
                found.append((total, end))
            total, end, last = 0.0, -1, "a" if word in ("a", "the") else ""
            if word in SMALL:
                total, end, last = float(SMALL[word]), match.end(), "unit" if SMALL[word] < 20 else "ten"
    if total:
        found.append((total, end))
    return found
