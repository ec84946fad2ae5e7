"""The sample web over HTTP: listings, conditional requests, two visits, and the crawl's view of it."""

from __future__ import annotations

import gzip
import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from lxml import etree
from protego import Protego

from ledger.errors import WrongUse
from sample.hostile.model import HOSTS
from sample.outlets import outlets
from sample.render import TRACKED
from sample.server import serve
from sample.stories import FOLDER, publishers
from sample.truth import Truth, closed, gone, truth
from sample.web import Web
from tests.sample_client import (
    AUTHORITY,
    COURIER,
    LIVE,
    OBSERVER,
    PBC,
    POLICE,
    POST,
    ask,
    links_of_feed,
    locs,
    one,
    wanted,
)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(0) as served:
        yield served
        assert served.errors == []


@pytest.fixture(scope="module")
def later() -> Iterator[Web]:
    with serve(0, edition=2) as served:
        yield served
        assert served.errors == []


# Listings


@pytest.mark.parametrize(
    ("outlet", "feed"), [(COURIER, "rss"), (LIVE, "rss"), (POST, "rss"), (AUTHORITY, "atom.xml")]
)
def test_feeds_list_every_article_with_tracking_and_what_is_gone_or_closed(
    web: Web, outlet: str, feed: str
) -> None:
    links = links_of_feed(ask(web.home(outlet) + feed))
    plain = {link.partition("?")[0] for link in links}
    own = web.home(outlet)
    away = {url for url in (*gone(web.base_port), *closed(web.base_port)) if url.startswith(own)}
    assert plain == wanted(web, outlet) | away
    tracked = [link for link in links if link.partition("?")[0] in wanted(web, outlet)]
    assert all(link.endswith(TRACKED["rss"]) or "at_medium=RSS" in link for link in tracked)


def test_sitemaps_index_news_and_gzip(web: Web) -> None:
    children = locs(ask(web.home(POST) + "sitemap-index.xml"))
    assert children[0].endswith("/sitemaps/news.xml")
    months = [url for url in children if url.endswith(".xml.gz")]
    assert len(months) > 3
    assert {url for month in months for url in locs(ask(month))} == wanted(web, POST)
    news = ask(children[0])
    assert set(locs(news)) == wanted(web, POST)
    dates = etree.fromstring(news.body).xpath("//*[local-name()='publication_date']/text()")
    assert {datetime.fromisoformat(day) for day in dates} == {
        article.published for article in truth(web.base_port) if article.outlet == POST
    }
    assert set(locs(ask(web.home(POLICE) + "sitemap.xml.gz"))) == wanted(web, POLICE)
    assert set(locs(ask(web.home(PBC) + "sitemaps/news.xml"))) == wanted(web, PBC)


def test_section_pages_lead_by_next_links_to_every_article(web: Web) -> None:
    for publisher in publishers():
        found: set[str] = set()
        for key in publisher.sections:
            url, pages = web.home(publisher.name) + f"section/{key}", 0
            while url:
                page = ask(url).tree
                pages += 1
                hrefs = page.xpath("//main//div[@class='teaser-text']//a/@href")
                assert hrefs
                found |= {urljoin(url, href.partition("?")[0].rstrip("/")) for href in hrefs}
                url = (
                    urljoin(url, next(iter(page.xpath("//link[@rel='next']/@href")), "")) if pages < 9 else ""
                )
                url = "" if url.endswith(f"/{key}") or not page.xpath("//link[@rel='next']") else url
        assert found == wanted(web, publisher.name)
    assert ask(web.home(OBSERVER) + "section/news?page=9").status == 404


def test_robots_close_a_folder_that_pages_and_feeds_link_to(web: Web) -> None:
    for publisher, draft in zip(publishers(), closed(web.base_port), strict=True):
        home = web.home(publisher.name)
        rules = Protego.parse(ask(home + "robots.txt").body.decode())
        assert draft.startswith(home)
        assert not rules.can_fetch(draft, "SaidAndDone")
        assert ask(draft).status == 200  # nothing but robots.txt keeps it
        assert not rules.can_fetch(home, "GreedyBot")
        for url in wanted(web, publisher.name):
            assert rules.can_fetch(url, "SaidAndDone")
            assert not rules.can_fetch(url + "?print=1", "SaidAndDone")
        path = urlsplit(draft).path
        assert path in ask(home).tree.xpath("//main/following::a/@href | //main//a/@href")
        article = next(iter(wanted(web, publisher.name)))
        assert path in ask(article).tree.xpath("//a/@href")
        sitemaps = list(rules.sitemaps)
        assert all(ask(url).status == 200 for url in sitemaps)
    smallest = min(publishers(), key=lambda p: len(wanted(web, p.name)))
    assert Protego.parse(ask(web.home(smallest.name) + "robots.txt").body.decode()).crawl_delay("x") == 0.1


