"""The lexicon of public life, read once from officials.yaml and first_names.yaml and made into patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from ledger.data_files import read_yaml
from ledger.types import Role
from nlp.text.normalize import either, fold_title

Gender = Literal["f", "m", ""]

WORD = r"[A-ZÀ-Þ][\w'’.\-]*\w|[A-ZÀ-Þ]"
JOINED = r"(?:of|upon|the|on|le|in|by|with|under|next|de)"
AREA = rf"(?:{WORD})(?:(?:[ \-]{JOINED}){{0,2}}[ \-](?:{WORD})){{0,4}}"
AREA_AND = rf"{AREA}(?:(?:,| and|, and| &) {AREA}){{0,2}}"
_STOP = (
    "said|told|has|had|have|was|is|are|were|will|would|who|whose|which|that|at|on|in|to|with|and|from|by|also|added|as|"
    "says|warned|announced|confirmed|insisted|when|while|after|before|but|admitted|promised|pledged|called|described|if"
)
_PORTFOLIO_WORD = rf"(?!(?:{_STOP})\b)[A-Za-z][\w’'\-]*"
PORTFOLIO = (
    rf"(?:the )?{_PORTFOLIO_WORD}(?: {_PORTFOLIO_WORD}){{0,3}}"
    rf"(?:(?:, {_PORTFOLIO_WORD}(?: {_PORTFOLIO_WORD}){{0,2}}){{0,3}},? (?:and|&) "
    rf"{_PORTFOLIO_WORD}(?: {_PORTFOLIO_WORD}){{0,2}})?"
)


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """An office as the data file gives it. ``body`` is a kind of body, or a body's own name."""

    office: str
    role: Role
    body: str
    strong: bool


@dataclass(frozen=True, slots=True)
class BodyKind:
    kind: str
    role: Role


@dataclass(frozen=True, slots=True)
class Anaphor:
    kinds: tuple[str, ...]
    role: Role
    name: str


