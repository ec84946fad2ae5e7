"""Words without their inflection."""

from __future__ import annotations

from functools import lru_cache

_ENDINGS = ("ings", "ing", "ies", "es", "ed", "s", "e", "y")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A lower-case word without its inflection, roughly: "buses" as "bus", "scrapped" as "scrap"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            short = word[: -len(ending)]
            doubled = ending in ("ed", "ing") and short[-1] == short[-2] and short[-1] not in "lsz"
            return short[:-1] if doubled else short
    return word
