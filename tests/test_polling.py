"""How often an outlet is asked, what is remembered between runs, and what its visits tell of its health."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from crawlers.archive.lines import Lines, read_lines
from crawlers.archive.state import Seen
from crawlers.discovery.listing_parsers import Link
from crawlers.discovery.listings import Listings
from crawlers.discovery.revisit import LAST, SOONEST, UNDATED, rest_of
from crawlers.discovery.visits import visits
from crawlers.fetch.crawl import crawl
from crawlers.fetch.politeness import Refused
from crawlers.loading.broken import Layouts
from crawlers.loading.load import Loaded
from crawlers.site_rules.robots import Robots
from crawlers.site_rules.robots_files import RobotsFiles
from ledger.counts import Problem
from ledger.types import Article, Outlet

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OUTLET = Outlet("A", "https://a.example/", feeds=("https://a.example/rss",))


def _links(*hours_ago: float) -> list[Link]:
    return [Link(f"https://a.example/{h}", published=NOW - timedelta(hours=h)) for h in hours_ago]


@pytest.mark.parametrize(
    ("hours_ago", "rest"),
    [
        ([0, 1, 2, 3], timedelta(hours=3 / 8)),
        ([4, 8, 12, 16], timedelta(hours=2)),
        ([n / 60 for n in range(30)], SOONEST),
        ([500, 900], LAST),
        ([1], UNDATED),
        ([], UNDATED),
        ([-5, -4, 1], UNDATED),
    ],
    ids=["hourly", "silent since", "a flood", "seldom", "one", "none", "to come"],
)
def test_a_listing_rests_as_its_outlet_publishes(hours_ago: Sequence[float], rest: timedelta) -> None:
    assert rest_of(_links(*hours_ago), NOW) == rest


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    store = Seen(tmp_path / "seen.sqlite")
    yield store
    store.close()


def _feed(*urls: str) -> bytes:
    items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in urls)
    return f'<rss version="2.0"><channel><title>A</title>{items}</channel></rss>'.encode()


class _Site:
    """Gives the answers in turn, the last again and again; counts what was asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def fetch(self, outlet: Outlet, url: str, etag: str, modified: str) -> Response:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _discover(seen: Seen, site: _Site, folder: Path, outlet: Outlet = OUTLET) -> tuple[Listings, list[str]]:
    """One run's listings: the reader, and the paths it found."""
    with Lines(folder / f"{len(list(folder.glob('*.jsonl')))}.jsonl") as lines:
        listings = Listings(outlet, seen, lines, site.fetch, 30)
        links = asyncio.run(listings.discover())
    return listings, [link.url.removeprefix("https://a.example/") for link in links]


def test_a_resting_listing_is_not_asked_for_and_its_links_stand(seen: Seen, tmp_path: Path) -> None:
    body = _feed("https://a.example/news/a", "https://other.example/b")
    site = _Site(Response(OUTLET.feeds[0], body=body))
    first, links = _discover(seen, site, tmp_path)
    assert links == ["news/a"] and first.resting == set() and len(first.report) == 1
    second, links = _discover(seen, site, tmp_path)
    assert links == ["news/a"] and second.resting == {"a.example/news/a"} and second.report == []
    assert site.asked == 1
    assert not list(read_lines(tmp_path / "1.jsonl")), "a resting listing's strangers are told once"


def test_a_local_listing_is_asked_for_at_every_run(seen: Seen, tmp_path: Path) -> None:
    local = replace(OUTLET, local=True)
    same = Response(OUTLET.feeds[0], status=304)
    site = _Site(Response(OUTLET.feeds[0], body=_feed("https://a.example/news/a")), same)
    assert [_discover(seen, site, tmp_path, local)[1] for _ in range(3)] == [["news/a"]] * 3
    assert site.asked == 3


def _rules(
    seen: Seen | None, *answers: Response | Exception, local: bool = False
) -> tuple[list[Robots], list[Request]]:
    """The rules that each of two runs has for one page, and the requests sent."""
    asked: list[Request] = []
    left = list(answers)

    async def download(request: Request) -> Response:
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def run() -> Robots:
        files = RobotsFiles(seen, frozenset({"a.example"} if local else ()), Refused)
        url = "https://a.example/news/a"
        rules = await asyncio.gather(*(files.rules(url, download) for _ in "abcd"))
        assert [fresh for _, fresh in rules] == [True, False, False, False]
        return rules[0][0]

    return [asyncio.run(run()) for _ in range(2)], asked


