"""What extraction finds, and the page it finds it on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.types import Kind, Span
from nlp.statements.cues import Cues, cues
from nlp.statements.quotes import Quoted
from nlp.text.paragraphs import Para


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement before its speaker is known, spans in characters.

    ``voice``: words of the title or the byline that name who speaks, where the text itself does not.
    ``carried``: the index of the statement whose speaker goes on. ``rule``: the rule that found it, a short
    name in small letters and underscores ("marked_quote", "clause_of_cue"), a feature of the vote over spans.
    """

    kind: Kind
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    carried: int | None = None
    cue_lemma: str = ""
    rule: str = "unattributed"
    voice: str = ""


RAISERS = frozenset("went goes go going continued continues proceeded took".split())
_HEARD = frozenset("shown heard seen quoted cited recorded filmed caught".split())  # "was quoted as saying"
_BY = frozenset("by as before after while in when without".split())
_DEPTH = 4  # steps up the parse in which a cue's subject is looked for
_NOBODY = frozenset("there this that which what".split())  # subjects that say nothing by themselves


@dataclass
class Page:
    """A parsed text with its paragraphs and quoted stretches, and quick ways from characters to tokens."""

    doc: Any
    text: str
    paras: Sequence[Para]
    quotes: Sequence[Quoted]
    title: str = ""
    byline: str = ""
    starts: list[int] = field(default_factory=list)
    lexicon: Cues = field(default_factory=cues)
    taken: set[int] = field(default_factory=set)  # indices of tokens used as cues
    sources: dict[int, Span] = field(default_factory=dict)  # a second cue's index, to its first cue's source

    def __post_init__(self) -> None:
        self.starts = [token.idx for token in self.doc]
        self._lefts = [q.left for q in self.quotes]
        self._para_starts = [para.start for para in self.paras]

    def para_of(self, at: int) -> int:
        """The number of the paragraph that holds a character."""
        return max(0, bisect_right(self._para_starts, at) - 1)

    def tokens(self, start: int, end: int) -> list[Any]:
        """The tokens that begin within a span of characters."""
        first = bisect_left(self.starts, start)
        return [self.doc[i] for i in range(first, bisect_left(self.starts, end, first))]

    def quote_at(self, at: int) -> Quoted | None:
        """The quoted stretch that holds a character."""
        place = bisect_right(self._lefts, at) - 1
        if place >= 0 and self.quotes[place].left <= at < self.quotes[place].right:
            return self.quotes[place]
        return None

    def quotes_within(self, start: int, end: int) -> Sequence[Quoted]:
        """The quoted stretches that begin between the two."""
        return self.quotes[bisect_left(self._lefts, start) : bisect_left(self._lefts, end)]

    def lemma(self, token: Any) -> str:
        """The cue verb that a token is a form of, else ""."""
        return self.lexicon.forms.get(token.lower_, "")

    def is_cue(self, token: Any, beside: bool = False) -> bool:
        """True for a form of a verb of the lexicon, with its particle where it needs one.

        Beside a quotation, which stands for the clause, no "that" is asked for.
        """
        lemma = self.lemma(token)
        if not lemma or token.pos_ not in ("VERB", "AUX", "NOUN", "PROPN", "ADJ"):
            return False
        if token.pos_ in ("NOUN", "PROPN", "ADJ") and not token.text.endswith(("ed", "id", "old", "s")):
            return False
        wanted = self.lexicon.particles.get(lemma)
        if wanted and not (beside and "that" in wanted):
            return any(t.lower_ in wanted for t in self.doc[token.i + 1 : token.i + 4])
        return True


def source_of(page: Page, verb: Any) -> Span | None:
    """The span of a cue's source: its subject's noun phrase, cut to the part that names somebody."""
    if verb.i in page.sources:
        return page.sources[verb.i]
    subject = _behind_label(page, _agent(page, verb) or _subject(verb), verb)
    if subject is None or page.quote_at(subject.idx) or subject.lower_ in _NOBODY:
        return None
    return noun_phrase(page, subject)


def _behind_label(page: Page, subject: Any, verb: Any) -> Any:
    """The noun right before the verb, where a colon parts it from what the parse takes for its subject."""
    if subject is None or not subject.i < verb.i or all(t.text != ":" for t in page.doc[subject.i : verb.i]):
        return subject
    before = page.doc[verb.i - 1]
    return before if before.pos_ in ("PROPN", "NOUN", "PRON") else subject


