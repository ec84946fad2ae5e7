"""Whom a pronoun, an office or a description means: every expression of an article in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.types import Span
from nlp.lexicon import Gender, lexicon
from nlp.mentions import GENDER_OF, Mention, Reading
from nlp.names import Name
from nlp.offices import Office
from nlp.officials import Register
from nlp.people import Person
from nlp.posts import office_holder

FADE = 0.75  # a mention loses this much of its weight with every told sentence since
FADE_PARAGRAPH = 0.7
AGAIN = 0.1  # what a second mention adds
FARTHEST = 7  # paragraphs
GOING = 0.25  # how strongly somebody must have been spoken of for an epithet to be theirs
CONTESTED = 0.72  # second best over best from which a pronoun counts as contested


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant (None: nobody), how it was found (``kind``, a row of speakers.yaml), and why."""

    person: Person | None
    kind: str
    why: str


@dataclass(slots=True)
class _Seen:
    at: int
    person: Person
    weight: float


@dataclass(slots=True)
class Trail:
    """The people mentioned so far, with how strongly; asked for antecedents, told of every new mention."""

    reading: Reading
    register: Register
    seen: list[_Seen] = field(default_factory=list)
    meant: dict[Span, Meant] = field(default_factory=dict)
    strangers: dict[str, Person] = field(default_factory=dict)

    def add(self, at: int, person: Person, weight: float) -> None:
        self.seen.append(_Seen(at, person, weight))

    def take(self, mention: Mention, barred: Sequence[Person] = ()) -> Meant:
        """Resolves a mention, notes it and says whom it means."""
        at = mention.span[0]
        if mention.kind == "name" and isinstance(mention.thing, Name):
            person = self.reading.people[mention.thing]
            meant = Meant(
                person, _name_kind(mention.thing, person), f"named “{_words(self.reading, mention.span)}”"
            )
        elif mention.kind == "office" and isinstance(mention.thing, Office):
            meant = office_holder(self.reading, self.register, mention.thing, self, mention.weight)
        elif mention.kind == "pronoun":
            meant = self.pronoun(str(mention.thing), at, barred)
        else:
            meant = self.described(str(mention.thing), mention.span)
        self.meant[mention.span] = meant
        if meant.person:
            self.add(at, meant.person, mention.weight)
        return meant

    def ranked(self, at: int, gender: Gender, barred: Sequence[Person] = ()) -> list[tuple[float, Person]]:
        """People mentioned before ``at`` whose gender fits, the likeliest first."""
        here, para = self.reading.narrated(at), self.reading.paragraph(at)
        scores: dict[int, tuple[float, float, Person]] = {}
        for seen in reversed(self.seen):
            far = para - self.reading.paragraph(seen.at)
            if far > FARTHEST:
                break
            person = seen.person
            if person in barred or seen.at >= at or (gender and person.gender and person.gender != gender):
                continue
            steps = max(0, here - self.reading.narrated(seen.at))
            score = seen.weight * FADE**steps * FADE_PARAGRAPH**far * (1.0 if person.gender else 0.85)
            first, second, _ = scores.get(id(person), (0.0, 0.0, person))
            scores[id(person)] = (max(first, score), sorted((first, second, score))[1], person)
        return sorted(((one + AGAIN * two, p) for one, two, p in scores.values()), key=lambda s: -s[0])

    def pronoun(self, word: str, at: int, barred: Sequence[Person] = ()) -> Meant:
        gender = GENDER_OF.get(word, "")
        ranked = self.ranked(at, gender, barred)
        if not ranked:
            return self._ahead(word, at, gender, barred)
        best, person = ranked[0]
        if not person.gender and gender:
            person.gender = gender
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        same_paragraph = any(
            s.person is person and self.reading.paragraph(s.at) == self.reading.paragraph(at)
            for s in self.seen[-12:]
        )
        kind = "pronoun_near" if same_paragraph else "pronoun_before"
        if second / best > CONTESTED:
            kind = "pronoun_contested"
        elif best < 0.3:
            kind = "pronoun_far"
        return Meant(person, kind, f"“{word}”: {person.name or 'somebody unnamed'} was spoken of last")

    def _ahead(self, word: str, at: int, gender: Gender, barred: Sequence[Person]) -> Meant:
        """A pronoun before any name ("She still has the notebook"): the next person named, when near."""
        para = self.reading.paragraph(at)
        for name, person in sorted(self.reading.people.items(), key=lambda item: item[0].span):
            if name.span[0] <= at or self.reading.quoted[name.span[0]] or person in barred:
                continue
            if self.reading.paragraph(name.span[0]) - para > 3:
                break
            if not gender or not person.gender or person.gender == gender:
                return Meant(person, "pronoun_ahead", f"“{word}”: {person.name} is the first named after it")
        return Meant(None, "pronoun_unknown", f"“{word}”: nobody of that gender was named before")

    def going(self, at: int) -> Person | None:
        """Who is spoken of at ``at`` so plainly that an unknown epithet must be theirs; else None.

        The only one mentioned in the paragraph; or, where it has nothing but a quotation before ``at``,
        the one spoken of right before it.
        """
        line = self.reading.paragraphs[self.reading.paragraph(at)][0]
        here = list({id(s.person): s.person for s in self.seen if line <= s.at < at}.values())
        if here:
            return here[0] if len(here) == 1 and here[0].name else None
        before = self.reading.text[line:at]
        if any(c.isalpha() and not q for c, q in zip(before, self.reading.quoted[line:at], strict=True)):
            return None
        ranked = self.ranked(at, "")
        if not ranked or ranked[0][0] < GOING or not ranked[0][1].name:
            return None
        return None if len(ranked) > 1 and ranked[1][0] > CONTESTED * ranked[0][0] else ranked[0][1]

    def described(self, word: str, span: Span) -> Meant:
        """ "The pensioner": a named person so described, else somebody without a name."""
        fitting = [p for p in self.reading.everyone() if word in p.described]
        definite = re.match(r"(?i)the |her |his ", self.reading.text[span[0] : span[1]])
        if len(fitting) == 1 and definite and fitting[0].first_at < span[0]:
            return Meant(fitting[0], "described", f"{fitting[0].name} was described as {word}")
        going = self.going(span[0]) if definite and word not in self.strangers else None
        gender = lexicon().people.get(word, "")
        if going and not going.claims and going.gender in ("", gender or going.gender):
            return Meant(going, "described_going", f"“{_words(self.reading, span)}” follows on {going.name}")
        stranger = self.strangers.get(word)
        if stranger is None:
            stranger = self.strangers[word] = Person("", described={word}, first_at=span[0], gender=gender)
        return Meant(stranger, "unnamed", f"“{_words(self.reading, span)}” is not named")


def _words(reading: Reading, span: Span) -> str:
    return reading.text[span[0] : span[1]]


def _name_kind(name: Name, person: Person) -> str:
    if name.full:
        return "name_full"
    if not person.full:
        return "name_register" if person.official else "name_short"
    return "name_titled" if name.titles else "name_surname"
