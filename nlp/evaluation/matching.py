"""When an answer is the labelled thing: spans by characters shared, names and bodies by what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger.types import PRIVATE

Chars = set[int]
SAME = (
    0.5  # characters of both over characters of either, from which a statement or clause is the labelled one
)
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae"}
)
_LETTERS |= str.maketrans({"Æ": "Ae", "œ": "oe", "-": " "})
_TITLES = (
    "mr mrs ms miss dr sir dame lord lady baroness cllr coun councillor mayor rev prof professor the pc dci"
    " acc dcc cc supt insp sgt"
)
_TITLE = re.compile(rf"^(?:{'|'.join(_TITLES.split())})\.?\s+")


def chars(spans: Iterable[Sequence[int]]) -> Chars:
    """The characters that spans cover."""
    return {place for start, end in spans for place in range(start, end)}


def iou(one: Chars, other: Chars) -> float:
    """Characters of both over characters of either."""
    return len(one & other) / len(one | other) if one and other else 0.0


def near(one: Chars, other: Chars) -> bool:
    """Whether a passage is the labelled one: three tenths shared, or one holds the other."""
    return iou(one, other) >= 0.3 or bool(one and other and (one <= other or other <= one))


def matched(gold: Sequence[Chars], given: Sequence[Chars], least: float = SAME) -> Iterator[tuple[int, int]]:
    """Labelled and given spans one to one, best overlap first."""
    scored = sorted(
        ((iou(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(given)), reverse=True
    )
    used: tuple[set[int], set[int]] = set(), set()
    for overlap, i, j in scored:
        if overlap < least:
            return
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield i, j


def loosely(gold: Sequence[Chars], given: Sequence[Chars]) -> Iterator[tuple[int, int]]:
    """The same from half of the shorter one shared, for comparison with what gives whole statements."""
    used: set[int] = set()
    for i, wanted in enumerate(gold):
        for j, piece in enumerate(given):
            shared = len(wanted & piece)
            if j not in used and shared and shared >= 0.5 * min(len(wanted), len(piece)):
                used.add(j)
                yield i, j
                break


def name_key(name: str | None) -> str | None:
    """A name without case, accents, titles and possessive: "Cllr Jo Shaw" is "jo shaw"."""
    if not name:
        return None
    folded = (
        unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    )
    folded = re.sub(r"['’]s?$", "", folded.strip())
    while (shorter := _TITLE.sub("", folded)) != folded:
        folded = shorter
    return re.sub(r"[^a-z ]", "", folded).strip() or None


def same_name(wanted: str | None, given: str | None) -> bool:
    """Whether two names are one person's: alike, or one surname with given names that agree, by initials
    too."""
    one, other = name_key(wanted), name_key(given)
    if one is None or other is None or one == other:
        return one == other
    (*a, x), (*b, y) = one.split(), other.split()
    if x != y or not a or not b:
        return False
    short, long = sorted((a, b), key=lambda words: sum(map(len, words)))
    return all((len(s) == 1 and any(word.startswith(s) for word in long)) or s in long for s in short)


def same_body(wanted: str | None, given: str | None) -> bool:
    """Whether two names are one body's: the words of one hold the other's, or three quarters are shared."""
    if not wanted or not given:
        return not wanted and not given
    one, other = _body_words(wanted), _body_words(given)
    return one <= other or other <= one or len(one & other) >= 0.75 * len(one | other)


def _body_words(name: str) -> frozenset[str]:
    words = frozenset((name_key(name) or "").split()) - {"the", "of", "and", "for", "office"}
    return frozenset({"house", "commons"}) if words in ({"uk", "parliament"}, {"parliament"}) else words


def is_official(row: dict[str, Any]) -> bool:
    """Whether a statement, labelled or given, is an official's."""
    return bool(row.get("role")) and row["role"] != PRIVATE


def spans(value: Sequence[Any] | None) -> Sequence[Sequence[int]]:
    """A span, or several, as several."""
    if not value:
        return []
    return [value] if isinstance(value[0], int) else value
