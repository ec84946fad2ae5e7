"""Where sentences end, for text that is not parsed: a stop, what closes behind it, and a beginning after
it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Span

_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[£$]?[A-Z0-9])|(?<=…)\s+|\n+")
_MONTH = re.compile(r"(?<![\w’'])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$")
_DAY = re.compile(r"\s+\d{1,2}\b(?![:.]\d)")


@cache
def _abbreviation() -> re.Pattern[str]:
    listed = read_yaml(__file__, "layout.yaml")["abbreviations"]
    return re.compile(rf"(?<![\w’'])(?:{'|'.join(listed.split())}|[A-Z]|[A-Z]\.[A-Z])$")


def _is_abbreviated(text: str, at: int) -> bool:
    """True for a full stop at ``at`` that belongs to an abbreviation: "Cllr. Lee", "J. K. Lee", "Nov. 15"."""
    before = text[max(0, at - 8) : at]
    return text[at] == "." and bool(
        _abbreviation().search(before) or (_MONTH.search(before) and _DAY.match(text, at + 1))
    )


def sentence_breaks(text: str, left: int = 0, right: int | None = None) -> Iterator[Span]:
    """Between ``left`` and ``right``, from behind each sentence's stop to the beginning of the next sentence.

    What closes behind the stop, a bracket or a quotation mark, lies within the break. A line's end is one
    too.
    """
    for match in _BREAK.finditer(text, left, len(text) if right is None else right):
        if match.start() <= left or not _is_abbreviated(text, match.start() - 1):
            yield match.span()
