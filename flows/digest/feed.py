"""The kept digests as a feed, and the dates promised as a calendar, beside them in ``data/digests``.

Both are made of what lies there and of the published file, so that any web host can serve the folder.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from pathlib import Path

from flows.digest.archive import records, replace
from ledger.days import LONDON
from ledger.errors import WrongUse
from ledger.outputs.deadline_rows import due_dates
from ledger.presentation.atom import AtomEntry, AtomFeed, atom_text
from ledger.presentation.calendar_text import calendar_text
from ledger.settings import Settings

FEED, CALENDAR = "feed.atom", "deadlines.ics"
_EDITIONS = 30  # of the feed: the newest
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


def keep_feeds(settings: Settings) -> None:
    """Write both files anew. Raises WrongUse where a digest's files are broken or cannot be written."""
    base = settings.public_address.rstrip("/")
    page = f"{base}/pledge?id={{}}" if base else ""
    replace(settings.digests / CALENDAR, calendar_text(due_dates(settings), page.format))
    newest = [record for record in records(settings.digests) if record.day <= settings.today][-_EDITIONS:]
    entries = [_entry(settings.digests, record.name, _at(record.day)) for record in reversed(newest)]
    if newest:
        feed = AtomFeed("digest", "Said & Done: the daily digest", f"{newest[-1].name}.html", entries)
        replace(settings.digests / FEED, atom_text(feed))


def _entry(folder: Path, name: str, at: datetime) -> AtomEntry:
    try:
        subject = str(json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["digest"]["subject"])
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"the digest {name} in {folder} is not whole ({error}): remove its files") from error
    found = _BODY.search(page)
    return AtomEntry(f"digest:{name}", subject, f"{name}.html", at, found[1].strip() if found else page)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
