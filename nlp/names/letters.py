"""Single words as letters: as a reader sees them, for comparison, in capitals."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens, joiners and blanks without width
_MARKS = "\u0300-\u036f"  # accents written behind their letter
INNER = rf"\w{_MARKS}{_UNSEEN}"
_UNSEEN_ONE = re.compile(f"[{_UNSEEN}]")
_BOUND = re.compile(
    r"(?:al|el|ul|ad|an|ar|as|ash|at|az|bin|ibn|abu|d|l|de|ap|ab)[\-’'‑]|(?:de|le|la)(?=[A-Z])"
    r"|h(?=[AEIOUÁÉÍÓÚ])|t(?=S)|n(?=D)|g(?=C)|d(?=T)|m(?=B)|bh(?=F)"  # Irish: "Ó hAilpín", "Mac an tSaoir"
)
_ONCE = re.compile(r"(?:ex|then|one-time)-.+|.+-(?:elect|designate)", re.I)


@lru_cache(maxsize=50_000)
def seen(word: str) -> str:
    """A word as a reader sees it: accents on their letters, nothing without width."""
    return unicodedata.normalize("NFC", _UNSEEN_ONE.sub("", word))


@lru_cache(maxsize=50_000)
def word_key(word: str) -> str:
    """A name's word for comparison: small letters, one apostrophe, one hyphen."""
    return re.sub("[’‘ʼ`]", "'", re.sub("[‐‑]", "-", seen(word))).lower()


@lru_cache(maxsize=50_000)
def caps(word: str) -> str:
    """A word in capitals as it would be written in small ones ("SKELBROUGH" to "Skelbrough"); short ones may
    be letters for several words."""
    word = seen(word)
    if not (word.isupper() and len(word) > 3):
        return word
    return re.sub(r"(?<![’'])\b[^\W\d_]|(?<=\b[od][’'])\w", lambda m: m[0].upper(), word.lower())


def is_capital(word: str) -> bool:
    """True for a word that begins as a name does ("al-Hadi" too)."""
    head = _BOUND.match(word)
    first = word[head.end() :] if head else word
    if not first[:1].isupper():
        return False
    return len(word) > 1 or word not in "AI"


def is_once(word: str) -> bool:
    """True for a word of who was, or will be, something: "Ex-MP", "Mayor-elect"."""
    return _ONCE.fullmatch(word) is not None
