"""The people of one article: names that are one person put together, with what the words say of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.types import Official, Role
from nlp.names.find import PEERS, Name
from nlp.names.identity import folded, initialled, person_key
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import PUBLIC, Office
from nlp.officials.organizations import Body, body_core
from nlp.officials.register import Register
from nlp.speakers.office_claims import Claim, link_offices, works_for

_PARTY_MARK = re.compile(r" \(([A-Z][\w/ \-]{1,22})(?:[,:;)] ?)")
_AGE = re.compile(r",? (?:\(|aged? |who is )?(\d{1,3})(?=[,)]| who)")


@dataclass(eq=False, slots=True)
class Person:
    """Somebody in one article. ``name`` is the full name, or the bare surname while no more is known.

    A person without any name is somebody described ("the woman"); ``described`` holds the words.
    """

    name: str
    words: tuple[str, ...] = ()
    first_at: int = 0
    titles: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    described: set[str] = field(default_factory=set)
    age: str = ""
    gender: Gender = ""
    guessed: bool = (
        False  # the gender is that of most bearers of the first name: any pronoun may contradict it
    )
    official: Official | None = None
    body: str = ""
    spoken_for: Role | None = None  # role of an unnamed spokesperson
    sure: bool = True
    short: bool = False  # ``words`` are a surname of several words, and no more is known
    styled: bool = False  # ``name`` is a peer's style ("Baroness Garcia Lopez"): as good as a full name
    namesakes: int = 0  # officials of this name, where the words do not tell which of them it is

    @property
    def full(self) -> bool:
        return len(self.words) > 1 and not self.short

    @property
    def initials(self) -> bool:
        """True where no more than the initials of the first names is known."""
        return initialled(self.words)

    def now(self) -> list[Claim]:
        """Claims to an office held, not former or future ones."""
        return [claim for claim in self.claims if not claim.when]

    def roles(self) -> set[Role]:
        return {claim.role for claim in self.now()}


def gather(
    text: str, names: Sequence[Name], offices: Sequence[Office], register: Register
) -> dict[Name, Person]:
    """Every name's person. A bare surname goes to its only bearer; of several, to the one its title fits."""
    people: dict[tuple[str, str], Person] = {}
    of: dict[Name, Person] = {}
    for name in names:
        if name.full:
            person = people.setdefault(
                person_key(name, names), Person(" ".join(name.words), name.words, name.span[0])
            )
            if person.initials and not initialled(name.words):
                person.name, person.words = " ".join(name.words), name.words
            _take_titles(person, name)
            of[name] = person
    linked = link_offices(text, names, offices)
    for name in names:
        if name.full:
            of[name].claims += linked.get(name, [])
            _describe(text, name, of[name])
    for person in people.values():
        person.official, person.namesakes = _registered(text, person, register)
    short: dict[tuple[str, ...], Person] = {}
    for name in names:
        if name.full:
            continue
        bearer = _bearer(name, people.values(), short)
        if bearer is None:
            continue
        _take_titles(bearer, name)
        bearer.claims += linked.get(name, [])
        _describe(text, name, bearer)
        of[name] = bearer
    for person in {id(p): p for p in of.values()}.values():
        if not person.gender:
            person.gender, person.guessed = _guess(person)
    return of


def member_claims(text: str, of: dict[Name, Person], bodies: Sequence[Body]) -> None:
    """People "of", "from" or "at" a body named right behind their name."""
    for name, person in of.items():
        for body in bodies:
            if works_for(text, name, body):
                role = body.role if body.kind in PUBLIC else "non_official"
                strong = body.kind == "union"
                person.claims.append(
                    Claim(role, "", "", "", body.name, body.kind, body.kind, strong=strong, at=body.span[0])
                )


def _registered(text: str, person: Person, register: Register) -> tuple[Official | None, int]:
    """The official of this name, and how many share it; of several the only one whose post and body fit."""
    found = list(register.named(person.name))
    if len(found) > 1 and person.roles():
        found = [o for o in found if any(post.role in person.roles() for post in o.posts)] or found
    if len(found) > 1:
        found = [o for o in found if any(p.body and body_core(p.body) in text for p in o.posts)] or found
    return (found[0], 0) if len(found) == 1 else (None, len(found))


def _take_titles(person: Person, name: Name) -> None:
    lex = lexicon()
    person.titles |= set(name.titles)
    person.described |= set(name.titles) & lex.people.keys()  # "Captain Shaw" is the captain
    person.gender = name.gender or person.gender
    former = "former" if {"former", "then", "retired"} & set(name.titles) else ""
    for title in name.titles:
        role: Role | None = None
        if title in lex.councillor_titles:
            role = "councillor"
        elif title in lex.ranks:
            role = "police"
        elif title in lex.fire_ranks or title in lex.judges:
            role = "other_official"
        if title in PEERS and not name.full and not person.full:
            person.styled = True
            person.name = f"{title.title()} {' '.join(name.words)}"
        if title in PEERS:
            person.claims.append(
                Claim("other_official", "Peer", title, body_spec="parliament", at=name.start)
            )
        if role:
            spec = {"councillor": "council", "police": "force"}.get(
                role, "fire" if title in lex.fire_ranks else ""
            )
            claim = Claim(role, title.title(), title, body_spec=spec, when=former, at=name.start)
            if not any(c.role == role and c.words == title for c in person.claims):
                person.claims.append(claim)


