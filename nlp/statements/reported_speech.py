"""Reported speech: the clause under a cue, before it, around it, after "according_to", or an infinitive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.types import Kind, Span
from nlp.statements.clause_bounds import clause_end, until_new_voice
from nlp.statements.complements import clause_start, has_that_clause, reported
from nlp.statements.model import RAISERS, Candidate, Page, noun_phrase, source_of
from nlp.statements.quotes import Quoted

_EDGES = " \t,;:—–-"
_LEAST_WORDS = 2
_SENTENCE_WORDS = 3  # a quotation of more, with capital and stop, is a sentence
_UNREAL = frozenset("will would can could should may might must not n't n’t never 'll ’ll".split())


def indirect_statements(page: Page, direct: Sequence[Candidate]) -> list[Candidate]:
    """Indirect and mixed statements whose cue is outside direct speech, in order."""
    taken = bytearray(len(page.text))  # 1 for every character of direct speech or of a clause found before
    for one in direct:
        for start, end in one.content:
            taken[start:end] = b"\1" * (end - start)
    found: list[Candidate] = []
    for para in page.paras:
        if para.furniture or not _is_sentence(page.text[para.start : para.end]):
            continue
        for token in page.tokens(para.start, para.end):
            if token.i in page.taken or taken[token.idx]:
                continue
            for one in _under(page, token):
                content = _clean(page, _around_cue(one), para.start, para.end, taken)
                if not content:
                    continue
                if quote := _all_quoted(page, content):
                    content = ((quote.start, quote.end),)
                for start, end in content:
                    taken[start:end] = b"\1" * (end - start)
                kind: Kind = "direct" if quote else _kind(page, content)
                found.append(Candidate(kind, content, one.cue, one.source, None, one.cue_lemma, one.rule))
    return found


def _around_cue(found: Candidate) -> list[Span]:
    """The content without a cue and source that stand within it: "which, she claims, …"."""
    told = [*found.cue, *found.source]
    left, right = min(start for start, _ in told), max(end for _, end in told)
    parts: list[Span] = []
    for start, end in found.content:
        inside = start < left and right < end
        parts += [(start, left), (right, end)] if inside else [(start, end)]
    return parts


def _all_quoted(page: Page, content: Sequence[Span]) -> Quoted | None:
    """The quotation that a clause is from its first word: she said that “we will go. They will too.”."""
    start, end = content[0]
    quote = page.quote_at(start)
    if len(content) > 1 or quote is None or start > quote.start or end > quote.right:
        return None
    words = page.text[quote.start : quote.end]
    sentence = words[:1].isupper() and words[-1:] in ".!?…" and len(words.split()) > _SENTENCE_WORDS
    return quote if start == quote.start or sentence else None


def _is_sentence(text: str) -> bool:
    """Headings, captions and list items end without a stop and are no reports."""
    return text.rstrip()[-1:] in ".!?…:”\"’')…" and len(text.split()) > 3


def _under(page: Page, token: Any) -> Iterator[Candidate]:
    if token.lower_ == "according" and token.i + 1 < len(page.doc) and page.doc[token.i + 1].lower_ == "to":
        yield from _according(page, token)
    elif page.is_cue(token) and not _unreal(token):
        lemma = page.lemma(token)
        if (
            lemma in page.lexicon.quote_only
            and lemma not in page.lexicon.topics
            and not has_that_clause(token)
        ):
            return
        source = source_of(page, token) or _adjacent(page, token)
        if source is None:
            return
        cue = ((token.idx, token.idx + len(token.text)),)
        content, rule = reported(page, token, source)
        if content:
            yield Candidate("indirect", content, cue, (source, *_relative(token)), None, lemma, rule)
    else:
        yield from _noun_cue(page, token)


def _adjacent(page: Page, verb: Any) -> Span | None:
    """The noun phrase right before a finite cue with a clause, where the parse gives it no subject."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or not any(c.dep_ == "ccomp" for c in verb.children):
        return None
    if any(c.dep_ == "ccomp" and c.i < verb.i for c in verb.children):  # "…, added the leader."
        behind = next((c for c in verb.children if c.i > verb.i and c.pos_ in ("NOUN", "PROPN")), None)
        if (
            behind is not None
            and behind.left_edge.i == verb.i + 1
            and behind.ent_type_ not in ("DATE", "TIME")
        ):
            return noun_phrase(page, behind)
    told = verb.head if verb.dep_ == "conj" and verb.head.tag_ == verb.tag_ else verb
    at = told.i - 1
    while at > verb.sent.start and (page.doc[at].pos_ == "ADV" or page.doc[at].is_space):
        at -= 1
    if page.doc[max(at, 0)].text == "," and page.doc[at - 1].ent_type_ == "PERSON":
        at -= 1
    token = page.doc[max(at, 0)]
    named = token.pos_ in ("PROPN", "NOUN", "NUM") or token.lower_ in ("he", "she", "they", "we", "it")
    if at < verb.sent.start or not named or token.ent_type_ in ("DATE", "TIME") or page.quote_at(token.idx):
        return None
    return noun_phrase(page, token)


