"""What stands around capitalised words and tells that they are somebody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ledger.data_files import read_yaml
from nlp.names.words import Word, Words, is_title
from nlp.officials.lexicon import lexicon
from nlp.text.normalize import either

_AGE = re.compile(r",? \(?(?:aged )?\d{1,3}[,).]")
_AND_SO_ON = r"(?:(?!(?:of|for|in|on|at|by|to|where|which|near|home|from|said|told)\b)[\w’'\-&]+ ){0,6}?"


@dataclass(frozen=True)
class Surroundings:
    """The lists of names.yaml, as patterns where they stand beside a name."""

    speaks_behind: re.Pattern[str]
    speaks_ahead: re.Pattern[str]
    acts_behind: re.Pattern[str]
    openers: frozenset[str]
    post_nominals: frozenset[str]
    surname_heads: frozenset[str]
    common: frozenset[str]
    dates: frozenset[str]
    letters: re.Pattern[str]
    apposition: re.Pattern[str]


@lru_cache(maxsize=1)
def surroundings() -> Surroundings:
    """The shipped lists."""
    data = read_yaml(__file__, "names.yaml")
    speaks = either(data["speaks"])
    letters = either(data["post_nominals"])
    bearers = either(lexicon().bearers)
    return Surroundings(
        speaks_behind=re.compile(rf"(?: (?:also|then|later|has|had|who))*,? (?:{speaks})\b"),
        speaks_ahead=re.compile(rf"\b(?:{speaks}) $"),
        acts_behind=re.compile(
            rf"['’]s? |(?: \w+ly)? (?:{either([*data['speaks'], *data['acts']])})\b|, (?:who|\d)"
        ),
        openers=frozenset(data["openers"]),
        post_nominals=frozenset(data["post_nominals"]),
        surname_heads=frozenset(data["surname_heads"]),
        common=frozenset(data["common"]) | lexicon().surnames_too,
        dates=frozenset(data["dates"]),
        letters=re.compile(rf",? (?:{letters})(?![\w’'\-])"),
        apposition=re.compile(
            rf", (?:(?:also|now|then|who is|who was) )?(?:(?:the|a|an|its|his|her|their|our|one|new) )?{_AND_SO_ON}"
            rf"(?:{bearers})(?![\w\-])(?! [A-Z])|, (?:who|whose) |,? \((?:{either(lexicon().party_marks)})[,):;]",
            re.IGNORECASE,
        ),
    )


def aged(text: str, run: Sequence[Word]) -> bool:
    """Whether an age stands behind a name."""
    return bool(_AGE.match(text, run[-1].span[1]))


def apposed(text: str, run: Sequence[Word]) -> bool:
    """Whether what follows says that this is somebody: an office, a party, letters, an age."""
    end, known = run[-1].span[1], surroundings()
    return bool(known.apposition.match(text, end) or known.letters.match(text, end) or aged(text, run))


def spoken_alone(text: str, words: Words) -> frozenset[str]:
    """Single capitalised words, as keys, that speak somewhere, or are addressed by a title."""
    known = surroundings()
    found = set()
    for run in words.runs:
        if len(run) > 1 and not is_title(run[-2].text):
            continue
        start, end = run[-1].span
        titled = lexicon().titles.search(text[max(0, start - 30) : start])
        if (
            titled
            or known.speaks_behind.match(text, end)
            or known.speaks_ahead.search(text, max(0, start - 14), start)
        ):
            found.add(run[-1].key)
    return frozenset(found)
