"""Sources that are no person: a spokesperson, a body, words that stand for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.types import Role, Span
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.offices import PUBLIC
from nlp.officials.organizations import Body, Stand, body_of_kind, same_body, stood_for
from nlp.officials.register import post_for
from nlp.speakers.mentions import Reading
from nlp.speakers.office_fit import fits, same_place
from nlp.speakers.office_holders import registered
from nlp.speakers.people import Person
from nlp.speakers.roles import held_office, vacant_office
from nlp.speakers.salience import Trail

UNREAD = re.compile(
    r"(?: [A-ZÀ-Þ][\w’'-]+){2,3}"
)  # a name behind an office: "bank chief executive Edwin Reeve"
_WHOSE = re.compile(r"(?:an?|one) ((?:[a-z][\w-]* )+)spokes\w+")
_FOR = re.compile(r" (?:for|from|at|of|to|by) [^.,;:“”\"\n]{2,70}")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A body that speaks, through somebody unnamed when ``spokes``. ``body`` "" when it is not known."""

    body: str
    role: Role
    spokes: bool
    gender: Gender
    why: str
    sure: bool = True  # False when the body is only the one named last


def unnamed(reading: Reading, span: Span, trail: Trail) -> Unnamed | None:
    """What an unnamed source stands for; None when it is (or may be) a person's name or office."""
    start, end = span
    for cut in reading.bodies:  # a source cut within a body's name ("A Ministry" of Housing spokesman)
        if cut.span[0] < start < cut.span[1]:
            start = cut.span[0]
        if start <= cut.span[0] < end < cut.span[1]:
            tail = re.match(r" (?:\w+ )?spokes\w+", reading.text[cut.span[1] : cut.span[1] + 40])
            end = cut.span[1] + (tail.end() if tail else 0)
    words = reading.text[start:end]
    spokes = lexicon().spokes.search(words)
    if spokes:
        whole = _FOR.match(reading.text, end)
        body, role, sure = _spoken_body(reading, (start, whole.end() if whole else end), trail)
        low = words.lower()
        gender: Gender = "f" if "woman" in low else "m" if "man" in low.split("for")[0] else ""
        return Unnamed(body, role, True, gender, f"“{words}” is not named", sure)
    if staff := lexicon().staff_of.search(words):
        body, role, _ = _owner(reading, (start, start + staff.start()), trail)
        return Unnamed(body, role, False, "", f"“{words}” speaks for {body or 'a body not named'}")
    if lexicon().report.fullmatch(words):
        return _reported(reading, (start, end))
    for named in reading.bodies:
        if start <= named.span[0] and named.span[1] <= end + 2:
            return Unnamed(named.name, named.role, False, "", f"{named.name} speaks, nobody is named")
    owners: list[tuple[Span, str, Role]] = [(b.span, b.name, b.role) for b in reading.bodies]
    owners += [(s.span, *_meant(reading, s)) for s in reading.stands]
    for owner, name, role in owners:
        if owner[0] - start in (0, 4) and reading.text[owner[1] : owner[1] + 2] in ("'s", "’s"):
            return Unnamed(name, role, False, "", f"“{words}” speak for {name or 'a body not named'}")
    for stand in reading.stands:
        if start <= stand.span[0] and stand.span[1] >= end - 3 and stand.span[1] <= end + 2:
            name, role = _meant(reading, stand)
            return Unnamed(name, role, False, "", f"“{words}” stands for {name or 'a body not named'}")
    return None


def introduces(words: str) -> bool:
    """Whether words before a name end with who speaks for others: "Labour's transport spokeswoman"."""
    spokes = list(lexicon().spokes.finditer(words))
    return bool(spokes) and not lexicon().titles.sub("", words[spokes[-1].end() :]).strip()


def subject_body(reading: Reading, at: int) -> Body | None:
    """The body with which the sentence before the one at ``at`` begins, in the same paragraph."""
    before = reading.sentence(at) - 1
    if before < 0 or reading.paragraph(reading.sentences[before][0]) != reading.paragraph(at):
        return None
    start = reading.sentences[before][0]
    for body in reading.bodies:
        if body.span[0] - start in (0, 4) and body.kind in PUBLIC:
            return body
    for stand in reading.stands:
        if stand.span[0] == start and (body_named := stood_for(stand, reading.near(start))):
            return body_named
    return None


def _meant(reading: Reading, stand: Stand) -> tuple[str, Role]:
    """The body that words stand for ("" for one not known), and the role of who speaks for it."""
    meant = stood_for(stand, reading.near(stand.span[0])) or _only(reading, stand)
    role = meant.role if meant and stand.role == "police" else stand.role
    return stand.name or (meant.name if meant else ""), role


def _only(reading: Reading, stand: Stand) -> Body | None:
    """The one body of all items that "the council" can be; an indefinite one is new to its item."""
    meant = stood_for(stand, reading.known) if stand.words.startswith("the ") else None
    return meant if meant and len({b.name for b in reading.known if b.kind == meant.kind}) == 1 else None


