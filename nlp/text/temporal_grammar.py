"""The grammar of times to come: one pattern for each kind of time, made from the words in deadlines.yaml.

Each pattern matches, ignoring case, an optional lead ("by", "before"), an optional edge ("the end of")
and the time itself, in named groups that nlp/text/temporal.py turns into days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ledger.data_files import read_yaml
from nlp.text.normalize import either
from nlp.text.numbers import DIGITS, ORDINAL, WORDS


@dataclass(frozen=True)
class Grammar:
    """The words of deadlines.yaml and the patterns made from them, by kind of time."""

    months: Mapping[str, int]
    weekdays: tuple[str, ...]
    seasons: Mapping[str, int]
    festivals: Mapping[str, list[int] | int]
    periods: Mapping[str, str]
    durations: Mapping[str, Mapping[str, int]]
    leads: Mapping[str, str]
    edges: Mapping[str, str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    cores: re.Pattern[str]  # the words that every time has one of


def _patterns(
    data: Mapping[str, Mapping[str, object]], leads: Iterable[str], edges: Iterable[str]
) -> dict[str, str]:
    """The text of each pattern: the lead and edge before, then the time."""
    month, season = either(data["months"]), either(data["seasons"])
    weekday, festival = either(data["weekdays"]), either(data["festivals"])
    period, unit = either(data["periods"]), either(data["durations"])
    front = rf"\b(?:(?P<lead>{either(leads)}) )?(?:(?P<edge>{either(edges)})[ -]?(?<=[ -]))?(?:the )?"
    year = (
        r"(?:,? (?:of )?(?:(?P<year>\d{4,6})\b(?![.,]\d)|(?P<relative>next year|this year|last year"
        r"|the following year|the year after next)))?"
    )
    count = rf"(?P<count>a couple of|a few|a|an|{WORDS}|{DIGITS})"
    units = rf"(?P<unit>{unit})s?"
    return {
        "day": rf"{front}(?:(?:{weekday}),? (?:the )?)?(?:(?P<day>{ORDINAL}|\d{{1,2}}) (?:day )?(?:of )?"
        rf"(?P<month>{month})"
        rf"|(?P<month2>{month}) (?:the )?(?P<day2>{ORDINAL}|\d{{1,2}})(?![\d:.]\d))\b{year}",
        "month": rf"{front}(?:(?P<which>next|this|last|the following|coming) )?(?P<month>{month})\b{year}",
        "season": rf"{front}(?:(?P<which>next|this|this coming|last|coming) )?(?P<season>{season})\b{year}"
        r"(?! (?:spending|budget|statement|review|term|holidays?|half|fair|festival|recess|conference)\b)",
        "festival": rf"{front}(?:(?P<which>next|this|last) )?(?P<festival>{festival})\b{year}",
        "new_year": rf"{front}new year\b(?!['’]s| honours)",
        "year": rf"{front}(?P<year>\d{{4,6}})(?:(?P<split>[-/–]|/20|-20|–20)(?P<year2>\d\d)\b)?"
        r"(?! ?(?:per cent|percent|%)|[,.]\d)\b",
        "period": rf"{front}(?P<which>this|next|coming|current|following|this coming|this current|last)? ?"
        rf"\b(?P<period>{period})\b(?! after next)(?! (?:on|ago|earlier)\b)",
        "weekday": rf"{front}(?:(?P<which>next|this|this coming|last|coming|a week on|a fortnight on) )?"
        rf"(?P<weekday>{weekday})\b(?P<week> week)?",
        "tomorrow": rf"{front}(?P<tomorrow>day after tomorrow|tomorrow|in the morning)\b",
        "within": r"\b(?:within|inside|in less than|in under|in no more than|in the space of) (?:the )?"
        rf"(?:next |coming )?{count} {units}\b(?P<from>['’]? (?:of|after|from)\b(?! now| today))?",
        "ahead": r"\b(?:over|in|during|for|throughout|across|within) the (?:next|coming|following) "
        rf"(?:{count} {units}|(?P<one>{unit}))\b",
        "time": rf"\bin (?:about |around |just )?{count} {units}['’]? time\b",
        "from_now": rf"\b(?:in )?{count} {units} (?:from )?(?:now|today|tomorrow)\b",
        "more": r"\bfor (?=another |[\w-]+ more |[\w-]+ [\w-]+ more )(?:another )?"
        rf"{count} (?:more )?{units}\b",
        "fortnight": r"\bin a (?P<unit>fortnight)\b",
        "this_time": r"\b(?:by |before |until )?this time next (?P<unit>week|month|year)\b",
    }


@cache
def months() -> dict[str, int]:
    """The names of months in small letters, with their numbers."""
    named: dict[str, int] = read_yaml(__file__, "deadlines.yaml")["months"]
    return named


def load() -> Grammar:
    """The grammar of a YAML file of that form."""
    data = read_yaml(__file__, "deadlines.yaml")
    leads = {word: kind for kind in ("by", "before", "in", "not_a_deadline") for word in data[kind]}
    edges = {word: kind for kind, words in data["edges"].items() for word in words}
    patterns = [(kind, re.compile(text, re.I)) for kind, text in _patterns(data, leads, edges).items()]
    patterns.append(("vague", re.compile(r"\b(?:" + "|".join(data["vague"]) + r")\b", re.I)))
    core = (
        data["months"],
        data["weekdays"],
        data["seasons"],
        data["festivals"],
        data["periods"],
        data["durations"],
    )
    names = either(word for group in core for word in group)
    shapes = "|".join(data["vague_cores"])
    return Grammar(
        months=data["months"],
        weekdays=tuple(data["weekdays"]),
        seasons=data["seasons"],
        festivals=data["festivals"],
        periods=data["periods"],
        durations=data["durations"],
        leads=leads,
        edges=edges,
        patterns=tuple(patterns),
        cores=re.compile(rf"\b(?:{names}|tomorrow|in the morning|new year|\d{{4,6}}|{shapes})", re.I),
    )
