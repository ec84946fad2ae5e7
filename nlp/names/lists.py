"""The lists of names.yaml, as sets and as patterns for where they stand beside a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ledger.data_files import read_yaml
from nlp.officials.lexicon import lexicon
from nlp.text.normalize import either

_NO_OTHERS = r"(?:(?!(?:of|for|in|on|at|by|to|where|which|near|home|from|said|told)\b)[\w’'\-&]+ ){0,6}?"
_ASIDE = (
    "in|on|at|after|before|during|following|speaking|writing|responding|asked|told|when|while|as|if|with|by"
)


@dataclass(frozen=True)
class NameLists:
    """The lists of names.yaml, as patterns where they stand beside a name."""

    speaks_behind: re.Pattern[str]
    speaks_ahead: re.Pattern[str]
    acts_behind: re.Pattern[str]
    openers: frozenset[str]
    post_nominals: frozenset[str]
    surname_heads: frozenset[str]
    common: frozenset[str]
    dates: frozenset[str]
    named_so: frozenset[str]
    no_surnames: frozenset[str]
    employments: tuple[str, ...]
    letters: re.Pattern[str]
    apposition: re.Pattern[str]
    renamed: re.Pattern[str]


@lru_cache(maxsize=1)
def name_lists() -> NameLists:
    """The shipped lists."""
    data = read_yaml(__file__, "names.yaml")
    speaks = either(data["speaks"])
    letters = either(data["post_nominals"])
    bearers = either(lexicon().bearers)
    return NameLists(
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
        no_surnames=frozenset(data["no_surnames"]),
        named_so=frozenset([*data["dates"], *data["named_so"]]),
        employments=tuple(data["employments"]),
        letters=re.compile(rf"(?:, (?:{letters})| (?:{letters})(?! [A-Z][a-z]))(?![\w’'\-])"),
        apposition=re.compile(
            r", (?:(?:also|now|then|who is|who was) )?"
            rf"(?:(?:the|a|an|its|his|her|their|our|one|new) )?{_NO_OTHERS}"
            rf"(?:{bearers}|head of(?= [a-z]))(?![\w\-])(?!(?-i: [A-Z]))"
            rf"| (?:is|was) (?:the|an?) {_NO_OTHERS}(?:{bearers})(?![\w\-])(?!(?-i: [A-Z]))"
            rf"|, (?:who|whose) |,? \((?:{either(lexicon().party_marks)})[,):;]",
            re.IGNORECASE,
        ),
        renamed=re.compile(
            rf"(?:^|[.!?:;,“”\"\n] ?|\band )(?!(?:{_ASIDE})\b)(?:[\w’'\-]+ ){{0,6}}?(?:{bearers})"
            r"(?: [\w’'\-& ]{1,80})?, $",
            re.IGNORECASE,
        ),
    )
