"""The hostile corner: each host and page misbehaves as the table of cases says."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from lxml import html
from protego import Protego

from sample.hostile import model
from sample.hostile.model import CASES, HOSTS, PAGES, Case
from sample.hostile.pages import PAGE_ACTS
from sample.outlets import outlets
from sample.server import serve
from sample.web import Web
from tests.sample_client import (
    ask,
    links_of_feed,
)


@pytest.fixture(scope="module")
def rough() -> Iterator[Web]:
    with serve(0, hostile=True, drip=0.4) as served:
        yield served
        assert served.errors == []


def test_every_case_has_an_answer_and_an_outcome(rough: Web) -> None:
    assert set(PAGE_ACTS) == {case.name for case in PAGES}
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.path for case in PAGES}) == len(PAGES)
    for case in CASES:
        assert case.url(rough.base_port).startswith(rough.home(case.host))
        assert case.reasons or case.outcome in {"article", "links"}, case.name
    listed = {urlsplit(link).path for link in links_of_feed(ask(rough.home(model.HERALD) + "rss"))}
    assert listed == {case.path for case in PAGES}


def test_hostile_outlets_name_every_host_and_one_that_is_not_there(rough: Web) -> None:
    entries = yaml.safe_load(outlets(rough.base_port, hostile=True))
    assert [entry["name"] for entry in entries] == [*(host.name for host in HOSTS), model.GHOST]
    for entry in entries[:-1]:
        assert entry["home"] == rough.home(entry["name"])
    listed = {url for entry in entries for url in entry.get("feeds", []) + entry.get("sitemaps", [])}
    cases = {case.url(rough.base_port) for case in CASES if case.host == model.LISTINGS}
    assert cases <= listed
    with pytest.raises(ConnectionRefusedError):
        ask(entries[-1]["home"])


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def test_sound_answers_with_bad_content(rough: Web) -> None:
    def body(name: str) -> bytes:
        return ask(case(name).url(rough.base_port)).body

    assert body("pdf").startswith(b"%PDF")
    assert body("empty") == b""
    assert body("blank").strip() == b""
    assert len(body("huge")) > 12_000_000
    assert len(gzip.decompress(body("gzip_bomb"))) > 100_000_000 > 100 * len(body("gzip_bomb"))
    assert "£4.2m" in body("wrong_charset").decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        body("wrong_charset").decode("utf-8")
    broken = html.fromstring(body("broken_jsonld")).xpath("string(//script)")
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    for name in ("markup", "formula", "markdown", "rtl"):
        title = html.fromstring(body(name).decode()).xpath("string(//h1)")
        assert title == case(name).title or name == "rtl"
    assert b"\0" in body("control")
    assert len(body("feed_huge")) > 50_000_000
    assert body("sitemap_100000").count(b"<loc>") == model.SITEMAP_URLS


@pytest.mark.parametrize("name", ["reset", "no_answer"])
def test_connections_that_are_reset(rough: Web, name: str) -> None:
    with pytest.raises(ConnectionError):
        ask(case(name).url(rough.base_port))


def test_truncated_and_slow_answers_and_loops(rough: Web) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(case("truncated").url(rough.base_port))
    with pytest.raises(TimeoutError):
        ask_whole(case("drip").url(rough.base_port), seconds=0.2)
    assert ask(case("drip").url(rough.base_port)).status == 200
    there = ask(case("redirect_loop").url(rough.base_port)).headers["location"]
    back = ask(urljoin(rough.home(model.HERALD), there)).headers["location"]
    assert back == case("redirect_loop").path


def ask_whole(url: str, seconds: float) -> bytes:
    """As a crawler bounds a whole answer: TimeoutError when it is not there within ``seconds``."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5) as connection:
        connection.sendall(f"GET {parts.path} HTTP/1.0\r\n\r\n".encode())
        ends, received = datetime.now(UTC) + timedelta(seconds=seconds), b""
        while piece := connection.recv(65536):
            received += piece
            if datetime.now(UTC) > ends:
                raise TimeoutError
        return received


def test_hosts_that_refuse_or_ask_for_rest(rough: Web) -> None:
    assert ask(rough.home(model.GAZETTE) + "robots.txt").status == 503
    assert ask(rough.home(model.ARGUS) + "robots.txt").status == 403
    rough.forget()
    links = links_of_feed(ask(rough.home(model.ECHO) + "rss"))
    replies = [ask(link) for link in links + links]
    assert [reply.status for reply in replies].count(429) == 1
    asked = next(reply for reply in replies if reply.status == 429)
    assert asked.headers["retry-after"] == str(model.RETRY_AFTER)
    rules = Protego.parse(ask(rough.home(model.TORTOISE) + "robots.txt").body.decode())
    assert rules.crawl_delay("SaidAndDone") == model.CRAWL_DELAY
    rules = Protego.parse(ask(rough.home(model.SENTINEL) + "robots.txt").body.decode())
    shut = [rough.home(model.SENTINEL).rstrip("/") + path for path in model.CLOSED]
    assert len(shut) == 8
    assert not any(rules.can_fetch(url, "SaidAndDone") for url in shut)
    assert all(ask(url).status == 200 for url in shut)


def test_a_stopped_server_does_not_wait_for_its_slow_answers() -> None:
    with serve(0, hostile=True, drip=3600) as web:
        parts = urlsplit(case("drip").url(web.base_port))
        slow = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        slow.request("GET", parts.path)
        assert slow.getresponse().status == 200
    slow.close()
