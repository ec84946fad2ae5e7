"""Days of a yearly calendar: feasts, elections, recesses, terms, parliaments, seen from a day.

UK conventions, in deadlines.yaml; Easter by dateutil (Meeus/Jones/Butcher).
"""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from nlp.text.times.grammar import Feast, Grammar, load

Interval = tuple[date, date]
PREVIOUS = ("last",)
_FEASTS = ("easter", "christmas", "st david's day", "st patrick's day", "bonfire night", "hogmanay")
SOON = 60  # days ahead within which "next Easter" is not the coming one
_SHIFTS = {
    "next year": 1,
    "the following year": 1,
    "this year": 0,
    "last year": -1,
    "the year after next": 2,
}


@cache
def grammar() -> Grammar:
    return load()


def group(match: re.Match[str], name: str) -> str:
    """The words of a group in small letters; "" where the pattern has no such group or it is empty."""
    return (match.groupdict().get(name) or "").lower()


def months_from(year: int, month: int, months: int = 1) -> Interval:
    """First to last day of a run of whole months."""
    end = date(year, month, 1) + relativedelta(months=months - 1)
    return date(year, month, 1), date(end.year, end.month, monthrange(end.year, end.month)[1])


def year_of(match: re.Match[str], today: date) -> int | None:
    """The year a match names, in figures or as "next year"; None when it names none."""
    if figures := group(match, "year"):
        return int(figures)
    if short := group(match, "short"):
        return 2000 + int(short)
    relative = group(match, "relative")
    return today.year + _SHIFTS[relative] if relative else None


def feast(when: Feast, year: int) -> date:
    """The day of a feast in a year; its forms are told in nlp/text/times/grammar.py."""
    if isinstance(when, int):
        return easter(year) + timedelta(days=when)
    found = date(year, int(when[0]), int(when[1]))
    if len(when) > 2:
        found += timedelta(days=(grammar().weekdays.index(str(when[2])) - found.weekday()) % 7)
    return found


def next_feast(when: Feast, match: re.Match[str], today: date) -> date:
    year = year_of(match, today)
    if year is None:
        ahead = (feast(when, today.year) - today).days
        following = group(match, "which") == "next" and group(match, "festival") in _FEASTS
        year = today.year + (ahead < 0 or (following and ahead < SOON)) + bool(group(match, "beyond"))
        year -= group(match, "which") in PREVIOUS
    return feast(when, year)


def festival(match: re.Match[str], today: date) -> Interval:
    day = next_feast(grammar().festivals[match["festival"].lower()], match, today)
    return day, day


def election(match: re.Match[str], today: date) -> Interval | None:
    """Local elections, where a year, "May" or their kind is said; else the day is not known."""
    if not (group(match, "kind") or group(match, "may") or year_of(match, today) or "polling" in match[0]):
        return None
    if "next" in group(match, "may") or group(match, "which") == "next":
        day = feast(grammar().elections, today.year + 1)
    else:
        day = next_feast(grammar().elections, match, today)
    return day, day


def half_term(match: re.Match[str], today: date) -> Interval:
    """Monday to Sunday; from the Saturday before, as schools close on the Friday."""
    terms = grammar().half_terms
    named = group(match, "half")
    days = [next_feast(terms[name], match, today) for name in ([named] if named else terms)]
    start = min(days)
    return start - timedelta(days=2), start + timedelta(days=6)


def recess(match: re.Match[str], today: date) -> Interval:
    """The day a house rises for the recess named, else for the next one with a feast or summer in it."""
    listed = grammar().recesses[grammar().houses.get(group(match, "house"), "parliament")]
    named, month = group(match, "break"), grammar().months.get(group(match, "in_month"))
    wanted = [named] if named in listed else ["easter", "summer", "christmas"]
    if year := group(match, "of_year"):
        return (feast(listed["summer"], int(year)),) * 2
    days = [next_feast(listed[name], match, today) for name in wanted]
    day = min((day for day in days if month in (None, day.month)), default=min(days))
    return day, day


def schools_back(match: re.Match[str], today: date) -> Interval:
    """The last day of the summer holidays."""
    day = next_feast([8, 31], match, today)
    return day, day


def terms(year: int) -> list[Interval]:
    """Spring to Easter, summer to 31 July, autumn to 31 December."""
    return [
        (date(year, 1, 1), easter(year)),
        (easter(year) + timedelta(days=1), date(year, 7, 31)),
        (date(year, 9, 1), date(year, 12, 31)),
    ]


def named_term(match: re.Match[str], today: date) -> Interval:
    at = ("spring", "summer", "autumn").index(match["season"].lower())
    year = year_of(match, today)
    if year is None:
        year = today.year + (terms(today.year)[at][1] < today)
    return terms(year)[at]


def era(name: str, today: date, step: int) -> Interval | None:
    """The parliament (or other period of deadlines.yaml) that a day lies in; None where it is not listed."""
    begun = grammar().eras[name]
    spans = [(first, last) for first, last in itertools.pairwise(begun) if first <= today < last]
    return spans[0] if spans and step == 0 else None