def test_pages_link_only_to_what_is_there(web: Web) -> None:
    """Every link of every page of an outlet leads to a page, a picture or a draft; none to a 404."""
    for publisher in publishers():
        home = web.home(publisher.name)
        todo, seen = [home], set()
        while todo:
            url = todo.pop()
            path = url.partition("#")[0]
            path = path if "?page=" in path else path.partition("?")[0].rstrip("/")
            if path in seen or "/cdn-cgi/" in path:
                continue
            seen.add(path)
            reply = ask(path if urlsplit(path).path else home)
            assert reply.status == 200, path
            if reply.headers["content-type"].startswith("text/html"):
                hrefs = reply.tree.xpath(
                    "//a/@href | //img/@src | //link[not(@rel='next' or @rel='prev')]/@href"
                )
                todo += [link for link in (urljoin(url, href) for href in hrefs) if link.startswith(home)]
        assert wanted(web, publisher.name) <= seen


# HTTP


def test_conditional_requests_are_answered_304_without_a_body(web: Web) -> None:
    for outlet, etag, modified in ((COURIER, True, True), (OBSERVER, False, True), (PBC, True, False)):
        url = next(iter(wanted(web, outlet)))
        first = ask(url)
        assert ("etag" in first.headers) is etag
        assert ("last-modified" in first.headers) is modified
        if etag:
            same = ask(url, If_None_Match=first.headers["etag"])
            assert (same.status, same.body) == (304, b"")
            assert same.headers["etag"] == first.headers["etag"]
            assert ask(url, If_None_Match='"other"').status == 200
            assert ask(url, If_None_Match=f'"other", {first.headers["etag"]}').status == 304
        if modified:
            stamp = first.headers["last-modified"]
            same = ask(url, If_Modified_Since=stamp)
            assert (same.status, same.body) == (304, b"")
            before = parsedate_to_datetime(stamp) - timedelta(days=1)
            assert ask(url, If_Modified_Since=f"{before:%a, %d %b %Y %H:%M:%S GMT}").status == 200
            assert ask(url, If_Modified_Since="yesterday").status == 200
        if etag and modified:
            assert (
                ask(url, If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"]).status
                == 200
            )


def test_gzip_head_and_keep_alive(web: Web) -> None:
    url = one(web, "mr-002").url
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip, deflate")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] == plain.headers["etag"]
    head = ask(url, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    for _ in range(3):
        connection.request("GET", parts.path)
        assert connection.getresponse().read() == plain.body
    connection.close()


def test_the_log_tells_what_was_asked_and_answered(web: Web) -> None:
    web.forget()
    url = one(web, "mr-003").url
    ask(url + "?utm_source=log", User_Agent="Tester/1")
    ask(web.home(OBSERVER) + "nowhere")
    visits = web.seen(OBSERVER)
    assert [visit.status for visit in visits] == [200, 404]
    assert visits[0].path == urlsplit(url).path
    assert visits[0].target.endswith("?utm_source=log")
    assert visits[0].headers["user-agent"] == "Tester/1"
    assert visits[0].sent > 1000
    assert visits[0].at <= visits[1].at
    assert web.seen(path="/nowhere", status=404) == visits[1:]
    assert web.seen(COURIER) == []


def test_a_port_in_use_is_told_in_one_line_with_what_to_do(web: Web) -> None:
    with pytest.raises(WrongUse, match=rf"port {web.base_port} .*another base port"), serve(web.base_port):
        pass
    with pytest.raises(WrongUse, match="take one from 1"), serve(70_000):
        pass


def test_a_failed_start_leaves_no_port_open(web: Web) -> None:
    first = web.base_port - 3  # its fourth outlet meets this one's first
    with pytest.raises(WrongUse), serve(first):
        pass
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", first)) != 0


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(WrongUse, match="editions 1 and 2"), serve(0, edition=3):
        pass


def test_ports_are_free_again_after_the_block() -> None:
    with serve(0) as first:
        port = first.base_port
        assert ask(first.home()).status == 200
    with serve(port) as second:
        assert ask(second.home()).status == 200


def test_served_by_hand_until_interrupted(web: Web) -> None:
    command = [sys.executable, "-m", "sample", "--base-port", "0", "--edition", "2", "--hostile"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(len(publishers()) + len(HOSTS) + 1)]
        assert ask(lines[0].split()[0]).status == 200
        process.send_signal(signal.SIGINT)
        try:
            rest, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert lines[0].endswith(COURIER + "\n")
    assert lines[-1] == "Stop with Ctrl-C.\n"
    assert (rest, errors, process.returncode) == ("Stopped.\n", "", 0)


def test_by_hand_a_port_in_use_is_one_line_and_status_2(web: Web) -> None:
    command = [sys.executable, "-m", "sample", "--base-port", str(web.base_port)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"said: port \d+ .*another base port\n", done.stderr)


# Two visits


def test_the_second_visit_finds_one_article_changed(web: Web, later: Web) -> None:
    before, after = one(web, "mr-066"), one(later, "mr-066")
    assert before.modified is None
    assert after.modified is not None and after.modified > before.published
    differing = set(before.paragraphs) ^ set(after.paragraphs)
    assert len(differing) == 3  # the quotation as it was and as it is, and the correction
    assert any("October" in p and p.startswith('"') for p in set(before.paragraphs) - set(after.paragraphs))
    assert after.paragraphs[-1].startswith("Correction")
    new = ask(after.url)
    assert parsedate_to_datetime(new.headers["last-modified"]) == after.modified.astimezone(UTC)
    assert (
        new.tree.xpath("string(//meta[@property='article:modified_time']/@content)")
        == after.modified.isoformat()
    )
    assert "updated" in ask(later.home(LIVE) + "rss").body.decode()


def test_the_second_visit_changes_nothing_else(web: Web, later: Web) -> None:
    before = {article.id: article.paragraphs for article in truth(web.base_port)}
    after = {article.id: article.paragraphs for article in truth(later.base_port, 2)}
    assert {name for name in before if before[name] != after.get(name)} == {"mr-066", "sx-003"}
    assert set(after) == set(before) - {"sx-003"}


def test_validators_of_the_first_visit_tell_the_second_what_changed() -> None:
    """One article's words; and the pages beside one that is gone, whose words are the same."""
    with serve(0) as web:
        before = {article.url: ask(article.url).headers for article in truth(web.base_port)}
    with serve(web.base_port, edition=2) as web:
        changed = set()
        for article in truth(web.base_port, 2):
            known = before[article.url]
            asked = {"If_None_Match": known["etag"]} if "etag" in known else {}
            if "last-modified" in known:
                asked["If_Modified_Since"] = known["last-modified"]
            reply = ask(article.url, **asked)
            assert reply.status in {200, 304}
            changed |= {article.url} if reply.status == 200 else set()
        beside = wanted(web, COURIER)
        assert changed == beside | {one(web, "mr-066").url}
        assert len(beside) > 10


def test_what_is_gone_answers_410_and_stays_in_the_feed(web: Web, later: Web) -> None:
    assert len(gone(web.base_port)) == 1
    assert len(gone(later.base_port, 2)) == 2
    assert ask(one(web, "sx-003").url).status == 200
    for url in gone(later.base_port, 2):
        assert ask(url).status == 410
        assert url in {link.partition("?")[0] for link in links_of_feed(ask(later.home(COURIER) + "rss"))}
        assert urlsplit(url).path not in ask(later.home(COURIER)).body.decode()


def test_the_shared_story_is_a_near_copy_as_real_ones_are() -> None:
    def shingles(article: Truth) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", article.text.lower())
        return {tuple(words[n : n + 3]) for n in range(len(words) - 2)}

    served = {article.id: article for article in truth()}
    copies = [article for article in served.values() if article.copy_of]
    assert len(copies) == 1
    original = served[copies[0].copy_of]
    assert original.outlet != copies[0].outlet
    assert original.authors == copies[0].authors
    one, other = shingles(original), shingles(copies[0])
    assert 0.43 <= len(one & other) / len(one | other) <= 0.59


# The crawl's view


def test_outlets_yaml_names_every_outlet_and_uses_every_way_of_discovery(web: Web) -> None:
    entries = yaml.safe_load(web.outlets_yaml())
    assert [entry["name"] for entry in entries] == [publisher.name for publisher in publishers()]
    used: set[str] = set()
    for entry, publisher in zip(entries, publishers(), strict=True):
        assert entry["home"] == web.home(entry["name"])
        assert entry["group"] == publisher.group
        ways = {way: entry.get(way, []) for way in ("feeds", "sitemaps", "sections")}
        used |= {way for way, urls in ways.items() if urls}
        assert all(ask(url).status == 200 for urls in ways.values() for url in urls)
    assert used == {"feeds", "sitemaps", "sections"}
    assert {entry["layout"] for entry in entries} == {"jsonld", "meta", "visible"}


def test_outlets_at_the_usual_ports_are_the_file_itself() -> None:
    assert outlets() == (FOLDER / "outlets.yaml").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8801/" in outlets()
    assert "http://127.0.0.1:9001/" in outlets(9001) and ":88" not in outlets(9001)
