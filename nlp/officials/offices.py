"""Offices named in a text ("Skelbrough Council's cabinet member for highways"), with what the words tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.types import Role, Span
from nlp.officials.lexicon import AREA, AREA_AND, OfficeKind, lexicon
from nlp.officials.organizations import Body, Stand, body_of_kind, describes, stood_for

MASK = "\0"  # stands for every character of a name, so that no office swallows one
_BACK = re.compile(r"([^\W\d_][\w’'/&\-]*)[ \-]$")
_AREA_BACK = re.compile(rf"(?<![\w’'\-])({AREA_AND})(['’]s?)? $")
_OF = re.compile(r",? (?:of|for|at|in|on|to|from|with|representing|covering) (?:the )?|, ")
_HERE = re.compile(AREA)
_PORTFOLIO = re.compile(
    r"(?: (?:of|for|in charge of|responsible for|with responsibility for)) ([a-z][\w ,’'&\-]*)"
)
_DETERMINERS = frozenset(
    ("the", "a", "an", "its", "his", "her", "their", "our", "this", "that", "one", "another", "your", "my")
)
_CAPITAL, _OF_WHAT = re.compile(r"[A-Z][\w’'-]* $"), re.compile(r" \0+,? (?:of|from|at)\b")
_NEAR = 30  # characters looked at before an office for a word of its name
_CRIME = re.compile(r"crime commissioner|\bPF?CC\b", re.IGNORECASE)  # else a "Commissioner" may be any
PUBLIC = frozenset(("council", "authority", "force", "fire", "nhs", "department", "agency", "inquiry", "pcc"))


@dataclass(frozen=True, slots=True)
class Office:
    """An office as named at ``span`` (determiner and qualities taken in).

    ``body`` and ``body_kind`` are of the body named with it, ``stand`` the words standing for one;
    ``area`` is a place named with it. ``when``: "" now, "former" or "future". ``definite`` is the determiner.
    """

    span: Span
    role: Role
    office: str
    words: str
    raw: str
    body_spec: str
    body: str = ""
    body_kind: str = ""
    area: str = ""
    when: str = ""
    definite: str = ""
    strong: bool = False
    nickname: bool = False
    plural: bool = False

    @property
    def public(self) -> bool:
        """True for an office that counts, "chief executive" and the like only in a public body."""
        return self.role != "non_official" and (self.body_spec != "needs_public" or self.body_kind in PUBLIC)


def masked(text: str, names: Iterable[Span]) -> str:
    """The text with names blotted out, of the same length."""
    parts, at = [], 0
    for start, end in sorted(names):
        if start >= at:
            parts += [text[at:start], MASK * (end - start)]
            at = end
    return "".join([*parts, text[at:]])


def find_offices(text: str, bodies: Sequence[Body], stands: Sequence[Stand]) -> list[Office]:
    """Offices in the masked ``text``, in order, none inside another; of two at one place the longer."""
    found: list[tuple[int, int, int, OfficeKind, bool]] = []
    starts = [match.start() for match in lexicon().office_starts.finditer(text)]
    for nth, (kind, pattern) in enumerate(lexicon().offices):
        matches = (pattern.match(text, start) for start in starts)
        found += [(m.start(), -m.end(), nth, kind, False) for m in matches if m]
    nick = OfficeKind("", "other_official", "", False)
    found += [(m.start(), -m.end(), 999, nick, True) for m in lexicon().nickname.finditer(text)]
    by_end = {b.span[1]: b for b in bodies}
    by_start = {b.span[0]: b for b in bodies}
    places = _Places(by_start, by_end, {s.span[0]: s for s in stands}, {s.span[1]: s for s in stands}, bodies)
    chosen: list[Office] = []
    last, crime = -1, _CRIME.search(text) is not None
    for first, minus_end, nth, kind, nickname in sorted(found, key=lambda f: f[:3]):
        start, end = first, -minus_end
        inside = _around(bodies, start)
        if inside:  # "Hexley City Council leader": the head begins behind the body
            again = None if nickname else lexicon().offices[nth][1].match(text, inside.span[1] + 1)
            if not again:
                continue
            start, end = again.span()
        if start < last or (
            text[start:end] == "Commissioner" and not (crime and _is_alone(text, start, end))
        ):
            continue
        end = _before_body(text, start, end, bodies)
        office = _read(text, start, end, kind, nickname, places)
        chosen.append(office)
        last = max(end, office.span[1] if office.body else end)
    return chosen


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing before "Commissioner" or behind the name tells of what: "Fire Commissioner Jo Shaw"."""
    return not (_CAPITAL.search(text, max(0, start - _NEAR), start) or _OF_WHAT.match(text, end))


