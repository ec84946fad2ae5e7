"""Clauses that may promise something: the tagger's runs, sentences, and the parts of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.types import Span
from nlp.models.promises import FAINT, PromiseReading
from nlp.text.sentences import sentence_breaks

SURE = 0.5  # belief from which a run of pieces is taken for a clause
LOOSE = 0.25
SHORTEST = 8  # characters
PARTS = 8  # parts of a sentence that are put together in every way; a longer sentence is only cut
MOST = 20_000  # characters read of one statement: an hour of speech holds its promises by then
ORIGINS = ("sure", "loose", "sentence", "parts", "whole")
_CUT = re.compile(
    r"[;:]\s+|\s[-–—]\s|,\s+(?=(?:and|but|while|with|which|who|so|then|or|as|after|before|if|once|we|i|it|there"
    r"|they|he|she|the|this|that|no|not)\b)|\s+(?=(?:and|but|because|so that|if|once|unless|while)\s)"
    r"|(?<=\band)\s+|(?<=\bbut)\s+|\bthat\s+(?=(?:we|i|it|there|they|he|she|the|a)\b)",
    re.IGNORECASE,
)
_BEFORE = " \t\n“”\"‘’'„«»—–-•·*,;:.)…"
LONGEST_JOINING = 12  # characters
_JOINING = re.compile(r"[,;]?\s+(?:and|but|or|while|although|though)\Z")  # to what comes next
_BEHIND = " \t\n“”\"‘’'„«»—–-,;:(."


@dataclass(frozen=True, slots=True)
class ProposedClause:
    """``span``: of the article's text. ``sentence``: where it begins. ``origin``: one of ORIGINS."""

    span: Span
    sentence: Span
    origin: str


def proposals(text: str, content: Sequence[Span], seen: PromiseReading) -> list[ProposedClause]:
    """All proposals in a statement of an article's ``text``, each span once."""
    made: dict[Span, ProposedClause] = {}

    def add(start: int, end: int, sentence: Span, origin: str) -> None:
        span = trimmed(text, start, end)
        if span and span not in made:
            made[span] = ProposedClause(span, sentence, origin)

    for start, end in content:
        end = min(end, start + MOST)
        listed = list(_sentences(text, start, end))
        for least, origin in ((SURE, "sure"), (LOOSE, "loose")):
            for span in _runs(seen, (start, end), least):
                home = next((s for s in listed if s[0] <= span[0] < s[1]), (start, end))
                add(*span, home, origin)
        asked = [s for s in listed if seen.promise[seen.within(s)].max(initial=0) >= FAINT]
        for sentence in asked:
            add(*sentence, sentence, "sentence")
            for span in _parts(text, sentence):
                add(*span, sentence, "parts")
        if asked:
            add(start, end, asked[0], "whole")
    return list(made.values())


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for stop, begin in [*sentence_breaks(text, start, end), (end, end)]:
        if stop > at:
            yield at, stop
        at = begin


def _parts(text: str, sentence: Span) -> Iterator[Span]:
    """The parts of a sentence, and every run of neighbours among them that is not the whole."""
    cuts = [match.span() for match in _CUT.finditer(text, *sentence)]
    starts = [sentence[0], *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), sentence[1]]
    longest = len(starts) if len(starts) <= PARTS else 2
    for first in range(len(starts)):
        for last in range(first, min(first + longest, len(starts))):
            yield starts[first], ends[last]


def _runs(seen: PromiseReading, span: Span, least: float) -> Iterator[Span]:
    """Stretches whose pieces are all believed to promise, cut where another clause begins."""
    place = seen.within(span)
    start: int | None = None
    end = 0
    for n in range(place.start, place.stop):
        inside = seen.promise[n] >= least
        if start is not None and (not inside or seen.begins[n] >= SURE):
            yield start, end
            start = None
        if inside:
            start = int(seen.starts[n]) if start is None else start
            end = int(seen.ends[n])
    if start is not None:
        yield start, end


def trimmed(text: str, start: int, end: int) -> Span | None:
    """A span without marks, blanks and a last "and" or "but" at its ends; None where little is left."""
    while start < end and text[start] in _BEFORE:
        start += 1
    while end > start and text[end - 1] in _BEHIND:
        end -= 1
    if joined := _JOINING.search(text, max(start, end - LONGEST_JOINING), end):
        end = joined.start()
    return (start, end) if end - start >= SHORTEST else None


def iou(one: Span, other: Span) -> float:
    """Characters of both spans over characters of either."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(1, one[1] - one[0] + other[1] - other[0] - shared)


def covered(one: Span, other: Span) -> float:
    """Share of the shorter span that lies in the other."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(1, min(one[1] - one[0], other[1] - other[0]))


def belief(seen: PromiseReading, span: Span) -> float:
    """The mean belief that the pieces of a span promise."""
    part = seen.promise[seen.within(span)]
    return float(np.mean(part)) if len(part) else 0.0
