"""The stance of a passage on a pledge: phrases, tense, negation, and numbers held against the target."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ledger.data_files import read_yaml
from ledger.pledges.stems import stem
from ledger.types import Measure, Stance
from nlp.text import similarity

MAX_CHARS = 2_000
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": None, "”": None, '"': None, "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Told:
    """A stance with the words that told it."""

    stance: Stance
    words: str


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The weights, thresholds and phrases of evidence.yaml."""
    loaded: dict[str, Any] = read_yaml(__file__, "evidence.yaml")
    return loaded


@lru_cache(maxsize=1)
def _phrases() -> list[tuple[Stance, re.Pattern[str]]]:
    return [(row["stance"], _compiled(row["phrase"])) for row in rules()["stances"]]


@lru_cache(maxsize=1)
def _recall() -> re.Pattern[str]:
    return _compiled(rules()["recall"])


@lru_cache(maxsize=64)
def _compiled(phrase: str) -> re.Pattern[str]:
    """A phrase of evidence.yaml, which may go over several lines."""
    return re.compile(phrase.replace("\n", ""), re.I)


def _plain(text: str) -> str:
    """The text as the phrases expect it: no quotation marks, straight apostrophes. Lengths change."""
    return text[:MAX_CHARS].translate(_MARKS)


@lru_cache(maxsize=20_000)
def recalled(text: str) -> str:
    """The words by which a passage tells of a promise made, "" when it does not."""
    found = _recall().search(_plain(text))
    return found.group() if found else ""


def to_come(text: str) -> bool:
    """True when a passage speaks of what is still to come."""
    return bool(_compiled(rules()["to_come"]).search(_plain(text)))


def ends_itself(act: str) -> bool:
    """True when an act makes an end of something without a verb of ending: "no longer have to pay"."""
    return bool(_compiled(rules()["ends_itself"]).search(act))


def told(text: str, targets: Sequence[Measure] = (), own: Collection[str] = ()) -> Told | None:
    """The stance that the first matching phrase of evidence.yaml tells, or a number against the target.

    Numbers come before the phrases of progress and delivery, after those of delay and breach.

    ``own``: stems of the words for what the pledge undertakes to do, none of what it refuses. A pledge to
    scrap a charge is delivered by its scrapping.
    """
    text = _plain(text)
    counted = against_target(text, targets) or part_of(text)
    found = _first_phrase(text, undone_only=counted is not None)
    if not found:
        return counted
    stance, words = found
    return Told("delivered" if stance == "cancelled" and _meant_to_end(words, own) else stance, words)


def _meant_to_end(words: str, own: Collection[str]) -> bool:
    """True when the pledge itself was to make an end of something: its own words say so."""
    ending = _compiled(rules()["ending"])
    if any(stem(w) in own for w in words.lower().split()[-1:]):
        return True
    return bool(ending.search(words)) and any(ending.fullmatch(word) for word in own)


@lru_cache(maxsize=20_000)
def _first_phrase(text: str, undone_only: bool) -> tuple[Stance, str] | None:
    """The first of the phrases that the text holds; of those of delay and breach at their head, if asked."""
    unreal, supposed = _compiled(rules()["unreal"]), _compiled(rules()["supposed"])
    for stance, phrase in _phrases():
        if undone_only and stance not in ("broken", "cancelled", "delayed"):
            return None
        if found := phrase.search(text):
            if stance in ("progress", "delivered") and unreal.search(text[: found.start()]):
                continue
            if stance == "delayed" and supposed.search(text[: found.start()]):
                continue
            return stance, found.group()
    return None


@lru_cache(maxsize=20_000)
def part_of(text: str) -> Told | None:
    """A count of a whole, "212 of the 1,000": progress when it is less."""
    for (part, end), (whole, after) in pairwise(similarity.placed_numbers(text)):
        between = text[end:after].lower().split()
        if between[:1] == ["of"] and len(between) <= 4 and part < whole:
            return Told("progress", text[max(0, end - 12) : after].split(" ", 1)[-1])
    return None


def against_target(text: str, targets: Sequence[Measure]) -> Told | None:
    """A count in the target's unit: delivered when it is past the target, progress below it.

    "508 officers" says nothing about "300 more officers"; "247 more" and "247 of the 300" do. A target
    below its baseline is reached from above.
    """
    increase = _compiled(rules()["increase"])
    for target in targets:
        unit = _unit_word(target.unit)
        for value, end in similarity.placed_numbers(text):
            near = text[end : end + 40].lower()
            if not unit or unit not in near or not target.value or value == target.value:
                continue
            if 1900 <= value <= 2100 and value == int(value) and target.value < 1900:
                continue  # a year
            down = target.baseline is not None and target.value < target.baseline
            relative = target.direction in ("more", "fewer") and target.baseline is None
            if relative and not increase.search(text[max(0, end - 25) : end + 25]):
                continue
            reached = value < target.value if down else value > target.value and target.direction != "fewer"
            return Told("delivered" if reached else "progress", f"{value:g} against {target.text}")
    return None


def _unit_word(unit: str) -> str:
    words = re.findall(r"[a-z]{3,}", unit.lower())
    return words[-1].rstrip("s") if words else ""
