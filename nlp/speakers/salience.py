"""How strongly each person of an article is in mind at a place: who was mentioned, how near, how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.types import Span
from nlp.officials.lexicon import Gender
from nlp.officials.register import Register
from nlp.speakers.mentions import Reading
from nlp.speakers.people import Person

FADE = 0.75  # a mention loses this much of its weight with every told sentence since
FADE_PARAGRAPH = 0.7
DOUBTED = 0.1  # what is left of a mention whose first name speaks against the pronoun
AGAIN = 0.1  # what a second mention adds
FARTHEST = 7  # paragraphs
MOST_STEPS = 50  # told sentences: after so many less than a millionth of a mention's weight is left
GOING = 0.25  # how strongly somebody must have been spoken of for an epithet to be theirs
CONTESTED = 0.72  # second best over best from which a pronoun counts as contested


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant (None: nobody), how it was found (``kind``, a row of speakers.yaml), and why."""

    person: Person | None
    kind: str
    why: str


@dataclass(slots=True)
class SalientMention:
    at: int
    person: Person
    weight: float


@dataclass(slots=True)
class Trail:
    """The people mentioned so far, with how strongly; asked for antecedents, told of every new mention."""

    reading: Reading
    register: Register
    seen: list[SalientMention] = field(default_factory=list)
    meant: dict[Span, Meant] = field(default_factory=dict)
    strangers: dict[str, Person] = field(default_factory=dict)

    def add(self, at: int, person: Person, weight: float) -> None:
        self.seen.append(SalientMention(at, person, weight))

    def ranked(self, at: int, gender: Gender, barred: Sequence[Person] = ()) -> list[tuple[float, Person]]:
        """People mentioned before ``at`` whose gender fits, the likeliest first."""
        here, para = self.reading.narrated(at), self.reading.paragraph(at)
        scores: dict[int, tuple[float, float, Person]] = {}
        for seen in reversed(self.seen):
            far = para - self.reading.paragraph(seen.at)
            steps = max(0, here - self.reading.narrated(seen.at))
            if far > FARTHEST or steps > MOST_STEPS:
                break
            person = seen.person
            contradicts = bool(gender and person.gender and person.gender != gender)
            if person in barred or seen.at >= at or (contradicts and (far > 1 or not person.guessed)):
                continue
            score = seen.weight * FADE**steps * FADE_PARAGRAPH**far * (1.0 if person.gender else 0.85)
            score *= DOUBTED if contradicts else 1.0
            first, second, _ = scores.get(id(person), (0.0, 0.0, person))
            scores[id(person)] = (max(first, score), sorted((first, second, score))[1], person)
        return sorted(((one + AGAIN * two, p) for one, two, p in scores.values()), key=lambda s: -s[0])

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
