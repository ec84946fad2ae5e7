"""Addresses, listings, robots.txt and dates: text in, values out."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawlers.archive.lines import Lines, read_lines
from crawlers.archive.state import BARRED, Seen, SeenPage
from crawlers.archive.warc import Archive
from crawlers.discovery.listing_parsers import Link, ListingContent, read_feed, read_section, read_sitemap
from crawlers.discovery.listings import KEPT, Listings
from crawlers.discovery.revisit import due
from crawlers.fetch.job import Job
from crawlers.fetch.keeper import Keeper
from crawlers.fetch.politeness import Gate, Refused
from crawlers.fetch.spider import OutletSpider
from crawlers.pages.dates import LONDON, parse_date
from crawlers.pages.head import read_head, reserved
from crawlers.pages.urls import article_links, canonical, fold, is_private, key, site
from crawlers.site_rules.robots import read_robots, retry_after
from ledger.types import Outlet

HOME = "https://www.hexleycourier.example/"


@pytest.mark.parametrize(
    ("url", "folded"),
    [
        (
            "HTTPS://WWW.Hexleycourier.example:443/News/a-b/?utm_source=x&ico=y#top",
            "https://www.hexleycourier.example/News/a-b",
        ),
        ("http://h.example//news///a/?b=2&a=1&fbclid=z", "http://h.example/news/a?a=1&b=2"),
        ("http://h.example/question?ref=S6W-01234&utm_id=1", "http://h.example/question?ref=S6W-01234"),
        ("http://h.example/a-b?ref=related-1234", "http://h.example/a-b"),
        ("http://h.example:8801/index.html", "http://h.example:8801/"),
        ("http://h.example/a/amp", "http://h.example/a"),
        ("http://h.example/caf%C3%A9/%7Eb", "http://h.example/caf%C3%A9/~b"),
        ("http://h.example/100%25-more?q=a%26b", "http://h.example/100%25-more?q=a%26b"),
        ("javascript:alert(1)", ""),
        ("mailto:a@h.example", ""),
        ("http://[::1", ""),
        ("http://h.example/\ud800", ""),
        ("http://h.example:port/", ""),
        ("http://h\u2009a.example/", ""),  # such a blank becomes a plain one in a host's name
        ("http://h.example\uff0fa/", ""),  # urllib refuses what becomes a slash there
        ("http://B\u00fccher.example/", "http://xn--bcher-kva.example/"),
        ("", ""),
        ("http://h.example/" + "a" * 3000, ""),
    ],
)
def test_addresses_fold_to_one(url: str, folded: str) -> None:
    assert fold(url) == folded


@given(st.text(max_size=80))
def test_folding_never_fails_and_is_stable(text: str) -> None:
    for url in (fold(text), fold("http://h.example/" + text), fold(text, HOME)):
        assert fold(url) == url


def test_a_page_is_known_by_all_its_addresses() -> None:
    variants = [
        "https://www.hexleycourier.example/news/a-b-1?utm_medium=rss",
        "http://hexleycourier.example/news/a-b-1/",
        "https://m.hexleycourier.example/news/a-b-1#comments",
    ]
    assert len({key(url) for url in variants}) == 1
    assert {canonical(url, HOME) for url in variants} == {"https://www.hexleycourier.example/news/a-b-1"}
    assert key("https://www.hexleycourier.example/news/a-b-2") != key(variants[0])


def test_a_declared_canonical_link_is_believed_within_its_site_only() -> None:
    url = HOME + "news/a-b-1?page=2"
    assert canonical(url, HOME, "/news/a-b-1") == HOME + "news/a-b-1"
    assert canonical(url, HOME, "https://elsewhere.example/news/a-b-1") == HOME + "news/a-b-1?page=2"
    assert canonical(url, HOME, HOME) == HOME + "news/a-b-1?page=2", "a template that names the home page"
    for torn in ("http:://h.example::8801/news/b", "https:/news/b", "javascript:a()", "mailto:a@h.example"):
        assert canonical(url, HOME, torn) == HOME + "news/a-b-1?page=2"
    assert site("http://user:word@www.h.example:8801/") == "h.example:8801"


def test_article_links_leave_sections_pictures_and_other_sites() -> None:
    hrefs = [
        "/news/politics",
        "/news/politics/mayor-signs-off-bus-plan",
        "/news/politics/mayor-signs-off-bus-plan/?ref=top",
        "/article/4801226",
        "/2025/01/14/floods",
        "/img/a-very-long-picture-name.jpg",
        "https://elsewhere.example/a/very/long-slug-of-words",
        "#comments",
    ]
    found = article_links(hrefs, HOME)
    assert found == [
        HOME + p for p in ("news/politics/mayor-signs-off-bus-plan", "article/4801226", "2025/01/14/floods")
    ]
    assert article_links(hrefs, HOME, r"^/article/\d+$") == [HOME + "article/4801226"]


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("[::1]", True),
        ("a.local", True),
        ("169.254.1.1", True),
        ("www.h.example", False),
        ("8.8.8.8", False),
        ("localhost.example", False),
    ],
)
def test_private_hosts(host: str, private: bool) -> None:
    assert is_private(host) is private


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
<item><title>One &amp; two</title><link>http://h.example/a-b-c-d?utm_source=rss</link>
<pubDate>Tue, 14 Jan 2025 09:30:00 GMT</pubDate></item>
<item><title>Three</title><guid isPermaLink="true">http://h.example/e-f-g-h</guid></item>
<item><title>Twice</title><link>http://h.example/a-b-c-d</link></item>
<item><title>None</title></item></channel></rss>"""


