"""Reported speech: the clause under a cue, before it, around it, after "according to", or an infinitive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.types import Kind, Span
from nlp.found import RAISERS, Found, Page, noun_phrase, source_of
from nlp.quotations import Quoted
from nlp.reach import clause_end

_EDGES = " \t,;:—–-"
_REASONS = frozenset("for over about as".split())
_LEADS = frozenset("but and so yet still however".split())
_LEAST_WORDS = 2
_ASKS = frozenset("if whether why how what where which who".split())
_APART = 12  # tokens behind a cue in which its "that" may stand
_SENTENCE_WORDS = 3  # a quotation of more, with capital and stop, is a sentence
_UNREAL = frozenset("will would can could should may might must not n't n’t never 'll ’ll".split())


def indirect_statements(page: Page, direct: Sequence[Found]) -> list[Found]:
    """Indirect and mixed statements whose cue is outside direct speech, in order."""
    taken = bytearray(len(page.text))  # 1 for every character of direct speech or of a clause found before
    for one in direct:
        for start, end in one.content:
            taken[start:end] = b"\1" * (end - start)
    found: list[Found] = []
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
                found.append(Found(kind, content, one.cue, one.source, None, one.cue_lemma, one.why))
    return found


def _around_cue(found: Found) -> list[Span]:
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


def _under(page: Page, token: Any) -> Iterator[Found]:
    if token.lower_ == "according" and token.i + 1 < len(page.doc) and page.doc[token.i + 1].lower_ == "to":
        yield from _according(page, token)
    elif page.is_cue(token) and not _unreal(token):
        lemma = page.lemma(token)
        if lemma in page.lexicon.quote_only and lemma not in page.lexicon.topics and not _that_clause(token):
            return
        source = source_of(page, token) or _adjacent(page, token)
        if source is None:
            return
        cue = ((token.idx, token.idx + len(token.text)),)
        content, why = _clause(page, token, source)
        if content:
            yield Found("indirect", content, cue, (source, *_relative(token)), None, lemma, why)
    else:
        yield from _noun_cue(page, token)


def _adjacent(page: Page, verb: Any) -> Span | None:
    """The noun phrase right before a finite cue with a clause, where the parse gives it no subject."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or not any(c.dep_ == "ccomp" for c in verb.children):
        return None
    at = verb.i - 1
    while at > verb.sent.start and (page.doc[at].pos_ == "ADV" or page.doc[at].is_space):
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


def _that_clause(verb: Any) -> bool:
    """True for a verb with a clause that "that" opens: "he joked that …"."""
    return any(
        child.dep_ == "ccomp" and any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children)
        for child in verb.children
    )


def _noun_cue(page: Page, noun: Any) -> Iterator[Found]:
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
    content = (_left(page, clause), clause_end(page, clause, noun, source))
    cue = ((noun.idx, noun.idx + len(noun.text)),)
    yield Found("indirect", (content,), cue, (source,), None, lemma, "clause under a noun")


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


