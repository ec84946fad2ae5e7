"""What an article says people are: offices right before or behind a name, and those they came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.types import Role
from nlp.names.find import Name
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import Office

_BEFORE = re.compile(r"(?:,? | - | – |, (?:and )?| \()?$")
_AFTER = re.compile(
    r"(?:,? \d{1,3}(?=,)|,? aged? \d{1,3}|\s?\([^()\n]{1,40}\)|,? (?:MBE|OBE|CBE|QC|KC|DL|MP)\b)*"
    r"(?:,| -| –| —| \()? ?"
    r"(?:(?:who|which) (?:is|was|has been|serves as|also) |(?:is|was|as|became|has become) )?(?:also |now )?$"
)
# An office within a phrase that only opens a sentence: "In a letter to the minister, Ann Lee said …".
_ASIDE = re.compile(
    r"(?:^|[.!?”\"] )(?:In|On|At|After|Before|During|Following|Speaking|Writing|Responding)\b"
    r"[^,.\n]* (?:to|with|from|by|for|of|about|on|before) (?:the |a |an )?$"
)
_WAS = re.compile(r"\bwho was\b")  # a post told of in the past
# A member as a parliament's record has them: name, seat, party.
_SEAT = re.compile(r" \(([A-Z][^()\n]{2,50})\) \(([A-Z][\w/ ]{1,20})\)")
_AND = re.compile(r",? ?(?:and )?(?:who (?:is|was) )?(?:now )?(?:also |the |a |an )?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the words of the article make a person: an office, or membership of a body."""

    role: Role
    office: str
    words: str
    raw: str = ""  # the words with their capitals
    body: str = ""
    body_kind: str = ""
    body_spec: str = ""
    area: str = ""
    when: str = ""
    strong: bool = False
    at: int = 0


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
            if gap.strip() == "," and text[name.span[1] : name.span[1] + 1] != ",":
                apart = apart or bool(_ASIDE.search(text[line : office.span[0]]))
            if i not in used and _BEFORE.fullmatch(gap) and not apart:
                claims.append(claim_of(office))
                used.add(i)
                if (
                    i
                    and (i - 1) not in used
                    and _AND.fullmatch(text[offices[i - 1].span[1] : office.span[0]])
                ):
                    claims.append(claim_of(offices[i - 1]))
                    used.add(i - 1)
        limit = names[nth + 1].start if nth + 1 < len(names) else len(text)
        end = name.span[1]
        for i, office in enumerate(offices):
            if i in used or office.span[0] < name.span[1] or office.span[1] > limit:
                continue
            if office.span[0] > name.span[1] + 160:
                break
            gap = text[end : office.span[0]]
            fits = bool(_AFTER.fullmatch(gap) if end == name.span[1] else _AND.fullmatch(gap))
            if not fits and "." not in gap and _first_in_sentence(text, name):
                fits = bool(lexicon().arrivals.search(gap))
            if fits and (gap.strip() or _after_blank(office)):
                over = not office.when and _WAS.search(gap)
                claims.append(claim_of(replace(office, when="former") if over else office))
                used.add(i)
                end = office.span[1]
        seat = _SEAT.match(text, name.span[1])
        if seat and seat[2] in lexicon().party_marks and not set(name.titles) & lexicon().councillor_titles:
            member = Claim("mp", "MP", "mp", body_spec="parliament", area=seat[1], at=name.start)
            claims.append(member)
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
    return office.words in ("mp", "msp", "ms", "mla", "td", "pcc") or office.words.startswith("who ")


def claim_of(office: Office) -> Claim:
    """The claim that words naming an office make for the person they belong to."""
    role: Role = office.role if office.public or office.role == "non_official" else "non_official"
    if office.body_kind in ("union", "school"):
        role = "non_official"
    return Claim(
        role=role,
        office=office.office,
        words=office.words,
        raw=office.raw,
        body=office.body,
        body_kind=office.body_kind,
        body_spec=office.body_spec,
        area=office.area,
        when=office.when,
        strong=office.strong or office.body_kind == "union",
        at=office.span[0],
    )
