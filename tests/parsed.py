"""Feeds and calendars, read by other people's parsers and held against the rules that they must keep."""

from __future__ import annotations

from typing import Any

import feedparser
from icalendar import Calendar, Event


def feed_entries(text: str) -> list[Any]:
    """The entries of a feed that nothing is wrong with."""
    parsed = feedparser.parse(text)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert parsed.feed.id.startswith("tag:said-and-done,2026:") and parsed.feed.author == "Said & Done"
    for one in parsed.entries:
        assert one.title and one.link and one.updated_parsed and one.content[0].value
    assert len({one.id for one in parsed.entries}) == len(parsed.entries)
    times = [one.updated for one in parsed.entries]
    assert times == sorted(times, reverse=True)
    assert not times or parsed.feed.updated == times[0]
    return list(parsed.entries)


def calendar_events(text: str) -> dict[str, Event]:
    """The events of a calendar by their pledges' ids: each is there once."""
    events = Calendar.from_ical(text).walk("VEVENT")
    found = {
        str(event["UID"]).removesuffix("@said-and-done"): event
        for event in events
        if isinstance(event, Event)
    }
    assert len(found) == len(events)
    return found
