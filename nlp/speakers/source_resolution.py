"""Who said each statement of an article: its source, or who goes on speaking without one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml
from ledger.types import PRIVATE, Role, Span
from nlp.names.find import Name
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import Office
from nlp.officials.register import Register, name_key
from nlp.speakers.coreference import answering, apposed, beside, joined, pronoun, take
from nlp.speakers.mentions import Mention, Reading, Source
from nlp.speakers.office_holders import named_above, publisher
from nlp.speakers.people import Person
from nlp.speakers.roles import held_office, vacant_office
from nlp.speakers.salience import Meant, Trail
from nlp.speakers.unnamed import UNREAD, Unnamed, introduces, subject_body, unnamed
from nlp.statements.forms.own_words import ANSWERS
from nlp.statements.forms.transcripts import labelled
from nlp.statements.forms.voice import form_words

PUBLISHER = "publisher"  # the kind of a source that is told by whose text it is
NEAR = 0.6  # how strongly somebody must have been spoken of for "who" to be them
CLEAR = 0.7  # second best over best below which the one spoken of goes on without a source
PRONOUNS = frozenset(("he", "she", "her", "his"))
UNNAMED = 0.9  # confidence of a source that is told to be a body or somebody unnamed
_PROPER = re.compile(
    r"(?:[Tt]he )?[A-ZÀ-Þ][\w’'&.\-]+(?: (?:(?:of|for|the|and|our|to|in) )*[A-ZÀ-Þ][\w’'&.\-]*)+"
)


@dataclass(frozen=True, slots=True)
class ResolvedSource:
    """A resolved source: a person, or a body without one, or neither.

    ``role`` and ``body`` are set where there is no named person to ask; ``kind`` is a row of speakers.yaml
    or "body", "group", "unnamed"; ``source`` the source's span where it was found to reach further.
    """

    person: Person | None
    role: Role | None
    body: str | None
    confidence: float
    why: str
    kind: str
    source: tuple[Span, ...] = ()


NOBODY = ResolvedSource(None, None, None, 0.0, "", "")


@lru_cache(maxsize=1)
def confidences() -> dict[str, Any]:
    """The table of speakers.yaml."""
    return dict(read_yaml(__file__, "speakers.yaml"))


class SourceResolver:
    """Goes through an article once, from its first mention to its last, and notes who says what."""

    def __init__(self, reading: Reading, register: Register, found: Sequence[Source], byline: str) -> None:
        self.reading = reading
        self.found = found
        self.trail = Trail(reading, register)
        self.resolved: list[ResolvedSource | None] = [None] * len(found)
        writers = name_key(byline)
        self.writers = [p for p in reading.everyone() if p.full and name_key(p.name) in writers]
        self.in_source = bytearray(len(reading.text))
        for item in found:
            for start, end in item.source:
                self.in_source[start:end] = b"\1" * (end - start)

    def all(self) -> list[ResolvedSource]:
        """Whom every statement is resolved to, in their order."""
        steps: list[tuple[int, int, int, Mention | None]] = [
            (m.span[0], 0, -1, m) for m in self.reading.mentions if not self.in_source[m.span[0]]
        ]
        steps += [(_place(item), 1, i, None) for i, item in enumerate(self.found)]
        for at, _, i, mention in sorted(steps, key=lambda s: s[:3]):
            if mention is not None:
                take(self.trail, mention)
                continue
            outcome = self.resolved[i] = self._resolved(i)
            if outcome.person:
                self.trail.add(at, outcome.person, self._weight(i))
        return [outcome or NOBODY for outcome in self.resolved]

    def _weight(self, i: int) -> float:
        """A speaker counts as the sentence's subject, but not where a noun has them ("Coun Shaw's words")."""
        source = self.found[i].source
        owned = source and re.match(r"s?['’]", self.reading.text[source[0][1] : source[0][1] + 2])
        return 0.45 if owned else 1.0

    def _resolved(self, i: int) -> ResolvedSource:
        item = self.found[i]
        if item.voice and item.rule in ("point", "resolved", "action"):
            named = self._sourced(item, []) if item.source else NOBODY  # who is to do what is resolved
            return named if named.person is not None else self._published(item.voice)
        if item.rule == ANSWERS:
            return self._answering(item)
        if item.voice:
            return self._meant(named_above(self.reading, self.trail.register, item.voice))
        barred = [*self.writers, *(self._named_in(item) if item.kind == "direct" else [])]
        if item.source:
            return self._sourced(item, barred)
        before = self.resolved[item.carried] if item.carried is not None and 0 <= item.carried < i else None
        if before and not self._broken_off(item, before, barred):
            sure = before.confidence * confidences()["carried"]
            head = before.source or self.found[item.carried or 0].source
            return replace(before, confidence=sure, why=f"goes on: {before.why}", kind="carried", source=head)
        return self._unsourced(item, barred)

    def _answering(self, item: Source) -> ResolvedSource:
        """Who is named as giving a written answer, else their government; nobody whom its words name."""
        voice = NOBODY
        if item.source:
            voice = self._sourced(item, [])
        elif item.voice:
            voice = self._meant(named_above(self.reading, self.trail.register, item.voice))
        told = voice.person is not None or voice.role not in (None, PRIVATE)
        return voice if told else self._published(self.reading.home(item.content[0][0]))

    def _published(self, by: str) -> ResolvedSource:
        person, role, body, why = publisher(self.reading, self.trail.register, by)
        return ResolvedSource(person, role, body, UNNAMED, why, PUBLISHER)

    def _broken_off(self, item: Source, before: ResolvedSource, barred: Sequence[Person]) -> bool:
        """True where a carried speaker cannot be: they are named in the words, or another was named since."""
        if before.person is None or not before.person.name:
            return False
        others = {w for p in self.reading.everyone() if p is not before.person for w in p.words}
        if before.person in barred and others.isdisjoint(before.person.words):
            return True
        last = self.found[item.carried or 0]
        since = max(end for spans in (last.content, last.cue, last.source) for _, end in spans)
        between = (m for m in self.reading.mentions if since <= m.span[0] < item.content[0][0])
        return any(m.kind == "name" and self._person(m) is not before.person for m in between)

    def _named_in(self, item: Source) -> list[Person]:
        """People a quotation names: nobody speaks of themselves so."""
        said = " ".join(self.reading.text[s:e] for s, e in item.content)
        words = set(re.findall(r"[^\W\d_][\w\-]*", said))
        people = self.reading.everyone()
        return [p for p in people if p.words[-1] in words or (p.full and p.words[0] in words)]

    def _sourced(self, item: Source, barred: Sequence[Person]) -> ResolvedSource:
        start, end = item.source[0]
        text = self.reading.text
        words = text[start:end].lower().strip()
        inside = [m for m in self.reading.mentions if start <= m.span[0] < end]
        inside = [m for m in inside if m.kind != "name" or not beside(self.reading, start, m)]
        names = [m for m in inside if m.kind == "name"]
        names = [m for m in names[:-1] if text[m.span[1] : m.span[1] + 1] not in "'’"] + names[
            -1:
        ]  # "Pike's aide Lee"
        if names and names[-1].span[1] < end - 3 and text[names[-1].span[1]] in "'’":
            owner = names[-1].span  # "Ms K's sister": the name only owns the one who speaks
            self.trail.add(owner[0], self._person(names[-1]), 0.4)
            inside, names = [m for m in inside if m.span[0] > owner[1]], []
        plain = unnamed(self.reading, (start, end), self.trail)
        if plain and plain.spokes and not (names and introduces(text[start : names[-1].span[0]])):
            return self._spokes(plain, start)
        if not names and words not in PRONOUNS and (named := apposed(self.reading, item)):
            meant = take(self.trail, named, barred)
            return replace(self._from(meant), source=((start, named.span[1]),))
        offices = [m for m in inside if m.kind == "office" and m.span[1] - start > (end - start) / 2]
        if plain and not (names or offices):
            return ResolvedSource(None, plain.role, plain.body or None, UNNAMED, plain.why, "body")
        if offices and not names and UNREAD.fullmatch(text, offices[0].span[1], end):
            return ResolvedSource(None, None, None, 0.0, f"“{text[start:end]}” has a name not read", "unread")
        if names and (other := joined(self.reading, names[-1], item)):
            names.append(other)
        people = list({id(self._person(m)): m for m in names}.values())
        if len(people) > 1:
            both = [take(self.trail, m) for m in people]
            listed = " and ".join(m.person.name for m in both if m.person)
            held = {held_office(self.reading, self._person(m)) for m in people}
            roles, bodies = {h.role for h in held}, {h.body for h in held}
            role = next(iter(roles)) if len(roles) == 1 else None
            body = next(iter(bodies)) if len(bodies) == 1 else None
            return ResolvedSource(None, role, body or None, UNNAMED, f"said by {listed} together", "joint")
        whole = [m for m in inside if m.kind != "pronoun" or m.span[1] > end - 2]  # no owner: "her critics"
        for mention in people or offices or whole:
            outcome = self._from(take(self.trail, mention, barred))
            if outcome.person is None and isinstance(mention.thing, Office) and not mention.thing.when:
                vacant = vacant_office(self.reading, mention.thing)
                outcome = replace(outcome, role=vacant.role, body=vacant.body or None)
            return outcome
        return self._other(text[start:end], (start, end), barred)

    def _person(self, mention: Mention) -> Person:
        return self.reading.people[mention.thing] if isinstance(mention.thing, Name) else Person("")

    def _spokes(self, plain: Unnamed, at: int) -> ResolvedSource:
        last = self._last_body(at) if not plain.sure else None
        body, role = (last.body or "", last.role or plain.role) if last else (plain.body, plain.role)
        person = Person("", described={"spokesperson"}, gender=plain.gender, first_at=at, body=body)
        person.spoken_for = role
        return ResolvedSource(person, role, body or None, UNNAMED, plain.why, "body")

    def _last_body(self, at: int) -> ResolvedSource | None:
        """The body that spoke last, when it was in this paragraph or the one before and nobody since."""
        for item, outcome in zip(reversed(self.found), reversed(self.resolved), strict=True):
            if outcome is not None:
                near = self.reading.paragraph(at) - self.reading.paragraph(item.content[0][0]) <= 1
                return outcome if near and outcome.kind in ("body", "group") else None
        return None

    def _other(self, words: str, span: Span, barred: Sequence[Person]) -> ResolvedSource:
        """A source without name, office, body or known noun: a pronoun, an age, a first name."""
        low = words.lower().strip()
        if low in PRONOUNS:
            return self._from(pronoun(self.trail, low, span[0], barred))
        if low in ("they", "it", "who", "we", "i"):
            return self._impersonal(low, span, barred)
        if age := re.match(r".{0,12}?(\d{1,3})-year(?:-old)?$", low):
            return self._aged(age[1], words, span, barred)
        people = [p for p in self.reading.everyone() if p.full]
        people = answering(self.reading, span[0], people) if words in form_words("answers") else people
        nth = labelled(words, [p.words for p in people])
        if nth is not None:
            return self._from(Meant(people[nth], "label", f"“{words}” stands for {people[nth].name}"))
        called = [p for p in people if p.words[0] == words]
        if len(called) == 1:
            return self._from(Meant(called[0], "name_first", f"{called[0].name} is the only {words}"))
        single = (words.split() or [""])[-1]
        titled = lexicon().titles.search(words.split()[0] + " ") if single else None
        if single in lexicon().first_names and len(words.split()) <= 2 and not titled:
            person = Person(single, (single,), span[0], gender=lexicon().first_names[single])
            return self._from(Meant(person, "name_first", "only a first name is given"))
        named = words if _PROPER.fullmatch(words) and lexicon().groups & set(words.split()) else None
        return ResolvedSource(None, "non_official", named, 0.6, f"“{words}” names nobody", "group")

    def _impersonal(self, word: str, span: Span, barred: Sequence[Person]) -> ResolvedSource:
        near = [p for score, p in self.trail.ranked(span[0], "", barred) if score > NEAR]
        if word == "who" and near:
            return self._from(Meant(near[0], "implied", f"“who”: {near[0].name}"))
        last = next((v for v in reversed(self.resolved) if v), None)
        if word in ("they", "it") and last and (last.person is None or not last.person.name):
            return replace(last, confidence=0.8, why=f"“{word}” goes on", kind="body", source=())
        if word == "it" and (meant := subject_body(self.reading, span[0])):
            return ResolvedSource(None, meant.role, meant.name, UNNAMED, f"“it” is {meant.name}", "body")
        return self._from(Meant(None, "pronoun_unknown", f"“{word}” could be anybody"))

    def _aged(self, age: str, words: str, span: Span, barred: Sequence[Person]) -> ResolvedSource:
        """ "The 66-year-old": the one of that age, else the one spoken of whose age is not told."""
        aged = [p for p in self.reading.everyone() if p.age == age]
        if len(aged) == 1:
            return self._from(Meant(aged[0], "age", f"{aged[0].name} is {age}"))
        going = self.trail.going(span[0])
        if going and not going.age and going not in barred:
            return self._from(Meant(going, "described_going", f"“{words}” follows on {going.name}"))
        return self._from(Meant(None, "age_unknown", f"nobody is said to be {age}"))

    def _unsourced(self, item: Source, barred: Sequence[Person]) -> ResolvedSource:
        """A cue or a quotation without its own source: the going subject, where that is plain."""
        at = item.cue[0][0] if item.cue else item.content[0][0]
        reading = self.reading
        line = reading.paragraphs[reading.paragraph(at)][0]
        ranked = self.trail.ranked(at, "", barred)
        here = [p for _, p in ranked if any(s.person is p for s in self.trail.seen if s.at >= line)]
        if item.cue and here:
            return self._from(Meant(here[0], "implied", f"{here[0].name} is the subject going on"))
        told = any(
            c.isalpha() and not q for c, q in zip(reading.text[line:at], reading.quoted[line:at], strict=True)
        )
        if here and told:
            return self._from(Meant(here[0], "unsourced_near", f"{here[0].name} is spoken of right before"))
        if ranked and (len(ranked) == 1 or ranked[1][0] < CLEAR * ranked[0][0]):
            person = ranked[0][1]
            return self._from(Meant(person, "unsourced_before", f"{person.name} is spoken of before"))
        return self._from(Meant(None, "unsourced", "no source, and nobody whose words they must be"))

    def _from(self, meant: Meant) -> ResolvedSource:
        person = meant.person
        if person is None:
            return ResolvedSource(None, None, None, 0.0, meant.why, meant.kind)
        if person in self.writers:
            why = f"{person.name} wrote the article"
            return ResolvedSource(None, "non_official", None, 0.0, why, "writer")
        if not person.name:
            role, body = person.spoken_for or "non_official", person.body or None
            return ResolvedSource(person, role, body, UNNAMED, meant.why, "unnamed")
        return self._meant(meant)

    def _meant(self, meant: Meant) -> ResolvedSource:
        sure = confidences()["kinds"].get(meant.kind, 0.0)
        return ResolvedSource(meant.person, None, None, float(sure), meant.why, meant.kind)


def _place(item: Source) -> int:
    """Where a statement's speaker is to be found: its source, else its cue, else its first word."""
    spans = item.source or item.cue or item.content
    return spans[0][0]