def _relative(verb: Any) -> tuple[Span, ...]:
    """The relative pronoun that stands for a source before it: "Ann Lee, who says …"."""
    if verb.dep_ != "relcl":
        return ()
    found = [c for c in verb.children if c.dep_ == "nsubj" and c.lower_ in ("who", "which", "that")]
    return tuple((c.idx, c.idx + len(c.text)) for c in found)


def _noun_cue(page: Page, noun: Any) -> Iterator[Candidate]:
    """A noun that reports, whose owner is named: "her pledge to …", "repeated his warning that …"."""
    lemma = noun.lower_.removesuffix("s")
    if noun.pos_ != "NOUN" or lemma not in page.lexicon.nouns or page.quote_at(noun.idx):
        return
    clause = next(
        (c for c in noun.children if c.dep_ in ("acl", "ccomp") and c.i > noun.i and _opened(c, noun)), None
    )
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if clause is None or (owner is None and noun.dep_ != "dobj"):
        return
    source = noun_phrase(page, owner) if owner is not None else source_of(page, noun.head)
    if source is None:
        return
    content = (clause_start(page, clause), clause_end(page, clause, noun, source))
    behind = page.tokens(noun.idx + len(noun.text), content[1])
    if any(token.text == "," and page.is_cue(page.doc[token.i + 1]) for token in behind[:-1]):
        return  # the clause runs into another report: "his warning … was ignored, said Ann Lee"
    cue = ((noun.idx, noun.idx + len(noun.text)),)
    yield Candidate("indirect", (content,), cue, (source,), None, lemma, "clause_of_noun")


def _opened(clause: Any, noun: Any) -> bool:
    """True for an infinitive or a that-clause right behind its noun."""
    first = clause.left_edge
    infinitive = clause.tag_ == "VB" and first.lower_ == "to"
    that = first.lower_ == "that" and first.dep_ == "mark"
    return bool(first.i - noun.i <= 2 and (infinitive or that))


def _unreal(verb: Any) -> bool:
    """A cue that is negated, or that reports what would or could be said."""
    words = {child.lower_ for child in verb.children if child.dep_ in ("aux", "neg")}
    asked = any(child.dep_ == "mark" and child.lower_ in ("if", "whether") for child in verb.children)
    if words & _UNREAL or asked:
        return True
    raised = verb.dep_ in ("xcomp", "advcl") and verb.head.lower_ in RAISERS  # "went on to say"
    return "to" in words and "have" not in words and not raised


def _according(page: Page, token: Any) -> Iterator[Candidate]:
    to = page.doc[token.i + 1]
    head = next((c for c in to.children if c.dep_ == "pobj"), None)
    if head is None:
        return
    source = noun_phrase(page, head)
    sentence = token.sent
    end = max(source[1], head.right_edge.idx + len(head.right_edge.text))
    cue = ((token.idx, to.idx + len(to.text)),)
    return_to: Span | None = None  # "…, according to the report, because …"
    if token.i - sentence.start <= 1:
        subject = next((c for c in sentence.root.children if c.dep_ in ("nsubj", "nsubjpass", "expl")), None)
        if subject is not None and subject.left_edge.i > to.i + 1:
            before = page.doc[subject.left_edge.i - 1]
            if before.text == "," and before.idx > source[0]:
                end = before.idx + 1
        content: Span = (end, until_new_voice(page, end, sentence.end_char))
    else:
        content = (sentence.start_char, token.idx)
        if page.text[end : end + 1] == "," and len(page.text[end : sentence.end_char].split()) > 3:
            return_to = (end, sentence.end_char)
    spans = (content, return_to) if return_to else (content,)
    yield Candidate("indirect", spans, cue, (source,), None, "according", "according_to")


def _clean(page: Page, spans: Sequence[Span], left: int, right: int, taken: bytearray) -> tuple[Span, ...]:
    """Spans within their paragraph, without white space, stops and half a pair of marks at the ends."""
    kept = []
    for start, end in spans:
        start, end = max(start, left), min(end, right)
        while start < end and page.text[start] in _EDGES:
            start += 1
        while end > start and (
            page.text[end - 1] in _EDGES or (page.text[end - 1] == "." and not _quote_ends(page, end))
        ):
            end -= 1
        quote = page.quote_at(end - 1) if end > start else None
        if quote and quote.left >= start:
            end = quote.right if quote.closed else quote.end
        if end > start and not any(taken[start:end]):
            kept.append((start, end))
    words = sum(len(page.text[s:e].split()) for s, e in kept)
    sum_named = any(c.isdigit() for s, e in kept for c in page.text[s:e])  # "pledged £8m"
    return tuple(kept) if words >= _LEAST_WORDS or sum_named else ()


def _quote_ends(page: Page, end: int) -> bool:
    quote = page.quote_at(end - 1)
    return quote is not None and quote.end == end


def _kind(page: Page, content: Sequence[Span]) -> Kind:
    inside: list[Quoted] = [
        q for q in page.quotes for start, end in content if q.left >= start - 1 and q.right <= end + 1
    ]
    return "mixed" if inside else "indirect"
