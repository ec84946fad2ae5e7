"""Where a commitment is to be kept, in its own words: "Oldthorpe and Newby", "every borough"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Deadline
from nlp.text.normalize import fold_quotes

_WORD = r"[A-Z][\w'-]*[\w]"
_NAME = rf"{_WORD}(?: (?:(?:of|upon|on|under|le|by|in)(?: the)? )?{_WORD}){{0,4}}"
_APART = re.compile(
    r"[;:…]| - |, (?:and|but|or|because|while|which|who|so|as|though|although) (?![A-Z])"
    r"|\b(?:(?i:if|when|unless)|than|unlike) [^,;:…]*,?"
)
_ENDS = (
    r"(?=$|[.,;:!?)\x00]| (?:and|or|by|before|after|from|to|in|on|at|with|as|so|that|who|which|will|would"
    r"|for|when|until|can|\x00))"
)


@dataclass(frozen=True)
class _Places:
    """The lists of places.yaml and the patterns made of them."""

    not_places: frozenset[str]
    bodies: frozenset[str]
    facilities: frozenset[str]
    named: re.Pattern[str]
    facility: re.Pattern[str]
    unnamed: re.Pattern[str]


@cache
def _places() -> _Places:
    data: dict[str, list[str]] = read_yaml(__file__, "places.yaml")
    where, routes = "|".join(data["where"]), "|".join(data["routes"])
    return _Places(
        frozenset(data["not_places"]),
        frozenset(data["bodies"]),
        frozenset(data["facilities"]),
        re.compile(
            rf"\b(?:(?:{where})|(?:{routes}) to|from(?= {_NAME} to {_WORD})) (?P<the>the )?"
            rf"(?P<names>{_NAME}(?:(?:, | and |, and | to ){_NAME}){{0,5}})"
        ),
        re.compile(rf"(?P<names>{_NAME})"),
        re.compile(
            rf"\b(?:{where}|on) (?P<words>(?:{'|'.join(data['which'])}) (?:[\w-]+ )??"
            rf"(?:{'|'.join(data['things'])})){_ENDS}"
        ),
    )


def place(words: str, due: Deadline | None) -> str:
    """Where the act of a clause is to be done, as written, "" where its words do not say.

    A name after "in", "across" and the like comes first, then the name of a building or a street there, and
    last places without a name ("every borough"). Names of months, posts and bodies are none.
    """
    rules, whole = _places(), fold_quotes(words)
    if due and (at := whole.find(fold_quotes(due.text))) >= 0:
        whole = whole[:at] + "\x00" * len(due.text) + whole[at + len(due.text) :]
    clause = " ".join(part for part in _APART.split(whole) if part)
    for match in rules.named.finditer(clause):
        names = _kept(match["names"])
        if names and (not match["the"] or " " in names):
            return names
    for match in rules.facility.finditer(clause):
        if " " in match["names"] and match["names"].split()[-1].lower() in rules.facilities:
            return match["names"]
    found = rules.unnamed.search(clause)
    return found["words"] if found else ""


def _kept(names: str) -> str:
    """The names that are places, from the first on; "" when the first is none."""
    rules = _places()
    end = 0
    for match in re.finditer(rf"(?:^|, and |, | and | to )(?P<name>{_NAME})", names):
        words = match["name"].lower().split()
        if words[0].removesuffix("'s") in rules.not_places or words[-1] in rules.bodies:
            break
        end = match.end()
        if words[-1].endswith("'s") and words[0] not in ("st", "saint"):
            end -= len("'s")
            break
    return names[:end]