def test_rss_gives_each_article_once_with_its_date() -> None:
    found = read_feed(RSS.encode(), "http://h.example/rss")
    assert [link.url for link in found.links] == ["http://h.example/a-b-c-d", "http://h.example/e-f-g-h"]
    assert found.links[0].title == "One & two"
    assert found.links[0].published == datetime(2025, 1, 14, 9, 30, tzinfo=UTC)
    assert found.reason == ""


def test_atom_takes_the_alternate_link() -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>
    <link rel="edit" href="http://h.example/edit/1"/><link rel="alternate" href="/news/x-y-z"/>
    <updated>2025-06-01T07:45:00+01:00</updated></entry></feed>"""
    link = read_feed(text.encode(), "http://h.example/atom.xml").links[0]
    assert link.url == "http://h.example/news/x-y-z"
    assert link.modified == datetime(2025, 6, 1, 6, 45, tzinfo=UTC)


def test_malformed_feeds_count_when_they_have_entries() -> None:
    cut = RSS[: RSS.index("<item><title>Three")] + "<item><title>bare & ampersand"
    found = read_feed(cut.encode(), "http://h.example/rss")
    assert [link.url for link in found.links] == ["http://h.example/a-b-c-d"]
    assert found.reason == ""


@pytest.mark.parametrize("body", [b"<html><p>Not here</p></html>", b"{}", b"\x00\xff\xfe" * 50, b"word"])
def test_what_is_no_feed_is_named(body: bytes) -> None:
    assert read_feed(body, "http://h.example/rss").reason == "not_feed"


def test_empty_listings_are_named() -> None:
    assert read_feed(b" \n", HOME).reason == "empty"
    assert read_sitemap(b"", HOME).reason == "empty"
    assert read_section(b"", HOME).reason == "empty"


def _sitemap(rows: str, root: str = "urlset") -> bytes:
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {spaces}>{rows}</{root}>'.encode()


NEWS = _sitemap(
    "<url><loc>http://h.example/old</loc><lastmod>2025-01-02</lastmod></url>"
    "<url><loc>http://h.example/new</loc><n:news><n:publication><n:name>H</n:name></n:publication>"
    "<n:publication_date>2025-03-04T05:06:00Z</n:publication_date><n:title>New &amp; bold</n:title></n:news>"
    "</url>"
)


def test_news_sitemaps_give_dates_and_titles_newest_first() -> None:
    for body in (NEWS, gzip.compress(NEWS)):
        found = read_sitemap(body, "http://h.example/sitemap.xml")
        assert [link.url for link in found.links] == ["http://h.example/new", "http://h.example/old"]
        assert found.links[0].title == "New & bold"
        assert found.links[0].published == datetime(2025, 3, 4, 5, 6, tzinfo=UTC)
        assert found.links[1].modified == datetime(2025, 1, 2, tzinfo=LONDON)


def test_sitemap_indexes_give_children() -> None:
    body = _sitemap(
        "<sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/b.xml.gz</loc></sitemap>", "sitemapindex"
    )
    found = read_sitemap(body, "http://h.example/i.xml")
    assert found.kind == "index"
    assert {link.url for link in found.children} == {"http://h.example/a.xml", "http://h.example/b.xml.gz"}


def test_a_torn_sitemap_gives_what_can_be_read() -> None:
    found = read_sitemap(NEWS[: NEWS.index(b"<n:title>")], "http://h.example/s.xml")
    assert [link.url for link in found.links][-1:] == ["http://h.example/old"]


def test_hostile_sitemaps_are_bounded_and_named() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    bomb = entities + b"<urlset><url><loc>&b;</loc></url></urlset>"
    assert read_sitemap(bomb, HOME).reason == "not_sitemap"
    assert read_feed(bomb, HOME).reason == "not_feed"
    assert read_sitemap(gzip.compress(NEWS)[:-20], HOME).reason == "bad_gzip"
    assert read_sitemap(b"<html><p>Not here</p></html>", HOME).reason == "not_sitemap"
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=9) as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)
    assert read_sitemap(packed.getvalue(), HOME).reason == "too_large"
    rows = "".join(f"<url><loc>http://h.example/{n}</loc></url>" for n in range(60_000))
    found = read_sitemap(_sitemap(rows), HOME)
    assert (len(found.links), found.reason) == (50_000, "too_many_links")


def test_text_sitemaps() -> None:
    assert len(read_sitemap(b"http://h.example/a\nhttp://h.example/b\nnonsense\n", HOME).links) == 2


def test_sections_give_articles_and_their_next_page() -> None:
    page = b"""<html><body><nav><a href="/news/a-b-c-d-in-the-menu">x</a></nav>
    <a href="/news/first-story-of-the-day">x</a><a href="/news/first-story-of-the-day?itm_source=2">x</a>
    <a href="/news/politics">y</a><a href="/news?page=2">Older \xc2\xbb</a></body></html>"""
    found = read_section(page, "http://h.example/news")
    assert [link.url for link in found.links] == ["http://h.example/news/first-story-of-the-day"]
    assert [link.url for link in found.children] == ["http://h.example/news?page=2"]


def test_robots_sitemap_lines() -> None:
    text = "User-agent: *\nDisallow: /x\n  SITEMAP : http://h.example/a.xml\nSitemap: http://h.example/a.xml\nsitemap:/b"
    assert read_robots(200, text.encode()).sitemaps == ("http://h.example/a.xml",)


def test_robots_rules_are_those_of_our_group() -> None:
    text = b"""User-agent: *
