"""The dashboard's own server: by which names it answers, with which headers, and how much it is asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.launch import arguments
from dashboard.ui import limits
from flows.site import pages
from ledger.errors import WrongUse
from ledger.settings import Settings
from tests.browser import serving
from tests.reading_home import copy_home

pytestmark = pytest.mark.slow
SETTINGS = "searches_a_minute = 3\npublic_address = 'https://pledges.desk.example/'\n"


@pytest.fixture(scope="module")
def server(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = copy_home(gold_home, tmp_path_factory.mktemp("guarded"))
    file = home.home / "settings.toml"
    file.write_text((file.read_text("utf-8") if file.is_file() else "") + SETTINGS, encoding="utf-8")
    with serving(home) as at:
        yield at


def ask(at: str, path: str, host: str = "", method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers (names in lower case) and text of an answer; asked under the name ``host``."""
    connection = HTTPConnection(urlsplit(at).netloc, timeout=30)
    connection.request(method, path, headers={"Host": host or urlsplit(at).netloc})
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, found, text


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", True), ("/pledges", True), ("/review", True), ("/letters/stop?t=x", True), ("/nowhere", True),
        ("/deadlines.ics", False), ("/feed.atom", False), ("/pledge.json?id=nobody", False),
        ("/_stcore/health", True), ("/feed.atom?list=nothing", False),
    ],
)  # fmt: skip
def test_every_answer_has_its_headers(server: str, path: str, page: bool) -> None:
    _, headers, _ = ask(server, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN" and headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "frame-ancestors" in policy or "form-action 'self'" in policy
    assert "default-src 'none'" in policy or (page and "object-src 'none'" in policy)
    assert "*" not in policy and "http" not in policy
    assert headers.get("access-control-allow-origin", "") in ("", "null")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil", ""]
)
def test_a_name_that_is_not_meant_is_not_answered(server: str, host: str) -> None:
    """A page of another site whose name was turned to this machine (DNS rebinding)."""
    for path in ("/", "/pledge.json?id=x", "/feed.atom", "/_stcore/health"):
        status, _, text = ask(server, path, host or ".")
        assert status == 403 and "public_address" in text
    status = upgrade(server, host or ".", f"http://{host or '.'}")
    assert status != 101


@pytest.mark.parametrize(
    "host", ["", "localhost", "localhost:8501", "[::1]:8501", "10.0.0.7", "PLEDGES.desk.example"]
)
def test_a_name_that_is_meant_is_answered(server: str, host: str) -> None:
    assert ask(server, "/pledge.json?id=x", host)[0] == 404


def test_a_page_of_another_site_opens_no_socket(server: str) -> None:
    netloc = urlsplit(server).netloc
    assert upgrade(server, netloc, f"http://{netloc}") == 101
    assert upgrade(server, netloc, "http://evil.example") != 101


def upgrade(at: str, host: str, origin: str) -> int:
    """The status with which a WebSocket is opened or refused."""
    parts = urlsplit(at)
    head = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as connection:
        connection.sendall(head.encode())
        line = connection.recv(4_096).split(b"\r\n")[0]
    return int(line.split()[1])


def test_one_visitor_may_search_so_often_in_a_minute(server: str) -> None:
    """Feeds of a search, by address; a list's feed costs little and is not counted."""
    answers = [ask(server, f"/feed.atom?q=buses+{n}") for n in range(5)]
    assert [status for status, _, _ in answers] == [200, 200, 200, 429, 429]
    assert answers[-1][1]["retry-after"] == "60" and "wait a little" in answers[-1][2]
    assert ask(server, "/feed.atom")[0] == 200
    assert ask(server, f"/feed.atom?q={'x' * 3000}")[0] == 400


def test_the_limit_is_of_each_and_of_all_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(limits, "_asked", type(limits._asked)(limits._asked.default_factory))
    home = Settings(home=tmp_path, searches_a_minute=2)
    for who in ("a", "a", "b", "b"):
        limits.admit(home, who)
    with pytest.raises(WrongUse, match="from here within a minute"):
        limits.admit(home, "a")
    for n in range(2 * limits.TOGETHER - 4):
        limits.admit(home, f"visitor {n}")
    with pytest.raises(WrongUse, match="at once within a minute"):
        limits.admit(home, "somebody new")
    now[0] += 61
    limits.admit(home, "a")
    assert len(limits._asked) == 2, "who has not asked of late is not kept"
    for _ in range(50):
        limits.admit(Settings(home=tmp_path, searches_a_minute=0), "a")


def test_the_server_is_started_for_this_machine_with_its_own_protection(tmp_path: Path) -> None:
    given = set(arguments(Settings(home=tmp_path), 8765))
    assert {
        "--server.address=127.0.0.1",
        "--server.enableCORS=true",
        "--server.enableXsrfProtection=true",
    } <= given


def test_the_site_tells_its_host_what_to_send() -> None:
    first, *lines = pages.headers_file().splitlines()
    sent = dict(line.strip().split(": ", 1) for line in lines)
    assert first == "/*" and all(line.startswith("  ") for line in lines)
    assert sent["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]
    assert (sent["X-Frame-Options"], sent["X-Content-Type-Options"], sent["Referrer-Policy"]) == (
        "DENY", "nosniff", "no-referrer",
    )  # fmt: skip
