"""Words that tell how it stands with something, as named patterns over a passage."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ledger.data_files import read_yaml
from nlp.text.normalize import fold_quotes

MAX_CHARS = 2_000  # of a passage that are read


@cache
def signs() -> dict[str, re.Pattern[str]]:
    """The patterns of signs.yaml by name."""
    return {
        name: re.compile(text.replace(" |", "|"), re.IGNORECASE)
        for name, text in read_yaml(__file__, "signs.yaml").items()
    }


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """A passage as the patterns expect it; offsets hold."""
    return fold_quotes(text[:MAX_CHARS])


@lru_cache(maxsize=50_000)
def seen(text: str) -> frozenset[str]:
    """The names of the signs in a passage."""
    words = plain(text)
    return frozenset(name for name, sign in signs().items() if sign.search(words))