def _bearer(name: Name, people: object, short: dict[tuple[str, ...], Person]) -> Person | None:
    lex = lexicon()
    everyone = [p for p in people if isinstance(p, Person)]  # type: ignore[attr-defined]  # a view of values
    knighted = bool({"sir", "dame", "lord", "lady"} & set(name.titles))
    ends = folded(name.words)
    same = [p for p in everyone if folded(p.words)[-len(ends) :] == ends]
    if not same and (knighted or not name.titles):
        same = [p for p in everyone if ends[-1] in folded(p.words)]
    fitting = [p for p in same if _fits(name, p)]
    if len(fitting) > 1 and name.gender:
        likely = [p for p in fitting if (p.gender or _guess(p)[0]) == name.gender]
        fitting = likely if len(likely) == 1 else fitting
    if len(fitting) > 1:
        exact = [p for p in fitting if set(name.titles) & p.titles or _of_title(name, p)]
        fitting = exact if len(exact) == 1 else fitting
    if len(fitting) == 1:
        return fitting[0]
    known = [p for p in short.values() if p.words[-1:] == name.words[-1:]]
    if not same and not name.titles and len(known) == 1:
        return known[0]
    if not same and not name.titles and name.words[0] in lex.first_names:
        return short.setdefault(("", name.last), Person(name.last, name.words, name.span[0]))
    if same or not name.titles or (name.titles[-1] in lex.gender_of_title and len(name.last) == 1):
        return None
    return short.setdefault(
        (*name.titles[-1:], name.last),
        Person(" ".join(name.words), name.words, name.span[0], short=name.short),
    )


def _fits(name: Name, person: Person) -> bool:
    """False where a title contradicts: Mr for a woman, Coun for an MP, a rank for a councillor."""
    lex = lexicon()
    gender = person.gender
    if not gender:
        told, guessed = _guess(person)
        gender = "" if guessed else told
    if name.gender and gender and name.gender != gender:
        return False
    roles = person.roles()
    titles = set(name.titles)
    if _of_title(name, person):
        return True
    if titles & lex.councillor_titles:
        return not roles & {"mp", "minister", "pcc", "police"}
    if titles & lex.ranks:
        return not roles & {"mp", "minister", "pcc", "councillor", "council_leader", "mayor"}
    return True


def _of_title(name: Name, person: Person) -> bool:
    """Whether the person has the office that a title tells: a councillor, or a member of a force."""
    titles, roles = set(name.titles), person.roles()
    councillor = bool(titles & lexicon().councillor_titles) and bool(roles & {"councillor", "council_leader"})
    return councillor or (bool(titles & lexicon().ranks) and "police" in roles)


def _guess(person: Person) -> tuple[Gender, bool]:
    """The gender that descriptions or the register tell, else the first name's, and whether it is that."""
    lex = lexicon()
    told: set[Gender] = {lex.people[w] for w in person.described if lex.people.get(w)}
    if len(told) == 1:
        return next(iter(told)), False
    if person.official and person.official.gender:
        return person.official.gender, False
    return (lex.first_names.get(person.words[0], "") if person.full or not person.titles else ""), True


_REPORT = re.compile(r"['’]s? (?:[\w\-]+ ){0,2}(?:report|inquiry|review)\b")
REPORT_WITHIN = 1500  # characters from the beginning in which an inquiry's report is called one
_OF = re.compile(r",? (?:of|from) (?:the )?([^,.;:“\"\n]{3,60}),")
_WORD = re.compile(r"[A-Za-z][\w’'\-]*")


def _describe(text: str, name: Name, person: Person) -> None:
    """Takes in the words for people right before and behind the name, the age, and a party in brackets."""
    lex = lexicon()
    low = max(0, name.start - 60, text.rfind("\n", 0, name.start) + 1)
    before = re.split(r"[.;:!?“”\"()]", text[low : name.start])[-1]
    before = before.rstrip().rstrip(",")
    before = before.rsplit(",", 1)[-1]
    words = _WORD.findall(before)[-6:]
    age = _AGE.match(text, name.span[1])
    if age:
        person.age = person.age or age[1]
    rest = text[age.end() if age else name.span[1] : name.span[1] + 120]
    if clause := re.match(r",? (?:(?:a|an|the|who is an?|who was an?) )([^,.;:“\"\n]{3,70})[,.]", rest):
        words += _WORD.findall(clause[1])[:9]
    if member := _OF.match(rest):
        person.body = person.body or member[1].strip()
    person.described |= {w.lower() for w in words if w.lower() in lex.people}
    if _REPORT.match(text, name.span[1]) and "inquiry" in text[:REPORT_WITHIN].lower():
        person.claims.append(
            Claim(
                "other_official", "Chair of the inquiry", "inquiry chair", body_spec="inquiry", at=name.start
            )
        )
    mark = _PARTY_MARK.match(text, name.span[1])
    if mark and mark[1].strip() in lex.party_marks and not person.claims:
        person.claims.append(
            Claim("councillor", "Councillor", "councillor", body_spec="council", at=name.start)
        )
