"""What an article says people are: offices right before or behind a name, and those they came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.types import Role
from nlp.names.find import Name
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import Office
from nlp.officials.organizations import Body

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
_MEMBER = re.compile(r"(?:,| -| –)? (?:who (?:works|is) (?:for|from|at|with) |of |from |at |for )(?:the )?$")
_STAFF = re.compile(r"(?:['’]s?)? (?:[a-z][\w\-]* ){0,4}([a-z][\w\-]*),? ")
# "'s director of works for the coast, Ann Lee,"; "Liaison officer at Leeds Council Ann Lee"
_STAFF_OF = re.compile(
    r"['’]s? (?:[a-z][\w\-]* ){0,4}?([a-z][\w\-]*) (?:for|of|in|at|on) [^.;:“”\"\n]{2,80}, "
)
_STAFF_AT = re.compile(r"([a-z][\w\-]*),? (?:at|for|of|with) (?:the )?$")
# Words that no post is told with: what stands behind them is somebody that the body has to do with.
_TELLS = re.compile(
    r"\b(?:an?|one|its|their|his|her|told|said|says|met|who|that|by|to|with|from|was|were|is|are|has|had|have|after"
    r"|against|residents?|[a-z]{2,}ed)\b"
)
_FORMERLY = re.compile(
    r"\b(?:former|ex|retired|sacked|dismissed|disgraced|one-time)[ -](?:the )?$", re.IGNORECASE
)
_HEADS = re.compile(r",? who (?:chairs|runs|heads|manages|has chaired|has run|has headed) (?:the )?$")
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
            told = office.definite or office.area or office.body or office.span[0] == line
            apart = gap.strip() == "," and not told
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
            if text[office.span[1] : limit] == " " and nth + 1 < len(names):
                continue  # "Asked by Bob Pike, council leader Ann Lee said": hers
            gap = text[end : office.span[0]]
            fits = bool(_AFTER.fullmatch(gap) if end == name.span[1] else _AND.fullmatch(gap))
            signed = gap == "\n" and _signs(text, name, office, offices)
            if not fits and "." not in gap and _first_in_sentence(text, name):
                fits = bool(lexicon().arrivals.search(gap))
            if signed or (fits and (gap.strip() or _after_blank(office))):
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


def _signs(text: str, name: Name, office: Office, offices: Sequence[Office]) -> bool:
    """Whether a name and the office below it, a line each, sign a letter: not so in a list of the offices
    above the names, nor where the line goes on."""
    beside = text[name.start - 1 : name.start], text[office.span[1] : office.span[1] + 1]
    return {*beside} <= {"", "\n"} and all(other.span[1] != name.start - 1 for other in offices)


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


def works_for(text: str, name: Name, body: Body) -> bool:
    """Whether words around both tell of a post of the one named in the body."""
    gap = text[name.span[1] : body.span[0]] if 0 <= body.span[0] - name.span[1] < 40 else ""
    if gap and (_MEMBER.fullmatch(gap) or (body.kind != "council" and _HEADS.fullmatch(gap))):
        return True
    if not 0 < name.start - body.span[1] < 150:
        return False
    between, behind = text[body.span[1] : name.start], text[name.span[1] : name.span[1] + 1]
    if _TELLS.search(between) or _FORMERLY.search(text, max(0, body.span[0] - 20), body.span[0]):
        return False  # "Leeds Council's head of planning told a resident of Mill Lane, Ann Lee,"
    staff = _STAFF.fullmatch(between)
    if between.endswith(", ") and behind not in ("", *',.”"\n'):
        return False  # "In a letter to Leeds Council's chief executive, Ann Lee said"
    if not staff and behind == ",":
        staff = _STAFF_OF.fullmatch(between)
    if not staff and between in (" ", ", "):
        staff = _STAFF_AT.search(text, max(0, body.span[0] - 60), body.span[0])
    return staff is not None and staff[1] in lexicon().staff
