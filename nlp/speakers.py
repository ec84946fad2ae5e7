"""From the words that name a source to the person, with role and body on the day of publication."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ledger.types import Article, Official, Post, Role, Span, Statement
from nlp.lexicon import lexicon
from nlp.mentions import Doc, Mention, Reading, Source, read
from nlp.names import Name
from nlp.offices import Office
from nlp.officials import Register, name_key, official_id, post_for
from nlp.people import Person, standing
from nlp.referents import Meant, Trail
from nlp.unnamed import unnamed


@dataclass(frozen=True, slots=True)
class Resolution:
    """Statements with their speakers, and the officials known only from this article's words."""

    statements: tuple[Statement, ...]
    provisional: tuple[Official, ...]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A resolved source: a person, or a body without one, or neither."""

    person: Person | None
    role: Role | None
    body: str | None
    confidence: float
    why: str
    kind: str


@lru_cache(maxsize=1)
def confidences() -> dict[str, Any]:
    """The table of speakers.yaml."""
    loaded: dict[str, Any] = yaml.safe_load(
        files("nlp").joinpath("speakers.yaml").read_text(encoding="utf-8")
    )
    return loaded


def resolve(
    doc: Doc,
    found: Sequence[Source],
    article: Article,
    register: Register,
    furniture: Iterable[Span] = (),
    least: float | None = None,
) -> Resolution:
    """Statements of one article with speaker, role and body; ``found`` in text order.

    ``furniture`` are spans in which nobody speaks (captions, bylines, ad lines). A speaker surer than
    ``least`` (0 to 1; the data file's by default) is given; below it the speaker is None and ``why`` says
    who it might have been. Nothing is known across articles but the register.
    """
    day = article.published.date() if article.published else None
    reading = read(doc, found, register, day, furniture)
    spoken = _Speakers(reading, register, found, f"{article.byline} {' '.join(article.authors)}").all()
    floor = confidences()["least"] if least is None else least
    seen: Counter[tuple[str, ...]] = Counter()
    statements: list[Statement] = []
    provisional: dict[str, Official] = {}
    for item, voice in zip(found, spoken, strict=True):
        words = tuple(article.text[start:end] for start, end in item.content)
        seen[words] += 1
        statement, official = _statement(reading, item, voice, article, floor, words, seen[words] - 1)
        statements.append(statement)
        if official and official.provisional:
            provisional[official.id] = official
    return Resolution(tuple(statements), tuple(provisional.values()))


class _Speakers:
    """Goes through an article once, from its first mention to its last, and notes who says what."""

    def __init__(self, reading: Reading, register: Register, found: Sequence[Source], byline: str) -> None:
        self.reading = reading
        self.found = found
        self.register = register
        self.trail = Trail(reading, register)
        self.voices: list[_Spoken | None] = [None] * len(found)
        writers = name_key(byline)
        self.writers = [p for p in reading.everyone() if p.full and name_key(p.name) in writers]

    def all(self) -> list[_Spoken]:
        nobody = _Spoken(None, None, None, 0.0, "", "")
        steps: list[tuple[int, int, int, Mention | None]] = [
            (m.span[0], 0, -1, m) for m in self.reading.mentions if not self._in_source(m)
        ]
        steps += [(_place(item), 1, i, None) for i, item in enumerate(self.found)]
        for at, _, i, mention in sorted(steps, key=lambda s: s[:3]):
            if mention is not None:
                self.trail.take(mention)
            else:
                voice = self._voice(i)
                self.voices[i] = voice
                if voice.person:
                    self.trail.add(at, voice.person, self._weight(i))
        return [voice or nobody for voice in self.voices]

    def _weight(self, i: int) -> float:
        """A speaker counts as the sentence's subject, but not where a noun has them ("Coun Shaw's words")."""
        source = self.found[i].source
        owned = source and re.match(r"s?['’]", self.reading.text[source[0][1] : source[0][1] + 2])
        return 0.45 if owned else 1.0

    def _in_source(self, mention: Mention) -> bool:
        return any(s <= mention.span[0] < e for item in self.found for s, e in item.source)

    def _voice(self, i: int) -> _Spoken:
        item = self.found[i]
        barred = [*self.writers, *(self._named_in(item) if item.kind == "direct" else [])]
        if item.source:
            return self._sourced(item, barred)
        if item.carried is not None and 0 <= item.carried < i and (before := self.voices[item.carried]):
            sure = before.confidence * confidences()["carried"]
            return _Spoken(before.person, before.role, before.body, sure, f"goes on: {before.why}", "carried")
        return self._unsourced(item, barred)

    def _named_in(self, item: Source) -> list[Person]:
        """People a quotation names: nobody speaks of themselves so."""
        said = " ".join(self.reading.text[s:e] for s, e in item.content)
        words = set(re.findall(r"[^\W\d_][\w\-]*", said))
        return [
            p for p in self.reading.everyone() if p.words[-1] in words or (p.full and p.words[0] in words)
        ]

    def _sourced(self, item: Source, barred: Sequence[Person]) -> _Spoken:
        start, end = item.source[0]
        text = self.reading.text
        words = text[start:end]
        inside = [m for m in self.reading.mentions if start <= m.span[0] < end]
        names = [m for m in inside if m.kind == "name"]
        if (
            names
            and (owner := names[-1]).span[1] < end - 3
            and text[owner.span[1] : owner.span[1] + 1] in "'’"
        ):
            names = [m for m in inside if m.span[0] > owner.span[1] and m.kind == "name"]
            inside = [m for m in inside if m.span[0] > owner.span[1] or m.kind != "name"]
            self.trail.add(owner.span[0], self.reading.people[owner.thing], 0.4)  # type: ignore[index]  # a name's
        plain = unnamed(self.reading, (start, end), self.trail)
        offices = [m for m in inside if m.kind == "office" and m.span[1] - start > (end - start) / 2]
        if plain and (plain.spokes or not (names or offices)):
            person = Person(
                "", described={"spokesperson"}, gender=plain.gender, first_at=start, body=plain.body or ""
            )
            person.spoken_for = plain.role
            kept = person if plain.spokes else None
            return _Spoken(kept, plain.role, plain.body or None, 0.9, plain.why, "body")
        people = list({id(self.reading.people[m.thing]): m for m in names}.values())  # type: ignore[index]  # a name's
        if len(people) > 1:
            both = [self.trail.take(m) for m in people]
            listed = " and ".join(m.person.name for m in both if m.person)
            return self._from(Meant(None, "joint", f"said by {listed} together"))
        for mention in people or offices or inside:
            return self._from(self.trail.take(mention, barred))
        return self._other(words, (start, end), barred)

    def _other(self, words: str, span: Span, barred: Sequence[Person]) -> _Spoken:
        """A source without name, office, body or known noun: an age, a pronoun in a quotation, a first name."""
        low = words.lower().strip()
        if low in ("he", "she", "her", "his"):
            return self._from(self.trail.pronoun(low, span[0], barred))
        if low in ("they", "it", "who", "we", "i"):
            ranked = self.trail.ranked(span[0], "", barred)
            near = [p for score, p in ranked if score > 0.6]
            if low == "who" and near:
                return self._from(Meant(near[0], "implied", f"“who”: {near[0].name}"))
            last = next((v for v in reversed(self.voices) if v), None)
            if low in ("they", "it") and last and (last.person is None or not last.person.name):
                return _Spoken(
                    last.person, last.role, last.body, 0.8, f"“{words}” goes on from the one before", "body"
                )
            return self._from(Meant(None, "pronoun_unknown", f"“{words}” could be anybody"))
        age = re.search(r"(\d{1,3})-year-old", low)
        aged = [p for p in self.reading.everyone() if age and p.age == age[1]]
        if len(aged) == 1:
            self.trail.add(span[0], aged[0], 1.0)
            return self._from(Meant(aged[0], "age", f"{aged[0].name} is {aged[0].age}"))
        going = self.trail.going(span[0]) if age else None
        if going and not going.age and going not in barred:
            return self._from(Meant(going, "described_going", f"“{words}” follows on {going.name}"))
        single = words.split()[-1] if words else ""
        if single in lexicon().first_names and len(words.split()) <= 2:
            person = Person(single, (single,), span[0], gender=lexicon().first_names[single])
            return self._from(Meant(person, "name_first", "only a first name is given"))
        return _Spoken(None, "non_official", words, 0.6, f"“{words}” names nobody", "group")

    def _unsourced(self, item: Source, barred: Sequence[Person]) -> _Spoken:
        """A cue or a quotation without its own source: the going subject, where that is plain."""
        at = item.cue[0][0] if item.cue else item.content[0][0]
        reading = self.reading
        para = reading.paragraph(at)
        line = reading.paragraphs[para][0]
        ranked = self.trail.ranked(at, "", barred)
        here = [(s, p) for s, p in ranked if any(x.person is p and x.at >= line for x in self.trail.seen)]
        if item.cue and here:
            return self._from(Meant(here[0][1], "implied", f"{here[0][1].name} is the subject going on"))
        told = any(not q for q in reading.quoted[line:at].rstrip(b"\1"))
        if here and told:
            return self._from(
                Meant(here[0][1], "unsourced_near", f"{here[0][1].name} is spoken of right before")
            )
        if ranked and (len(ranked) == 1 or ranked[1][0] < 0.7 * ranked[0][0]):
            return self._from(
                Meant(ranked[0][1], "unsourced_before", f"{ranked[0][1].name} is spoken of before")
            )
        return self._from(Meant(None, "unsourced", "no source, and nobody whose words they must be"))

    def _from(self, meant: Meant) -> _Spoken:
        person = meant.person
        sure = float(confidences()["kinds"].get(meant.kind, 0.0))
        if person is None:
            return _Spoken(None, None, None, 0.0, meant.why, meant.kind)
        if not person.name:
            role: Role = person.spoken_for or "non_official"  # type: ignore[assignment]  # a role or nothing
            return _Spoken(person, role, person.body or None, 0.9, meant.why, "unnamed")
        return _Spoken(person, None, None, sure, meant.why, meant.kind)


def _place(item: Source) -> int:
    """Where a statement's speaker is to be found: its source, else its cue, else its first word."""
    spans = item.source or item.cue or item.content
    return spans[0][0]


def _statement(
    reading: Reading,
    item: Source,
    voice: _Spoken,
    article: Article,
    floor: float,
    words: tuple[str, ...],
    nth: int,
) -> tuple[Statement, Official | None]:
    text = reading.text
    speaker: str | None = None
    official: Official | None = None
    role, body = voice.role, voice.body
    person, why, sure = voice.person, voice.why, voice.confidence
    if person is not None and person.name:
        role, body, official = _standing(reading, person)
        named = person.official is not None or person.full or (bool(person.age) and not person.titles)
        named = named or voice.kind == "name_first"
        if named and sure >= floor:
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
            source=item.source,
            source_name=" ".join(text[s:e] for s, e in item.source),
            speaker=speaker,
            official_id=official.id if official and speaker else None,
            role=role,
            body=body or None,
            confidence=round(sure, 3),
            why=why,
        ),
        official if speaker else None,
    )


def _standing(reading: Reading, person: Person) -> tuple[Role, str, Official | None]:
    """Role and body on the day, and the official: the register's, else a provisional one."""
    told = standing(person, reading.bodies, reading.day)
    if person.official is not None:
        post = post_for(person.official, reading.day, {"role": told.role})
        if post:
            return post.role, post.body, person.official
        return told.role, told.body, person.official
    if told.role == "non_official" or not person.full:
        return told.role, told.body, None
    post = Post(office=told.office, role=told.role, body=told.body, area=told.area)
    official = Official(
        id=official_id(person.name, told.body),
        name=person.name,
        posts=(post,),
        gender=person.gender,
        provisional=True,
    )
    return told.role, told.body, official


__all__ = ["Name", "Office", "Resolution", "resolve"]
