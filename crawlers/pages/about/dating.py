"""When a page's article was published and last changed: the best of what the page says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from crawlers.pages.about.elements import date_in_url, dates
from crawlers.pages.dates import LONDON

FUTURE = timedelta(days=1)  # past the time of fetching; more is a mistake in the page


class StatedDates(NamedTuple):
    """What a page tells of its dates: tree, JSON-LD article, facts of its lists, what the crawl knew."""

    tree: Any
    article: dict[str, Any]
    facts: dict[str, str]
    url: str
    listed: datetime | None
    limit: datetime | None


def published_of(told: StatedDates, selectors: Iterable[str]) -> tuple[datetime | None, bool]:
    """(the date, whether one was left out for lying in the future)."""

    def candidates() -> Iterator[datetime]:
        known = [told.article.get("datePublished"), told.facts.get("published")]
        yield from dates(told.tree, known, selectors, words=True)
        if told.listed is not None:
            yield told.listed
        if (when := date_in_url(told.url)) is not None:
            yield when
        yield from dates(told.tree, [told.article.get("dateCreated")], (), words=False)

    when, late = _first_past(candidates(), told.limit)
    if when is not None and told.listed is not None:
        own, theirs = when.astimezone(LONDON), told.listed.astimezone(LONDON)
        if own.time() == time.min and own.date() == theirs.date():
            when = told.listed
    return when, late


def modified_of(told: StatedDates, selectors: Iterable[str]) -> tuple[datetime | None, bool]:
    """(the date of the last change, whether one was left out for lying in the future)."""
    known = [told.article.get("dateModified"), told.facts.get("modified")]
    return _first_past(dates(told.tree, known, selectors, words=True, updated=True), told.limit)


def _first_past(found: Iterator[datetime], limit: datetime | None) -> tuple[datetime | None, bool]:
    late = False
    for when in found:
        if limit is not None and when > limit + FUTURE:
            late = True
            continue
        return when, late
    return None, late
