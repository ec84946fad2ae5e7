"""The people of one article: names that are one person put together, with what the words say of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.types import Official, Role
from nlp.bodies import Body, body_of_kind
from nlp.lexicon import Gender, lexicon
from nlp.names import Name
from nlp.offices import PUBLIC, Office
from nlp.officials import Register

# A claim further left outweighs one further right: Home Secretary Jo Shaw MP is a minister.
RANKING: tuple[Role, ...] = (
    "minister",
    "pcc",
    "mayor",
    "council_leader",
    "police",
    "mp",
    "councillor",
    "other_official",
    "non_official",
)
_BEFORE = re.compile(r"(?:,? | - | – |, (?:and )?)?$")
_AFTER = re.compile(
    r"(?:,? \d{1,3}(?=,)|,? aged? \d{1,3}|\s?\([^()\n]{1,40}\)|,? (?:MBE|OBE|CBE|QC|KC|DL|MP)\b)*"
    r"(?:,| -| –| —)? ?(?:(?:who|which) (?:is|was|has been|serves as|also) |(?:is|was|as|became|has become) )?(?:also |now )?$"
)
_AND = re.compile(r",? ?(?:and )?(?:who (?:is|was) )?(?:now )?(?:also |the |a |an )?$")
_PARTY_MARK = re.compile(r" \(([A-Z][\w/ \-]{1,22})(?:[,:;)] ?)")
_AGE = re.compile(r",? (?:\(|aged? |who is )?(\d{1,3})(?=[,)]| who)")
_MEMBER = re.compile(r"(?:,| -| –)? (?:who (?:works|is) (?:for|from|at|with) |of |from |at |for )(?:the )?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the words of the article make a person: an office, or membership of a body."""

    role: Role
    office: str
    words: str
    body: str = ""
    body_kind: str = ""
    body_spec: str = ""
    area: str = ""
    when: str = ""
    strong: bool = False
    at: int = 0


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
    official: Official | None = None
    body: str = ""
    spoken_for: str = ""  # role of an unnamed spokesperson
    sure: bool = True

    @property
    def full(self) -> bool:
        return len(self.words) > 1

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
            key = (name.words[0].lower(), name.last.lower())
            person = people.setdefault(key, Person(" ".join(name.words), name.words, name.span[0]))
            _take_titles(person, name)
            of[name] = person
    linked = link_offices(text, names, offices)
    for name in names:
        if name.full:
            of[name].claims += linked.get(name, [])
            _describe(text, name, of[name])
    for person in people.values():
        found = register.named(person.name)
        person.official = found[0] if len(found) == 1 else None
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
        person.gender = person.gender or _guess(person)
    return of


def link_offices(text: str, names: Sequence[Name], offices: Sequence[Office]) -> dict[Name, list[Claim]]:
    """Claims by apposition and premodifier: offices right before or right behind a name."""
    linked: dict[Name, list[Claim]] = {}
    used: set[int] = set()
    for nth, name in enumerate(names):
        claims: list[Claim] = []
        line = text.rfind("\n", 0, name.start) + 1
        before = [
            (i, o)
            for i, o in enumerate(offices)
            if line <= o.span[0] and name.start - 3 <= o.span[1] <= name.start
        ]
        for i, office in before:
            gap = text[office.span[1] : name.start]
            apart = gap.strip() == "," and not (office.definite or office.area or office.span[0] == line)
            if i not in used and _BEFORE.fullmatch(gap) and not apart:
                claims.append(_claim(office))
                used.add(i)
                if (
                    i
                    and (i - 1) not in used
                    and _AND.fullmatch(text[offices[i - 1].span[1] : office.span[0]])
                ):
                    claims.append(_claim(offices[i - 1]))
                    used.add(i - 1)
        limit = names[nth + 1].start if nth + 1 < len(names) else len(text)
        end = name.span[1]
        for i, office in enumerate(offices):
            if i in used or office.span[0] < name.span[1] or office.span[1] > limit:
                continue
            if office.span[0] > name.span[1] + 160:
                break
            gap = text[end : office.span[0]]
            fits = _AFTER.fullmatch(gap) if end == name.span[1] else _AND.fullmatch(gap)
            fits = fits or (
                _first_in_sentence(text, name) and "." not in gap and lexicon().arrivals.search(gap)
            )
            if fits and (gap.strip() or _after_blank(office)):
                claims.append(_claim(office))
                used.add(i)
                end = office.span[1]
        if claims:
            linked[name] = claims
    return linked


def _first_in_sentence(text: str, name: Name) -> bool:
    """True when nothing but titles stands between a name and the sentence before."""
    return (
        not text[: name.start].rstrip()
        or text[: name.start].rstrip()[-1] in '.!?”"’\n'
        or text[name.start - 1] == "\n"
    )


def _after_blank(office: Office) -> bool:
    """True for letters behind a name ("Sarah Champion MP") and relative clauses."""
    return office.words in ("mp", "msp", "pcc", "mla") or office.words.startswith("who ")


def _claim(office: Office) -> Claim:
    role: Role = office.role if office.public or office.role == "non_official" else "non_official"
    if office.body_kind in ("union", "school"):
        role = "non_official"
    return Claim(
        role=role,
        office=office.office,
        words=office.words,
        body=office.body,
        body_kind=office.body_kind,
        body_spec=office.body_spec,
        area=office.area,
        when=office.when,
        strong=office.strong or office.body_kind == "union",
        at=office.span[0],
    )


