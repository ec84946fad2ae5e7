"""What a hostile page, feed or name server cannot make us ask: addresses of this machine and its network."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy.resolver import dnscache
from twisted.internet import defer
from twisted.internet.base import ThreadedResolver
from twisted.internet.testing import MemoryReactor

from crawlers.archive.lines import runs
from crawlers.fetch.crawl import crawl
from crawlers.fetch.resolver import PublicNames
from crawlers.outlets import load_outlets
from crawlers.pages.urls import is_private
from crawlers.probe.find import find_outlet
from flows.bodies import _fetched
from flows.delivery.webhook import Webhook
from flows.digest.archive import Letter
from ledger import settings
from ledger.errors import SaidError, WrongUse
from ledger.types import Outlet
from nlp.officials.body_sources import BodySource
from tests.servers import HookServer, running

PUBLIC = "news.example"
_NAMES = """import socket
answers, known = {answers!r}, socket.gethostbyname
def by_name(name):
    if name not in answers:
        return known(name)
    return answers[name].pop(0) if len(answers[name]) > 1 else answers[name][0]
socket.gethostbyname = by_name
"""


@dataclass
class Inside(ThreadingHTTPServer):
    """A service of this machine that nobody outside is to reach; keeps what it was asked."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Inside)

    __hash__ = ThreadingHTTPServer.__hash__

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Inside(BaseHTTPRequestHandler):
    server: Inside

    def do_GET(self) -> None:
        asked = self.path.removeprefix("http://")  # in the part of a proxy it is asked for whole addresses
        self.server.asked.append(asked)
        status, headers, body = self.server.answers.get(asked, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def inside() -> Iterator[Inside]:
    server = Inside()
    with running(server):
        yield server


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 127.1 2130706433 0x7f.1 0x7f000001 0177.0.0.1 017700000001 [::1] ::ffff:127.0.0.1 ::127.0.0.1"
    " 64:ff9b::7f00:1 2002:7f00:1:: 10.0.0.8 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0"
    " fe80::1%eth0 fd00::1 localhost LOCALHOST. a.localhost metadata.google.internal printer.local"
    " 224.0.0.1 255.255.255.255 １２７.0.0.1 127。0。0。1".split(),
)
def test_an_address_of_this_network_is_known_however_it_is_written(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host", "8.8.8.8 134744072 ::ffff:8.8.8.8 2606:4700::1111 64:ff9b::808:808 news.example 1.example".split()
)
def test_an_address_of_the_web_is_not_taken_for_one(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "x.internal"])
def test_an_outlet_names_a_private_address_only_where_it_is_marked_local(tmp_path: Path, host: str) -> None:
    entry = f"- name: X\n  home: 'http://{host}/'\n  feeds: ['http://{host}/rss']\n"
    (tmp_path / "outlets.yaml").write_text(entry)
    with pytest.raises(WrongUse, match="private address"):
        load_outlets(tmp_path / "outlets.yaml")