@dataclass(frozen=True)
class Lexicon:
    """Everything the finders match with; patterns run over text in linear time."""

    gender_of_title: dict[str, Gender]
    councillor_titles: frozenset[str]
    ranks: frozenset[str]
    grades: dict[str, frozenset[str]]  # ranks that are called by one word ("the sergeant")
    fire_ranks: frozenset[str]
    judges: frozenset[str]
    titles: re.Pattern[str]  # a chain of titles, to be matched at the end of what stands before a name
    parties: frozenset[str]
    party_marks: frozenset[str]
    former: frozenset[str]
    future: frozenset[str]
    before_office: frozenset[str]
    offices: tuple[tuple[OfficeKind, re.Pattern[str]], ...]
    office_starts: re.Pattern[str]  # empty, where one of the offices begins: one pass instead of one for each
    nickname: re.Pattern[str]
    kinds_before: dict[str, str]
    council_subjects: frozenset[str]
    staff: frozenset[str]
    before_of: frozenset[str]
    arrivals: re.Pattern[str]
    bodies: tuple[tuple[BodyKind, re.Pattern[str]], ...]
    anaphors: tuple[tuple[Anaphor, re.Pattern[str]], ...]
    spokes: re.Pattern[str]
    private: frozenset[str]  # whose spokesman speaks for no public body
    staff_of: re.Pattern[str]
    report: re.Pattern[str]  # a paper as the source
    letters: frozenset[str]  # that readers know as something else than a body of their county
    private_paper: re.Pattern[str]  # of somebody who is no public body
    groups: frozenset[str]
    elections: re.Pattern[str]
    governments: tuple[tuple[str, re.Pattern[str]], ...]  # what tells that a text is about each
    parliaments: dict[str, str]  # the government that goes with each
    nations: re.Pattern[str]  # words with an office that tell whose minister it is
    of_nation: dict[str, str]
    abroad: re.Pattern[str]
    not_names: frozenset[str]
    surnames_too: frozenset[str]
    eponyms: frozenset[str]
    part_of_area: frozenset[str]
    no_place: frozenset[str]
    not_that_office: Mapping[str, frozenset[str]]
    particles: frozenset[str]
    empty_words: frozenset[str]
    people: dict[str, Gender]
    bearers: frozenset[str]  # words for one person that stand right before a name
    first_names: dict[str, Gender]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    data = read_yaml(__file__, "officials.yaml")
    names = read_yaml(__file__, "first_names.yaml")
    genders: dict[str, Gender] = {}
    for key, title_words in data["titles"].items():
        for word in title_words:
            genders[fold_title(word)] = key if key in ("f", "m") else ""
    ranks = data["ranks"]
    every_title = [
        *(w for words in data["titles"].values() for w in words),
        *data["councillor_titles"],
        *ranks["abbreviated"],
        *ranks["full"],
        *ranks["before"],
        *data["fire_ranks"],
        *data["judge_titles"],
    ]
    return Lexicon(
        gender_of_title=genders,
        councillor_titles=frozenset(map(fold_title, data["councillor_titles"])),
        ranks=frozenset(map(fold_title, ranks["abbreviated"] + ranks["full"])),
        grades={grade: frozenset(map(fold_title, words)) for grade, words in data["grades"].items()},
        fire_ranks=frozenset(map(fold_title, data["fire_ranks"])),
        judges=frozenset(map(fold_title, data["judge_titles"])),
        titles=_titles(every_title, [*ranks["full"], *data["fire_ranks"], *ranks["before"]]),
        parties=frozenset(data["parties"]),
        party_marks=frozenset(data["party_marks"]),
        former=frozenset(data["status"]["former"]),
        future=frozenset(data["status"]["future"]),
        before_office=frozenset(data["status"]["plain"]),
        offices=tuple(_offices(data)),
        office_starts=_office_starts(data),
        nickname=_nickname(data),
        kinds_before=data["kinds_before"],
        council_subjects=frozenset(data["council_subjects"]),
        staff=frozenset(data["staff"]),
        before_of=frozenset(data["before_of"]),
        arrivals=re.compile(rf"\b(?:{either(data['arrivals'])}) (?:the |its |their )?(?:new )?$"),
        bodies=tuple(_bodies(data)),
        anaphors=tuple(_anaphors(data)),
        private=frozenset(data["private"]),
        spokes=re.compile(rf"\b(?i:{data['spokes']})\b"),
        staff_of=re.compile(_apostrophes(data["staff_of"]), re.IGNORECASE),
        report=re.compile(data["report"], re.IGNORECASE),
        letters=frozenset(data["letters"]),
        private_paper=re.compile(_apostrophes(data["private_paper"])),
        elections=re.compile(rf"\b(?:{'|'.join(data['elections'])})\b"),
        groups=frozenset(data["groups"]),
        governments=tuple(
            (name, re.compile(rf"\b(?:{'|'.join(marks)})\b")) for name, marks in data["governments"].items()
        ),
        parliaments=data["parliaments"],
        nations=re.compile(rf"\b(?:{either(data['nations'])})\b"),
        of_nation=data["nations"],
        abroad=re.compile(rf"\b(?:{either(data['abroad'])})\b"),
        not_names=frozenset(data["not_names"]) | frozenset(data["parties"]),
        surnames_too=frozenset(data["surnames_too"]),
        eponyms=frozenset(data["eponyms"]),
        part_of_area=frozenset(data["part_of_area"]),
        not_that_office={role: frozenset(words) for role, words in data["not_that_office"].items()},
        no_place=frozenset([*data["no_place"], *data["parties"]]),
        particles=frozenset(data["particles"]),
        empty_words=frozenset(data["empty_words"]),
        people=_people(data["people"]),
        bearers=(frozenset(_people(data["people"])) | frozenset(data["bearers"]))
        - frozenset(data["no_bearers"]),
        first_names=_first_names(names),
    )