def _spoken_body(reading: Reading, span: Span, trail: Trail) -> tuple[str, Role, bool]:
    """The body a spokesperson speaks for, and its role: named in the words, else (False) the last one."""
    start, end = span
    words = reading.text[start:end].lower()
    for named in reading.bodies:
        if start <= named.span[0] < end:
            return named.name, named.role, True
    for name, person in reading.people.items():
        if start <= name.span[0] < end:
            return _of_person(reading, person)
    for office in reading.offices:
        if start <= office.span[0] < end and office.office:
            held_by = [(p, c) for p in reading.everyone() for c in p.now() if fits(office, c)]
            exact = [p for p, c in held_by if same_place(office, c)]
            nearby = [p for p, _ in held_by] if not (office.area or office.body) else []
            holder = next(iter([*exact, *nearby]), None)
            official = None if holder else registered(reading, trail.register, office)
            post = post_for(official, reading.day, {"role": office.role}) if official else None
            held = held_office(reading, holder) if holder else vacant_office(reading, office)
            return post.body if post else held.body, office.role, True
    for stand in reading.stands:
        if start <= stand.span[0] < end or start <= stand.span[1] <= end:
            return *_meant(reading, stand), True
    spokes = lexicon().spokes.search(reading.text, start, end)
    before = reading.text[start : spokes.end() if spokes else end].lower()
    for word, kind in lexicon().kinds_before.items():
        if re.search(rf"\b{word}\b", before):
            body = body_of_kind(kind, reading.near(start), start)
            return body, "police" if kind == "force" else "other_official", True
    if owner := re.match(r"(her|his) |.* for (her|him)$", words):
        gender: Gender = "f" if "her" in owner.groups() else "m"
        for _, person in trail.ranked(start, gender):
            if person.name:
                return _of_person(reading, person)
    if company := re.search(r"\b(?:for|at|from) (?:the )?([A-Z][^,.]+)", reading.text[start:end]):
        meant = [b for b in reading.near(start) if same_body(b.name, company[1])]
        return (meant[0].name, meant[0].role, True) if meant else (company[1], "non_official", True)
    if re.search(r" (?:for|at|from) (?:the|an?) [a-z]", reading.text[start:end]):
        return "", "non_official", True  # of somebody who is no public body: "the contractor"
    whose = _WHOSE.match(words)
    if whose and not lexicon().private.isdisjoint(whose[1].split()):
        return "", "non_official", True  # "a bank spokesperson"
    return _last_body(reading, start)


def _owner(reading: Reading, span: Span, trail: Trail) -> tuple[str, Role, bool]:
    """Body and voice of the person or office whose staff speaks ("Her office", "Mayor Jo Shaw's team")."""
    start, end = span
    words = reading.text[start:end].lower()
    if owner := re.match(r"(?:her|his)$", words.strip()):
        gender: Gender = "f" if owner[0] == "her" else "m"
        ranked = [p for _, p in trail.ranked(start, gender) if p.name]
        return _of_person(reading, ranked[0]) if ranked else ("", "other_official", False)
    body, role, sure = _spoken_body(reading, span, trail)
    return body, role, sure


def _reported(reading: Reading, span: Span) -> Unnamed:
    """A paper speaks for whose it is: a body named in its words, somebody else named there who is no public
    body, or the public body named last in its item."""
    told = _FOR.match(reading.text, span[1])
    span = (span[0], told.end() if told else span[1])
    words = reading.text[slice(*span)]
    bodies = [b for b in reading.near(span[0]) if b.kind in PUBLIC or span[0] <= b.span[0] < span[1]]
    inside = [b for b in bodies if span[0] <= b.span[0] < span[1] and b.span[0] < b.span[1]]
    why = f"“{words}” is nobody's own voice"
    stands = (s for s in reading.stands if span[0] <= s.span[0] < span[1])
    if not inside and (owner := next(stands, None)):
        name, role = _meant(reading, owner)
        return Unnamed(name, role, False, "", why)
    if not inside and lexicon().private_paper.search(words):
        return Unnamed("", "non_official", False, "", why)
    before = [b for b in bodies if b.span[0] < span[0]]
    meant = next(iter(inside or (before or bodies)[-1:]), None)
    return (
        Unnamed(meant.name, meant.role, False, "", why)
        if meant
        else Unnamed("", "non_official", False, "", why)
    )


def _of_person(reading: Reading, person: Person) -> tuple[str, Role, bool]:
    held = held_office(reading, person)
    return held.body, held.role, True


def _last_body(reading: Reading, at: int) -> tuple[str, Role, bool]:
    """The public body named last before, in this paragraph or the two before it."""
    para = reading.paragraph(at)
    low = reading.paragraphs[max(0, para - 2)][0]
    named = [
        (b.span[0], b.name, b.role) for b in reading.bodies if low <= b.span[0] < at and b.kind in PUBLIC
    ]
    named += [(s.span[0], *_meant(reading, s)) for s in reading.stands if low <= s.span[0] < at]
    if not named:  # a release: the body that publishes it
        named = [(b.span[0], b.name, b.role) for b in reading.known if b.span == (0, 0) and b.kind in PUBLIC]
    return (*max(named)[1:], False) if named else ("", "other_official", False)
