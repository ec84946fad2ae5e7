"""A crawl as the public web sees it: a public name, answered by a real server in the part of a proxy."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.fetch.crawl import crawl
from ledger.counts import Counts
from ledger.types import Outlet
from tests.servers import make_certificate, running

pytestmark = pytest.mark.slow
HOST = "news.example"
ARTICLE = "<html><head><title>A bench</title></head><body><p>The bench is back.</p></body></html>"
PATHS = [f"/news/a-bench-in-the-rain-{number}" for number in range(3)]
FEED = "".join(f"<item><title>T</title><link>http://{HOST}{path}</link></item>" for path in PATHS)


@dataclass
class Press(ThreadingHTTPServer):
    """Answers for the outlet by path; keeps what was asked: (path, headers in lower case)."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    __hash__ = ThreadingHTTPServer.__hash__

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Press
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append((path, {k.lower(): v for k, v in self.headers.items()}))
        body = self.server.answers.get(path, "").encode()
        same = body and self.headers.get("If-None-Match") == '"1"'
        self.send_response(304 if same else 200 if body else 404)
        self.send_header("ETag", '"1"')
        if not same:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if same else body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    server = Press(
        answers={
            "/robots.txt": "User-agent: *\nDisallow: /private/\n",
            "/rss": f'<rss version="2.0"><channel><title>A</title>{FEED}</channel></rss>',
            **dict.fromkeys(PATHS, ARTICLE),
        }
    )
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_address[1]}")
    with running(server):
        yield server


OUTLET = Outlet("News", f"http://{HOST}/", feeds=(f"http://{HOST}/rss",), crawl_delay=0.01)


def _crawl(home: Path, **limits: object) -> Counts:
    return crawl(home, [OUTLET], contact="desk@campaign.example", **limits)


def test_a_public_outlet_is_asked_for_little(press: Press, tmp_path: Path) -> None:
    first = _crawl(tmp_path)
    assert first.written == 3 and first.problems == []
    assert sorted(press.paths()) == sorted(
        ["/robots.txt", "/rss", "/.well-known/tdmrep.json", "/ai.txt", *PATHS]
    )
    agents = {headers["user-agent"] for _, headers in press.asked}
    assert len(agents) == 1 and agents.pop().endswith("(+desk@campaign.example)")
    press.asked.clear()
    second = _crawl(tmp_path)
    assert (second.written, second.skipped, second.problems) == (0, {"unchanged": 3}, [])
    assert sorted(press.paths()) == PATHS, "robots.txt serves the day, the feed rests, new pages are watched"
    assert all(headers.get("if-none-match") == '"1"' for _, headers in press.asked)


def test_a_look_at_which_nothing_is_due_leaves_no_file(press: Press, tmp_path: Path) -> None:
    dated = FEED.replace("</item>", "<pubDate>Mon, 06 Jan 2020 08:00:00 GMT</pubDate></item>")
    press.answers["/rss"] = f'<rss version="2.0"><channel><title>A</title>{dated}</channel></rss>'
    first = _crawl(tmp_path)
    assert first.skipped == {"too_old": 3} and press.paths() == ["/robots.txt", "/rss"]
    press.asked.clear()
    second = _crawl(tmp_path)
    assert press.asked == [] and (second.read, second.problems) == (0, [])
    assert len(list((tmp_path / "data" / "crawl").glob("*.jsonl"))) == 1


def test_a_reservation_is_known_before_a_page_is_asked_for(press: Press, tmp_path: Path) -> None:
    press.answers["/ai.txt"] = "User-Agent: *\nDisallow: *.txt\n"
    counts = _crawl(tmp_path)
    assert (counts.written, counts.skipped) == (0, {"ai_txt": 3})
    assert not set(PATHS) & set(press.paths())


def test_the_budget_of_a_day_holds_across_runs(press: Press, tmp_path: Path) -> None:
    first = _crawl(tmp_path, budget=5)
    assert len(press.asked) == 5 and first.written == 1
    assert {problem.reason for problem in first.problems} == {"budget_spent"}
    press.asked.clear()
    again = _crawl(tmp_path, budget=5)
    assert press.asked == [] and {problem.reason for problem in again.problems} == {"budget_spent"}


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    server = Press(answers={"/robots.txt": "User-agent: *\nDisallow:\n"})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path / "server.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    home = f"https://127.0.0.1:{server.server_address[1]}"
    with running(server):
        counts = crawl(tmp_path, [Outlet("S", f"{home}/", feeds=(f"{home}/rss",), local=True)])
    (problem,) = counts.problems
    assert (problem.item, problem.reason, problem.detail) == (
        f"{home}/robots.txt",
        "robots_unavailable",
        "certificate",
    )
    assert server.asked == []
