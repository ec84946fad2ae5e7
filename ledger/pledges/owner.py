"""Whose a pledge is: a body's, for which somebody speaks, or a person's own; and by which rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.pledges.members import Member
from ledger.types import PRIVATE, UNOWNED

_LOOKED_AT = 3_000  # characters of a statement
_PATTERNS = ("opposition", "executive", "candidate", "in_person", "for_body")


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a pledge is. ``person``: who said it, the owner or named beside the body; ``rule``: in words.

    ``body``: the owner, or the one for which the person holds an office; none where they speak against it or
    of what they would do themselves.
    """

    owner: str
    rule: str
    owner_id: str | None = None
    body: str | None = None
    person: str | None = None
    person_id: str | None = None


@cache
def rules() -> dict[str, Any]:
    """The words and patterns of owner.yaml, compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "owner.yaml")
    whole = loaded | {"candidate": "|".join(loaded["candidate"])}
    return whole | {name: re.compile(whole[name]) for name in _PATTERNS}


def ownership(members: Sequence[Member]) -> Ownership:
    """Whose the pledge is by the first of its statements that names anybody. ``members``: in order of time.

    Who takes it up later, a successor or a spokesperson, changes nothing; nor does a body that makes a
    politician's own promise its own.
    """
    first = next((m for m in members if m.speaker or m.body), None)
    if first is None:
        return Ownership(UNOWNED, rules()["rules"]["nobody"])
    if first.speaker is None:
        return _for_body(first.body or UNOWNED, first, members)
    rule = _rule(first)
    if rule == "body":
        if body := first.body or _body_of(first.speaker, members):
            return _for_body(body, first, members)
        rule = "no_body"
    body = first.body if rule == "in_person" else None
    words = rules()["rules"][rule]
    return Ownership(first.speaker, words, first.official_id, body, first.speaker, first.official_id)


def _body_of(speaker: str, members: Sequence[Member]) -> str | None:
    return next((m.body for m in members if m.body and m.speaker == speaker), None)


def _for_body(body: str, first: Member, members: Sequence[Member]) -> Ownership:
    """The body's, beside it the first who speaks for it."""
    spoken = (m for m in members if m.speaker and m.body == body)
    named = first if first.speaker else next(spoken, None)
    rule = rules()["rules"]["body" if first.speaker else "by_body"]
    if named is None:
        return Ownership(body, rule, body=body)
    return Ownership(body, rule, body=body, person=named.speaker, person_id=named.official_id)


def _rule(said: Member) -> str:
    """The name of the rule by which what somebody said is their body's or their own."""
    rule = rules()
    words = said.words[:_LOOKED_AT].lower().replace("’", "'")
    if rule["candidate"].search(words):
        return "candidate"
    if vocabulary.roles()[said.role or PRIVATE].own_voice:
        return "own"
    if said.role == "councillor":
        office = f"{said.office} {said.source_name}".lower()
        if rule["opposition"].search(office):
            return "opposition"
        if not rule["executive"].search(office):
            return "own" if said.office else "unknown_office"
    in_person = rule["in_person"].search(words) and not rule["for_body"].search(words)
    return "in_person" if in_person else "body"
