"""Who holds an office that is named without a name ("the council leader", "the Rotherham MP")."""

from __future__ import annotations

import re
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import PRIVATE, Official, Post, Role
from nlp.names.find import find_names
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import Office, find_offices, masked
from nlp.officials.organizations import body_core, find_bodies, kind_of_body, same_body
from nlp.officials.register import Register
from nlp.speakers.mentions import Reading
from nlp.speakers.office_claims import Claim
from nlp.speakers.office_fit import fits, is_post, same_place
from nlp.speakers.people import Person, gather, member_claims
from nlp.speakers.roles import held_office, vacant_office
from nlp.speakers.salience import Meant, Trail

CANDIDATE: Role = "candidate"  # of who asks for votes and holds no office
SUBJECT = 0.85  # weight from which a mention is what its sentence is about
_REGIONAL = re.compile(r"\b(?:regional|region['’]s|metro|combined authority) mayor\b")
_BEFORE_OFFICE = re.compile(r"(?:\b(?:the|an?|its|their|his|her|our|new)|[^\w\s]|^|\n)\s*$", re.IGNORECASE)
_DETERMINER = 8  # characters before an office that may hold its determiner
AHEAD = 8  # paragraphs within which the one named later may be meant, at the head of an article
SOON = 2  # and further down


def office_holder(reading: Reading, register: Register, office: Office, trail: Trail, weight: float) -> Meant:
    """The person in the article, else in the register, who holds the office named; else nobody, and why."""
    words = reading.text[office.span[0] : office.span[1]]
    at = office.span[0]
    if office.plural:
        return Meant(None, "group", f"“{words}” are several")
    fitting = [p for p in reading.everyone() if any(fits(office, c) for c in p.claims)]
    fitting = [p for p in fitting if reading.item(p.first_at) in (0, reading.item(at))] or fitting
    if office.definite in ("a", "an"):  # who was introduced before would not be introduced again
        fitting = [p for p in fitting if p.first_at > at]
    fitting = [p for p in fitting if _of_tier(reading, office, held_office(reading, p).body)]
    narrow = [p for p in fitting if any(same_place(office, c) for c in p.claims)]
    fitting = narrow or fitting
    if len(fitting) == 1:
        person = fitting[0]
        before = any(s.person is person for s in trail.seen)
        return Meant(
            person, "office_one" if before else "office_ahead", f"{person.name} is {words} in this article"
        )
    if len(fitting) > 1:
        ranked = [p for _, p in trail.ranked(at, "") if p in fitting]
        if ranked:
            return Meant(ranked[0], "office_of_several", f"{ranked[0].name} is the last-named who is {words}")
    official = registered(reading, register, office)
    if official:
        return Meant(
            _person_of(reading, official), "office_register", f"{official.name} is {words} in the register"
        )
    going = _going(reading, trail, office, at, weight)
    if going:
        return Meant(going, "office_epithet", f"“{words}” follows on {going.name}")
    later = _named_later(reading, office, at, weight)
    if later:
        later.claims.append(_adopted(office))
        return Meant(later, "office_named_later", f"{later.name} is the one named after “{words}”")
    return Meant(
        None, "office_unknown", f"“{words}”: nobody in the article or the register is said to be that"
    )


