"""When a page or a listing that was fetched before is asked for again. Pure.

A listing is asked for as often as its outlet publishes: after half the mean time between its latest entries,
the silence since the last one counted in, and never sooner than five minutes nor later than six hours. An
article is most often corrected in its first hours, so it is asked for again at growing intervals: a
quarter of the time since it was first seen, and at every run within its first hour. A listing that says
it was modified since makes it due at once. Local outlets are always asked: their server is our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawlers.archive.state import BARRED, SeenPage
from crawlers.discovery.listing_parsers import Link

SHARE = 0.25
FIRST = timedelta(hours=1)
LATEST = 20  # entries of a listing that tell its pace
SOONEST, UNDATED, LAST = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6)


def rest_of(links: Iterable[Link], now: datetime) -> timedelta:
    """How long a listing with these entries may rest; an hour where fewer than two have a date."""
    dates = sorted((when for link in links if (when := link.published or link.modified)), reverse=True)
    past = [when for when in dates if when <= now][:LATEST]
    if len(past) < 2:
        return UNDATED
    pace = (now - past[-1]) / len(past)
    return min(max(pace / 2, SOONEST), LAST)


def due(page: SeenPage | None, link: Link, now: datetime, local: bool) -> str:
    """ "" when the page is to be fetched, else why not: "gone", "taken_out" or "not_due"."""
    if page is None:
        return ""
    if page.status == BARRED:
        return "taken_out"
    if page.status == 410:
        return "gone"
    age, since = now - page.first_seen, now - page.checked
    rested = since >= max(FIRST, SHARE * age) or since < timedelta(0)  # noted by a clock that was ahead
    if page.status == 404:
        return "" if rested else "gone"
    if local or age <= FIRST or rested or (link.modified is not None and link.modified > page.checked):
        return ""
    return "not_due"
