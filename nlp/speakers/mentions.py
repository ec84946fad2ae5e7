"""What one article names and where: its paragraphs and sentences, people, bodies, offices, pronouns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

from ledger.types import Span
from nlp.names.find import Name, find_names
from nlp.officials.gazetteer import Gazetteer
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import Office, find_offices, masked
from nlp.officials.organizations import (
    Body,
    Stand,
    find_bodies,
    find_stands,
    home_government,
)
from nlp.officials.register import Register
from nlp.speakers.known_bodies import at_home, known_bodies
from nlp.speakers.office_claims import Claim
from nlp.speakers.office_fit import from_register
from nlp.speakers.people import Person, gather, member_claims
from nlp.statements.quotes import quoted as quoted_stretches
from nlp.text.paragraphs import items
from nlp.text.paragraphs import paragraphs as layout_paragraphs

_PRONOUN = re.compile(r"(?<![\w’'])(he|she|him|her|his|hers)(?![\w’'])", re.IGNORECASE)
GENDER_OF: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))

OBJECT = 0.55  # weight of a mention that is no subject
INTRODUCED = 0.8  # and of one that brings somebody in by full name, first in the paragraph
_KIN = frozenset(("her", "his", "their", "whose", "my", "our"))  # somebody's relation, seldom the topic

Doc = Any  # spacy.tokens.Doc: the library publishes no types


class Source(Protocol):
    """What is needed of a found statement (nlp.statements.extract.Candidate)."""

    @property
    def kind(self) -> str: ...
    @property
    def content(self) -> tuple[Span, ...]: ...
    @property
    def cue(self) -> tuple[Span, ...]: ...
    @property
    def source(self) -> tuple[Span, ...]: ...
    @property
    def carried(self) -> int | None: ...
    @property
    def voice(self) -> str: ...
    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where somebody is meant. ``weight`` tells how much the sentence is about them (0 to 1)."""

    span: Span
    kind: Literal["name", "office", "pronoun", "described"]
    thing: Name | Office | str
    weight: float


@dataclass(frozen=True)
class Reading:
    """One article as read for its speakers. Spans are character offsets into ``text``."""

    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    quoted: bytearray  # 1 for every character inside a quotation
    aside: bytearray  # 1 for every character of page furniture
    bodies: tuple[Body, ...]
    stands: tuple[Stand, ...]
    offices: tuple[Office, ...]
    people: dict[Name, Person]
    mentions: tuple[Mention, ...]
    day: date | None
    told: tuple[int, ...]  # for each sentence, how many sentences before it are told, not quoted
    items: tuple[Span, ...]  # of a collection of items, what stands before them first; else the whole text
    gazetteer: Gazetteer
    homes: dict[int, str]  # governments that items are about, as far as asked for
    known: tuple[Body, ...]  # bodies named, and those whom the register has the people named in
    parliament: str = ""  # whose paper the article is: its government is the one meant

    def paragraph(self, at: int) -> int:
        """Index of the paragraph that holds an offset."""
        return max(0, bisect_right(self.paragraphs, (at, len(self.text) + 1)) - 1)

    def sentence(self, at: int) -> int:
        """Index of the sentence that holds an offset."""
        return max(0, bisect_right(self.sentences, (at, len(self.text) + 1)) - 1)

    def narrated(self, at: int) -> int:
        """How many told sentences lie before an offset: the distance that matters for pronouns."""
        return self.told[self.sentence(at)] if self.told else 0

    def item(self, at: int) -> int:
        """Index of the item that holds an offset."""
        return max(0, bisect_right(self.items, (at, len(self.text) + 1)) - 1)

    def told_in(self, at: int) -> str:
        """The words of the item that holds an offset, with what stands before all items."""
        here = self.item(at)
        return "\n".join(self.text[slice(*span)] for span in {self.items[0], self.items[here]})

    def home(self, at: int) -> str:
        """The government that the item at an offset is about."""
        here = self.item(at)
        if here not in self.homes:
            self.homes[here] = home_government(self.told_in(at), self.parliament)
        return self.homes[here]

    def near(self, at: int) -> list[Body]:
        """Bodies that words at an offset may mean: those of its item, and of what stands before all items."""
        here = self.item(at)
        return [body for body in self.known if self.item(body.span[0]) in (0, here)]

    def everyone(self) -> list[Person]:
        """The named people, in the order of their first naming."""
        return list({id(p): p for p in self.people.values()}.values())

    def names(self, person: Person) -> bool:
        """Whether the article itself names somebody, by a surname at least; else the register alone does."""
        return any(person is one for one in self.people.values())


