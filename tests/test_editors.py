"""Who decides by a proxy's header or by a token: a real proxy, a real dashboard, a real Chromium."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from flows.cli.app import said
from ledger import settings
from ledger.decisions import journal
from ledger.errors import WrongUse
from ledger.queries import pledge_list
from ledger.settings import Settings
from tests.browser import READY, chromium, complaints, needs_chromium, open_page, serving, until
from tests.reading_home import copy_home
from tests.servers import running
from tests.test_login import PRESS, TEXT

SECRET = "p" * 32
SETTINGS = """[editors]
"ann.lee@desk.example" = "Ann Lee"

[proxy]
header = "X-Forwarded-User"
secret_file = "proxy-secret"

"""


class Proxy(socketserver.ThreadingTCPServer):
    """Hands connections on to the dashboard, with ``lines`` in the head of the first request of each."""

    daemon_threads = True

    def __init__(self, target: str, *lines: str) -> None:
        self.target, self.lines = urlsplit(target), lines
        super().__init__(("127.0.0.1", 0), _Proxied)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Proxied(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            got = self.request.recv(65_536)
            if not got:
                return
            head += got
        head, _, rest = head.partition(b"\r\n\r\n")
        head = re.sub(rb"(?m)^(Host|Origin): .*\r$", self._own, head)
        if b"upgrade: websocket" not in head.lower():
            head = re.sub(rb"(?im)^connection: .*\r$", b"Connection: close\r", head)
        added = "".join(f"\r\n{line}" for line in self.server.lines).encode()
        with socket.create_connection((self.server.target.hostname, self.server.target.port)) as there:
            there.sendall(head + added + b"\r\n\r\n" + rest)
            back = threading.Thread(target=_pass_on, args=(there, self.request))
            back.start()
            _pass_on(self.request, there)
            back.join()

    def _own(self, line: re.Match[bytes]) -> bytes:
        value = self.server.target.netloc if line[1] == b"Host" else f"http://{self.server.target.netloc}"
        return line[1] + b": " + value.encode() + b"\r"


def _pass_on(here: socket.socket, there: socket.socket) -> None:
    try:
        while got := here.recv(65_536):
            there.sendall(got)
        there.shutdown(socket.SHUT_WR)
    except OSError:  # either side has gone
        return


def set_up(home: Settings, secret: str = SECRET) -> str:
    """The home's list, proxy and a token of Ben Ray's, which is given."""
    ran = CliRunner().invoke(said, ["editors", "token", "Ben Ray", "--home", str(home.home)])
    token, line = re.findall(r"alone: (\S+)\n[^\n]*\n\n(\[tokens\]\n.*\n)", ran.output)[0]
    file = home.home / "settings.toml"
    kept = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.write_text(f"{kept}\n{SETTINGS}{line}", encoding="utf-8")
    (home.home / "proxy-secret").touch(0o600)
    (home.home / "proxy-secret").write_text(secret, encoding="utf-8")
    assert token not in file.read_text(encoding="utf-8")
    return str(token)


def set_status(driver: Any, status: str) -> None:
    """By the key of the tool, as an editor does."""
    from selenium.webdriver.common.action_chains import ActionChains

    until(driver, READY)  # a key that is pressed while the page is drawn is lost
    driver.execute_script("document.activeElement.blur()")
    ActionChains(driver).send_keys("s").perform()
    assert until(driver, PRESS, status)
    driver.find_element("css selector", "input[aria-label='Why']").send_keys("it was seen")
    assert until(driver, PRESS, "Set status")
    until(driver, f"{TEXT}.includes('Recorded as decision')")


@pytest.mark.browser
def test_only_who_the_proxy_names_or_a_token_shows_decides(
    gold_home: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from selenium.webdriver.common.keys import Keys

    needs_chromium()
    home = copy_home(gold_home, tmp_path_factory.mktemp("desk"))
    token = set_up(home)
    row = pledge_list.pledges(home, pledge_list.Filter(due="overdue"))[0]
    page, user = f"pledge?id={row.id}", "X-Forwarded-User: ann.lee@desk.example"
    forged = {
        "no secret": (user,),
        "another secret": (user, "X-Said-Secret: " + "q" * 32),
        "two people": (user, "X-Forwarded-User: mallory@desk.example", f"X-Said-Secret: {SECRET}"),
        "somebody else": ("X-Forwarded-User: mallory@desk.example", f"X-Said-Secret: {SECRET}"),
    }
    with serving(home) as at, chromium(1440, tmp_path_factory.mktemp("profile")) as driver:
        for name, lines in forged.items():
            with running(proxy := Proxy(at, *lines)):
                open_page(driver, proxy.url + page)
                told = driver.execute_script(TEXT)
                assert "to decide" in told or "nothing is decided" in told or "not among those" in told, name
                assert not driver.execute_script("return document.querySelector('.st-key-tools')"), name
        with running(proxy := Proxy(at, user, f"X-Said-Secret: {SECRET}")):
            open_page(driver, proxy.url + page)
            set_status(driver, "Delivered")
        open_page(driver, at + page)
        field = driver.find_element("css selector", "input[aria-label='Your token']")
        field.send_keys("not the token" + Keys.ENTER)
        until(driver, f"{TEXT}.includes('by the address of the login')")
        field.send_keys(Keys.CONTROL + "a")
        field.send_keys(token + Keys.ENTER)
        until(driver, "return !!document.querySelector('.st-key-tools')")
        set_status(driver, "Not delivered")
        assert complaints(driver) == []
    signed = [(d.kind, d.subject, d.value["status"], d.who) for d in journal.in_force(home)]
    assert signed == [
        ("set_status", row.id, "delivered", "Ann Lee"),
        ("set_status", row.id, "not_delivered", "Ben Ray"),
    ]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('[proxy]\nheader = "X Y"', "header"),
        ('[proxy]\nsecret_file = "x"', "header"),
        ('[proxy]\nheader = "X-User"\naddress = "*"', "address"),
        ('[tokens]\n"Ann" = "a plain token"', "said editors token"),
        ("searches_a_minute = -1", "searches_a_minute"),
    ],
)
def test_a_proxy_or_token_that_cannot_be_used_is_named(tmp_path: Path, entry: str, told: str) -> None:
    (tmp_path / "settings.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(WrongUse, match=told):
        settings.load(tmp_path)
