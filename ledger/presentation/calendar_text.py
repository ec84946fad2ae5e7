"""Dates promised as a calendar (iCalendar, RFC 5545): values in, text out, the same for the same values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from ledger.days import day
from ledger.presentation.labels import capital, cut, owner_name, plain, status_name
from ledger.presentation.links import web_link

_MAKER = "-//Said & Done//Said & Done//EN"
_FRESH = timedelta(hours=6)  # how often a program that subscribes may ask again
_GONE = "No longer listed"
_WORDS = 600  # characters of a quotation


@dataclass(frozen=True, slots=True)
class DueDate:
    """The date promised of one pledge. ``period``: it ends the time for which something was promised;
    ``cancelled``: nobody waits for it any more.

    ``status`` and all words are "" where people took the pledge back or joined it with another; ``began``:
    when it was first seen, ``changed``: when its date or its standing last changed, None where neither did.
    ``words``, ``who`` and ``source`` (an address) are those of its first statement.
    """

    pledge_id: str
    title: str
    owner: str
    status: str
    reason: str | None  # that goes with the status
    day: date
    first_due: date | None
    period: bool
    cancelled: bool
    words: str
    who: str
    source: str
    began: datetime
    changed: datetime | None

    @property
    def sequence(self) -> int:
        """What RFC 5545 calls so: 0 at first, and more with every change. Here, seconds between the two."""
        return max(1, int((self.changed - self.began).total_seconds())) if self.changed else 0


def calendar_text(dates: Iterable[DueDate], page: Callable[[str], str], name: str = "Promised dates") -> str:
    """The calendar of these dates. ``page``: the address of a pledge's page by the pledge's id, or ""."""
    calendar = Calendar.new(
        prodid=_MAKER, name=name, description="Dates for which officials promised something.",
        refresh_interval=_FRESH, uid="deadlines@said-and-done",
    )  # fmt: skip
    for one in dates:
        calendar.add_component(_event(one, page(one.pledge_id)))
    return str(calendar.to_ical(), "utf-8")


def _event(one: DueDate, page: str) -> Event:
    stamp = one.changed or one.began
    return Event.new(
        uid=f"{one.pledge_id}@said-and-done",
        summary=_one_line(f"{capital(one.title)} ({owner_name(one.owner)})") if one.status else _GONE,
        description="\n".join(_told(one)),
        start=one.day,
        end=one.day + timedelta(days=1),
        status=STATUS.CANCELLED if one.cancelled else STATUS.CONFIRMED,
        sequence=one.sequence,
        transparency=TRANSP.TRANSPARENT,
        created=one.began,
        stamp=stamp,
        last_modified=stamp,
        url=(one.status and page) or None,
    )


def _told(one: DueDate) -> Iterable[str]:
    if one.first_due and one.first_due != one.day:
        yield f"First promised {'until' if one.period else 'for'} {day(one.first_due)}."
    if one.period:
        yield "It was promised until this day: the period ends, and nothing is due."
    if one.status:
        yield f"Status: {status_name(one.status, one.reason)}."
    if one.words:
        yield f"“{_one_line(cut(one.words, _WORDS))}” – {_one_line(owner_name(one.who))}"
    if link := web_link(one.source):
        yield link


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
