"""What the feeds of pledges tell: lists, newest first. `ledger.questions.search_feed` is that of a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta

from ledger.days import LONDON, day
from ledger.errors import WrongUse
from ledger.presentation.atom import AtomEntry, AtomFeed, quoted_html
from ledger.presentation.labels import capital, owner_name, status_name, when_due
from ledger.queries import pledge_list
from ledger.queries.pledge_list import Filter, PledgeRow
from ledger.settings import Settings
from ledger.validation import did_you_mean

LENGTH = 50  # entries of a feed
_NOT_IN_FEEDS = ("sort", "text")  # of the fields of `Filter`; a feed has its own order, and calls the text q


@dataclass(frozen=True, slots=True)
class _List:
    """A list that has a feed: which pledges, by fields of `Filter`, and when each came to be in it.

    ``name``: what makes an entry another one, so that programs show it again.
    """

    title: str
    asked: Mapping[str, str]
    when: Callable[[PledgeRow], datetime | None]
    name: Callable[[PledgeRow], str] = lambda row: row.id


def _came(row: PledgeRow) -> datetime | None:
    return _at(row.came) or row.first_stated


def _passed(row: PledgeRow) -> datetime | None:
    """The day after the first date promised: from then on it is overdue, wherever the date was moved."""
    due = row.first_due or row.deadline
    return _at(due + timedelta(days=1)) if due else None


def _at(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None


LISTS = {
    "new": _List("New pledges", {"sort": "newest"}, _came),
    "overdue": _List(
        "Overdue pledges", {"due": "overdue"}, _passed, lambda row: f"{row.id}:overdue:{row.first_due}"
    ),
    "moved": _List(
        "Pledges whose date, number or scope changed",
        {"flag": "drifted", "sort": "newest"},
        lambda row: row.last_stated,
        lambda row: f"{row.id}:moved:{row.last_stated:%Y%m%d%H%M}",
    ),
    "changed": _List(
        "Pledges whose status changed",
        {"sort": "changed"},
        lambda row: _at(row.changed_on),
        lambda row: f"{row.id}:{row.status}:{row.changed_on}",
    ),
}


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """Where things are shown: a pledge by its id, the list that a feed is of, the feed itself or ""."""

    pledge: Callable[[str], str]
    listed: str
    itself: str = ""


def list_feed(
    settings: Settings,
    name: str,
    addresses: FeedAddresses,
    given: Mapping[str, str] | None = None,
    listed: Callable[[Settings, Filter], list[PledgeRow]] = pledge_list.pledges,
) -> AtomFeed:
    """The feed of one of LISTS. ``given``: what it is narrowed to, by the names of `Filter`'s fields, and
    words as "q", which takes a ``listed`` that reads them.

    Raises WrongUse for a list or a field that is not there, and as `pledge_list.pledges` does.
    """
    if name not in LISTS:
        raise WrongUse(f"there is no list {name!r}{did_you_mean(name, list(LISTS))}: {', '.join(LISTS)}")
    rows = listed(settings, _narrowed(Filter(**dict(LISTS[name].asked)), given or {}))  # type: ignore[arg-type]  # words
    return feed_of(
        name, rows, addresses, settings.today, [value for value in (given or {}).values() if value]
    )


def feed_of(
    name: str, rows: Iterable[PledgeRow], addresses: FeedAddresses, today: date, of: Sequence[str] = ()
) -> AtomFeed:
    """The newest of these pledges as the feed of one of LISTS. ``of``: what the list was narrowed to."""
    listed = LISTS[name]
    dated = [(when, row.id, row) for row in rows if (when := listed.when(row))]
    dated.sort(key=lambda one: one[:2], reverse=True)
    entries = [
        AtomEntry(
            f"pledge:{listed.name(row)}",
            capital(row.title),
            addresses.pledge(row.id),
            when,
            pledge_html(row, today),
            owner_name(row.owner),
        )
        for when, _, row in dated[:LENGTH]
    ]
    title = " – ".join(("Said & Done: " + listed.title, *of))
    return AtomFeed(":".join((name, *of)), title, addresses.listed, entries, addresses.itself)


def _narrowed(wanted: Filter, given: Mapping[str, str]) -> Filter:
    known = {field.name for field in fields(Filter) if field.type == "str"} - set(_NOT_IN_FEEDS) | {"q"}
    for name, value in given.items():
        if name not in known:
            raise WrongUse(f"a feed cannot be narrowed by {name!r}: by {', '.join(sorted(known))}")
        if value:
            wanted = replace(wanted, **{"text" if name == "q" else name: value})  # type: ignore[arg-type]  # str
    return wanted


def pledge_html(row: PledgeRow, today: date) -> str:
    """What an entry tells of a pledge."""
    status = f"Status: {status_name(row.status, row.set_reason)}"
    status += f", set by {row.set_by}." if row.set_by else ", as the rules suggest."
    due = when_due(row.deadline, today, row.first_due, row.flags)
    said = f"{owner_name(row.owner)}, {day(row.said_on)}"
    return quoted_html(row.words, said, f"{due[:1].upper()}{due[1:]}. {status}")