def _titles(words: list[str], loose: list[str]) -> re.Pattern[str]:
    """Titles as written, and the spelt-out ranks in small letters too ("chief constable Jo Shaw"), also where
    they open a sentence."""
    small = [*(w.lower() for w in loose), *(w.capitalize() for w in loose)]
    exact = either([*words, *small, *(w.upper() for w in words if len(w) > 3)])
    return re.compile(rf"(?:(?<![\w’'])(?:{exact})\.?[ \-]*(?:\s|$))+$")


def _fill(pattern: str, data: dict[str, Any], area: str = AREA) -> str:
    subjects = "|".join(data["subjects"])
    parties = "|".join(re.escape(p.lower()) for p in data["parties"])
    return (
        _apostrophes(pattern)
        .replace("{A}", f"(?-i:{area})")
        .replace("{P}", PORTFOLIO)
        .replace("{S}", subjects)
        .replace("{Y}", parties)
    )


def _apostrophes(pattern: str) -> str:
    """Either apostrophe for the straight one, also within a set."""
    return re.sub(r"\[[^\]]*\]|'", lambda m: "['’]" if m[0] == "'" else m[0], pattern)


_OFFICE_BEFORE = r"(?<![\w’'])(?:(?<!-)|(?<=ex-)|(?<=Ex-))"
_OFFICE_BEHIND = r"(?!\w|-(?!elect|designate))"


def _offices(data: dict[str, Any]) -> Iterable[tuple[OfficeKind, re.Pattern[str]]]:
    for entry in data["offices"]:
        kind = OfficeKind(entry["office"], entry["role"], entry["body"], bool(entry.get("strong")))
        yield kind, re.compile(rf"{_OFFICE_BEFORE}(?i:{_heads(entry, data)}){_OFFICE_BEHIND}")


def _office_starts(data: dict[str, Any]) -> re.Pattern[str]:
    every = "|".join(_heads(entry, data) for entry in data["offices"])
    return re.compile(rf"{_OFFICE_BEFORE}(?=(?i:{every}){_OFFICE_BEHIND})")


def _heads(entry: dict[str, Any], data: dict[str, Any]) -> str:
    return "|".join(_fill(head, data, AREA_AND) for head in entry["heads"])


def _nickname(data: dict[str, Any]) -> re.Pattern[str]:
    words = "|".join(data["nicknames"])
    without = "|".join(data["no_nickname"])
    return re.compile(
        rf"(?<![\w’'\-])(?!(?i:{without}) )[\w\-]+ (?:{words})(?![\w\-]| constable| inspector| super| exec)"
    )


def _bodies(data: dict[str, Any]) -> Iterable[tuple[BodyKind, re.Pattern[str]]]:
    for entry in data["bodies"]:
        patterns = [_apostrophes(either(entry["names"]))] if entry["names"] else []
        for pattern in entry["patterns"]:
            area = AREA_AND if entry["kind"] in ("fire", "nhs") else AREA
            patterns.append(_apostrophes(pattern).replace("{A}", area))
        kind = BodyKind(entry["kind"], entry["role"])
        yield kind, re.compile(rf"(?<![\w’'\-])(?:{'|'.join(patterns)})(?![\w\-])")


def _anaphors(data: dict[str, Any]) -> Iterable[tuple[Anaphor, re.Pattern[str]]]:
    for entry in data["anaphors"]:
        kind = Anaphor(tuple(entry["kinds"]), entry["role"], entry.get("name", ""))
        yield kind, re.compile(rf"(?<![\w’'\-])(?i:{_fill(entry['words'], data)})(?![\w\-])")


def _people(entry: dict[str, list[str]]) -> dict[str, Gender]:
    found: dict[str, Gender] = {}
    for key, words in entry.items():
        found.update((word, cast(Gender, key if key in ("f", "m") else "")) for word in words)
    return found


def _first_names(entry: dict[str, str]) -> dict[str, Gender]:
    found: dict[str, Gender] = {}
    for key, words in entry.items():
        found.update((word, cast(Gender, key if key in ("f", "m") else "")) for word in words.split())
    return found
