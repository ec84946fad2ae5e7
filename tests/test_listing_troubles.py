"""Listings that are dead, moved or left behind: told on the coverage page and in the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.archive.lines import listings
from crawlers.discovery.visits import visits
from crawlers.fetch.crawl import crawl
from flows.delivery.publish import publish
from flows.digest.make import make_digest
from flows.digest.quiet import Quiet
from flows.digest.render.registry import FORMATS
from ledger.counts import Visit
from ledger.days import day
from ledger.decisions import published
from ledger.presentation.remedies import remedy
from ledger.queries import coverage_page
from ledger.settings import Settings
from ledger.storage import records, warehouse
from ledger.storage.visits import ListingTrouble, listing_troubles
from ledger.types import Outlet
from tests.sites import Answer, page, robots, rss, serving

TODAY = Settings(home=Path()).today
FEED = "https://{}.example/rss"


def _outlet(name: str) -> Outlet:
    return Outlet(name, f"https://{name}.example/", feeds=(FEED.format(name),))


def _visit(name: str, ago: int, failures: dict[str, int] | None = None, **asked: object) -> Visit:
    """A visit so many days before TODAY, in which the outlet's feed gave what ``asked`` says."""
    row = {"url": FEED.format(name), "links": 0, "reason": "", "newest": "", "mark": "", **asked}
    when = datetime.combine(TODAY, time(6), UTC) - timedelta(days=ago)
    return Visit(f"{name}-{ago}", name, when, 0, 0, failures or {}, {"asked": [row] if asked else []})


def _good(name: str, ago: int, mark: str) -> Visit:
    return _visit(name, ago, links=3, mark=mark)


HISTORY = [
    *(_good("alive", ago, f"list {ago}") for ago in range(10)),
    _good("gone", 10, "list"),
    *(_visit("gone", ago, reason="http_404") for ago in range(9)),
    *(_visit("html", ago, reason="not_feed") for ago in (2, 1, 0)),
    _good("empty", 9, "list"),
    _visit("empty", 8, reason="timeout"),
    *(_visit("empty", ago, links=0) for ago in range(8)),
    *(_visit("quiet", ago, links=0, quiet=True) for ago in range(9)),
    _good("stuck", 9, "older"),
    *(_good("stuck", ago, "yesterday's") for ago in range(8)),
    *(_good("rested", ago, "the same") for ago in range(6)),
    _visit("mended", 3, reason="http_404"),
    _good("mended", 2, "list"),
    *(_visit("moved", ago, reason="offsite_redirect", detail="https://new.example/rss") for ago in range(8)),
    *(_visit("closed", ago, {"robots_unavailable": 1}) for ago in range(8)),
]


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    """A published home with these outlets and their visits."""
    settings = Settings(home=tmp_path)
    with warehouse.run(settings) as connection:
        records.put_outlets(connection, map(_outlet, dict.fromkeys(visit.outlet for visit in HISTORY)))
        records.put_visits(connection, HISTORY)
    warehouse.publish(settings)
    return settings


def _troubles(settings: Settings, today: date = TODAY) -> dict[str, ListingTrouble]:
    with published.reading(settings) as connection:
        return {one.outlet: one for one in listing_troubles(connection, settings, today)}


def test_each_way_to_give_nothing_is_told_with_its_first_day(told: Settings) -> None:
    found = _troubles(told)
    assert {name: (one.reason, one.days, one.lasts) for name, one in found.items()} == {
        "gone": ("http_404", 8, True),
        "empty": ("no_links", 8, True),
        "stuck": ("same_list", 7, True),
        "moved": ("offsite_redirect", 7, True),
        "closed": ("robots_unavailable", 7, True),
        "html": ("not_feed", 2, False),
    }
    assert list(found)[:2] == ["empty", "gone"], "the longest first"
    assert found["gone"].since == TODAY - timedelta(days=8)
    assert found["gone"].advice == remedy("http_404", "https://gone.example/").advice
    assert "said outlets find https://gone.example/" in found["gone"].advice
    assert "https://new.example/rss" in found["moved"].advice
    assert found["closed"].url == "https://closed.example/", "robots.txt is the whole site's"
    assert set(_troubles(told, TODAY - timedelta(days=9))) == set(), "as it was known then"


def test_a_listing_that_is_no_longer_named_is_not_told(told: Settings) -> None:
    with warehouse.run(told) as connection:
        records.put_outlets(connection, [replace(_outlet("gone"), feeds=("https://gone.example/feed/",))])
    warehouse.publish(told)
    assert _troubles(told) == {}


def test_the_coverage_page_has_them_all(told: Settings) -> None:
    assert [one.outlet for one in coverage_page.coverage(told).listings] == list(_troubles(told))


def test_a_closed_collection_has_none(told: Settings) -> None:
    closed = replace(told, as_of=TODAY)
    assert _troubles(closed) == {}
    assert coverage_page.coverage(closed).listings == ()
    assert make_digest(closed).quiet == Quiet()


def test_the_digest_tells_each_spell_once_when_it_has_lasted_a_week(told: Settings) -> None:
    digest = make_digest(told)
    assert digest.quiet.total == 5 and "html" not in {one.outlet for one in digest.quiet.listings}
    letter = " ".join(FORMATS["txt"](digest).split())
    assert "Nothing new for a week or longer from 5 listings of your outlets:" in letter
    assert (
        f"- gone, since {day(TODAY - timedelta(days=8))}: not found (404). The address has gone or moved"
        in letter
    )
    assert 'href="https://gone.example/rss">not found (404)</a>' in FORMATS["html"](digest)
    publish(told)
    assert make_digest(told, TODAY + timedelta(days=1)).quiet == Quiet()


def test_what_a_dead_and_a_moved_feed_answer_is_kept_with_the_visit(tmp_path: Path) -> None:
    answers = {
        "/robots.txt": robots("User-agent: *"),
        "/page": page("A page", "<p>No feed</p>"),
        "/moved": Answer("", status=301, headers={"Location": "https://new.example/rss"}),
        "/good": rss("/news/a-story-of-the-county"),
        "/news/a-story-of-the-county": page("A story", "<p>Told.</p>"),
    }
    with serving(answers) as server:
        feeds = tuple(server.origin + path for path in ("/dead", "/page", "/moved", "/good"))
        outlet = Outlet("A", server.origin, feeds=feeds, crawl_delay=0, local=True)
        crawl(tmp_path, [outlet])
        crawl(tmp_path, [outlet])
    found, _ = visits(tmp_path)
    asked: list[list[dict[str, Any]]] = [listings({"listings": one.listings["asked"]}) for one in found]
    assert [[row["reason"] for row in rows] for rows in asked] == [
        ["http_404", "not_feed", "offsite_redirect", ""]
    ] * 2
    assert asked[0][2]["detail"] == "https://new.example/rss"
    marks = [rows[3]["mark"] for rows in asked]
    assert marks[0] == marks[1] != "" and asked[0][3]["newest"]
