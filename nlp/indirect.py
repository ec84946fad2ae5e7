"""Reported speech: the clause under a cue, before it, around it, after "according to", or an infinitive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.types import Kind, Span
from nlp.found import Found, Page, noun_phrase, source_of
from nlp.quotations import Quoted

_EDGES = " \t,;:—–-"
_LEAST_WORDS = 2


def indirect_statements(page: Page, direct: Sequence[Found]) -> list[Found]:
    """Indirect and mixed statements whose cue is outside direct speech, in order."""
    spoken = sorted(span for one in direct for span in one.content)
    found: list[Found] = []
    used: list[Span] = []
    for para in page.paras:
        if para.furniture or not _is_sentence(page.text[para.start : para.end]):
            continue
        for token in page.tokens(para.start, para.end):
            if token.i in page.taken or _inside(token.idx, spoken):
                continue
            for one in _under(page, token):
                content = _clean(page, one.content, para.start, para.end, spoken)
                if not content or any(_overlap(span, used) for span in content):
                    continue
                used += content
                kind = _kind(page, content)
                found.append(Found(kind, content, one.cue, one.source, None, one.cue_lemma, one.why))
    return found


def _is_sentence(text: str) -> bool:
    """Headings, captions and list items end without a stop and are no reports."""
    return text.rstrip()[-1:] in ".!?…:”\"’')…" and len(text.split()) > 3


def _under(page: Page, token: Any) -> Iterator[Found]:
    if token.lower_ == "according" and token.i + 1 < len(page.doc) and page.doc[token.i + 1].lower_ == "to":
        yield from _according(page, token)
    elif page.is_cue(token) and not _negated(token):
        lemma = page.lemma(token)
        if lemma in page.lexicon.quote_only and lemma not in ("read", "comment"):
            return
        source = source_of(page, token)
        if source is None:
            return
        cue = ((token.idx, token.idx + len(token.text)),)
        for content, why in _clauses(page, token, source):
            yield Found("indirect", content, cue, (source,), None, lemma, why)
            return


def _negated(verb: Any) -> bool:
    return any(child.dep_ == "neg" for child in verb.children) or any(
        child.dep_ == "aux"
        and child.lower_ in ("will", "would", "can", "could", "should", "may", "might", "must", "to")
        for child in verb.children
    )


def _clauses(page: Page, verb: Any, source: Span) -> Iterator[tuple[tuple[Span, ...], str]]:
    lemma = page.lemma(verb)
    kind = page.lexicon.verbs[lemma]
    for child in verb.children:
        if child.dep_ == "ccomp":
            if child.i < verb.i:
                yield _around(page, child, verb, source), "clause before its cue"
            else:
                yield ((_left(page, child), _right(page, child)),), "clause under its cue"
    for child in verb.children:
        if child.dep_ == "xcomp" and lemma in page.lexicon.infinitive and child.i > verb.i:
            start = _left(page, child)
            for item in verb.children:
                if item.dep_ in ("dobj", "dative") and verb.i < item.i < child.i and kind == "directive":
                    start = item.left_edge.idx
            yield ((start, _right(page, child)),), "infinitive under its cue"
    if kind in ("label", "directive") or lemma in (
        "call",
        "describe",
        "accuse",
        "announce",
        "confirm",
        "reveal",
    ):
        for child in verb.children:
            if child.dep_ in ("dobj", "oprd", "prep") and child.i > verb.i:
                end = max(
                    _right(page, c)
                    for c in verb.children
                    if c.i > verb.i and c.dep_ in ("dobj", "oprd", "prep", "xcomp")
                )
                if kind == "label" and not any(q.left < end and q.right > child.idx for q in page.quotes):
                    return
                if kind == "neutral":
                    return
                yield ((child.left_edge.idx, end),), "object of its cue"
                return


def _left(page: Page, head: Any) -> int:
    """The start of a clause, without its "that"."""
    first = head.left_edge
    while first.i < head.i and (
        first.is_punct or first.is_space or first.lower_ == "that" and first.dep_ == "mark"
    ):
        first = page.doc[first.i + 1]
    return int(first.idx)


def _right(page: Page, head: Any) -> int:
    last = head.right_edge
    while last.i > head.i and (last.is_space or last.is_punct and last.text not in "”\"’'…)"):
        last = page.doc[last.i - 1]
    return int(last.idx + len(last.text))


def _around(page: Page, clause: Any, verb: Any, source: Span) -> tuple[Span, ...]:
    """A clause before its cue, and what goes on after a cue that interrupts it."""
    start = clause.left_edge.idx
    stop = min(verb.idx, source[0])
    content: list[Span] = [(start, stop)]
    sentence_end = verb.sent.end_char
    rest = max(verb.idx + len(verb.text), source[1])
    after = page.text[rest:sentence_end]
    if after[:1] == "," and len(after.split()) > 2 and clause.right_edge.i > verb.i:
        content.append((rest, sentence_end))
    return tuple(content)


def _according(page: Page, token: Any) -> Iterator[Found]:
    to = page.doc[token.i + 1]
    head = next((c for c in to.children if c.dep_ == "pobj"), None)
    if head is None:
        return
    source = noun_phrase(page, head)
    sentence = token.sent
    end = max(source[1], head.right_edge.idx + len(head.right_edge.text))
    cue = ((token.idx, to.idx + len(to.text)),)
    if token.i - sentence.start <= 1:
        content: Span = (end, sentence.end_char)
    else:
        content = (sentence.start_char, token.idx)
    yield Found("indirect", (content,), cue, (source,), None, "according", "according to")


def _clean(
    page: Page, spans: Sequence[Span], left: int, right: int, spoken: Sequence[Span]
) -> tuple[Span, ...]:
    """Spans within their paragraph, without white space, stops and half a pair of marks at the ends."""
    kept = []
    for start, end in spans:
        start, end = max(start, left), min(end, right)
        while start < end and page.text[start] in _EDGES:
            start += 1
        while end > start and (
            page.text[end - 1] in _EDGES or page.text[end - 1] == "." and not _quote_ends(page, end)
        ):
            end -= 1
        if quote := page.quote_at(end - 1) if end > start else None:
            if quote.left >= start:
                end = quote.right if quote.closed else quote.end
        if end > start and not _overlap((start, end), spoken):
            kept.append((start, end))
    words = sum(len(page.text[s:e].split()) for s, e in kept)
    return tuple(kept) if words >= _LEAST_WORDS else ()


def _quote_ends(page: Page, end: int) -> bool:
    quote = page.quote_at(end - 1)
    return quote is not None and quote.end == end


def _kind(page: Page, content: Sequence[Span]) -> Kind:
    inside: list[Quoted] = [
        q for q in page.quotes for start, end in content if q.left >= start - 1 and q.right <= end + 1
    ]
    return "mixed" if inside else "indirect"


def _inside(at: int, spans: Sequence[Span]) -> bool:
    return any(start <= at < end for start, end in spans)


def _overlap(span: Span, spans: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)
