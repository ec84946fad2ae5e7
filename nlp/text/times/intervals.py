"""A named time as the interval of days that it covers, seen from a day: "next spring", "Easter", "12 May"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from nlp.text.numbers import read_number, read_ordinal
from nlp.text.times.feasts import (
    PREVIOUS,
    Interval,
    election,
    era,
    feast,
    festival,
    grammar,
    group,
    half_term,
    months_from,
    named_term,
    recess,
    schools_back,
    terms,
    year_of,
)

NEW = 60  # days from its beginning in which a year is the new one
_VERBS = ("may", "march")  # months that are verbs in small letters
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 0, "final": 0}


def _day(match: re.Match[str], today: date) -> Interval:
    month = grammar().months[(match["month"] or match["month2"]).lower()]
    day = read_ordinal(match["day"] or match["day2"]) or 0
    year = year_of(match, today)
    found = date(today.year if year is None else year, month, day)
    if year is None and found < today:
        found = date(today.year + 1, month, day)
    return found, found


def _figures(match: re.Match[str], today: date) -> Interval:
    if match["iso"]:
        found = date.fromisoformat(match["iso"])
    else:
        day, month, year = map(int, re.split("[/.]", match["british"]))
        found = date(year, month, day)
    return found, found


def _day_of_month(match: re.Match[str], today: date) -> Interval:
    """ "The 4th of next month"; "the 4th" alone is the next one."""
    day = read_ordinal(match["day"]) or 0
    which = group(match, "which")
    later = which not in ("", "this") or (not which and day < today.day)
    start = today.replace(day=1) + relativedelta(months=int(later))
    return start.replace(day=day), start.replace(day=day)


def _named_month(match: re.Match[str], today: date) -> Interval:
    month, which = grammar().months[match["month"].lower()], group(match, "which")
    year = year_of(match, today)
    if year is None:
        year = today.year + (
            which.endswith(("next", "following")) or (which != "this" and month < today.month)
        )
        year += bool(group(match, "beyond")) - (which in PREVIOUS)
    return months_from(year, month)


def _nth(match: re.Match[str], today: date) -> Interval:
    """ "The second weekend in June", "the last Monday of May", "the first week of September"."""
    first, last = _named_month(match, today)
    nth = _NTH[match["nth"].lower()]
    if group(match, "part") == "week":
        begin = first + timedelta(weeks=max(nth - 1, 0))
        return (last - timedelta(days=6), last) if nth == 0 else (begin, begin + timedelta(days=6))
    weekday = 5 if group(match, "part") else grammar().weekdays.index(match["weekday"].lower())
    length = 1 if group(match, "part") else 0
    begin = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth or 4) - 7)
    if nth == 0 and begin + timedelta(days=7 + length) <= last:
        begin += timedelta(days=7)
    return begin, begin + timedelta(days=length)


def _season(match: re.Match[str], today: date) -> Interval:
    start, which = grammar().seasons[match["season"].lower()], group(match, "which")
    year = year_of(match, today)
    if year is None:
        in_winter = start == 12 and today.month <= 2  # the winter we are in began last year
        ahead = ("next", "the following", "coming", "this coming")
        year = today.year - (in_winter and which not in ahead)
        if which in ("next", "the following"):
            year += start != 12 or today.month >= 9
        elif which in PREVIOUS:
            year -= 1
        elif which in ("", "coming", "this coming") and months_from(year, start, 3)[1] < today:
            year += 1
        year += bool(group(match, "beyond"))
    return months_from(year, start, 3)


def _years(match: re.Match[str], today: date) -> Interval | None:
    year = int(match["year"])
    if not match["year2"]:
        return months_from(year, 1, 12)
    return months_from(year, 4, 12) if int(match["year2"]) == (year + 1) % 100 else None


def _quarter(match: re.Match[str], today: date) -> Interval | None:
    """A quarter of a calendar year, of a financial year where one is named; the next one without a year."""
    number = int(match["q"]) if match["q"] else _NTH[match["nth"].lower()] or 4
    if group(match, "relative").endswith(("financial year", "fiscal year")):
        said = group(match, "relative").split()[0]
        following = said == "next" or (said in ("new", "coming") and today.month < 4)
        start = date(today.year - (today.month < 4) + following, 4, 1)
    else:
        days = (
            _years(match, today)
            if group(match, "year")
            else months_from(year_of(match, today) or today.year, 1)
        )
        if days is None:
            return None
        start = days[0]
    first = start + relativedelta(months=3 * number - 3)
    open_year = not group(match, "relative") or group(match, "relative") in ("financial year", "fiscal year")
    if not group(match, "year") and open_year and months_from(first.year, first.month, 3)[1] < today:
        first += relativedelta(years=1)
    return months_from(first.year, first.month, 3)


def _period(match: re.Match[str], today: date) -> Interval | None:
    kind, which = grammar().periods[match["period"].lower()], group(match, "which")
    step = -1 if which in PREVIOUS else int(which.endswith(("next", "following", "new")) or which == "coming")
    step += bool(group(match, "beyond"))
    if kind in ("week", "weekend"):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return (monday + timedelta(days=5 if kind == "weekend" else 0), monday + timedelta(days=6))
    if kind == "month":
        start = today.replace(day=1) + relativedelta(months=step)
        return months_from(start.year, start.month)
    if kind == "quarter":
        start = today.replace(month=today.month - (today.month - 1) % 3, day=1) + relativedelta(
            months=3 * step
        )
        return months_from(start.year, start.month, 3)
    if kind == "term":
        left = [days for year in (today.year, today.year + 1) for days in terms(year) if today <= days[1]]
        return None if step < 0 else left[step]
    if kind == "decade":
        return months_from(today.year - today.year % 10 + 10 * step, 1, 120)
    if kind in grammar().eras:
        return era(kind, today, step)
    if kind == "holidays":
        year = today.year + (today > date(today.year, 8, 31)) + step
        return feast(grammar().recesses["schools"]["summer"], year), date(year, 8, 31)
    first, months = {"year": (1, 12), "financial": (4, 12), "school": (9, 11), "municipal": (6, 12)}[kind]
    if kind == "year" and which == "coming":  # of a budget: the next one, or the one that has just begun
        return months_from(today.year + (today.month > 5), 4, 12)
    start_year = today.year + step - (today.month < first)
    if which == "new" and today.replace(day=1) - timedelta(days=NEW) < date(start_year - 1, first, 1):
        start_year -= 1  # it has just begun
    if kind == "school" and today.month == 8 and not step:
        start_year += 1
    return months_from(start_year, first, months)


def _weekday(match: re.Match[str], today: date) -> Interval:
    which = group(match, "which")
    ahead = (grammar().weekdays.index(match["weekday"].lower()) - today.weekday()) % 7
    if which == "next":
        found = today - timedelta(days=today.weekday()) + timedelta(days=7 + (ahead + today.weekday()) % 7)
    else:
        found = today + timedelta(days=ahead or 7)
        found += timedelta(
            weeks=(which == "a week on") + 2 * (which == "a fortnight on") + bool(match["week"])
        )
        found -= timedelta(weeks=2 * (which in PREVIOUS))
    return found, found


def _tomorrow(match: re.Match[str], today: date) -> Interval:
    day = today + timedelta(days=2 if "after" in match["tomorrow"].lower() else 1)
    return day, day


def _out(match: re.Match[str], today: date) -> Interval | None:
    """The whole of a time that is to be over: "before the year is out"."""
    kinds = {"month": _named_month, "season": _season, "period": _period, "year": _years}
    return next(read(match, today) for name, read in kinds.items() if match[name])


_READERS: dict[str, Callable[[re.Match[str], date], Interval | None]] = {
    "day": _day,
    "figures": _figures,
    "of_month": _day_of_month,
    "ordinal": _day_of_month,
    "nth": _nth,
    "month": _named_month,
    "season": _season,
    "festival": festival,
    "new_year": lambda match, today: (date(today.year + 1, 1, 1), date(today.year + 1, 1, 31)),
    "year": _years,
    "period": _period,
    "year_end": _period,
    "weekday": _weekday,
    "tomorrow": _tomorrow,
    "today": lambda match, today: (today, today),
    "election": election,
    "half_term": half_term,
    "quarter": _quarter,
    "term": named_term,
    "out": _out,
    "recess": recess,
    "rising": recess,
    "schools_back": schools_back,
}


def interval_of(kind: str, match: re.Match[str], today: date) -> Interval | None:
    """The days the time itself covers, without its lead and edge; None where no day can be known."""
    return _READERS[kind](match, today)


def length(match: re.Match[str]) -> relativedelta | None:
    """A length of time; None when the number is only "a few"."""
    words = group(match, "count") or "a"
    count = {"a": 1, "an": 1, "a couple of": 2}.get(words) or read_number(words)
    if count is None or count != int(count):
        return None
    step = grammar().durations[group(match, "unit") or group(match, "one")]
    return relativedelta(**{unit: int(count) * size for unit, size in step.items()})  # type: ignore[arg-type]  # whole numbers only


def is_verb(match: re.Match[str]) -> bool:
    """Whether "may" or "march" in small letters is no month."""
    name = match.groupdict().get("month") or match.groupdict().get("month2") or ""
    return name in _VERBS


def at_edge(edge: str, days: Interval) -> Interval:
    """ "The end of", "early" and the like: early is the first third, the middle ends at half."""
    first, last = days
    length = (last - first).days + 1
    if edge == "end":
        return last, last
    if edge == "start":
        return first, first
    if edge == "week":
        return first, min(last, first + timedelta(days=6))
    if edge == "early":
        return first, months_from(first.year, first.month, 3)[1] if length > 300 else first + timedelta(
            days=length // 3
        )
    if edge == "middle":
        half = 15 - first.day if first.day == 1 and 28 <= length <= 31 else length // 2
        return first, months_from(first.year, first.month, 6)[1] if length > 300 else first + timedelta(
            days=half
        )
    return days
