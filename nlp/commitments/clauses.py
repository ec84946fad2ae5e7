"""A statement's words as the rules read them: its sentences with their times and amounts, and its clauses.

Everything works on folded text (`nlp.text.normalize.fold_quotes`), in small letters where patterns are
matched.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ledger.types import CommitmentType, Deadline, Measure, Span
from nlp.commitments.lexicon import BOUNDARY, words
from nlp.text.normalize import fold_quotes
from nlp.text.quantities import find_measures
from nlp.text.sentences import sentence_breaks
from nlp.text.temporal import find_deadlines

T = TypeVar("T")
_LEFT = 200  # characters before a verb that its subject is looked for in
LONGEST = 600  # characters of a sentence; a longer one is cut, so that the work stays linear
_INNER = re.compile(r"(?:^|(?<=[\s(]))['\"][^'\"]{2,200}['\"](?=[\s.,;:)!?]|$)")
_ASIDE = re.compile(
    r", (?:too|of course|however|therefore|meanwhile|in turn|as promised|if (?:re-?)?elected),"
)
_RETOLD_END = re.compile(r"[,;:…-] | and (?:i|we|it|they|there|this|that|the|he|she)\b| but |$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at ``start`` of the folded text; ``plain`` lower-cased, what others said blanked out."""

    start: int
    words: str
    plain: str
    deadlines: tuple[tuple[Span, Deadline], ...]
    measures: tuple[tuple[Span, Measure], ...]

    @property
    def dated(self) -> bool:
        return any(deadline.last for _, deadline in self.deadlines)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of an undertaking in sentence ``at``: ``weight`` 0 to 1, the act's words at ``act``."""

    kind: str
    type: CommitmentType
    at: int
    subject: str
    act: Span
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words these are: role, whether they are reported (not quoted), and the cue, lower-cased."""

    role: str | None
    reported: bool
    cue: str
    kind: str


def sentences(text: str, published: date | None, quoted: bool) -> list[Sentence]:
    """The sentences of a statement, with their times and amounts; inner quotations are blanked."""
    flat = fold_quotes(text)
    cuts = [0, *(start for _, start in sentence_breaks(flat)), len(flat)]
    cuts = [part for start, end in itertools.pairwise(cuts) for part in range(start, end, LONGEST)] + [
        len(flat)
    ]
    times, amounts = find_deadlines(text, published), find_measures(text)
    made = []
    for start, end in itertools.pairwise(cuts):
        inner = flat[start:end]
        plain = _blank(inner.lower(), quoted)
        made.append(Sentence(start, inner, plain, _within(times, start, end), _within(amounts, start, end)))
    return made


def _within(rows: list[tuple[Span, T]], start: int, end: int) -> tuple[tuple[Span, T], ...]:
    return tuple(((s - start, e - start), row) for (s, e), row in rows if start <= s < end)


def _blank(plain: str, quoted: bool) -> str:
    """Blank out what somebody said before: no promise of now. "I said X and I'll do X" keeps its end."""

    def tildes(match: re.Match[str]) -> str:
        return "~" * (match.end() - match.start())

    plain = _ASIDE.sub(tildes, plain)
    if quoted:
        plain = _INNER.sub(tildes, plain)
    if asked := words().found["asked_for"].search(plain):
        plain = plain[: asked.start()] + "~" * (len(plain) - asked.start())
    retold = words().found["retold" if quoted else "retold_reported"]
    found = retold.search(plain)
    while found:
        end = _RETOLD_END.search(plain, found.end())
        stop = end.start() if end else len(plain)
        plain = plain[: found.start()] + "~" * (stop - found.start()) + plain[stop:]
        found = retold.search(plain, stop)
    return plain


def subject_before(plain: str, end: int) -> tuple[str, str]:
    """The subject's words before a verb at ``end``, and what stands before the clause."""
    left = plain[max(0, end - _LEFT) : end]
    start = 0
    for boundary in BOUNDARY.finditer(left):
        start = boundary.end()
    subject = words().adverbs.sub("", " " + left[start:].strip()).strip()
    if subject or re.search(r"\b(?:who|which|that)\s*$", left[:start]):
        return subject, left[:start]
    head = re.match(
        r"(?:i|we|he|she|they|it|the \w+)\b", plain[:end]
    )  # "she was expecting … and would be asking"
    return (head[0] if head else ""), left[:start]


def act_end(plain: str, start: int) -> int:
    """Where the words of an act end: at a stop or a new clause."""
    end = words().found["act_ends"].search(plain, start)
    return end.start() if end else len(plain)


def opening(rest: str) -> str:
    return " ".join(rest.split()[:3]).strip(" ,.;:")
