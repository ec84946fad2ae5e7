"""Whom a pronoun, an office or a description means: every expression of an article in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.types import Span
from nlp.names.find import Name
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import Office
from nlp.speakers.mentions import GENDER_OF, Mention, Reading
from nlp.speakers.office_holders import office_holder
from nlp.speakers.people import Person
from nlp.speakers.salience import CONTESTED, Meant, Trail


def take(trail: Trail, mention: Mention, barred: Sequence[Person] = ()) -> Meant:
    """Resolves a mention, notes it and says whom it means."""
    at = mention.span[0]
    if mention.kind == "name" and isinstance(mention.thing, Name):
        person = trail.reading.people[mention.thing]
        meant = Meant(
            person, _name_kind(mention.thing, person), f"named “{_words(trail.reading, mention.span)}”"
        )
    elif mention.kind == "office" and isinstance(mention.thing, Office):
        meant = office_holder(trail.reading, trail.register, mention.thing, trail, mention.weight)
    elif mention.kind == "pronoun":
        meant = pronoun(trail, str(mention.thing), at, barred)
    else:
        meant = described(trail, str(mention.thing), mention.span)
    trail.meant[mention.span] = meant
    if meant.person:
        trail.add(at, meant.person, mention.weight)
    return meant


def pronoun(trail: Trail, word: str, at: int, barred: Sequence[Person] = ()) -> Meant:
    gender = GENDER_OF.get(word, "")
    ranked = trail.ranked(at, gender, barred)
    if not ranked:
        return _ahead(trail, word, at, gender, barred)
    best, person = ranked[0]
    if gender and person.gender != gender:
        person.gender = gender
    person.guessed = False
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    same_paragraph = any(
        s.person is person and trail.reading.paragraph(s.at) == trail.reading.paragraph(at)
        for s in trail.seen[-12:]
    )
    kind = "pronoun_near" if same_paragraph else "pronoun_before"
    if second / best > CONTESTED:
        kind = "pronoun_contested"
    elif best < 0.3:
        kind = "pronoun_far"
    return Meant(person, kind, f"“{word}”: {person.name or 'somebody unnamed'} was spoken of last")


def _ahead(trail: Trail, word: str, at: int, gender: Gender, barred: Sequence[Person]) -> Meant:
    """A pronoun before any name ("She still has the notebook"): the next person named, when near."""
    para = trail.reading.paragraph(at)
    for name, person in sorted(trail.reading.people.items(), key=lambda item: item[0].span):
        if name.span[0] <= at or trail.reading.quoted[name.span[0]] or person in barred:
            continue
        if trail.reading.paragraph(name.span[0]) - para > 3:
            break
        if not gender or not person.gender or person.gender == gender:
            return Meant(person, "pronoun_ahead", f"“{word}”: {person.name} is the first named after it")
    return Meant(None, "pronoun_unknown", f"“{word}”: nobody of that gender was named before")


def described(trail: Trail, word: str, span: Span) -> Meant:
    """ "The pensioner": a named person so described, else somebody without a name."""
    fitting = [p for p in trail.reading.everyone() if word in p.described]
    definite = re.match(r"(?i)the |her |his ", trail.reading.text[span[0] : span[1]])
    if len(fitting) == 1 and definite and fitting[0].first_at < span[0]:
        return Meant(fitting[0], "described", f"{fitting[0].name} was described as {word}")
    told_apart = re.match(r" (?:who|whose|that) ", trail.reading.text[span[1] : span[1] + 7])
    plain = definite and not told_apart and word not in trail.strangers
    going = trail.going(span[0]) if plain else None
    gender = lexicon().people.get(word, "")
    if going and not going.claims and going.gender in ("", gender or going.gender):
        return Meant(going, "described_going", f"“{_words(trail.reading, span)}” follows on {going.name}")
    stranger = trail.strangers.get(word)
    if stranger is None:
        stranger = trail.strangers[word] = Person("", described={word}, first_at=span[0], gender=gender)
    return Meant(stranger, "unnamed", f"“{_words(trail.reading, span)}” is not named")


def _words(reading: Reading, span: Span) -> str:
    return reading.text[span[0] : span[1]]


def _name_kind(name: Name, person: Person) -> str:
    if name.full:
        return "name_full"
    if not person.full and not person.styled:
        return "name_register" if person.official else "name_short"
    return "name_titled" if name.titles else "name_surname"
