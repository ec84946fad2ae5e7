"""Sources that are no person: a spokesperson, a body, words that stand for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.types import Role, Span
from nlp.bodies import Body, Stand, stood_for
from nlp.lexicon import Gender, lexicon
from nlp.mentions import Reading
from nlp.offices import PUBLIC
from nlp.people import standing
from nlp.referents import Trail

_FOR = re.compile(r" (?:for|from|at|of|to) [^.,;:“”\"\n]{2,70}")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A body that speaks, through somebody unnamed when ``spokes``. ``body`` "" when it is not known."""

    body: str
    role: Role
    spokes: bool
    gender: Gender
    why: str


def unnamed(reading: Reading, span: Span, trail: Trail) -> Unnamed | None:
    """What an unnamed source stands for; None when it is (or may be) a person's name or office."""
    start, end = span
    words = reading.text[start:end]
    spokes = lexicon().spokes.search(words)
    if spokes:
        tail = _FOR.match(reading.text, end)
        body, role = _spoken_body(reading, (start, tail.end() if tail else end), trail)
        low = words.lower()
        gender: Gender = "f" if "woman" in low else "m" if "man" in low.split("for")[0] else ""
        return Unnamed(body, role, True, gender, f"“{words}” is not named")
    for body in reading.bodies:
        if start <= body.span[0] and body.span[1] <= end + 2:
            return Unnamed(body.name, body.role, False, "", f"{body.name} speaks, nobody is named")
    for owner in (*reading.bodies, *reading.stands):
        if owner.span[0] - start in (0, 4) and reading.text[owner.span[1] : owner.span[1] + 2] in (
            "'s",
            "’s",
        ):
            name = owner.name if isinstance(owner, Body) else _meant(reading, owner)
            return Unnamed(name, owner.role, False, "", f"“{words}” speak for {name or 'a body not named'}")
    for stand in reading.stands:
        if start <= stand.span[0] and stand.span[1] >= end - 3 and stand.span[1] <= end + 2:
            name = _meant(reading, stand)
            return Unnamed(name, stand.role, False, "", f"“{words}” stands for {name or 'a body not named'}")
    return None


def _meant(reading: Reading, stand: Stand) -> str:
    meant = stood_for(stand, reading.bodies)
    return stand.name or (meant.name if meant else "")


def _spoken_body(reading: Reading, span: Span, trail: Trail) -> tuple[str, Role]:
    """The body a spokesperson speaks for: named in the same words, else the one spoken of before."""
    start, end = span
    for body in reading.bodies:
        if start <= body.span[0] < end:
            return body.name, body.role
    for name, person in reading.people.items():
        if start <= name.span[0] < end:
            held = standing(person, reading.bodies, reading.day)
            return held.body, "non_official" if held.role == "non_official" else _voice_of(held.role)
    for office in reading.offices:
        if start <= office.span[0] < end and office.office:
            holder = next((p for p in reading.everyone() if office.role in p.roles()), None)
            body = standing(holder, reading.bodies, reading.day).body if holder else ""
            return body or office.body, _voice_of(office.role)
    for stand in reading.stands:
        if start <= stand.span[0] < end or (start <= stand.span[1] <= end):
            return _meant(reading, stand), stand.role
    words = reading.text[start:end].lower()
    for kind, role in (
        ("council", "other_official"),
        ("police", "police"),
        ("force", "police"),
        ("department", "other_official"),
    ):
        if kind in words:
            wanted = "force" if kind == "police" else kind
            before = [b for b in reading.bodies if b.kind == wanted]
            return (before[-1].name if before else ""), role  # type: ignore[return-value]  # roles all
    if re.match(r"(?:her|his|their|its) ", words):
        for _, person in trail.ranked(
            start, "f" if words.startswith("her") else "m" if words.startswith("his") else ""
        ):
            if person.name:
                held = standing(person, reading.bodies, reading.day)
                return held.body, _voice_of(held.role)
    if re.search(r"\b(?:for|at|from) [A-Z]", reading.text[start:end]):
        return reading.text[start:end].split(" for ")[-1], "non_official"
    return _last_body(reading, start)


def _voice_of(role: Role) -> Role:
    return role if role in ("police", "non_official") else "other_official"


def _last_body(reading: Reading, at: int) -> tuple[str, Role]:
    """The public body named last before, in this paragraph or the two before it."""
    para = reading.paragraph(at)
    low = reading.paragraphs[max(0, para - 2)][0]
    named = [
        (b.span[0], b.name, b.role) for b in reading.bodies if low <= b.span[0] < at and b.kind in PUBLIC
    ]
    named += [(s.span[0], _meant(reading, s), s.role) for s in reading.stands if low <= s.span[0] < at]
    return max(named)[1:] if named else ("", "other_official")
