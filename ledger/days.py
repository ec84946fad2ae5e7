"""Days as they are written in words, and days and spans of time as people type them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ledger.errors import WrongUse

LONDON = ZoneInfo("Europe/London")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def day(value: date | datetime | None, unknown: str = "undated") -> str:
    """A day in words, as it is in London: 5 March 2026."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LONDON)
    return f"{value.day} {month_of(value)}" if value else unknown


def month_of(value: date) -> str:
    """The month of a day in words: March 2026."""
    return f"{value:%B %Y}"


def moment(at: datetime) -> str:
    """A moment in words, as it is in London: 5 March 2026, 09:30. ``at`` has a zone."""
    return f"{day(at)}, {at.astimezone(LONDON):%H:%M}"


def london(at: datetime | None) -> date | None:
    """The day of a moment as it is in London; one without a zone is taken as it stands."""
    return at and (at.astimezone(LONDON) if at.tzinfo else at).date()


def typed(text: str, name: str = "day") -> date:
    """The first day of a year, month or day: 2026, 2026-03 or 2026-03-31. Raises WrongUse."""
    match = _DAY.fullmatch(text.strip())
    try:
        if not match:
            raise ValueError
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise WrongUse(f"{name}:{text[:40]} is no day: write it as 2026-03-31, 2026-03 or 2026") from None


def month(text: str) -> tuple[date, date] | None:
    """The first and the last day of a month such as 2026-06; None where the text is no month."""
    match = re.fullmatch(r"([1-9]\d{3})-(0[1-9]|1[0-2])", text)
    if not match:
        return None
    year, number = int(match[1]), int(match[2])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def within(text: str, today: date) -> date:
    """The last day of a span from today, such as 30d, 6w or 3m. Raises WrongUse."""
    match = re.fullmatch(r"(\d{1,4})([dwm])", text.strip().lower())
    if not match:
        raise WrongUse(f"{text[:40]!r} is no span of time: write 30d, 6w or 3m")
    number = int(match[1])
    if match[2] == "m":
        months = today.year * 12 + today.month - 1 + number
        year, month = min(months // 12, 9999), months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=number * (7 if match[2] == "w" else 1))