@dataclass(frozen=True, slots=True)
class _Places:
    body_from: dict[int, Body]
    body_to: dict[int, Body]
    stand_from: dict[int, Stand]
    stand_to: dict[int, Stand]
    bodies: Sequence[Body]


def _before_body(text: str, start: int, end: int, bodies: Sequence[Body]) -> int:
    """The end of an office's words, without the beginning of a body's name: "director of Harle NHS Trust"."""
    cut = next((b.span[0] for b in bodies if start < b.span[0] < end < b.span[1]), None)
    joint = re.search(r" (?:of|for|at|in) (?:the )?$", text[start:cut]) if cut is not None else None
    return start + joint.start() if joint else end


def _around(bodies: Sequence[Body], at: int) -> Body | None:
    return next((b for b in bodies if b.span[0] < at < b.span[1]), None)


def _read(text: str, start: int, end: int, kind: OfficeKind, nickname: bool, places: _Places) -> Office:
    head = text[start:end]
    body, body_kind, area, when, definite = "", "", "", "", ""
    for b in places.bodies:  # a body inside the head's own words: "head of the county police"
        if start <= b.span[0] and b.span[1] <= end:
            body, body_kind = b.name, b.kind
    inner = re.search(rf"(?i: of | for )(?:the )?({AREA_AND})$", head)
    if inner and not body and kind.role not in ("pcc", "minister"):
        area = inner[1]
    low = max(0, start - 120, text.rfind("\n", 0, start) + 1)
    at = start
    lex = lexicon()
    while at > low:
        back = text[low:at]
        gap = re.search(r"(?:['’]s?)? $", back)
        edge = at - (len(gap[0]) if gap else 0)
        if edge in places.body_to and not body:
            found = places.body_to[edge]
            body, body_kind, at = found.name, found.kind, found.span[0]
            continue
        if gap and edge in places.stand_to and not body:
            stand = places.stand_to[edge]
            meant = stood_for(stand, places.bodies)
            body = stand.name or (meant.name if meant else "")
            body_kind = meant.kind if meant else (stand.kinds[0] if stand.kinds else "department")
            at = stand.span[0]
            definite = definite or "the"
            continue
        word = _BACK.search(back)
        if back.endswith((f"{MASK}'s ", f"{MASK}’s ")):
            definite = "whose"  # "Coun Prentis's deputy"
            break
        if not word:
            break
        low_word = word[1].lower()
        bare = re.sub(r"['’]s?$", "", low_word)
        if bare in lex.kinds_before and not body_kind:
            body_kind = lex.kinds_before[bare]
            body = body_of_kind(body_kind, places.bodies, at)
            at = low + word.start()
            continue
        if low_word in lex.former:
            when, at = "former", low + word.start()
        elif low_word in lex.future:
            when, at = "future", low + word.start()
        elif bare in lex.before_office or _party(back):
            at = low + word.start()
        elif low_word in _DETERMINERS:
            definite, at = low_word, low + word.start()
            break
        elif (place := _AREA_BACK.search(back)) and not (area or _no_place(place[1])):
            first, _, rest = place[1].partition(" ")
            if first.lower() in lex.former and rest:  # "Former Harle MP"
                when, area, at = "former", rest, low + place.start()
                break
            area = place[1].removeprefix("The ").removesuffix("'s").removesuffix("’s")
            at = low + place.start()
        else:
            break
    if _is_elses(text[low:start], head, kind):
        kind, body, body_kind, area = OfficeKind(head, "non_official", "", False), "", "", ""
    if kind.office == "Leader of the council" and head.lower() == "leader" and not body_kind:
        kind = _leader(text[at:start], kind)
    if re.match(r"[- ](?:elect|designate)\b", text[end:]):
        when, end = "future", end + re.match(r"[- ]\w+", text[end:]).end()  # type: ignore[union-attr]  # just matched
    end, body, body_kind, area, tail = _after(text, end, body, body_kind, area, kind, places)
    return Office(
        span=(at, end),
        role=kind.role,
        office=kind.office,
        words=f"{text[at:start]}{head}{tail}".lower().strip(),
        raw=f"{text[at:start]}{head}{tail}",
        body_spec=kind.body,
        body=body,
        body_kind=body_kind,
        area=area.replace("’", "'"),
        when=when,
        definite=definite,
        strong=kind.strong,
        nickname=nickname,
    )