def _robots(status: int = 200, body: bytes = b"User-agent: *\nDisallow: /news/\n") -> Response:
    return Response("https://a.example/robots.txt", status=status, body=body, headers={"ETag": '"r"'})


def test_robots_serve_the_runs_of_a_day(seen: Seen) -> None:
    rules, asked = _rules(seen, _robots())
    assert [r.allows("https://a.example/news/a") for r in rules] == [False, False] and len(asked) == 1


def test_local_robots_are_asked_for_with_their_validator(seen: Seen) -> None:
    rules, asked = _rules(seen, _robots(), _robots(304, b""), local=True)
    assert [r.allows("https://a.example/news/a") for r in rules] == [False, False]
    assert [request.headers.get("If-None-Match") for request in asked] == [None, b'"r"']


@pytest.mark.parametrize("bad", [_robots(503), _robots(403), OSError("gone"), Refused("budget_spent")])
def test_robots_that_could_not_be_had_are_not_remembered(seen: Seen, bad: Response | Exception) -> None:
    rules, asked = _rules(seen, bad, _robots(404))
    assert rules[0].refusal and not rules[0].allows("https://a.example/sport")
    assert rules[1].allows("https://a.example/news/a") and len(asked) == 2


def test_an_outlet_that_may_not_be_mined_is_asked_for_nothing(tmp_path: Path) -> None:
    closed = Outlet("C", "https://c.example/", feeds=("https://c.example/rss",), rights={"mine": False})
    counts = crawl(tmp_path, [closed], contact="us@example.org")
    assert counts.skipped == {"not_mined": 1} and not (tmp_path / "data").exists()


def test_visits_tell_what_came_and_what_failed(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "crawl"
    asked = [{"url": "https://a.example/rss", "links": 3, "reason": ""}]
    with Lines(folder / "one.jsonl") as lines:
        lines.add("problem", "A", item="https://a.example/1", reason="timeout", detail="")
        lines.add("problem", "A", item="https://a.example/2", reason="timeout", detail="")
        lines.add("outlet", "A", at=NOW.isoformat(), listings=asked, links=3, new=1, seconds=1.0)
        lines.add("end", "")
    with Lines(folder / "two.jsonl") as lines:
        lines.add("problem", "A", item="https://a.example/rss", reason="http_404", detail="")
    found, complete = visits(tmp_path)
    assert [(v.crawl, v.outlet, v.visited, v.links, v.new) for v in found] == [("one", "A", NOW, 3, 1)]
    assert found[0].failures == {"timeout": 2} and found[0].listings == {"asked": asked}
    assert complete == ["one"], "a crawl that was killed is read again"
    assert visits(tmp_path, {"one"}) == ([], [])


def _page(outlet: str, **lacking: object) -> Loaded:
    article = Article("i", outlet, "https://a.example/1", "A title", "Words.", published=NOW)
    return Loaded("r:0", NOW, replace(article, **lacking), outlet=outlet)  # type: ignore[arg-type]  # fields


def test_a_broken_layout_is_a_problem_the_same_day() -> None:
    empty = Loaded("r:0", NOW, None, (Problem("load", "u", "no_text"),), "T")
    pdf = Loaded("r:0", NOW, None, (Problem("load", "u", "not_html"),), "T")
    layouts = Layouts()
    for found in (
        *[_page("D", published=None)] * 3,
        _page("D"),
        *[_page("Good"), _page("Good", published=None)] * 2,
        *[_page("Few", title="")] * 2,
        *[empty] * 3,
        *[pdf] * 9,
    ):
        layouts.add(found)
    told = [(p.item, p.reason, p.detail) for p in layouts.problems()]
    assert told == [
        ("D", "broken_layout", "3 of 4 pages without a date"),
        ("T", "broken_layout", "3 of 3 pages without a text"),
    ]
