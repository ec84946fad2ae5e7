"""When a page that was fetched before is asked for again. Pure.

An article is most often corrected in its first hours, so it is asked for again at growing intervals: a
quarter of the time since it was first seen, and at every run within its first hour. A listing that says
it was modified since makes it due at once. Local outlets are always asked: their server is our own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawlers.discovery import Link
from ledger.seen import BARRED, SeenPage

SHARE = 0.25
FIRST = timedelta(hours=1)


def due(page: SeenPage | None, link: Link, now: datetime, local: bool) -> str:
    """ "" when the page is to be fetched, else why not: "gone", "taken_out" or "not_due"."""
    if page is None:
        return ""
    if page.status == BARRED:
        return "taken_out"
    if page.status == 410:
        return "gone"
    age, since = now - page.first_seen, now - page.checked
    rested = since >= max(FIRST, SHARE * age)
    if page.status == 404:
        return "" if rested else "gone"
    if local or age <= FIRST or rested or (link.modified is not None and link.modified > page.checked):
        return ""
    return "not_due"
