"""Dates as pages, feeds and sitemaps write them, to aware datetimes.

ISO 8601, RFC 2822, and the forms British newsrooms print ("Tuesday, 14th January 2025, 2.12pm",
"09:30, 14 Jan 2025", "14/01/2025 09:30"; day first). A time without a zone is Europe/London's; a date
without a time is that day's midnight there. Anything else is None, never an exception.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from time import struct_time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MAX_TEXT = 2000  # characters looked at for a date
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T ]{1,2}(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s?(?P<zone>Z|UTC|GMT|BST|[+-]\d\d:?\d\d|[+-]\d\d(?!\d|-))?(?![\d])",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -](?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/])"
)
_SHORT_YEAR = re.compile(r"(?<![\d/.-])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d\d)(?![\d/])")
_TIME = (
    r"(?:(\d{1,2})[:.](\d\d)(?::(\d\d))?\s?([ap]\.?m\b\.?)?|(\d{1,2})\s?([ap]\.?m\b\.?)|(noon|midday|midnight))"
    r"\s?(Z\b|UTC|GMT|BST|[+-]\d\d:?\d\d)?"
)
_AFTER = re.compile(rf"^[\s,|•·–—-]{{0,4}}(?:at\s)?{_TIME}", re.IGNORECASE)
_BEFORE = re.compile(
    rf"{_TIME}[\s,|•·–—-]{{0,4}}(?:on\s)?(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s)?$",
    re.IGNORECASE,
)


def parse_date(text: object) -> datetime | None:
    """The first date in ``text``, aware, or None. Ten or thirteen digits alone are a Unix time."""
    if not isinstance(text, str | int | float) or isinstance(text, bool):
        return None
    words = re.sub(r"[\s\u202f\u00a0]+", " ", str(text)[:MAX_TEXT]).strip()
    if re.fullmatch(r"\d{10}|\d{13}", words):
        return datetime.fromtimestamp(int(words[:10]), UTC)
    return find_date(words)


def find_date(words: str) -> datetime | None:
    """The first date written out in running text, with the time of day beside it where there is one."""
    best: tuple[int, datetime] | None = None
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMERIC, _SHORT_YEAR):
        for match in pattern.finditer(words[:MAX_TEXT]):
            when = _read(match, words)
            if when is not None:
                if best is None or match.start() < best[0]:
                    best = (match.start(), when)
                break
    return best[1] if best else None


def _read(match: re.Match[str], words: str) -> datetime | None:
    parts = match.groupdict()
    named = parts["month"]
    month = int(named) if named.isdigit() else _MONTHS.index(named[:3].lower()) + 1
    year, day = int(parts["year"]), int(parts["day"])
    year += 2000 if len(parts["year"]) == 2 else 0
    if (hour := parts.get("hour")) is not None:
        return _make(
            year, month, day, int(hour), int(parts["minute"]), int(parts["second"] or 0), parts["zone"]
        )
    if "hour" in parts and "-" not in match.group():
        return None  # eight bare digits are more often a number than a date
    return _make(year, month, day, *_clock(words, match))


def _clock(words: str, match: re.Match[str]) -> tuple[int, int, int, str | None]:
    time = _AFTER.search(words[match.end() : match.end() + 40]) or _BEFORE.search(
        words[max(0, match.start() - 40) : match.start()]
    )
    if not time:
        return 0, 0, 0, None
    hour, minute, second, half, bare, bare_half, word, zone = time.groups()
    if word:
        return (0 if word.lower() == "midnight" else 12), 0, 0, zone
    hours, half = int(hour or bare), (half or bare_half or "").lower()
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    return hours, int(minute or 0), int(second or 0), zone


def _make(
    year: int, month: int, day: int, hour: int, minute: int, second: int, zone: str | None
) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(zone))
    except (ValueError, OverflowError):
        return None


def _zone(zone: str | None) -> tzinfo:
    if not zone:
        return LONDON
    name = zone.upper()
    if name in {"Z", "UTC", "GMT"}:
        return UTC
    if name == "BST":
        return timezone(timedelta(hours=1))
    digits = name[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)


def from_struct(parsed: struct_time | None) -> datetime | None:
    """feedparser's parsed time (in UTC) as an aware datetime."""
    return _make(*parsed[:6], "UTC") if parsed else None
