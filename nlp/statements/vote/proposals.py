"""Spans that may be statements: the rules' candidates, the tagger's runs, and what the two make together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ledger.types import Kind, Span
from nlp.models.tagger import KINDS, Tagged
from nlp.statements.model import Candidate, Page

SURE, FAINT = 0.5, 0.2  # shares of belief at which a run of pieces is proposed
WHOLE = 0.8  # share of a span in marks from which it is all quoted
SHORTEST = 4  # characters
GAP = 160  # characters between two halves of one statement: its attribution
NEAR = 220  # characters beside a run in which its cue and source are looked for
_BEFORE = " \t“”\"‘’'„«»—–-•·*,;:.)"
_BEHIND = " \t“”\"‘’'„«»—–-,;:("


@dataclass(frozen=True, slots=True)
class ProposedSpan:
    """``rule``: the candidate's number where it is a rule's own; ``origin`` one of ORIGINS."""

    content: tuple[Span, ...]
    origin: str
    rule: int | None = None


ORIGINS = ("rule", "sure", "faint", "joined", "union")


def proposals(page: Page, found: Sequence[Candidate], seen: Tagged) -> list[ProposedSpan]:
    """All proposals of a page, each span once, rules' first."""
    made = [ProposedSpan(one.content, "rule", n) for n, one in enumerate(found)]
    known = {one.content for one in made}

    def add(content: tuple[Span, ...], origin: str) -> None:
        if content not in known:
            known.add(content)
            made.append(ProposedSpan(content, origin))

    sure = list(runs(page, seen, SURE))
    for span in sure:
        add((span,), "sure")
    for span in runs(page, seen, FAINT):
        add((span,), "faint")
    for before, behind in pairwise(sure):
        gap = page.text[before[1] : behind[0]]
        if (
            len(gap) <= GAP
            and "\n" not in gap
            and seen.cue[seen.within((before[1], behind[0]))].max(initial=0) > SURE
        ):
            add((before, behind), "joined")
    for one in found:
        if len(one.content) == 1:
            start, end = one.content[0]
            for a, b in sure:
                if a < end and start < b and "\n" not in page.text[min(a, start) : max(b, end)]:
                    add(((min(a, start), max(b, end)),), "union")
    return made


def runs(page: Page, seen: Tagged, least: float) -> Iterator[Span]:
    """Stretches whose pieces are all believed to be said, within a line, cut where another begins."""
    text = page.text
    start: int | None = None
    end = 0
    inside = seen.said >= least
    begins = (seen.begins >= SURE) & inside
    for n in np.flatnonzero(inside):
        at = int(seen.starts[n])
        goes_on = start is not None and n and inside[n - 1] and not begins[n] and "\n" not in text[end:at]
        if not goes_on:
            if start is not None and (span := trimmed(text, start, end)):
                yield span
            start = at
        end = int(seen.ends[n])
    if start is not None and (span := trimmed(text, start, end)):
        yield span


def trimmed(text: str, start: int, end: int) -> Span | None:
    """A span without marks and blanks at its ends; None where nothing to speak of is left."""
    while start < end and text[start] in _BEFORE:
        start += 1
    while end > start and text[end - 1] in _BEHIND:
        end -= 1
    return (start, end) if end - start >= SHORTEST else None


def kind_of(page: Page, content: Sequence[Span], seen: Tagged) -> Kind:
    """What the tagger takes a span for, as far as its marks allow: mixed has some, indirect not only marked
    words.
    """
    total = sum(end - start for start, end in content)
    marked = sum(1 for start, end in content for at in range(start, end) if page.quote_at(at))
    belief = np.sum([seen.kinds[seen.within(span)].sum(axis=0) for span in content], axis=0)
    likely = KINDS[int(belief.argmax())]
    if likely == "mixed":
        return "mixed" if marked else "indirect"
    if likely == "indirect":
        return "indirect" if marked <= WHOLE * total else "direct"
    return "direct" if marked > WHOLE * total or not marked else "mixed"