def registered(reading: Reading, register: Register, office: Office) -> Official | None:
    """The one official of the register in that office on the day, in a body or place the article is about."""
    if office.when == "future" or office.strong or not office.office:
        return None
    found: list[tuple[Official, Post]] = []
    for official in register.officials:
        for post in official.posts:
            ended = post.end is not None and reading.day is not None and post.end < reading.day
            if (ended if office.when == "former" else post.held_on(reading.day)) and is_post(office, post):
                found.append((official, post))
    if (len(found) > 1 or office.role == "minister") and (body := vacant_office(reading, office).body):
        exact = [(o, post) for o, post in found if same_body(post.body, body)]
        abroad = office.role == "minister" and reading.home(office.span[0]) != "UK Government"
        found = exact or ([] if abroad else found)
    titled = [(o, post) for o, post in found if _is_titled(reading, office, post)]
    longest = max((len(post.office) for _, post in titled), default=0)
    found = [(o, post) for o, post in titled if len(post.office) == longest] or found
    several = office.role == "mayor" and len({o.id for o, _ in found}) > 1
    placed = [o for o, post in found if _in_article(reading, office, post, several)]
    if not placed and office.role in ("mayor", "pcc") and not (office.area or office.body):
        placed = [o for o, _ in found]  # a register of one region has one
    people = list({o.id: o for o in placed}.values())
    if len(people) > 1 and office.role != "other_official":  # of several the one whom the article names
        people = [o for o in people if any(p.official is o for p in reading.everyone())]
    return people[0] if len(people) == 1 else None


def _is_titled(reading: Reading, office: Office, post: Post) -> bool:
    """Whether an office is named by the very words that the register has for a post."""
    own, end = post.office.lower(), office.span[1]
    start = max(0, end - len(own))
    whole = _BEFORE_OFFICE.search(reading.text, max(0, start - _DETERMINER), start) is not None
    return own == office.words or (whole and own == reading.text[start:end].lower())


def _in_article(reading: Reading, office: Office, post: Post, several: bool) -> bool:
    """Whether a post's body or place is named with the office, else in the article.

    The place alone is not enough where ``several`` have such a post.
    """
    if not _of_tier(reading, office, post.body):
        return False
    if post.role == "minister":
        return True
    place = post.area or re.sub(r"^(?:mp|msp|mayor|leader) (?:for|of) ", "", post.office, flags=re.IGNORECASE)
    if office.area:
        return office.area in post.office or office.area in post.body or office.area in post.area
    if office.body:
        return same_body(office.body, post.body)
    if post.role == "mp":
        return place in reading.text
    named = any(same_body(b.name, post.body) for b in reading.near(office.span[0]))
    return named or (not several and body_core(post.body) in reading.text)


def _of_tier(reading: Reading, office: Office, body: str) -> bool:
    """False where "the regional mayor" would be a council's: a body of another kind is known for them."""
    kind = kind_of_body(body, reading.gazetteer) if body and _REGIONAL.search(office.words) else None
    return kind is None or kind.kind == "authority"


def _person_of(reading: Reading, official: Official) -> Person:
    for person in reading.everyone():
        if person.official is official:
            return person
    return Person(official.name, tuple(official.name.split()), official=official, gender=official.gender)


def _named_later(reading: Reading, office: Office, at: int, weight: float) -> Person | None:
    """The first person introduced after an office, without an office of their own, to whom it can belong."""
    if (
        office.when
        or office.role in ("non_official", "other_official")
        or office.nickname
        or office.definite not in ("the", "a", "an", "its")
    ):
        return None
    para = reading.paragraph(at)
    limit = 1 if weight < SUBJECT else AHEAD if para <= 3 else SOON
    for name, person in sorted(reading.people.items(), key=lambda item: item[0].span):
        start = name.span[0]
        if start <= at or reading.quoted[start] or reading.aside[start] or person.first_at < at:
            continue
        if reading.paragraph(start) - para > limit:
            return None
        roles = person.roles()
        if not _may_hold(reading, person, office):
            return None
        if weight < SUBJECT and not (_is_bare(person) and reading.text[:at].endswith(" by ")):
            return None
        if person.full and not (person.described or person.age) and (roles <= _SUITS.get(office.role, set())):
            return person
    return None


def _may_hold(reading: Reading, person: Person, office: Office) -> bool:
    """False where the register has posts for somebody on the day, and all of another role, and for who
    was of the police once."""
    once = any(claim.when == "former" and claim.role == "police" for claim in person.claims)
    if office.role == "police" and once and "police" not in person.roles():
        return False
    posts = person.official.posts_on(reading.day) if person.official else ()
    free = office.nickname or office.when or office.role == "other_official"
    return not posts or bool(free) or any(post.role == office.role for post in posts)


