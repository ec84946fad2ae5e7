"""The runs of three words of a text, by which texts are held against one another (Broder 1997). Pure."""

from __future__ import annotations

import re

SHINGLE = 3  # words
_WORD = re.compile(r"\w+")

Shingles = frozenset[str]


def shingles(text: str) -> Shingles:
    """The distinct runs of three words, case and marks aside."""
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
