"""How text becomes the words of the index, and where the words sought stand in a text shown.

Two forms of every word: as written (lower case, accents folded) for phrases, and its English stem
(Snowball) for words, so that "promises" finds "promised".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import tantivy

from ledger.types import Span

_WORD = re.compile(r"[^\W_]+")  # what tantivy's simple tokenizer splits into
_PARTING = "zqpartingqz"  # a word that no text has
_LONGEST = 100  # bytes of a word; longer ones (base64, ASCII art) are not indexed


@cache
def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """The analyzers by name: ``exact`` and ``stem``."""
    simple, only = tantivy.Tokenizer.simple(), tantivy.Filter
    plain = [only.remove_long(_LONGEST), only.lowercase(), only.ascii_fold()]
    made = {}
    for name, filters in (("exact", plain), ("stem", [*plain, only.stemmer("english")])):
        builder = tantivy.TextAnalyzerBuilder(simple)
        for step in filters:
            builder = builder.filter(step)
        made[name] = builder.build()
    return made


@lru_cache(maxsize=50_000)  # words of the texts shown: the same ones, over and over
def _token(word: str, analyzer: str) -> str:
    return "".join(analyzers()[analyzer].analyze(word))


def exact_tokens(text: str) -> list[str]:
    return list(analyzers()["exact"].analyze(text))


def stem_tokens(text: str) -> list[str]:
    return list(analyzers()["stem"].analyze(text))


def all_tokens(texts: Sequence[str]) -> list[list[str]]:
    """`exact_tokens` of each of many texts, in one pass."""
    if not texts:
        return []
    found: list[list[str]] = [[]]
    for token in exact_tokens(f" {_PARTING} ".join(texts)):
        if token == _PARTING:
            found.append([])
        else:
            found[-1].append(token)
    return found


class Matcher:
    """Finds the words and phrases of a query in a text, by the index's own rules."""

    def __init__(self, words: Sequence[str], phrases: Sequence[str]) -> None:
        self._words = [tokens for word in words if (tokens := stem_tokens(word))]
        self._phrases = [tokens for said in phrases if (tokens := exact_tokens(said))]

    def held(self, text: str) -> int:
        """How many of the words and phrases stand in a text."""
        places = [match.span() for match in _WORD.finditer(text)]
        words = sum(any(_runs(text, places, [one], "stem")) for one in self._words)
        return words + sum(any(_runs(text, places, [one], "exact")) for one in self._phrases)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Where they stand, in order, without overlap."""
        places = [match.span() for match in _WORD.finditer(text)]
        found = {*_runs(text, places, self._words, "stem"), *_runs(text, places, self._phrases, "exact")}
        kept: list[Span] = []
        for start, end in sorted(found):
            if kept and start < kept[-1][1]:
                kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
            else:
                kept.append((start, end))
        return tuple(kept)


def _runs(text: str, places: Sequence[Span], wanted: Sequence[list[str]], analyzer: str) -> Iterator[Span]:
    if not wanted:
        return
    tokens = [_token(text[start:end], analyzer) for start, end in places]
    for sought in wanted:
        for n, token in enumerate(tokens):
            if token == sought[0] and tokens[n : n + len(sought)] == sought:
                yield places[n][0], places[n + len(sought) - 1][1]
