"""What is said beside a commitment's clause: its condition, and that it was not undertaken."""

from __future__ import annotations

import re
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Span
from nlp.text.normalize import fold_quotes

_TRAIL = re.compile(r"[\s,;:.\-–—…\"'”’]+$")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text, re.IGNORECASE) for name, text in read_yaml(__file__, "slots.yaml").items()}


_BEFORE = 90  # characters in which a denial stands


def denied(text: str, clause: Span) -> bool:
    """True where the words right before a clause say that it was not undertaken, or it says what must be
    done: no clause of 8,500 labelled ones does."""
    before = fold_quotes(text[max(0, clause[0] - _BEFORE) : clause[0]])
    if _patterns()["denied"].search(before.rpartition("\n")[2]):
        return True
    words = fold_quotes(text[slice(*clause)])
    return bool(_patterns()["must"].search(words)) and not _patterns()["will"].search(words)


def condition(text: str, clause: Span, sentence: Span) -> str:
    """The words of the condition in the clause, else in its sentence; "" where none is found."""
    for start, end in (clause, (sentence[0], max(sentence[1], clause[1]))):
        if match := _patterns()["condition"].search(fold_quotes(text[start:end])):
            words = text[start + match.start() : end]
            stop = _patterns()["condition_ends"].search(fold_quotes(words), len(match[0]))
            return _TRAIL.sub("", words[: stop.start()] if stop else words).strip()
    return ""
