"""From the words that name a source to the person, with role and body on the day of publication."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ledger import vocabulary
from ledger.types import PRIVATE, Article, Official, Post, Role, Span, Statement
from nlp.models.votes import Vote
from nlp.names.letters import word_key
from nlp.officials.offices import PUBLIC
from nlp.officials.organizations import find_bodies
from nlp.officials.register import Register, official_id
from nlp.speakers.linking.features import RuledArticle
from nlp.speakers.linking.vote import linked
from nlp.speakers.mentions import Doc, Reading, Source, read
from nlp.speakers.office_holders import publisher
from nlp.speakers.people import Person
from nlp.speakers.roles import held_office
from nlp.speakers.source_resolution import PUBLISHER, UNNAMED, ResolvedSource, SourceResolver
from nlp.statements.forms.own_words import ANSWERS

_WORD = re.compile(r"[^\W\d_][\w’'\-]*")
LEAST = 0.45  # confidence of a speaker that is given; the settings' default too


@dataclass(frozen=True, slots=True)
class Resolution:
    """Statements with their speakers, and the officials known only from this article's words."""

    statements: tuple[Statement, ...]
    provisional: tuple[Official, ...]
    unnamed: frozenset[str] = frozenset()  # words that name people who hold no office


def resolve(
    doc: Doc,
    found: Sequence[Source],
    article: Article,
    register: Register,
    furniture: Iterable[Span] = (),
    least: float = LEAST,
    vote: Vote | None = None,
) -> Resolution:
    """Statements of one article with speaker, role and body; ``found`` in text order.

    ``furniture`` are spans in which nobody speaks (captions, bylines, ad lines). A speaker surer than
    ``least`` (0 to 1) is given; below it the speaker is None and ``why`` says
    who it might have been. ``vote`` weighs the rules' answers; without it they stand as they are. Nothing is
    known across articles but the register.
    """
    told = told_of(doc, found, article, register, furniture)
    spoken = told.resolved if vote is None or article.kind == ANSWERS else linked(told, vote, least)
    if _is_own_word(article, register):
        spoken = [
            _own(item, voice, told.reading, register, article, least)
            for item, voice in zip(found, spoken, strict=True)
        ]
    private = _private(told.reading)
    seen: Counter[tuple[str, ...]] = Counter()
    statements: list[Statement] = []
    provisional: dict[str, Official] = {}
    for item, voice in zip(found, spoken, strict=True):
        words = tuple(article.text[start:end] for start, end in item.content)
        seen[words] += 1
        statement, official = _statement(told.reading, item, voice, article, least, words, seen[words] - 1)
        named = tuple(one for one in private if any(s <= one[0] and one[1] <= e for s, e in item.content))
        statements.append(replace(statement, private=named))
        if official and official.provisional:
            provisional[official.id] = official
    unnamed = {word for start, end in private for word in article.text[start:end].split()}
    return Resolution(tuple(statements), tuple(provisional.values()), frozenset(unnamed))


def _private(reading: Reading) -> list[Span]:
    """Where people are named who hold no public office, and are not said to have held one. Who never has a
    full name may be a place or a thing ("Hallowick", "SEND"), and is left in."""
    public = {
        id(person)
        for person in reading.people.values()
        if person.official is not None
        or not person.full
        or person.namesakes
        or any(claim.role != PRIVATE for claim in person.claims)
        or held_office(reading, person).role != PRIVATE
    }
    return sorted(name.span for name, person in reading.people.items() if id(person) not in public)


def _is_own_word(article: Article, register: Register) -> bool:
    """Whether a text is its publisher's own word: by its kind, or since a public body publishes it."""
    bodies = find_bodies(article.outlet, register.gazetteer)
    return vocabulary.kinds()[article.kind].own_word or any(body.kind in PUBLIC for body in bodies)


