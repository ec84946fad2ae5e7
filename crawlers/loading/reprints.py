"""What a paper does with a body's own release: prints it as it came, or asks further and tells that too.

As it came it is one source with the release, however many print it. Where it asks further, what it adds is
its own; the sentences of the release in it stay the body's. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from crawlers.loading.shingles import Shingles, shingles
from ledger.data_files import read_yaml

STANDS = 0.6  # of a stretch's shingles, from which it stands in the release
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"“([^”\n]{1,2000})”|\"([^\"\n]{1,2000})\"")


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    held: dict[str, Any] = read_yaml(__file__, "own_reporting.yaml")
    return held | {"asked": re.compile("|".join(held["asked"]), re.IGNORECASE)}


def stands_in(words: str, release: Shingles) -> bool:
    """True for a stretch of text most of which is the release's; one too short to tell is taken for its."""
    mine = shingles(words)
    return not mine or len(mine & release) >= STANDS * len(mine)


def asks_further(text: str, release: Shingles) -> bool:
    """True where an article that prints the release tells what it found out itself."""
    rules = _rules()
    own = [paragraph for paragraph in text.split("\n\n") if not stands_in(paragraph, release)]
    if sum(len(_WORD.findall(paragraph)) for paragraph in own) < rules["least_words"]:
        return False
    return any(rules["asked"].search(paragraph) or _quotes(paragraph, release) for paragraph in own)


def _quotes(paragraph: str, release: Shingles) -> bool:
    said = (one or other for one, other in _QUOTED.findall(paragraph))
    least = _rules()["least_quoted"]
    return any(len(_WORD.findall(words)) >= least and not stands_in(words, release) for words in said)
