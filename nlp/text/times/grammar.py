"""The grammar of times to come: one pattern for each kind of time, made from the words in deadlines.yaml.

Each pattern matches, ignoring case, the time itself in named groups; where it has no lead of its own, a lead
("by", "before") and an edge ("the end of") may stand before it (``front``). nlp/text/temporal.py turns both
into days. The text has straight apostrophes (nlp.text.normalize.fold_quotes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger.data_files import read_yaml
from nlp.text.normalize import either
from nlp.text.numbers import DIGITS, ORDINAL, WORDS

# A day of the year: an offset from Easter Sunday, [month, day], or [month, day, weekday], the first such
# weekday from that day on.
Feast = list[int | str] | int

_NTH = "first|second|third|fourth|last|final"
_LEADS = ("by", "until", "before", "ready", "in", "not_a_deadline")
_NUMBER = rf"{WORDS}|{DIGITS}"
_YEAR = (
    r"(?:,? (?:of |in )?(?:(?P<year>\d{4,6})\b(?![.,]\d)|'(?P<short>\d\d)\b|(?P<relative>next year|this year"
    r"|last year|the following year|the year after next)))?"
)
_YEARS = r"(?P<year>\d{4,6})(?:(?:[-/]|/20|-20| to 20)(?P<year2>\d\d)\b)?"
_BEYOND = r"(?P<beyond> after next| after this one)?"


@dataclass(frozen=True)
class Grammar:
    """The words of deadlines.yaml and the patterns made from them, by kind of time.

    ``fronted``: the kinds that ``front``, a lead and an edge, may stand before. ``loose``: with the patterns
    of what is a time to come in a promise only ("for 28 days"). ``cores``: the words that every time has one
    of. ``ago``: lengths of time counted back.
    """

    months: Mapping[str, int]
    weekdays: tuple[str, ...]
    seasons: Mapping[str, int]
    festivals: Mapping[str, Feast]
    elections: Feast
    recesses: Mapping[str, Mapping[str, Feast]]
    houses: Mapping[str, str]
    half_terms: Mapping[str, Feast]
    eras: Mapping[str, list[Any]]  # of dates
    periods: Mapping[str, str]
    named_periods: frozenset[str]
    within: frozenset[str]
    durations: Mapping[str, Mapping[str, int]]
    leads: Mapping[str, str]
    edges: Mapping[str, str]
    names_after: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    loose: tuple[tuple[str, re.Pattern[str]], ...]
    fronted: frozenset[str]
    front: re.Pattern[str]
    cores: re.Pattern[str]
    ago: re.Pattern[str]


def _calendar(data: Mapping[str, Any]) -> dict[str, str]:
    """Times that a lead and an edge may stand before: days, months, seasons, feasts, years, terms."""
    month, season, period = either(data["months"]), either(data["seasons"]), either(data["periods"])
    weekday, festival = either(data["weekdays"]), either(data["festivals"])
    which = "next|this|this coming|last|coming|the following|following"
    more_days = rf"(?:,? (?:and|or|to|&) (?:{weekday}))"
    return {
        "day": rf"\b(?:(?:{weekday}),? (?:the )?)?(?:(?P<day>{ORDINAL}|\d{{1,2}}) (?:day )?(?:of )?"
        rf"(?P<month>{month})\b\.?"
        rf"|(?P<month2>{month})\b\.? (?:the )?(?P<day2>{ORDINAL}|\d{{1,2}})(?![\d:.]\d))(?!\w){_YEAR}",
        "figures": r"\b(?:(?P<iso>\d{4}-\d\d-\d\d)|(?P<british>\d\d?/\d\d?/\d{4}"
        r"|\d\d?\.\d\d?\.\d{4}))(?![\d/-])",
        "of_month": rf"\b(?P<day>{ORDINAL}) of (?:the )?(?P<which>next|this|coming|following) month\b",
        "nth": rf"\b(?P<nth>{_NTH}) (?:(?P<weekday>{weekday})|(?P<part>week|weekend)) (?:of|in) "
        rf"(?P<month>{month})\b{_YEAR}",
        "month": rf"\b(?:(?P<which>{which}) )?(?P<month>{month})\b{_BEYOND}{_YEAR}",
        "season": rf"\b(?:(?P<which>{which}) )?(?P<season>{season})\b{_BEYOND}{_YEAR}"
        r"(?! (?:spending|budget|statement|review|terms?|holidays?|half|fair|festival|recess|conference)\b)",
        "festival": rf"\b(?:(?P<which>next|this|last) )?(?P<festival>{festival})\b"
        rf"(?: in (?:{month})\b)?{_BEYOND}{_YEAR}",
        "new_year": r"\bnew year(?:'s)?\b(?! honours| eve| day)",
        "year": rf"\b(?:calendar (?:year )?|(?:financial|fiscal) year )?{_YEARS}"
        r"(?P<kind> (?:financial|fiscal) year)?"
        r"(?! ?(?:per cent|percent|%)|[,.]\d)\b",
        "period": rf"\b(?:(?P<which>{which}|current|present|this current|new) )?"
        rf"(?P<period>{period})\b(?! (?:on|ago|earlier)\b){_BEYOND}",
        "weekday": rf"\b(?:(?P<which>{which}|a week on|a fortnight on) )?"
        rf"(?P<weekday>{weekday})\b(?P<week> week)?"
        rf"(?!{more_days}* (?:mornings|afternoons|evenings|nights|lunchtimes)|{more_days}+ \w+s?\b)",
        "tomorrow": r"\b(?P<tomorrow>day after tomorrow|tomorrow|in the morning)\b",
        "today": r"\b(?P<today>midnight(?! (?:on|this|next)\b)|tonight|end of today|end of the (?:day|shift)"
        r"|close of play|close of business|this (?:afternoon|evening)|today)\b",
        "election": rf"\b(?:(?P<which>next|this) )?(?P<kind>(?:(?:{either(data['election_kinds'])})"
        rf"(?:'s)? )*)(?:elections?|polling day)\b(?P<may>,? (?:in|next|this)(?: next)? may\b)?{_YEAR}",
        "half_term": rf"\b(?:(?P<which>next|this) )?(?:(?P<half>{either(data['half_terms'])})"
        rf"(?:'s)? )?half[- ]term\b(?: holidays?| break| week)?{_YEAR}",
        "quarter": rf"\b(?:q(?P<q>[1-4])|(?P<nth>{_NTH}) (?:quarter|three months(?= (?:of|in)\b)))\b"
        rf"(?:,? (?:of |in )?(?:the )?(?:{_YEARS}|(?P<relative>next year|this year"
        r"|(?:this |next |current |new |coming )?(?:financial|fiscal) year)))?",
        "term": rf"\b(?:(?P<which>next|this) )?(?P<season>spring|summer|autumn) term\b{_YEAR}",
    }


def _public_life(data: Mapping[str, Any]) -> dict[str, str]:
    """Times of public life with their own lead: recesses, and a period that is over."""
    month, season, period = either(data["months"]), either(data["seasons"]), either(data["periods"])
    house, breaks = either(data["houses"]), either(data["recesses"]["parliament"])
    until = r"\b(?:before|by|ahead of|in time for|until|when|by the time) (?:the )?"
    whole = rf"(?:(?P<month>{month})|(?P<season>{season})|(?P<period>{period})|{_YEARS})"
    return {
        "out": rf"\b(?:before|by the time|when|as|once|until|till) (?:the )?(?:(?P<which>this|next) )?{whole}"
        rf"(?: |(?='))(?:{either(data['over'])})\b",
        "year_end": r"\b(?:by|before|at) (?:the )?(?P<period>year|month|week)(?:'s)?[ -]end\b",
        "recess": rf"{until}(?:(?P<house>{house})(?:'s)? )?(?:(?P<break>{breaks}) )?(?:parliamentary )?"
        rf"(?:recess|(?<=summer )break)\b{_YEAR}",
        "rising": rf"{until}(?P<house>{house}) (?:{either(data['rises'])})\b(?: for\b)?"
        rf"(?: (?:(?:the|its|their) )?(?P<break>{breaks})\b)?(?: in (?P<in_month>{month})\b)?"
        rf"(?: (?:the|its|their) (?P<of_year>\d{{4}})\b)?(?: (?:recess|break|holidays?)\b)?{_YEAR}"
        rf"(?! (?:on|at) (?:the )?(?:\d|end\b|{month}))",
        "schools_back": rf"{until}(?:schools?|pupils|children|students|kids) "
        rf"(?:{either(data['schools_back'])})\b(?: to (?:school|class))?(?: in (?:august|september))?{_YEAR}",
    }


def _lengths(data: Mapping[str, Any]) -> dict[str, str]:
    """Lengths of time, counted from the day the words were said."""
    count = rf"(?:(?:{_NUMBER})(?: to | or |-))?(?P<count>a couple of|a few|a|an|{_NUMBER})"
    unit = rf"(?P<unit>{either(data['durations'])})s?"
    return {
        "within": r"\b(?:within|inside|in less than|in fewer than|in under|in no more than|in the space of) "
        rf"(?:the )?(?:next |coming )?{count} {unit}\b(?P<from>'? (?:of|after|from)\b(?! now| today))?",
        "ahead": r"\b(?:over|in|during|for|throughout|across|within|inside) the "
        r"(?!(?:coming|following) (?:year|month|week|decade)\b)(?:next|coming|following) "
        rf"(?:{count} {unit}|(?P<one>{either(data['durations'])}))\b",
        "time": rf"\bin (?:about |around |just )?{count} {unit}'?s? time\b",
        "from_now": rf"\b(?:in )?{count} {unit} (?:from )?(?:now|today|tomorrow)\b",
        "more": r"\bfor (?=another |[\w-]+ more |[\w-]+ [\w-]+ more )(?:another )?"
        rf"{count} (?:more )?{unit}\b",
        "fortnight": r"\bin a (?P<unit>fortnight)\b",
        "this_time": r"\b(?:by |before |until )?this time next (?P<unit>week|month|year)\b",
    }


def _loose(data: Mapping[str, Any]) -> dict[str, str]:
    """What is a time to come in a promise only: "for 28 days", "on the 30th"."""
    return {
        "lasting": rf"\b(?:for|after) (?:at least |up to |about |around )?(?P<count>{_NUMBER}|a|an)[ -]"
        rf"(?P<unit>{either(data['durations'])})s?\b(?! (?:of|after|from|before|ago|old)\b)",
        "ordinal": r"\b(?:on|by|until) the (?P<day>\d\d?(?:st|nd|rd|th))\b"
        r"(?! (?:of|floor|time|birthday|anniversary)\b)",
    }


@cache
def months() -> dict[str, int]:
    """The names of months in small letters, with their numbers."""
    named: dict[str, int] = read_yaml(__file__, "deadlines.yaml")["months"]
    return named


def _compiled(texts: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(text, re.I)) for kind, text in texts.items())


def load() -> Grammar:
    """The grammar of a YAML file of that form."""
    data = read_yaml(__file__, "deadlines.yaml")
    leads = {word: kind for kind in _LEADS for word in data[kind]}
    edges = {word: kind for kind, words in data["edges"].items() for word in words}
    calendar = _calendar(data)
    texts = calendar | _public_life(data) | _lengths(data)
    texts["vague"] = r"\b(?:" + "|".join(data["vague"]) + r")\b"
    core = ("months", "weekdays", "seasons", "festivals", "periods", "durations")
    names = either(word for group in core for word in data[group])
    return Grammar(
        months=data["months"],
        weekdays=tuple(data["weekdays"]),
        seasons=data["seasons"],
        festivals=data["festivals"],
        elections=data["elections"],
        recesses=data["recesses"],
        houses=data["houses"],
        half_terms=data["half_terms"],
        eras=data["eras"],
        periods=data["periods"],
        named_periods=frozenset(data["named_periods"]),
        within=frozenset(data["within"]),
        durations=data["durations"],
        leads=leads,
        edges=edges,
        names_after=frozenset(data["names_after"]),
        patterns=_compiled(texts),
        loose=_compiled(texts | _loose(data)),
        fronted=frozenset(calendar),
        front=re.compile(
            rf"\b(?:(?P<lead>{either(leads)}) )?(?:the )?(?:(?P<edge>{either(edges)})[ -])?(?:the )?$", re.I
        ),
        cores=re.compile(rf"\b(?:{names}|\d{{4,6}}|{'|'.join(data['cores'])})", re.I),
        ago=re.compile(
            rf"\b(?:(?P<count>a couple of|a|an|{_NUMBER}) (?P<unit>{either(data['durations'])})s? "
            r"(?:ago|earlier|before)|yesterday|last night)\b",
            re.I,
        ),
    )
