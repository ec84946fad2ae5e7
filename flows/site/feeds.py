"""The site's feeds and its calendar: of every list, and of everybody who made or owns a promise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from ledger.outputs.deadline_rows import due_dates
from ledger.outputs.feed_rows import LENGTH, LISTS, FeedAddresses, feed_of, list_feed
from ledger.presentation.atom import AtomFeed, atom_text
from ledger.presentation.calendar_text import calendar_text
from ledger.queries.pledge_list import PledgeRow
from ledger.settings import Settings
from ledger.types import UNOWNED, content_id

CALENDAR = "deadlines.ics"
FOLDER = "feeds"
Named = tuple[str, str]  # what a feed is of, and its file


def write_feeds(site: Path, settings: Settings, rows: Iterable[PledgeRow]) -> list[Named]:
    """Write the calendar and every feed below ``site``; gives those of people and bodies, by name.

    ``rows``: every pledge. Links are reckoned from the feed's own place where the settings name no address
    of the site.
    """
    (site / FOLDER).mkdir()
    base = settings.site_address.rstrip("/")
    dates = calendar_text(due_dates(settings), lambda id: f"{base}/pledge/{id}.html" if base else "")
    (site / CALENDAR).write_text(dates, encoding="utf-8", newline="")  # its lines end as RFC 5545 has it
    for name in LISTS:
        _write(site, name, list_feed(settings, name, _addresses(base, name)))
    named = sorted(_by_name(rows), key=lambda one: (one[0].casefold(), one[1]))
    for name, key, some in named:
        _write(site, key, feed_of("new", some, _addresses(base, key), settings.today, [name]))
    return [(name, f"{FOLDER}/{key}.atom") for name, key, _ in named]


def _by_name(rows: Iterable[PledgeRow]) -> Iterator[tuple[str, str, list[PledgeRow]]]:
    """Everybody who made or owns one of these pledges, with a key for the file and the newest of theirs."""
    kept: dict[tuple[str, str], list[PledgeRow]] = defaultdict(list)
    for row in rows:
        for name, id in {(row.owner, row.owner_id), (row.person, row.person_id)}:
            if name and name != UNOWNED:
                some = kept[name, id or content_id("owner", name)]
                some.append(row)
                if len(some) >= 2 * LENGTH:
                    some.sort(key=lambda row: (row.came is None, row.came, row.id), reverse=True)
                    del some[LENGTH:]
    return ((name, key, some) for (name, key), some in kept.items())


def _addresses(base: str, name: str) -> FeedAddresses:
    root = base or ".."
    itself = f"{base}/{FOLDER}/{name}.atom" if base else ""
    return FeedAddresses(lambda id: f"{root}/pledge/{id}.html", f"{root}/pledges.html", itself)


def _write(site: Path, name: str, feed: AtomFeed) -> None:
    (site / FOLDER / f"{name}.atom").write_text(atom_text(feed), encoding="utf-8", newline="\n")