def _own(
    item: Source, voice: ResolvedSource, reading: Reading, register: Register, article: Article, least: float
) -> ResolvedSource:
    """Whose a statement is in a text that is its publisher's own word: the publisher's, where nobody in it is
    told to say it and it stands in no marks."""
    told = voice.body if voice.person is None else voice.confidence >= least
    if item.kind == "direct" or item.source or told or not article.outlet:
        return voice
    person, role, body, why = publisher(reading, register, article.outlet)
    return ResolvedSource(person, role, body, UNNAMED, why, PUBLISHER)


def told_of(
    doc: Doc, found: Sequence[Source], article: Article, register: Register, furniture: Iterable[Span] = ()
) -> RuledArticle:
    """The article as the rules resolve it."""
    day = article.published.date() if article.published else None
    answers = article.kind == ANSWERS  # whose byline is of who speaks
    parliament = article.outlet if answers else ""
    reading = read(doc, found, register, day, furniture, article.title, article.outlet, parliament)
    byline = "" if answers else f"{article.byline} {' '.join(article.authors)}"
    rules = SourceResolver(reading, register, found, byline)
    return RuledArticle(reading, found, rules.all(), rules.trail, rules.writers)


def _statement(
    reading: Reading,
    item: Source,
    voice: ResolvedSource,
    article: Article,
    floor: float,
    words: tuple[str, ...],
    nth: int,
) -> tuple[Statement, Official | None]:
    text = article.text
    speaker: str | None = None
    official: Official | None = None
    role, body = voice.role, voice.body
    person, why, sure = voice.person, voice.why, voice.confidence
    if person is not None and person.name:
        role, body, official = _held_office(reading, person, item)
        if voice.kind == PUBLISHER and role == PRIVATE:
            role = voice.role
        named = (
            person.official is not None
            or person.full
            or person.styled
            or (bool(person.age) and not person.titles)
        )
        named = named or voice.kind == "name_first"
        if person.namesakes:
            official = None
            why = f"{person.namesakes} officials are called {person.name}: {why}"
            sure = min(sure, 1 / person.namesakes)
        elif not (voice.kind == PUBLISHER or item.voice or _is_told(reading, article, person)):
            official = None  # on regions left out 17 of 33 such were right
            why = f"the article does not name {person.name}: {why}"
            sure = min(sure, floor)
        elif named and sure >= floor:
            speaker = official.name if official else person.name
        elif named:
            why = f"not sure enough ({sure:.2f}): {why}"
            official = None
        else:
            why = f"only a surname is known: {why}"
            sure = min(sure, floor)
    return (
        Statement(
            id=Statement.make_id(article.id, words, nth),
            article_id=article.id,
            kind=item.kind,  # type: ignore[arg-type]  # one of the three kinds
            content=item.content,
            cue=item.cue,
            source=voice.source or item.source,
            source_name=" ".join(text[s:e] for s, e in (voice.source or item.source)[:1]),
            speaker=speaker,
            official_id=official.id if official and speaker else None,
            role=role,
            body=body or None,
            confidence=round(sure, 3),
            why=why,
        ),
        official if speaker else None,
    )


def _is_told(reading: Reading, article: Article, person: Person) -> bool:
    """Whether the article, its title or its byline names somebody, by a surname at least, whom the register
    alone would name otherwise."""
    if person.official is None or reading.names(person):
        return True
    head = f"{article.title} {article.byline} {' '.join(article.authors)}"
    return word_key(person.words[-1]) in {word_key(word) for word in _WORD.findall(head)}


def _held_office(reading: Reading, person: Person, item: Source) -> tuple[Role, str, Official | None]:
    """Role and body on the day, and the official: the register's, else a provisional one.

    Who gives a parliament's written answer is a minister of its government where no office is told of them.
    """
    told = held_office(reading, person)
    if item.rule == ANSWERS and told.role == PRIVATE and not person.claims:
        told = replace(told, role="minister", body=told.body or reading.home(item.content[0][0]))
    if person.official is not None or told.role == "non_official" or not person.full:
        return told.role, told.body, person.official
    post = Post(office=told.office, role=told.role, body=told.body, area=told.area)
    official = Official(
        id=official_id(person.name, told.body),
        name=person.name,
        posts=(post,),
        gender=person.gender,
        provisional=True,
    )
    return told.role, told.body, official