_SUITS: dict[str, set[str]] = {
    "council_leader": {"councillor"},
    "councillor": {"councillor"},
    "mayor": set(),
    "minister": {"mp"},
    "mp": set(),
    "pcc": set(),
    "police": {"police"},
    "other_official": set(),
}


def _adopted(office: Office) -> Claim:
    return Claim(
        office.role,
        office.office,
        office.words,
        office.raw,
        office.body,
        office.body_kind,
        office.body_spec,
        office.area,
        at=office.span[0],
    )


def _is_told_of(person: Person, office: Office) -> bool:
    """Said to be something else than an official, or, where police or a court speaks, of an age, as victims
    and defendants are."""
    court = office.role == "police" or office.body_spec == "court"
    return bool(person.described or (person.age and court))


def _is_bare(person: Person) -> bool:
    """Named in full and never said to be anything: so well known that nobody need be told."""
    return person.full and not (
        person.claims or person.described or person.age or person.body or person.titles - {"mr", "mrs", "ms"}
    )


def _going(reading: Reading, trail: Trail, office: Office, at: int, weight: float) -> Person | None:
    """The one spoken of right before, when what is known of them does not contradict the office."""
    person = trail.going(at)
    if office.definite != "the" or person is None or weight < 1.0:
        return None
    if not _may_hold(reading, person, office):
        return None
    roles = person.roles()
    suits: set[str] = {office.role, *_SUITS.get(office.role, set())}
    if office.when == "former" or office.nickname:
        suits |= {"councillor", "council_leader", "other_official"}
    if office.role == "police" and not roles & suits:
        return None
    if (
        (roles and not roles & suits)
        or "non_official" in roles
        or (_is_told_of(person, office) and not roles)
    ):
        return None
    if not office.when and not office.nickname and roles <= _SUITS.get(office.role, set()):
        person.claims.append(_adopted(office))
    return person


def named_above(reading: Reading, register: Register, words: str) -> Meant:
    """Whom a title or a byline means: "Ann Lee, Leader of Hexley Council", "Prime Minister's speech"."""
    bodies = find_bodies(words, register.gazetteer)
    names = find_names(words, (), [body.span for body in bodies], register.full_names)
    offices = find_offices(masked(words, [(n.start, n.span[1]) for n in names]), bodies, ())
    people = gather(words, names, offices, register)
    member_claims(words, people, bodies)
    named = [people[name] for name in names if name.full]
    for person in named:
        known = next((p for p in reading.everyone() if p.full and p.name == person.name), None)
        if known is not None:
            known.claims += person.claims
        if known or person.claims or person.titles or person.official:
            return Meant(known or person, "name_full", f"{person.name} is named above the text")
    for office in offices:
        if official := registered(reading, register, office):
            why = f"{official.name} holds the office named above the text"
            return Meant(_person_of(reading, official), "office_register", why)
    if named and not offices:
        return Meant(named[0], "name_full", f"{named[0].name} is named above the text")
    return Meant(None, "unsourced", "nobody is named above the text")


@cache
def _parties() -> frozenset[str]:
    return frozenset(read_yaml(__file__, "speakers.yaml")["parties"])


def publisher(
    reading: Reading, register: Register, words: str
) -> tuple[Person | None, Role, str | None, str]:
    """Whose text a manifesto or a paper is, by the words that name them: person, role, body, and why.

    A party's or a group's name is told by its words from a person's; of a person the body is None.
    """
    name = words.partition(",")[0].strip()
    if not (lexicon().groups | _parties()) & set(name.split()):
        person = named_above(reading, register, words).person
        if person is not None:
            return person, CANDIDATE, None, f"{person.name} published it"
    known = find_bodies(name, register.gazetteer)
    role = known[0].role if known and known[0].role != PRIVATE else CANDIDATE
    body = known[0].name if known else name
    return None, role, body, f"{body} published it"