def _clause(page: Page, verb: Any, source: Span) -> tuple[tuple[Span, ...], str]:
    """What stands under, before or around a cue, and the name of the pattern; () when nothing does."""
    lemma = page.lemma(verb)
    after = [child for child in verb.children if child.i > verb.i]
    onto = verb.i + 2 < len(page.doc) and page.doc[verb.i + 1].lower_ in ("on", "for")
    if lemma in page.lexicon.quote_only and not _that_clause(verb):
        topic = _topic(page, verb, after, source)
        return ((topic,) if topic else ()), "topic of its cue"
    kind = "directive" if onto and lemma in ("call", "press", "ask") else page.lexicon.verbs[lemma]
    clauses = [child for child in verb.children if child.dep_ == "ccomp" and not _headless(child)]
    for child in sorted(clauses, key=lambda c: c.i < verb.i):
        if child.i < verb.i:
            return _around(page, child.left_edge.idx, verb, source), "clause before its cue"
        told = (_left(page, child), clause_end(page, child, verb, source))
        return (*_condition(page, verb, source), told), "clause under its cue"
    for child in after:
        if child.dep_ == "advcl" and child.left_edge.lower_ in _ASKS and child.left_edge.i > verb.i:
            if kind == "question" or lemma in ("explain", "describe") or child.left_edge.i == verb.i + 1:
                told = (child.left_edge.idx, clause_end(page, child, verb, source))
                return (told,), "clause under its cue"
    for child in after:
        if child.dep_ == "xcomp" and lemma in page.lexicon.infinitive and child.tag_ == "VB":
            start = _left(page, child)
            objects = [c for c in after if c.dep_ in ("dobj", "dative") and c.i < child.i]
            if kind == "directive" and onto:
                start = page.doc[verb.i + 2].idx
            elif objects and kind in ("directive", "question"):
                start = objects[0].left_edge.idx
            return ((start, clause_end(page, child, verb, source)),), "infinitive under its cue"
    if told := _that_apart(page, verb, source):
        return (told,), "clause under its cue"
    if kind == "directive" and not onto and lemma not in page.lexicon.objects:
        return (), ""
    if kind in ("label", "directive") and (asked := _object(page, verb, after, kind, source)):
        return (asked,), "object of its cue"
    if content := _parenthetical(page, verb, source):
        return content, "clause before its cue"
    if lemma in page.lexicon.objects:
        for child in after:
            if child.dep_ == "dobj" and child.pos_ != "PRON":
                parts = [child, *(c for c in after if c.dep_ == "prep" and c.lower_ in _REASONS)]
                end = max(clause_end(page, part, verb, source) for part in parts)
                return ((child.left_edge.idx, end),), "object of its cue"
    if topic := _topic(page, verb, after, source):
        return (topic,), "topic of its cue"
    if content := _as_told(page, verb, source):
        return content, "clause before its cue"
    return (), ""


def _that_apart(page: Page, verb: Any, source: Span) -> Span | None:
    """A that-clause the parse gives to a word between: "said in a statement that it would go"."""
    if page.lexicon.verbs[page.lemma(verb)] in ("label", "question"):
        return None
    for token in page.doc[verb.i + 1 : min(verb.i + _APART, verb.sent.end)]:
        if token.text in ",;:" or page.quote_at(token.idx):
            return None
        if token.lower_ == "that" and token.i > verb.i + 1 and token.head.i > token.i:
            head = token.head
            subject = any(c.dep_ in ("nsubj", "nsubjpass") and c.i != token.i for c in head.children)
            if head.pos_ in ("VERB", "AUX") and subject:
                return page.doc[token.i + 1].idx, clause_end(page, head, verb, source)
    return None


def _headless(clause: Any) -> bool:
    """A clause whose subject stands outside it: "the tone that she agreed was measured"."""
    first = clause.left_edge
    finite = first.tag_ in ("VBZ", "VBD", "VBP", "MD") and first.pos_ in ("AUX", "VERB")
    return finite and not any(c.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for c in clause.children)


def _condition(page: Page, verb: Any, source: Span) -> tuple[Span, ...]:
    """What a report sets first: "If elected, she said she would …"."""
    for child in verb.children:
        if child.dep_ == "advcl" and child.i < verb.i and child.left_edge.i == verb.sent.start:
            end = child.right_edge.idx + len(child.right_edge.text)
            if child.left_edge.lower_ in ("if", "unless", "once") and end <= source[0]:
                return ((child.left_edge.idx, end),)
    return ()


def _object(page: Page, verb: Any, after: Sequence[Any], kind: str, source: Span) -> Span | None:
    """What is called for, or the words somebody is called by."""
    parts = [c for c in after if c.dep_ in ("dobj", "oprd", "prep", "dative", "pobj", "ccomp", "xcomp")]
    if not parts:
        return None
    start = parts[0].left_edge.idx
    end = max(clause_end(page, part, verb, source) for part in parts)
    if kind == "directive":
        onto = page.doc[verb.i + 1].lower_ in ("on", "for") and verb.i + 2 < len(page.doc)
        return (page.doc[verb.i + 2].idx if onto else start), end
    quotes = [q for q in page.quotes if start <= q.left and q.right <= end + 2]
    marked = next((part for part in parts if part.dep_ == "prep" and part.lower_ == "as"), None)
    if marked is not None:
        return page.doc[marked.i + 1].idx, max(end, quotes[-1].right if quotes else end)
    if not quotes:
        return None
    return (start if parts[0].dep_ == "prep" else quotes[0].left), max(end, quotes[-1].right)


