"""A named time as the interval of days that it covers, seen from a day: "next spring", "Easter", "12 May".

UK conventions, in deadlines.yaml; Easter by dateutil (Meeus/Jones/Butcher).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from nlp.text.numbers import read_number, read_ordinal
from nlp.text.temporal_grammar import Grammar, load

Interval = tuple[date, date]
_PREVIOUS = ("last",)


@cache
def grammar() -> Grammar:
    return load()


def _month(year: int, month: int, months: int = 1) -> Interval:
    """First to last day of a run of whole months."""
    end = date(year, month, 1) + relativedelta(months=months - 1)
    return date(year, month, 1), date(end.year, end.month, monthrange(end.year, end.month)[1])


def _year_of(match: re.Match[str], today: date) -> int | None:
    """The year a match names, in figures or as "next year"; None when it names none."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    shift = {
        "next year": 1,
        "the following year": 1,
        "this year": 0,
        "last year": -1,
        "the year after next": 2,
    }
    return today.year + shift[groups["relative"].lower()] if groups.get("relative") else None


def _day(match: re.Match[str], today: date) -> Interval:
    month = grammar().months[(match["month"] or match["month2"]).lower()]
    day = read_ordinal(match["day"] or match["day2"]) or 0
    year = _year_of(match, today)
    found = date(today.year if year is None else year, month, day)
    if year is None and found < today:
        found = date(today.year + 1, month, day)
    return found, found


def _named_month(match: re.Match[str], today: date) -> Interval:
    month, which = grammar().months[match["month"].lower()], (match["which"] or "").lower()
    year = _year_of(match, today)
    if year is None:
        year = today.year + (which in ("next", "the following") or (which != "this" and month < today.month))
        year -= which in _PREVIOUS
    return _month(year, month)


def _season(match: re.Match[str], today: date) -> Interval:
    start, which = grammar().seasons[match["season"].lower()], (match["which"] or "").lower()
    year = _year_of(match, today)
    if year is None:
        in_winter = start == 12 and today.month <= 2  # the winter we are in began last year
        year = today.year - (in_winter and which != "next")
        if which == "next":
            year += start != 12 or today.month >= 9
        elif which in _PREVIOUS:
            year -= 1
        elif not which and _month(year, start, 3)[1] < today:
            year += 1
    return _month(year, start, 3)


def _feast(name: str, year: int) -> date:
    when = grammar().festivals[name]
    return easter(year) + timedelta(days=when) if isinstance(when, int) else date(year, when[0], when[1])


def _festival(match: re.Match[str], today: date) -> Interval:
    name, year = match["festival"].lower(), _year_of(match, today)
    if year is None:
        year = today.year + (_feast(name, today.year) < today)
        year -= (match["which"] or "").lower() in _PREVIOUS
    return _feast(name, year), _feast(name, year)


def _year(match: re.Match[str], today: date) -> Interval | None:
    year = int(match["year"])
    if not match["year2"]:
        return _month(year, 1, 12)
    return _month(year, 4, 12) if int(match["year2"]) == (year + 1) % 100 else None


def _term(today: date, following: bool) -> Interval:
    """Autumn to 31 December, spring to Easter, summer to 31 July."""
    ends = [
        (date(today.year, 1, 1), easter(today.year)),
        (easter(today.year) + timedelta(days=1), date(today.year, 7, 31)),
        (date(today.year, 9, 1), date(today.year, 12, 31)),
        (date(today.year + 1, 1, 1), easter(today.year + 1)),
        (easter(today.year + 1) + timedelta(days=1), date(today.year + 1, 7, 31)),
    ]
    current = next(index for index, (_, last) in enumerate(ends) if today <= last)
    return ends[current + following]


def _period(match: re.Match[str], today: date) -> Interval | None:
    kind, which = grammar().periods[match["period"].lower()], (match["which"] or "").lower()
    step = {"next": 1, "following": 1, "last": -1, "coming": 1}.get(which, 0)
    if kind in ("week", "weekend"):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return (monday + timedelta(days=5 if kind == "weekend" else 0), monday + timedelta(days=6))
    if kind == "month":
        start = today.replace(day=1) + relativedelta(months=step)
        return _month(start.year, start.month)
    if kind == "quarter":
        start = today.replace(month=today.month - (today.month - 1) % 3, day=1) + relativedelta(
            months=3 * step
        )
        return _month(start.year, start.month, 3)
    if kind == "term":
        return None if step < 0 else _term(today, step > 0)
    if kind == "decade":
        return _month(today.year - today.year % 10 + 10 * step, 1, 120)
    first = {"year": 1, "financial": 4, "school": 9, "municipal": 5}[kind]
    return _month(today.year + step - (today.month < first), first, 12)


def _weekday(match: re.Match[str], today: date) -> Interval:
    which = (match["which"] or "").lower()
    ahead = (grammar().weekdays.index(match["weekday"].lower()) - today.weekday()) % 7
    if which == "next":
        found = today - timedelta(days=today.weekday()) + timedelta(days=7 + (ahead + today.weekday()) % 7)
    else:
        found = today + timedelta(days=ahead or 7)
        found += timedelta(
            weeks=(which == "a week on") + 2 * (which == "a fortnight on") + bool(match["week"])
        )
        found -= timedelta(weeks=2 * (which in _PREVIOUS))
    return found, found


def after(match: re.Match[str], today: date) -> date | None:
    """The day a duration from today ends; None when the number is only "a few"."""
    groups = match.groupdict()
    words = (groups.get("count") or "a").lower()
    count = {"a": 1, "an": 1, "a couple of": 2}.get(words) or read_number(words)
    if count is None or count != int(count):
        return None
    step = grammar().durations[(groups["unit"] or groups["one"]).lower()]
    return today + relativedelta(**{unit: int(count) * size for unit, size in step.items()})  # type: ignore[arg-type]  # whole numbers only


def interval_of(kind: str, match: re.Match[str], today: date) -> Interval | None:
    """The days the time itself covers, without its lead and edge."""
    if kind == "new_year":
        return date(today.year + 1, 1, 1), date(today.year + 1, 1, 31)
    if kind == "tomorrow":
        day = today + timedelta(days=2 if "after" in match["tomorrow"].lower() else 1)
        return day, day
    readers = {"day": _day, "month": _named_month, "season": _season, "festival": _festival}
    if kind in readers:
        return readers[kind](match, today)
    if kind == "year":
        return _year(match, today)
    return _period(match, today) if kind == "period" else _weekday(match, today)


def at_edge(edge: str, days: Interval) -> Interval:
    """ "the end of", "early" and the like: early is the first third, the middle ends at half."""
    first, last = days
    length = (last - first).days + 1
    if edge == "end":
        return last, last
    if edge == "start":
        return first, first
    if edge == "early":
        return first, _month(first.year, first.month, 3)[1] if length > 300 else first + timedelta(
            days=length // 3
        )
    if edge == "middle":
        return first, _month(first.year, first.month, 6)[1] if length > 300 else first + timedelta(
            days=length // 2
        )
    return days
