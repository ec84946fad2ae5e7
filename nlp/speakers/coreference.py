"""Whom a pronoun, an office or a description means: every expression of an article in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.types import Span
from nlp.names.find import Name
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import Office
from nlp.speakers.mentions import GENDER_OF, Mention, Reading, Source
from nlp.speakers.office_holders import office_holder
from nlp.speakers.people import Person
from nlp.speakers.salience import CONTESTED, Meant, Trail

_BESIDE = re.compile(
    r"(?:[Hh]e|[Ss]he|They|[A-ZÀ-Þ][\w’'\-]+ [A-ZÀ-Þ][\w’'\-]+)\b.*"
    r" (?:of|from|with|by|beside) (?:the )?(?:[a-z]+ ){0,3}"
)
_APPOSED = re.compile(r"(?:, )?[\w’' \-]{0,70},? ?(?:\(?\d{1,3}\)?, ?)?")
_TURN = re.compile(r"\**\w{1,8}\**:")  # of questions and answers


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


def answering(reading: Reading, at: int, people: Sequence[Person]) -> list[Person]:
    """Whom "A" can mean: those of the last paragraph outside the turns that names anybody (those with an
    office where another has none, who asks), and whoever is new in a turn since."""
    known = set(people)
    named = [(n.span[0], p) for n, p in reading.people.items() if p in known and n.span[0] < at]
    lines = {reading.paragraph(place) for place, _ in named}
    lines = {n for n in lines if not _TURN.match(reading.text, reading.paragraphs[n][0])}
    last = max(lines, default=-1)
    here = [p for place, p in named if reading.paragraph(place) == last]
    officials = [p for p in here if p.official or p.roles() - {"non_official"}]
    since = [p for _, p in named if reading.paragraph(p.first_at) > last]  # may answer from now on
    return list(dict.fromkeys([*(officials or here), *since]))


def beside(reading: Reading, start: int, name: Mention) -> bool:
    """Whether a name in a source is of somebody whom the one who speaks only is with or from: "he, beside
    Jo Shaw", "Ann Lee, of Save Our Baths"."""
    assert isinstance(name.thing, Name)
    return _BESIDE.fullmatch(reading.text[start : name.thing.start]) is not None


def joined(reading: Reading, name: Mention, item: Source) -> Mention | None:
    """The second of two who speak together ("Jo Shaw and Coun Lee Marsh said")."""
    for mention in reading.mentions:
        if mention.kind == "name" and isinstance(mention.thing, Name) and mention.span[0] > name.span[1]:
            gap = reading.text[name.span[1] : mention.thing.start]
            cue = item.cue[0][0] if item.cue else mention.span[0]
            return mention if gap == " and " and mention.span[0] < cue + 40 else None
    return None


def apposed(reading: Reading, item: Source) -> Mention | None:
    """The name that stands between a source and its cue ("Mayor of Hexley, Jo Shaw, said")."""
    start, end = item.source[0]
    limit = item.cue[0][0] if item.cue and item.cue[0][0] > end else end + 60
    for mention in reading.mentions:
        if mention.kind != "name" or mention.span[0] < end or not isinstance(mention.thing, Name):
            continue
        if mention.span[1] > limit or not _APPOSED.fullmatch(reading.text[end : mention.thing.start]):
            return None
        office = any(start - 3 <= c.at < end for c in reading.people[mention.thing].claims)
        return mention if office or limit != end + 60 else None
    return None
