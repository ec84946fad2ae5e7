"""What stands under a reporting verb: a clause, an infinitive, an object, the topic of a talk."""

from __future__ import annotations

from typing import Any

from ledger.types import Span
from nlp.statements.clause_bounds import clause_end
from nlp.statements.model import Page
from nlp.statements.parentheticals import around, as_told, parenthetical

_REASONS = frozenset("for over about as".split())
_TERMS = frozenset("by before within until from for to across over every each".split())  # of what is promised
_ASKS = frozenset("if whether why how what where which who".split())
_EXPLAINS = ("explain", "describe")
_PARTS = ("dobj", "oprd", "prep", "dative", "pobj", "ccomp", "xcomp")
_APART = 12  # tokens behind a cue in which its "that" may stand


Complement = tuple[tuple[Span, ...], str]
_NOTHING: Complement = ((), "")


def reported(page: Page, verb: Any, source: Span) -> Complement:
    """What stands under, before or around a cue, and the name of the rule; () when nothing does."""
    lemma = page.lemma(verb)
    cue = Cue(page, verb, source)
    if lemma in page.lexicon.quote_only and not has_that_clause(verb):
        return cue.topic() or _NOTHING
    if verb.dep_ == "relcl" and verb.head.dep_ == "ROOT" and verb.head.i < verb.i:
        return _NOTHING  # "those who said jobs mattered backed him": the parse mistakes the main verb
    for told in (cue.clause, cue.question, cue.infinitive, cue.wish, cue.that_apart):
        if found := told():
            return found
    if cue.kind == "directive" and not cue.onto and lemma not in page.lexicon.objects:
        return _NOTHING
    if cue.kind in ("label", "directive") and (asked := cue.asked()):
        return asked
    if content := parenthetical(page, verb, source):
        return content, "cue_aside"
    if found := cue.object() or cue.topic():
        return found
    return as_told(page, verb, source), "as_told"


