"""A text parsed as if everybody in it were called alike.

A parser that has seen a thousand Smiths reads "Smith said" right and stumbles over "Oh said", "May told" or
"Ní Bhroin added". So the names found by their surroundings are parsed under one stand-in each, a first name
and a surname, and the words of the text get what their stand-ins got.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger.types import Span

FIRST, LAST = "John", "Smith"
_COPIED = ["TAG", "POS", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE"]

Segment = tuple[int, int, str]  # a token's first and last character, and its stand-in, "" for itself
Piece = tuple[str, Sequence[Span]]  # a text, with the spans of names in it, in order and none inside another


def parsed(nlp: Any, pieces: Iterable[Piece], batch_size: int) -> Iterator[Any]:
    """A spaCy Doc for each text: a name is one token, or two (first name, the rest), parsed as a stand-in."""
    own: deque[Any] = deque()

    def stand_ins() -> Iterator[Any]:
        for text, names in pieces:
            doc = nlp.make_doc(text)
            segments = _segments(doc, text, names)
            starts = [*(start for start, _, _ in segments), len(text)][1:]
            spaces = [
                text[e : e + 1] == " " and after == e + 1
                for (_, e, _), after in zip(segments, starts, strict=False)
            ]
            own.append(type(doc)(nlp.vocab, [text[start:end] for start, end, _ in segments], spaces))
            yield type(doc)(nlp.vocab, [name or text[start:end] for start, end, name in segments], spaces)

    for doc in nlp.pipe(stand_ins(), batch_size=batch_size):
        real = own.popleft()
        yield real.from_array(_COPIED, doc.to_array(_COPIED)) if len(doc) else real


def _segments(doc: Any, text: str, names: Sequence[Span]) -> list[Segment]:
    """The tokens of a text, those of each name put together."""
    covered = bytearray(len(text))
    found: list[Segment] = []
    for left, right in names:
        if any(covered[left:right]):
            continue
        covered[left:right] = b"\1" * (right - left)
        blank = text.find(" ", left, right)
        found += [(left, blank, FIRST), (blank + 1, right, LAST)] if blank > 0 else [(left, right, LAST)]
    for token in doc:
        start, end = token.idx, token.idx + len(token)
        if not any(covered[start:end]):
            found.append((start, end, ""))
            continue
        for outside in re.finditer(b"\0+", covered[start:end]):
            found.append((start + outside.start(), start + outside.end(), ""))
    return sorted(found)