Disallow: /

User-agent: SaidAndDone
Crawl-delay: 2.5
Disallow: /preview/
Disallow: /*?print=
Allow: /preview/open
"""
    robots = read_robots(200, text)
    assert robots.delay == 2.5
    assert robots.allows("http://h.example/news") and robots.allows("http://h.example/preview/open/1")
    assert not robots.allows("http://h.example/preview/1")
    assert not robots.allows("http://h.example/a?print=1")


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(404, ""), (410, ""), (400, ""), (401, "robots_forbidden"), (403, "robots_forbidden")]
    + [(code, "robots_unavailable") for code in (500, 503, 429, 302, 0)],
)
def test_robots_by_status(status: int, refusal: str) -> None:
    robots = read_robots(status, b"User-agent: *\nAllow: /")
    assert robots.refusal == refusal
    assert robots.allows("http://h.example/") is not bool(refusal)


def test_a_request_rate_is_a_delay_too() -> None:
    assert read_robots(200, b"User-agent: *\nRequest-rate: 1/5\n").delay == 5.0


def test_retry_after() -> None:
    now = datetime(2025, 1, 14, 9, 0, tzinfo=UTC)
    assert retry_after("3", now) == 3.0
    assert retry_after("Tue, 14 Jan 2025 09:02:00 GMT", now) == 120.0
    assert retry_after("Tue, 14 Jan 2025 08:00:00 GMT", now) == 0.0
    assert (
        retry_after("soon", now) is None and retry_after("", now) is None and retry_after("-5", now) is None
    )


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-01-14T09:30:00.000Z", "2025-01-14T09:30:00+00:00"),
        ("2025-07-14T09:30:00", "2025-07-14T09:30:00+01:00"),
        ("2025-07-14 09:30:00 +0100", "2025-07-14T09:30:00+01:00"),
        ("2025-07-14", "2025-07-14T00:00:00+01:00"),
        ("Mon, 01 Sep 2025 07:00:00 +0100", "2025-09-01T07:00:00+01:00"),
        ("Published Tuesday, 14th January 2025, 2:12pm", "2025-01-14T14:12:00+00:00"),
        ("Friday 7 March 2025, 8.00am", "2025-03-07T08:00:00+00:00"),
        ("09:30, 14 JAN 2025", "2025-01-14T09:30:00+00:00"),
        ("14:05 on Sat, 3 May 2025", "2025-05-03T14:05:00+01:00"),
        ("14/07/2025 09:30", "2025-07-14T09:30:00+01:00"),
        ("July 4, 2025 at noon", "2025-07-04T12:00:00+01:00"),
        ("3 May 2025, 12.30am", "2025-05-03T00:30:00+01:00"),
        ("1736847000", "2025-01-14T09:30:00+00:00"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    when = parse_date(text)
    assert when is not None and when.isoformat() == iso


@given(st.one_of(st.text(max_size=200), st.integers(), st.none(), st.floats(), st.booleans()))
def test_dates_never_fail_and_are_aware(value: object) -> None:
    when = parse_date(value)
    assert when is None or when.tzinfo is not None


@pytest.mark.parametrize(
    "text", ["", "soon", "31 February 2025", "2025", "20250114", "4801226", "99/99/2025"]
)
def test_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "before",
    [
        b"<script>var a='<!--x';</script>",
        b"<!-- a --!>",
        b"<title>a <!-- b</title>",
        b"<!-- one --><!-- two",
        b"<!-- <!-- -->",
    ],
)
def test_what_only_looks_like_a_comment_hides_no_reservation(before: bytes) -> None:
    assert read_head(before + b'<meta name="robots" content="noai">', {}).rights == {"noai": True}


def test_the_head_gives_canonical_link_and_rights() -> None:
    page = b"""<!-- <link rel="canonical" href="/wrong"> --><link href='/news/a?b=1&amp;c=2' rel=canonical>
    <meta name="tdm-reservation" content="1"><META CONTENT="noai, noarchive" NAME="robots">
    <meta name="googlebot" content="noimageai">"""
    head = read_head(page, {})
    assert head.canonical == "/news/a?b=1&c=2"
    assert head.rights == {"tdm_reserved": True, "noai": True, "noarchive": True}
    headers = {
        "tdm-reservation": "1",
        "tdm-policy": "https://h.example/p",
        "x-robots-tag": "otherbot: noai, noarchive",
    }
    assert read_head(b"", headers).rights == {
        "tdm_reserved": True,
        "tdm_policy": "https://h.example/p",
        "noarchive": True,
    }
    assert read_head(b"", {"tdm-reservation": "0"}).rights == {"tdm_reserved": False}


def test_the_rights_note_decides_about_reserved_pages() -> None:
    def outlet(**rights: object) -> Outlet:
        return Outlet("H", HOME, rights=rights)

    flags: dict[str, object] = {"tdm_reserved": True}
    assert reserved(flags, outlet()) == reserved(flags, None) == "tdm_reserved"
    assert reserved({"noai": True}, outlet(note="asked")) == "noai"
    assert reserved(flags, outlet(mine=True)) == ""
    assert reserved({}, outlet(mine=False)) == "not_mined"
    assert reserved({"noarchive": True}, outlet()) == ""


def test_pages_are_asked_for_again_at_growing_intervals() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)

    def again(
        age: float, since: float, status: int = 200, local: bool = False, modified: float | None = None
    ) -> str:
        now = start + timedelta(hours=age)
        page = SeenPage("i", "H", HOME, status, start, now - timedelta(hours=since))
        changed = now - timedelta(hours=modified) if modified is not None else None
        return due(page, Link(HOME, modified=changed), now, local)

    assert due(None, Link(HOME), start, False) == ""
    assert again(0.5, 0.1) == "", "within its first hour"
    assert again(10, 1) == "not_due" and again(10, 3) == ""
    assert again(10, 1, local=True) == "", "our own server"
    assert again(10, 1, modified=0.5) == "", "the listing says that it changed"
    assert again(10, 1, modified=5) == "not_due"
    assert again(500, 400, status=410) == "gone"
    assert again(10, 0.5, status=404) == "gone" and again(10, 3, status=404) == ""
    assert again(500, 400, status=BARRED, local=True) == "taken_out"


def test_links_past_the_bound_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawlers.discovery.listings.MAX_LINKS", 3)
    urls = "".join(f"<url><loc>https://a.example/news/{n}</loc></url>" for n in range(5))
    body = f"<urlset>{urls}<url><loc>https://a.example/news/0</loc></url></urlset>".encode()

    async def fetch(outlet: Outlet, url: str, etag: str, modified: str) -> Response:
        return Response(url, body=body)

    outlet = Outlet("A", "https://a.example/", sitemaps=("https://a.example/sitemap.xml",))
    seen = Seen(tmp_path / "seen.sqlite")
    with Lines(tmp_path / "run.jsonl") as lines:
        links = asyncio.run(Listings(outlet, seen, lines, fetch, 30).discover())
    seen.close()
    assert [link.url[-1] for link in links] == ["0", "1", "2"]
    problems = [line for _, line in read_lines(tmp_path / "run.jsonl") if line]
    assert [(line["reason"], line["detail"]) for line in problems] == [("too_many_links", "2 left out")]


def test_listings_kept_by_the_first_version_can_be_read() -> None:
    kept = {
        "kind": "feed",
        "links": [["http://h.example/a", "A", "2025-01-14T09:30:00+00:00", ""]],
        "children": [],
    }
    link = Link("http://h.example/a", "A", datetime(2025, 1, 14, 9, 30, tzinfo=UTC))
    assert KEPT.validate_python(kept) == ListingContent("feed", (link,))


@pytest.mark.parametrize("broken", [b"<title>&#99999999999999999999;</title>", b'<?xml encoding="\0"?>'])
def test_a_feed_over_which_its_parser_falls_is_read_for_its_links(broken: bytes) -> None:
    feed = b"<rss><channel><item>" + broken + b"<link>http://h.example/news/a-b</link></item><item>" + broken
    found = read_feed(feed, "http://h.example/rss")
    assert [link.url for link in found.links] == ["http://h.example/news/a-b"]
    assert read_feed(broken * 2, "http://h.example/rss").reason == "not_feed"


def test_a_sitemap_with_half_a_character_is_read_up_to_it() -> None:
    whole = "<url><loc>http://h.example/news/a-b</loc></url>"
    found = read_sitemap(f"<urlset>{whole}<url><loc>http://h.example/&#xd800;</loc></url>".encode(), HOME)
    assert ([link.url for link in found.links], found.reason) == (["http://h.example/news/a-b"], "malformed")


def test_a_delay_of_days_is_left_to_the_next_run() -> None:
    """As robots.txt may ask for; the run does not sleep through it."""
    gate = Gate(delay=1e6, next_at=monotonic() + 1e6)
    with pytest.raises(Refused, match="host_paused"):
        asyncio.run(gate.enter(300.0))
    assert not gate.turn.locked()


def test_what_goes_wrong_at_one_outlet_is_named_and_ends_no_other(tmp_path: Path) -> None:
    class Falls(OutletSpider):
        async def crawl_outlet(self, outlet: Outlet) -> None:
            if outlet.name == "A":
                raise OverflowError("too large")
            self.lines.add("outlet", outlet.name)

    outlets = tuple(Outlet(name, "http://h.example/") for name in "AB")
    with Lines(tmp_path / "a.jsonl") as lines, closing(Seen(tmp_path / "seen.sqlite")) as seen:
        spider = Falls(Job("a", tmp_path, outlets), lines, Archive(tmp_path, "a"), seen)
        asyncio.run(_all_of(spider.start()))
    told = [line for _, line in read_lines(tmp_path / "a.jsonl") if line]
    assert [(line["what"], line["outlet"], line.get("reason")) for line in told] == [
        ("problem", "A", "fault"),
        ("outlet", "B", None),
        ("end", "", None),
    ]
    assert re.fullmatch(r"OverflowError in test_discovery\.py, line \d+", told[0]["detail"])


def test_a_page_that_is_said_to_be_unchanged_though_nobody_had_it_is_named(tmp_path: Path) -> None:
    link = Link("http://h.example/news/a-b")
    with (
        Lines(tmp_path / "a.jsonl") as lines,
        closing(Seen(tmp_path / "seen.sqlite")) as seen,
        Archive(tmp_path, "a") as archive,
    ):
        answer = Response(link.url, status=304)
        assert not Keeper(lines, archive, seen).keep(Outlet("A", HOME), link, None, answer, {})
    ((_, told),) = read_lines(tmp_path / "a.jsonl")
    assert told and (told["item"], told["reason"]) == (link.url, "http_304")


async def _all_of(things: AsyncIterator[object]) -> list[object]:
    return [one async for one in things]