@pytest.mark.slow
def test_a_public_name_that_leads_to_a_private_address_is_not_connected_to(
    inside: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the answers of the name server are made up, for the process of the crawl."""
    private = {f"{n}.example": [one] for n, one in enumerate(("127.0.0.1", "169.254.169.254", "100.64.0.1"))}
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_NAMES.format(answers=private))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    port = inside.server_address[1]
    outlets = [
        Outlet(name, f"http://{name}:{port}/", feeds=(f"http://{name}:{port}/rss",), crawl_delay=0)
        for name in private
    ]
    counts = crawl(tmp_path, outlets, contact="desk@desk.example", timeout=1)
    assert inside.asked == []
    reasons = {urlsplit(problem.item).hostname: problem.reason for problem in counts.problems}
    assert reasons == dict.fromkeys(private, "private_address")


@pytest.mark.parametrize("remembered", [100, 0])
def test_a_name_that_leads_elsewhere_at_the_second_asking_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    """Re-binding. What the resolver gives is what is connected to, and each answer of it is looked at."""
    answers, given, refused = ["8.8.8.8", "127.0.0.1", "127.0.0.1"], list[str](), list[str]()
    monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: defer.succeed(answers.pop(0)))
    dnscache.clear()
    resolver = PublicNames(MemoryReactor(), remembered, 1.0)
    for _ in range(2):
        resolver.getHostByName("turning.example").addCallbacks(
            given.append, lambda no: refused.append(str(no))
        )
    assert given == (["8.8.8.8", "8.8.8.8"] if remembered else ["8.8.8.8"])
    assert len(refused) == (0 if remembered else 1)


FEED = (
    "<rss version='2.0'><channel><title>A</title><item><title>T</title><link>{}</link></item></channel></rss>"
)
PAGE = "<html><head><title>A</title>{}</head><body><p>Words of the day, and some more.</p></body></html>"
OPEN = b"User-agent: *\nDisallow:\n"


@pytest.mark.slow
def test_no_public_page_sends_the_crawl_to_a_local_outlet_or_its_network(
    inside: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six public outlets, each hostile in a way of its own, behind a server in the part of a proxy; the
    service inside is another outlet's, marked local."""
    target = f"http://{inside.netloc}/admin/delete-all-the-things-now"
    moved = (302, {"Location": target}, b"")
    html = {"Content-Type": "text/html"}
    public = Inside()
    ways = ("robots", "sitemap", "feed", "link", "canonical", "page")
    for way in ways:
        at = f"{way}.example"
        own = f"/news/a-bench-in-the-rain-{way}"
        head = f'<link rel="canonical" href="{target}">' if way == "canonical" else ""
        listed = target if way == "link" else f"http://{at}{own}"
        public.answers |= {
            f"{at}/robots.txt": (200, {}, OPEN),
            f"{at}/rss": (200, {}, FEED.format(listed).encode()),
            f"{at}{own}": (200, html, PAGE.format(head).encode()),
        }
    public.answers |= {
        "robots.example/robots.txt": moved,
        "sitemap.example/robots.txt": (200, {}, OPEN + f"Sitemap: {target}\n".encode()),
        "sitemap.example/rss": (404, {}, b""),
        "feed.example/rss": moved,
        "page.example/news/a-bench-in-the-rain-page": moved,
    }
    inside.answers["/robots.txt"] = (200, {}, OPEN)
    monkeypatch.setenv("http_proxy", f"http://{public.netloc}")
    local = Outlet("L", f"http://{inside.netloc}/", feeds=(f"http://{inside.netloc}/rss",), local=True)
    outlets = [Outlet(way, f"http://{way}.example/", feeds=(f"http://{way}.example/rss",)) for way in ways]
    with running(public):
        crawl(tmp_path, [local, *outlets], contact="desk@desk.example")
    assert set(inside.asked) == {"/robots.txt", "/rss"}, "what the local outlet itself is asked for"
    assert not [path for path in public.asked if path.startswith(inside.netloc)]
    assert {path.partition("/")[0] for path in public.asked} == {f"{way}.example" for way in ways}
    lines = [
        json.loads(line)
        for path in runs(tmp_path / "data" / "crawl")
        for line in path.read_text("utf-8").splitlines()
    ]
    kept = [urlsplit(line["url"]).hostname for line in lines if line["what"] == "page"]
    assert kept == ["canonical.example"]


@pytest.mark.slow
def test_a_site_that_is_looked_for_leads_to_no_private_address(
    inside: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`said outlets find`: what the page names as its feeds is asked for with the same care."""
    feed = f"http://{inside.netloc}/rss"
    page = PAGE.format(f'<link rel="alternate" type="application/rss+xml" href="{feed}">')
    public = Inside(answers={f"{PUBLIC}/": (200, {"Content-Type": "text/html"}, page.encode())})
    monkeypatch.setenv("http_proxy", f"http://{public.netloc}")
    with running(public):
        found = find_outlet(f"http://{PUBLIC}/", contact="desk@desk.example")
    assert inside.asked == [] and not found.entry
    assert "private_address" in {str(one["reason"]) for one in found.listings}


def _names_lead_home(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Callable[..., Any] = socket.getaddrinfo

    def answer(host: str, *rest: Any, **more: Any) -> Any:
        return known("127.0.0.1" if str(host).endswith(".example") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("form", ["json", "slack"])
def test_a_hook_by_a_public_name_reaches_no_private_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str
) -> None:
    _names_lead_home(monkeypatch)
    letter = Letter("x", "Subject", {"json": "{}", "txt": "words"})
    with running(server := HookServer()):
        port = server.server_address[1]
        entry = {"url": f"http://hooks.example:{port}/x", "form": form}
        (hook,) = Webhook.load(settings.load(tmp_path), "e", entry)
        receipt = hook.send(letter, lambda: None)
        assert (receipt.outcome, server.taken) == ("failed", []) and "private address" in receipt.detail
        (own,) = Webhook.load(settings.load(tmp_path), "e", {"url": server.url, "form": form})
        assert own.send(letter, lambda: None).outcome == "sent"  # whoever wrote the file meant that machine


@pytest.mark.parametrize("to", ["moved", "bomb"])
def test_a_list_of_bodies_is_not_fetched_from_here_nor_without_end(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    _names_lead_home(monkeypatch)
    host = "list.example" if to == "moved" else "127.0.0.1"
    address = f"http://{host}:{inside.server_address[1]}/list"
    source = BodySource("S", address, "OGL", lambda text, url: ([], ""), 1)
    inside.answers["/list"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(60_000_000), 1))
    with pytest.raises(SaidError, match="private address" if to == "moved" else "more than 50 MB"):
        _fetched(source, "")
    assert inside.asked == ([] if to == "moved" else ["/list"])