def _leader(before: str, kind: OfficeKind) -> OfficeKind:
    """What a bare "leader" leads: the party named before it, else the council."""
    if any(party in before for party in lexicon().parties):
        return OfficeKind("Party leader", "non_official", "", False)
    return kind


def _is_elses(before: str, head: str, kind: OfficeKind) -> bool:
    """Whether the word right before an office makes it another: "community leader", "safety inspector"."""
    word = _BACK.search(before)
    if not word or (kind.role == "council_leader" and head.lower() != "leader"):
        return False
    if (word[1].islower() and head[0].isupper()) or "police" in head.lower():  # "At the school PC Lee"
        return False
    bare = re.sub(r"['’]s?$", "", word[1].lower())
    return bare in lexicon().not_that_office.get(kind.role, ())


_NOT_PLACES = frozenset(("The", "But", "And", "Mr", "Mrs", "Ms", "Picture", "Image", "Photo"))


def _no_place(words: str) -> bool:
    return words.split()[-1] in _NOT_PLACES or describes(words)


def _party(back: str) -> bool:
    last = back.rstrip(" -").removesuffix("'s").removesuffix("’s")
    return any(last.endswith(party) for party in lexicon().parties)


def _after(
    text: str, end: int, body: str, body_kind: str, area: str, kind: OfficeKind, places: _Places
) -> tuple[int, str, str, str, str]:
    """What follows the head: portfolio words, then "of the council", "at Leeds Council" and the like."""
    tail = ""
    if not body and text.startswith(" (", end) and (found := places.body_from.get(end + len(" ("))):
        return end, found.name, found.kind, area, tail  # "Under-Secretary (Department for Roads)"
    for _ in range(3):
        match = _OF.match(text, end)
        if not match:
            break
        at = match.end()
        found = places.body_from.get(at) or places.body_from.get(at - 4)
        stand = places.stand_from.get(at - 4) or places.stand_from.get(at)
        if found and not body:
            body, body_kind, end = found.name, found.kind, found.span[1]
        elif stand and not body and match[0] != ", ":
            meant = stood_for(stand, places.bodies)
            body = stand.name or (meant.name if meant else "")
            body_kind = meant.kind if meant else (stand.kinds[0] if stand.kinds else "department")
            end = stand.span[1]
        elif match[0] != ", " and (place := _HERE.match(text, at)) and MASK not in place[0]:
            if not area and kind.role in ("mp", "mayor", "police", "pcc", "councillor", "council_leader"):
                area = place[0].removesuffix("'s").removesuffix("’s")
            tail += text[end : place.end()]
            end = place.end()
        elif (words := _PORTFOLIO.match(text, end)) and len(words[1]) < 80:
            piece = re.split(r",(?! \w+(?: \w+)? and )|\b(?:who|said|at|has|told|was|is|will)\b", words[1])[
                0
            ].rstrip()
            if not piece:
                break
            tail += text[end : words.start(1) + len(piece)]
            end = words.start(1) + len(piece)
        else:
            break
    return end, body, body_kind, area, tail
