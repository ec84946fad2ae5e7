"""Quotations that were altered or taken out after publication: the words before against the text after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq

from ledger.types import Span
from nlp.statements.quotes import quoted
from nlp.text.paragraphs import paragraphs

ALIKE = 0.5  # share of words in common, in order, from which new words are the old ones altered
SAME = (
    0.6  # the same of two statements, from which one is the other's successor, with what people decided of it
)
CLAUSE = 0.5  # the same of two clauses of one statement, as a share of the shorter
LEAST_WORDS = 4  # of a quotation that is watched: shorter ones turn up anywhere
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_FOLDED = str.maketrans("‘’“”\u00a0", "''\"\" ")


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that no longer stand as they did; ``after`` at ``span`` took their place ("" if nothing)."""

    before: str
    after: str
    span: Span | None


def edits(
    before: Sequence[str], after: str, stretches: Mapping[str, Sequence[str]] | None = None
) -> list[Edit]:
    """What became of the quotations ``before`` in the text ``after``; unchanged ones are left out.

    ``stretches``: those of a quotation that its attribution splits, by its words; it stands where each does.
    Marks, case and white space do not count. Of several new quotations the likest is the altered one, and
    each is taken for one old quotation only. Work: old times new quotations of the two texts.
    """
    plain = _words(after)
    stands = f" {' '.join(plain)} "
    apart = stretches or {}
    gone = [
        words
        for words in before
        if len(_words(words)) >= LEAST_WORDS
        and not all(_in(stretch, stands) for stretch in apart.get(words, (words,)))
    ]
    known = {" ".join(_words(words)) for words in before}
    fresh = [
        (q.start, q.start + len(after[q.start : q.end].rstrip(" ,;–—-")))
        for q in quoted(after, paragraphs(after))
        if " ".join(_words(after[q.start : q.end])) not in known
    ]
    found = []
    for words in gone:
        ranked = [(_alike(words, after[start:end]), (start, end)) for start, end in fresh]
        likest, span = max(ranked, default=(0.0, (0, 0)))
        if likest < ALIKE:
            found.append(Edit(words, "", None))
            continue
        fresh.remove(span)
        found.append(Edit(words, after[slice(*span)], span))
    return found


def successors(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Which statement of an article's later reading took the place of which that is gone, by their ids.

    ``before``, ``after``: words by id. The likest two first, each once. Work: those gone times those new.
    """
    gone, fresh = (sorted(one.keys() - other.keys()) for one, other in ((before, after), (after, before)))
    pairs = sorted(
        (
            (likeness, old, new)
            for old in gone
            for new in fresh
            if (likeness := _alike(before[old], after[new])) >= SAME
        ),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    found: dict[str, str] = {}
    for _, old, new in pairs:
        if old not in found and new not in found.values():
            found[old] = new
    return found


def clause_successors(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Which clause of a statement stands for which that was read in it before, by their ids.

    ``before``, ``after``: words by id, in order. The one that has most words in common with it, in their
    order; for one of which no words are known ("") the first.
    """
    found: dict[str, str] = {}
    fresh = {key: _words(words) for key, words in after.items()}
    for old in (key for key in before if key not in after):
        mine = _words(before[old])
        common = {
            new: min(len(mine), LCSseq.similarity(mine, theirs) if theirs else len(mine))
            for new, theirs in fresh.items()
        }
        likest = max(common, key=common.__getitem__, default=None)
        if likest and common[likest] >= CLAUSE * min(len(mine), len(fresh[likest]) or len(mine)):
            found[old] = likest
    return found


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text.translate(_FOLDED))]


def _in(words: str, stands: str) -> bool:
    return f" {' '.join(_words(words))} " in stands


def _alike(one: str, other: str) -> float:
    return Indel.normalized_similarity(_words(one), _words(other))