def _parenthetical(page: Page, verb: Any, source: Span) -> tuple[Span, ...]:
    """A sentence with the cue at its end or set in it by commas: "It will go, she said, by May"."""
    first = min(verb.idx, source[0])
    start = verb.sent.start_char
    before = page.text[start:first].rstrip()
    if not before or before[-1] not in ",?–—-" or page.quote_at(start + len(before) - 1):
        return ()
    rest = max(verb.idx + len(verb.text), source[1])
    follows = page.text[rest : verb.sent.end_char].lstrip()
    if follows[:1] not in (",", ".", "", ":", ";", "”", "–", "—", "-") and not _short(follows):
        return ()
    content = _around(page, start, verb, source)
    if len(before.split()) > 1:
        return content
    return content if len(content) > 1 and before[:-1].lower() not in _LEADS else content[1:]


def _topic(page: Page, verb: Any, after: Sequence[Any], source: Span) -> Span | None:
    """What is talked about, referred or pointed to, warned of."""
    wanted = page.lexicon.topics.get(page.lemma(verb), frozenset())
    for child in after:
        if child.dep_ == "prep" and child.lower_ in wanted and child.i + 1 < len(page.doc):
            return page.doc[child.i + 1].idx, clause_end(page, child, verb, source)
    return None


def _as_told(page: Page, verb: Any, source: Span) -> tuple[Span, ...]:
    """What stands beside "as the minister said", at the beginning or the end of a sentence."""
    first = verb.left_edge
    if first.lower_ != "as" or verb.dep_ != "advcl" or source[0] < first.idx:
        return ()
    start, end = verb.sent.start_char, verb.sent.end_char
    rest = max(verb.right_edge.idx + len(verb.right_edge.text), source[1])
    if first.i - verb.sent.start <= 1 and page.text[rest : rest + 1] == ",":
        return ((rest, end),)
    behind = page.text[rest:end].strip()
    return ((start, first.idx),) if page.text[: first.idx].rstrip().endswith(",") and len(behind) < 2 else ()


def _short(text: str) -> bool:
    """A time or an address behind a cue: "announced this week", "assured members"."""
    return len(text.split()) <= 3 and not any(mark in text for mark in ",;:")


def _left(page: Page, head: Any) -> int:
    """The start of a clause, without its "that"."""
    first = head.left_edge
    while first.i < head.i and (
        first.is_punct or first.is_space or (first.lower_ == "that" and first.dep_ == "mark")
    ):
        first = page.doc[first.i + 1]
    return int(first.idx)


def _around(page: Page, start: int, verb: Any, source: Span) -> tuple[Span, ...]:
    """A clause before its cue, and what goes on after a cue that interrupts it."""
    content: list[Span] = [(start, min(verb.idx, source[0]))]
    rest = max(verb.idx + len(verb.text), source[1])
    after = page.text[rest : verb.sent.end_char]
    if after[:1] == "," and len(after.split()) > 2:
        content.append((rest, verb.sent.end_char))
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
    return_to: Span | None = None  # "…, according to the report, because …"
    if token.i - sentence.start <= 1:
        subject = next((c for c in sentence.root.children if c.dep_ in ("nsubj", "nsubjpass", "expl")), None)
        if subject is not None and subject.left_edge.i > to.i + 1:
            before = page.doc[subject.left_edge.i - 1]
            if before.text == "," and before.idx > source[0]:
                end = before.idx + 1
        content: Span = (end, sentence.end_char)
    else:
        content = (sentence.start_char, token.idx)
        if page.text[end : end + 1] == "," and len(page.text[end : sentence.end_char].split()) > 3:
            return_to = (end, sentence.end_char)
    spans = (content, return_to) if return_to else (content,)
    yield Found("indirect", spans, cue, (source,), None, "according", "according to")


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
    return tuple(kept) if words >= _LEAST_WORDS else ()


def _quote_ends(page: Page, end: int) -> bool:
    quote = page.quote_at(end - 1)
    return quote is not None and quote.end == end


def _kind(page: Page, content: Sequence[Span]) -> Kind:
    inside: list[Quoted] = [
        q for q in page.quotes for start, end in content if q.left >= start - 1 and q.right <= end + 1
    ]
    return "mixed" if inside else "indirect"