def _agent(page: Page, verb: Any) -> Any:
    """Who told those who "were told by her that …"; who only asked is nobody that reports."""
    parts = {child.dep_: child for child in verb.children}
    if page.lexicon.verbs.get(page.lemma(verb)) == "question" or not {"agent", "auxpass"} <= parts.keys():
        return None
    named = (child for child in parts["agent"].children if child.dep_ == "pobj")
    return next((child for child in named if child.ent_type_ not in ("DATE", "TIME")), None)


def _subject(verb: Any, depth: int = 0) -> Any:
    """The token that says it: the verb's own subject, or that of the verb it goes with."""
    for child in verb.children:
        if child.dep_ == "nsubj":
            if child.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
                return verb.head
            return child
    passive = next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
    if passive is not None:
        if depth and verb.dep_ == "ccomp" and depth < _DEPTH:
            return _subject(verb.head, depth + 1)  # "said it would be done, before adding …"
        return passive if depth and verb.lower_ in _HEARD else None
    if depth >= _DEPTH:
        return None
    head = verb.head
    if verb.dep_ in ("conj", "xcomp", "advcl", "aux", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
        aside = verb.dep_ in ("advcl", "ccomp")
        if aside and verb.tag_ != "VBG" and head.lower_ not in RAISERS:
            return None
        return _subject(head, depth + 1)
    if verb.dep_ == "pcomp" and head.lower_ in _BY and head.head.pos_ in ("VERB", "AUX"):
        return _subject(head.head, depth + 1)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return _bearer(head, depth)
    return None


def _bearer(noun: Any, depth: int) -> Any:
    """Who says what a noun's participle says: who "issued a statement saying", or the "30% saying"."""
    at = noun
    while at.dep_ in ("pobj", "prep", "dobj", "dative", "conj", "appos") and depth < _DEPTH:
        if at.dep_ == "pobj" and at.head.lower_ == "with":
            return noun
        at, depth = at.head, depth + 1
        if at.pos_ in ("VERB", "AUX"):
            return _subject(at, depth)
    return noun if at is noun else None


def noun_phrase(page: Page, head: Any) -> Span:
    """The noun phrase of a head, from its first modifier to its end or to the name that stands beside it."""
    if head.ent_type_ != "PERSON":
        beside = [c for c in head.children if c.dep_ == "appos" and c.pos_ == "PROPN" and c.i > head.i]
        named = [c for c in beside if c.ent_type_ == "PERSON"] or (beside if head.pos_ != "PROPN" else [])
        head = named[0] if named else head
    left = right = head.i
    for child in head.children:
        if child.i < head.i and child.dep_ in (
            "det",
            "compound",
            "amod",
            "poss",
            "nmod",
            "nummod",
            "quantmod",
            "predet",
        ):
            left = min(left, child.left_edge.i)
        elif child.i > head.i and child.dep_ in ("prep", "flat", "compound") and head.pos_ != "PROPN":
            right = max(right, _prep_end(child))
    begins = page.paras[page.para_of(head.idx)].start if page.paras else 0
    while left < head.i and (page.doc[left].is_space or page.doc[left].idx < begins):
        left += 1
    right = _name_behind(page, right)
    return page.doc[left].idx, page.doc[right].idx + len(page.doc[right].text)


def _name_behind(page: Page, right: int) -> int:
    """The end of a name, or a number ("Article 33"), right behind a noun that the parse leaves apart."""
    doc, at = page.doc, right + 1
    while at < len(doc) and not doc[right].is_punct:
        if doc[at].pos_ == "PROPN" or (doc[at].pos_ == "NUM" and doc[at].is_digit and at == right + 1):
            right = at
        elif not (doc[at].is_space and "\n" not in doc[at].text and at == right + 1):
            break
        at += 1
    return right


def _prep_end(prep: Any) -> int:
    """The last token of a short prepositional phrase: "a spokesman for the council"."""
    end = prep.i
    for child in prep.subtree:
        if child.dep_ in ("relcl", "acl", "appos", "punct", "cc", "conj"):
            break
        end = max(end, child.i)
    return min(int(end), int(prep.i) + 8)
