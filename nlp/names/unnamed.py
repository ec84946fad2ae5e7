"""Words that are shown in lists and titles without the names of people who hold no office."""

from __future__ import annotations

import re
from collections.abc import Collection

STAND_IN = "[somebody]"
_END = re.compile(r"(?:[’']s)?\W*$")


def without_names(text: str, words: Collection[str]) -> str:
    """A text in which a row of these words is `STAND_IN`, and a row of these alone."""
    bare = {_END.sub("", word) for word in words} - {""}
    if not bare:
        return text
    named = "|".join(re.escape(word) for word in sorted(bare, key=len, reverse=True))
    return re.sub(rf"\b(?:{named})(?:\s+(?:{named}))*\b", STAND_IN, text)