def member_claims(text: str, of: dict[Name, Person], bodies: Sequence[Body]) -> None:
    """People "of", "from" or "at" a body named right behind their name."""
    for name, person in of.items():
        for body in bodies:
            gap = text[name.span[1] : body.span[0]] if 0 <= body.span[0] - name.span[1] < 40 else ""
            if gap and _MEMBER.fullmatch(gap):
                role = body.role if body.kind in PUBLIC else "non_official"
                strong = body.kind == "union"
                person.claims.append(
                    Claim(role, "", "", body.name, body.kind, body.kind, strong=strong, at=body.span[0])
                )


def _take_titles(person: Person, name: Name) -> None:
    lex = lexicon()
    person.titles |= set(name.titles)
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
    same = [p for p in everyone if p.words[-1].lower() == name.last.lower()]
    if not same and (knighted or not name.titles):
        same = [p for p in everyone if p.words[0].lower() == name.last.lower()]
    fitting = [p for p in same if _fits(name, p)]
    if len(fitting) > 1:
        exact = [p for p in fitting if set(name.titles) & p.titles]
        fitting = exact if len(exact) == 1 else fitting
    if len(fitting) == 1:
        return fitting[0]
    if not same and not name.titles and name.words[0] in lex.first_names:
        return short.setdefault(("", name.last), Person(name.last, name.words, name.span[0]))
    if same or not name.titles or (name.titles[-1] in lex.gender_of_title and len(name.last) == 1):
        return None
    return short.setdefault((*name.titles[-1:], name.last), Person(name.last, name.words, name.span[0]))


def _fits(name: Name, person: Person) -> bool:
    """False where a title contradicts: Mr for a woman, Coun for an MP, a rank for a councillor."""
    lex = lexicon()
    gender = person.gender or _guess(person)
    if name.gender and gender and name.gender != gender:
        return False
    roles = person.roles()
    titles = set(name.titles)
    if titles & lex.councillor_titles:
        return not roles & {"mp", "minister", "pcc", "police"}
    if titles & lex.ranks:
        return not roles & {"mp", "minister", "pcc", "councillor", "council_leader", "mayor"}
    return True


def _guess(person: Person) -> Gender:
    lex = lexicon()
    told: set[Gender] = {lex.people[w] for w in person.described if lex.people.get(w)}
    if len(told) == 1:
        return next(iter(told))
    if person.official and person.official.gender:
        return person.official.gender
    return lex.first_names.get(person.words[0], "") if person.full or not person.titles else ""


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
    person.described |= {w.lower() for w in words if w.lower() in lex.people}
    mark = _PARTY_MARK.match(text, name.span[1])
    if mark and mark[1].strip() in lex.party_marks and not person.claims:
        person.claims.append(
            Claim("councillor", "Councillor", "councillor", body_spec="council", at=name.start)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Role, office, body and area of a person as the article's words have them."""

    role: Role
    office: str
    body: str
    area: str


def standing(person: Person, bodies: Sequence[Body], day: date | None) -> Standing:
    """The weightiest claim's; a person without any is no official."""
    claims = person.now()
    strong = [c for c in claims if c.strong]
    if strong:
        return Standing("non_official", strong[0].office, strong[0].body, "")
    public = [c for c in claims if c.role != "non_official"]
    if any(c.role == "councillor" for c in public):
        public = [c for c in public if not c.words.startswith("who represents")]
    if not public:
        body = next((c.body for c in claims if c.body), person.body)
        return Standing("non_official", "", body, "")
    best = min(public, key=lambda c: (RANKING.index(c.role), not c.body, not c.area, -len(c.office)))
    role = best.role
    if role == "mayor" and any(c.role == "councillor" for c in public):
        role = "councillor"  # a civic mayor: elected ones are not styled councillor
    if best.office == "Deputy Mayor" and any(b.kind == "force" for b in bodies):
        role = "councillor" if any(c.role == "councillor" for c in public) else "pcc"
    if role == "other_official" and any(c.role == "councillor" for c in public):
        role = "councillor"
    mine = [c for c in public if c.role == best.role]
    body = next((c.body for c in mine if c.body and c.body_kind != "parliament"), "")
    area = next((c.area for c in mine if c.area), "")
    return Standing(role, best.office, body or body_of(best, area, bodies), area)


def body_of(claim: Claim, area: str, bodies: Sequence[Body]) -> str:
    """The body an office belongs to: its own name, or the fitting kind of body named in the article."""
    spec = claim.body_spec
    if spec in ("parliament",):
        return "UK Parliament"
    if spec == "mayoral":
        return _mayoral(claim, area, bodies)
    if spec == "pcc":
        force = body_of_kind("force", bodies, claim.at)
        return f"{force.removesuffix(' Police')} Police and Crime Commissioner" if force else ""
    if spec in ("needs_public", ""):
        return ""
    if spec == "department":
        return body_of_kind("department", bodies, claim.at) or "UK Government"
    if spec in PUBLIC:
        named = [b.name for b in bodies if b.kind == spec and area and area in b.name]
        return named[0] if named else body_of_kind(spec, bodies, claim.at)
    return spec


def _mayoral(claim: Claim, area: str, bodies: Sequence[Body]) -> str:
    authorities = [b.name for b in bodies if b.kind == "authority"]
    fitting = [name for name in authorities if not area or area in name]
    if fitting:
        return fitting[0]
    for place, authority in lexicon().mayoral_areas.items():
        if place == area:
            return authority
    councils = [b.name for b in bodies if b.kind == "council" and area and area in b.name]
    if councils:
        return councils[0]
    return f"{area} Combined Authority" if area else ""