def read(
    doc: Doc,
    found: Sequence[Source],
    register: Register,
    day: date | None,
    furniture: Iterable[Span] = (),
    title: str = "",
    outlet: str = "",
    parliament: str = "",
) -> Reading:
    """The reading of an article. ``furniture`` are spans of captions, ad lines and the like.

    Bodies that ``title`` or ``outlet`` name (a council's own release) count as named before the text.
    ``parliament``: the name of the one whose paper it is.
    """
    text = doc.text
    quoted = bytearray(len(text))
    for quote in quoted_stretches(text, layout_paragraphs(text)):
        quoted[quote.left : quote.right] = b"\1" * (quote.right - quote.left)
    for item in found:
        if item.kind == "direct":
            for start, end in item.content:
                quoted[start:end] = b"\1" * (end - start)
    aside = bytearray(len(text))
    for start, end in furniture:
        aside[start:end] = b"\1" * (end - start)
    sentences = tuple((s.start_char, s.end_char) for s in doc.sents)
    bodies = find_bodies(text, register.gazetteer)
    hints = [(e.start_char, e.end_char) for e in doc.ents if e.label_ == "PERSON"]
    names = find_names(text, hints, [b.span for b in bodies], register.full_names)
    bodies = [b for b in bodies if not any(n.span[0] <= b.span[0] < n.span[1] for n in names)]
    parts = items(text)
    stands = [at_home(stand, text, parts) for stand in find_stands(text, bodies)]
    offices = find_offices(masked(text, [(n.start, n.span[1]) for n in names]), bodies, stands)
    people = gather(text, names, offices, register)
    member_claims(text, people, bodies)
    publisher = outlet if find_bodies(outlet, register.gazetteer) else ""
    from_register(text, people, register, bodies, f"{title} {publisher}")
    told, count = [], 0
    for start, end in sentences:
        told.append(count)
        count += sum(quoted[start:end]) * 2 < end - start and not aside[start]
    return Reading(
        text=text,
        paragraphs=_paragraphs(text),
        sentences=sentences,
        quoted=quoted,
        aside=aside,
        bodies=tuple(bodies),
        stands=tuple(stands),
        offices=tuple(offices),
        people=people,
        mentions=tuple(_mentions(doc, text, quoted, aside, people, offices, found)),
        day=day,
        told=tuple(told),
        items=tuple(parts),
        gazetteer=register.gazetteer,
        homes={},
        known=known_bodies(bodies, (outlet, title), people, register, day),
        parliament=parliament,
    )


def _paragraphs(text: str) -> tuple[Span, ...]:
    return tuple((m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)) or ((0, 0),)


def linked_offices(people: dict[Name, Person]) -> set[int]:
    """Where the offices start that belong to a name."""
    return {claim.at for person in people.values() for claim in person.claims if isinstance(claim, Claim)}


def _mentions(
    doc: Doc,
    text: str,
    quoted: bytearray,
    aside: bytearray,
    people: dict[Name, Person],
    offices: Sequence[Office],
    found: Sequence[Source],
) -> list[Mention]:
    """Mentions outside quotations and furniture, in text order."""
    sources = bytearray(len(text))
    for item in found:
        for start, end in item.source:
            sources[start:end] = b"\1" * (end - start)
    taken = bytearray(len(text))
    mentions: list[Mention] = []

    introduced: set[int] = set()

    def weight(start: int, end: int) -> float:
        if any(sources[start:end]):
            return 1.0
        if text[end : end + 2] in ("'s", "’s") or text[end : end + 2] in ("s’", "' ", "’ "):
            return 0.45
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            return OBJECT
        root = span.root
        while root.dep_ in ("appos", "compound", "conj", "flat") and root.head is not root:
            root = root.head
        if root.dep_ in SUBJECTS:
            return 0.95 if root.head.dep_ in ("ROOT", "ccomp", "conj", "parataxis", "advcl") else 0.85
        return OBJECT

    def add(
        span: Span, kind: Literal["name", "office", "pronoun", "described"], thing: Name | Office | str
    ) -> None:
        if not any(taken[span[0] : span[1]]) and not quoted[span[0]] and not aside[span[0]]:
            taken[span[0] : span[1]] = b"\1" * (span[1] - span[0])
            mentions.append(Mention(span, kind, thing, weight(*span)))

    for name in people:
        add(name.span, "name", name)
        person = people[name]
        if mentions and mentions[-1].thing is name and id(person) not in introduced:
            introduced.add(id(person))
            line = text.rfind("\n", 0, name.start) + 1
            first = not any(line <= m.span[0] < name.start for m in mentions if m.kind == "name")
            if first and name.full and mentions[-1].weight == OBJECT:
                mentions[-1] = replace(mentions[-1], weight=INTRODUCED)
    linked = linked_offices(people)
    for office in offices:
        if office.span[0] not in linked:
            add(office.span, "office", office)
        else:
            taken[office.span[0] : office.span[1]] = b"\1" * (office.span[1] - office.span[0])
    for match in _PRONOUN.finditer(text):
        start = match.start()
        subject = match[1].lower() in ("he", "she")
        first = (
            not text[:start].rstrip(" “\"'‘’”").endswith(tuple("abcdefghijklmnopqrstuvwxyz,"))
            if not subject
            else True
        )
        if subject or first or sources[start]:
            add(match.span(), "pronoun", match[1].lower())
    for start, end, word, kin in _described(doc, sources):
        add((start, end), "described", word)
        if kin and mentions and mentions[-1].span == (start, end) and not sources[start]:
            mentions[-1] = replace(mentions[-1], weight=OBJECT)
    return sorted(mentions, key=lambda m: m.span)


def _described(doc: Doc, sources: bytearray) -> Iterable[tuple[int, int, str, bool]]:
    """Single people described by a common noun ("a woman who was followed home"), as subjects or sources."""
    people, noun = lexicon().people, doc.vocab.strings["NN"]
    for token in doc:
        if token.tag == noun and token.lower_ in people and (token.dep_ in SUBJECTS or sources[token.idx]):
            left = token.left_edge
            if token.i - left.i < 8:
                yield left.idx, token.idx + len(token.text), token.lower_, left.lower_ in _KIN
