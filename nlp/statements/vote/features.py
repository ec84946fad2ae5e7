"""What speaks for and against a proposed span: named figures that the vote weighs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ledger.types import Span
from nlp.models.tagger import KINDS, Tagged
from nlp.statements.model import Candidate, Page
from nlp.statements.quotes import Quoted
from nlp.statements.vote.proposals import ORIGINS, ProposedSpan

RULES = (
    "marked_quote", "unattributed", "carried", "carried_before", "block", "label", "label_carried", "answer",
    "letter", "clause_of_cue", "clause_before_cue", "clause_apart_from_cue", "infinitive_of_cue",
    "asked_of_cue", "object_of_cue", "topic_of_cue", "cue_aside", "according_to", "lead_in", "item", "action",
    "resolution", "agent",
)  # fmt: skip
BESIDE = 14  # pieces before and behind a span in which cues and sources are looked for
Figures = dict[str, float]
_FIRST = re.compile(r"\b(?:I|we|our|my|us|I['’]\w+|we['’]\w+)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|would|shall|'ll|’ll|won['’]t|going to)\b", re.IGNORECASE)
_THAT = re.compile(r"\bthat[,\s“\"‘']*$")
_SENTENCE_END = ".!?…"


def table(
    page: Page, found: Sequence[Candidate], seen: Tagged, offered: Sequence[ProposedSpan]
) -> tuple[list[str], NDArray[np.float32]]:
    """The names of the figures and a row of them for each proposal."""
    beside = _beside(offered)
    rows = [_figures(page, found, seen, *pair) for pair in zip(beside, offered, strict=True)]
    names = list(rows[0]) if rows else []
    return names, np.array([[row[name] for name in names] for row in rows], np.float32).reshape(len(rows), -1)


def _beside(offered: Sequence[ProposedSpan]) -> list[list[ProposedSpan]]:
    """Of each proposal the others that begin before it ends and end after it begins."""
    found: list[list[ProposedSpan]] = [[] for _ in offered]
    still: list[int] = []
    for n in sorted(range(len(offered)), key=lambda n: offered[n].content[0][0]):
        one = offered[n]
        still = [m for m in still if offered[m].content[-1][1] > one.content[0][0]]
        for m in still:
            found[n].append(offered[m])
            found[m].append(one)
        still.append(n)
    return found


def _figures(
    page: Page, found: Sequence[Candidate], seen: Tagged, beside: Sequence[ProposedSpan], one: ProposedSpan
) -> Figures:
    return (
        {f"from {origin}": float(one.origin == origin) for origin in ORIGINS}
        | _beliefs(seen, one)
        | _words(page, one)
        | _others(beside, one)
        | _rule(page, found, one)
    )


def _beliefs(seen: Tagged, one: ProposedSpan) -> Figures:
    """What the tagger holds of the span and of what stands beside it."""
    parts = [seen.within(span) for span in one.content]
    said = np.concatenate([seen.said[part] for part in parts])
    first, last = parts[0].start, parts[-1].stop
    before, behind = slice(max(0, first - BESIDE), first), slice(last, last + BESIDE)
    between = slice(parts[0].stop, parts[-1].start) if len(parts) > 1 else slice(0, 0)
    kinds = np.sum([seen.kinds[part].sum(axis=0) for part in parts], axis=0) / max(1, len(said))

    def most(values: NDArray[np.float32], place: slice) -> float:
        return float(values[place].max(initial=0))

    return {
        "said, mean": float(said.mean()) if len(said) else 0.0,
        "said, least": float(said.min(initial=1)),
        "said, share": float((said > 0.5).mean()) if len(said) else 0.0,
        "said at first": float(said[0]) if len(said) else 0.0,
        "said at last": float(said[-1]) if len(said) else 0.0,
        "begins at first": float(seen.begins[first : first + 1].sum()),
        "begins within": float(np.concatenate([seen.begins[part] for part in parts])[1:].max(initial=0)),
        "said before": float(seen.said[max(0, first - 1) : first].sum()),
        "said behind": float(seen.said[last : last + 1].sum()),
        "cue before": most(seen.cue, before),
        "cue behind": most(seen.cue, behind),
        "cue between": most(seen.cue, between),
        "source before": most(seen.source, before),
        "source behind": most(seen.source, behind),
        "cue within": float(np.max([most(seen.cue, part) for part in parts])),
        "source within": float(np.max([most(seen.source, part) for part in parts])),
        "promise": float(np.concatenate([seen.promise[part] for part in parts]).mean()) if len(said) else 0.0,
    } | {f"as {kind}": float(share) for kind, share in zip(KINDS, kinds, strict=True)}


def _words(page: Page, one: ProposedSpan) -> Figures:
    """How the span looks in its paragraph."""
    text = page.text
    start, end = one.content[0][0], one.content[-1][1]
    para = page.paras[page.para_of(start)]
    words = " ".join(text[a:b] for a, b in one.content)
    length = sum(b - a for a, b in one.content)
    marked = sum(_shared((q.start, q.end), span) for q in _quotes(page, start, end) for span in one.content)
    before = text[para.start : start].rstrip(" \t“”\"‘’'„«»")
    behind = text[end : para.end]
    quote = page.quote_at(start)
    return {
        "characters": float(length),
        "words": float(len(words.split())),
        "parts": float(len(one.content)),
        "sentences": float(len(re.findall(r"[.!?…](?=\s|$)", words))),
        "in marks": marked / max(1, length),
        "single marks": float(quote.single) if quote else 0.0,
        "whole quotation": float(
            quote is not None and abs(quote.start - start) < 3 and abs(quote.end - end) < 3
        ),
        "quotation goes on": float(quote.continued) if quote else 0.0,
        "not closed": float(not quote.closed) if quote else 0.0,
        "begins paragraph": float(not before),
        "begins sentence": float(not before or before[-1] in _SENTENCE_END),
        "ends paragraph": float(len(behind.strip(" \t“”\"‘’'.,!?…")) == 0),
        "ends sentence": float(text[end - 1] in _SENTENCE_END or behind.lstrip("”\"’'")[:1] in _SENTENCE_END),
        "behind colon": float(before.endswith(":")),
        "behind comma": float(before.endswith(",")),
        "behind that": float(bool(_THAT.search(text[max(0, start - 12) : start]))),
        "capital": float(text[start].isupper()),
        "first person": float(len(_FIRST.findall(words))),
        "future": float(len(_FUTURE.findall(words))),
        "paragraph's length": float(para.end - para.start),
        "share of paragraph": length / max(1, para.end - para.start),
        "paragraphs before": float(page.para_of(start)),
        "share of text before": start / max(1, len(text)),
        "furniture": float(para.furniture),
        "ends as a sentence does": float(text[para.end - 1] in ".!?…”\"’':"),
    }


def _others(beside: Sequence[ProposedSpan], one: ProposedSpan) -> Figures:
    """How it stands to what else is proposed there."""
    size = _length(one)

    def nearest(origin: str) -> tuple[float, float]:
        best, cover = 0.0, 0.0
        for other in beside:
            if other.origin == origin:
                shared = sum(_shared(a, b) for a in one.content for b in other.content)
                theirs = _length(other)
                best = max(best, shared / (size + theirs - shared))
                cover = max(cover, shared / max(1, theirs))
        return best, cover

    rule, holds_rule = nearest("rule")
    sure, holds_sure = nearest("sure")
    faint, _ = nearest("faint")
    return {
        "like a rule's": rule,
        "holds a rule's": holds_rule,
        "like the tagger's": sure,
        "holds the tagger's": holds_sure,
        "like a faint one": faint,
    }


def _rule(page: Page, found: Sequence[Candidate], one: ProposedSpan) -> Figures:
    """What the rule that gave the span, or one like it, says of it."""
    rule = found[one.rule] if one.rule is not None else None
    source = page.text[rule.source[0][0] : rule.source[0][1]] if rule and rule.source else ""
    return {
        "rule: direct": float(rule is not None and rule.kind == "direct"),
        "rule: mixed": float(rule is not None and rule.kind == "mixed"),
        "rule: cue": float(bool(rule and rule.cue)),
        "rule: said": float(bool(rule and rule.cue_lemma in ("say", "add", "tell"))),
        "rule: source": float(bool(source)),
        "rule: source with capital": float(any(word[:1].isupper() for word in source.split())),
        "rule: pronoun": float(source.lower() in ("he", "she", "they", "it", "i", "we", "who")),
        "rule: carried": float(rule is not None and rule.carried is not None),
        "rule: cue after": float(bool(rule and rule.cue and rule.cue[0][0] >= one.content[0][1])),
    } | {f"rule: {name}": float(rule is not None and rule.rule == name) for name in RULES}


def _quotes(page: Page, start: int, end: int) -> list[Quoted]:
    lefts = [q.left for q in page.quotes]
    first = max(0, bisect_left(lefts, start) - 1)
    return [q for q in page.quotes[first : bisect_left(lefts, end) + 1] if q.left < end and q.right > start]


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _length(one: ProposedSpan) -> int:
    return sum(end - start for start, end in one.content)
