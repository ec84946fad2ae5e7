"""Words parted at the end of a line, put together again by what the document itself writes elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawlers.documents.pdf.glyphs import SOFT_HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_TAIL = re.compile(r"(?P<word>[^\W\d_]+)[-‐\u00ad]$")
_HEAD = re.compile(r"[^\W\d_]+")
_WHOLE = 4  # letters from which both parts of a word may be words of their own


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words of a document, in small letters; those parted at a line's end are left out."""
    found: set[str] = set()
    for line in lines:
        plain = _TAIL.sub("", line).replace(SOFT_HYPHEN, "")
        found.update(word.lower().replace("‐", "-") for word in _WORD.findall(plain))
    return frozenset(found)


def joined(before: str, after: str, known: frozenset[str]) -> str:
    """Two lines as one. A hyphen at the end of the first goes where it only parts a word.

    It stays where the document writes the word with a hyphen elsewhere, or both its parts by themselves and
    never the whole; before a capital, and behind a number.
    """
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if not tail or not head or not head[0][0].islower():
        bare = before.rstrip()
        if bare.endswith(("/", "–", "—")) and not bare.endswith((" –", " —")):
            return bare + after
        return bare + after if re.search(r"\w-$", bare) and after[:1].isalnum() else f"{bare} {after}"
    first, second = tail["word"].lower(), head[0].lower()
    if before[-1] == SOFT_HYPHEN or first + second in known:
        return before[:-1] + after
    both = min(len(first), len(second)) >= _WHOLE and {first, second} <= known
    return before + after if f"{first}-{second}" in known or both else before[:-1] + after
