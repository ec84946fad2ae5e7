"""Text made comparable, one function for each meaning: quotation marks, titles, names; and word lists as
patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FOLD = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "\u00a0": " ",
        "\n": " ",
        "\r": " ",
        "\t": " ",
    }
)


def fold_quotes(text: str) -> str:
    """Straight quotation marks, plain dashes and spaces, character for character, so that offsets hold."""
    return re.sub(r"\s", " ", text.translate(_FOLD))


def fold_title(word: str) -> str:
    """A title or word for look-up: small letters, no full stop."""
    return word.replace(".", "").lower().strip()


@lru_cache(maxsize=100_000)
def fold_letters(word: str) -> str:
    """A name's word for comparison: small letters without accents, one apostrophe, no initial's full stop."""
    plain = unicodedata.normalize("NFKD", fold_quotes(word).lower().removesuffix("."))
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "MC")


@lru_cache(maxsize=100_000)
def fold_name(name: str) -> str:
    """A name for comparison: lower case, without a leading article."""
    return " ".join(name.lower().split()).removeprefix("the ")


def either(words: Iterable[str]) -> str:
    """An alternation of literal words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))