class Cue:
    """A reporting verb with what hangs on it; each method gives what one pattern finds, else nothing."""

    def __init__(self, page: Page, verb: Any, source: Span) -> None:
        self.page, self.verb, self.source = page, verb, source
        self.lemma = page.lemma(verb)
        self.after = [child for child in verb.children if child.i > verb.i]
        self.onto = verb.i + 2 < len(page.doc) and page.doc[verb.i + 1].lower_ in ("on", "for")
        asked = self.onto and self.lemma in ("call", "press", "ask")
        self.kind = "directive" if asked else page.lexicon.verbs[self.lemma]

    def _from(self, start: int, head: Any) -> Span:
        return int(start), clause_end(self.page, head, self.verb, self.source)

    def clause(self) -> Complement | None:
        """The clause under the cue, else before it; with the condition a report sets first."""
        page, verb = self.page, self.verb
        clauses = [child for child in verb.children if child.dep_ == "ccomp" and not _headless(child)]
        if not clauses:
            return self._glued()
        child = min(clauses, key=lambda c: c.i < verb.i)
        if child.i < verb.i:
            return around(page, child.left_edge.idx, verb, self.source), "clause_before_cue"
        told = self._from(clause_start(page, child), child)
        return (*_condition(verb, self.source), told), "clause_of_cue"

    def _glued(self) -> Complement | None:
        """Its subject joined to the one told by the parse: "told councillors bills would be frozen"."""
        clause = next((c for c in self.after if c.dep_ == "ccomp"), None)
        told = next((c for c in self.after if c.dep_ in ("dobj", "dative")), None)
        if clause is None or told is None or told.tag_ not in ("NNS", "NNP", "NNPS", "NN"):
            return None
        if told.i == told.left_edge.i or told.right_edge.i + 1 != clause.left_edge.i:
            return None
        return (self._from(told.idx, clause),), "glued_clause_of_cue"

    def question(self) -> Complement | None:
        """An indirect question that the parse takes for an aside: "asked again whether it would go"."""
        for child in self.after:
            first = child.left_edge
            beside = self.kind == "question" or self.lemma in _EXPLAINS or first.i == self.verb.i + 1
            if child.dep_ == "advcl" and first.lower_ in _ASKS and first.i > self.verb.i and beside:
                return (self._from(first.idx, child),), "question_of_cue"
        return None

    def infinitive(self) -> Complement | None:
        """ "Vowed to go", "called on them to go"."""
        for child in self.after:
            if child.dep_ == "xcomp" and self.lemma in self.page.lexicon.infinitive and child.tag_ == "VB":
                start = clause_start(self.page, child)
                objects = [c for c in self.after if c.dep_ in ("dobj", "dative") and c.i < child.i]
                if self.kind == "directive" and self.onto:
                    start = self.page.doc[self.verb.i + 2].idx
                elif objects and self.kind in ("directive", "question"):
                    start = objects[0].left_edge.idx
                return (self._from(start, child),), "infinitive_of_cue"
        return None

    def wish(self) -> Complement | None:
        """ "Called for the charter to be made a condition"."""
        if self.onto and self.kind == "directive":
            for child in self.after:
                if child.dep_ == "advcl" and child.left_edge.i == self.verb.i + 1:
                    start = self.page.doc[self.verb.i + 2].idx
                    return (self._from(start, child),), "object_of_cue"
        return None

    def that_apart(self) -> Complement | None:
        """A that-clause the parse gives to a word between: "said in a statement that it would go"."""
        verb, doc = self.verb, self.page.doc
        if self.page.lexicon.verbs[self.lemma] in ("label", "question"):
            return None
        for token in doc[verb.i + 1 : min(verb.i + _APART, verb.sent.end)]:
            if token.text in ",;:" or self.page.quote_at(token.idx):
                return None
            if token.lower_ == "that" and token.i > verb.i + 1 and token.head.i > token.i:
                head = token.head
                subject = any(c.dep_ in ("nsubj", "nsubjpass") and c.i != token.i for c in head.children)
                if head.pos_ in ("VERB", "AUX") and subject:
                    return (self._from(doc[token.i + 1].idx, head),), "clause_apart_from_cue"
        return None

    def asked(self) -> Complement | None:
        """What is called for, or the words somebody is called by."""
        parts = [c for c in self.after if c.dep_ in _PARTS]
        if not parts:
            return None
        start = parts[0].left_edge.idx
        end = max(clause_end(self.page, part, self.verb, self.source) for part in parts)
        if self.kind == "directive":
            start = self.page.doc[self.verb.i + 2].idx if self.onto else start
            return ((start, end),), "asked_of_cue"
        quotes = [q for q in self.page.quotes if start <= q.left and q.right <= end + 2]
        quotes = [q for q in quotes if not _is_title(self.page.text[q.start : q.end])]
        marked = next((part for part in parts if part.dep_ == "prep" and part.lower_ == "as"), None)
        if marked is None and not quotes:
            return None
        end = max(end, quotes[-1].right) if quotes else end
        if marked is not None:
            start = self.page.doc[marked.i + 1].idx
        elif parts[0].dep_ != "prep":
            start = quotes[0].left
        return ((start, end),), "asked_of_cue"

    def object(self) -> Complement | None:
        """ "Criticised the plan for what it costs", of the verbs whose object is reported."""
        if self.lemma not in self.page.lexicon.objects:
            return None
        for child in self.after:
            if child.dep_ == "dobj" and child.pos_ != "PRON":
                more = _TERMS if self.kind == "commissive" else _REASONS
                parts = [child, *(c for c in self.after if c.dep_ == "prep" and c.lower_ in more)]
                end = max(clause_end(self.page, part, self.verb, self.source) for part in parts)
                return ((child.left_edge.idx, end),), "object_of_cue"
        return None

    def topic(self) -> Complement | None:
        """What is talked about, referred or pointed to, warned of."""
        wanted = self.page.lexicon.topics.get(self.lemma, frozenset())
        for child in self.after:
            if child.dep_ == "prep" and child.lower_ in wanted and child.i + 1 < len(self.page.doc):
                return (self._from(self.page.doc[child.i + 1].idx, child),), "topic_of_cue"
        return None


def has_that_clause(verb: Any) -> bool:
    """True for a verb with a clause that "that" opens: "he joked that …"."""
    return any(
        child.dep_ == "ccomp" and any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children)
        for child in verb.children
    )


def _is_title(words: str) -> bool:
    """The title of a work, by its capitals: “Bridge of Spies”."""
    long = [word for word in words.split() if len(word) > 3]
    return len(long) > 1 and all(word[0].isupper() for word in long)


def _headless(clause: Any) -> bool:
    """A clause whose subject stands outside it: "the tone that she agreed was measured"."""
    first = clause.left_edge
    finite = first.tag_ in ("VBZ", "VBD", "VBP", "MD") and first.pos_ in ("AUX", "VERB")
    return finite and not any(c.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for c in clause.children)


def _condition(verb: Any, source: Span) -> tuple[Span, ...]:
    """What a report sets first: "If elected, she said she would …"."""
    for child in verb.children:
        if child.dep_ == "advcl" and child.i < verb.i and child.left_edge.i == verb.sent.start:
            end = child.right_edge.idx + len(child.right_edge.text)
            if child.left_edge.lower_ in ("if", "unless", "once") and end <= source[0]:
                return ((child.left_edge.idx, end),)
    return ()


def clause_start(page: Page, head: Any) -> int:
    """The start of a clause, without its "that"."""
    first = head.left_edge
    while first.i < head.i and (first.is_punct or first.is_space or _opens(first, head)):
        first = page.doc[first.i + 1]
    return int(first.idx)


def _opens(token: Any, head: Any) -> bool:
    """True for a "that" that only opens the clause, whatever the tagger makes of it."""
    subject = any(c.dep_ in ("nsubj", "nsubjpass", "expl") and c.i != token.i for c in head.children)
    return token.lower_ == "that" and (token.dep_ == "mark" or token.tag_ == "IN" or subject)
