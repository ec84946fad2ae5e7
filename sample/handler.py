"""One outlet's port of the sample web: GET and HEAD, conditional requests, gzip; each request is logged."""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from sample.site import Answer, Site
from sample.web import ServedRequest, Web

_PACKED = ("text/", "application/xml", "application/rss+xml", "application/atom+xml", "image/svg+xml")
Special = Callable[["Handler", str], bool]


class Listener(ThreadingHTTPServer):
    """One outlet's port. ``special`` answers requests itself when it returns True (hostile hosts)."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], web: Web, name: str, special: Special | None = None) -> None:
        self.web = web
        self.name = name
        self.special = special
        self.sites: Callable[[int], Site] | None = None  # by edition
        self.validators: Sequence[str] = ("etag", "modified")
        self.stopping = threading.Event()
        super().__init__(address, Handler)

    def end(self) -> None:
        """Stop serving and close the port."""
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def server_bind(self) -> None:
        """As the base class, without its look-up of the host's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is kept for the tests to see."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            self.web.errors.append(f"{self.name}: {error!r}")


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD with conditional requests and gzip."""

    protocol_version = "HTTP/1.1"
    server_version = "MarlshireWeb/1"
    sys_version = ""
    timeout = 60
    server: Listener

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if self.server.special and self.server.special(self, path):
            return
        sites, missing = self.server.sites, Answer(b"Not here.\n", "text/plain", 404)
        self.send(sites(self.server.web.edition).answer(path, parts.query) if sites else missing)

    do_HEAD = do_GET

    def send(self, answer: Answer) -> None:
        """An answer with its validators; 304 without a body when the client has it already."""
        tag = _tag(answer.body) if "etag" in self.server.validators and answer.status == 200 else ""
        changed = answer.modified if "modified" in self.server.validators and answer.status == 200 else None
        headers = [
            ("Cache-Control", "max-age=0, must-revalidate"),
            ("Vary", "Accept-Encoding"),
            *answer.headers,
        ]
        if tag:
            headers.append(("ETag", tag))
        if changed:
            headers.append(("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True)))
        if self._has_it(tag, changed):
            self.reply(304, headers, b"")
            return
        body = answer.body
        if answer.kind.startswith(_PACKED) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = _packed(body)
            headers.append(("Content-Encoding", "gzip"))
        self.reply(answer.status, [("Content-Type", answer.kind), *headers], body)

    def reply(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        """Write a whole response and log it. A Content-Length among the headers is taken as given."""
        sent = b"" if self.command == "HEAD" else body
        self.note(status, len(sent))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304 and not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(sent)

    def note(self, status: int, sent: int) -> None:
        """Log this request."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        server = self.server
        server.web.log(
            ServedRequest(time.monotonic(), server.name, self.command, self.path, status, sent, headers)
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing to the terminal; ``Web.visits`` is the log."""

    def _has_it(self, tag: str, changed: datetime | None) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
        named = self.headers.get("If-None-Match")
        if named is not None:
            return bool(tag) and (named.strip() == "*" or tag in [part.strip() for part in named.split(",")])
        since = self.headers.get("If-Modified-Since")
        if since is None or changed is None:
            return False
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False


@lru_cache(maxsize=2000)
def _tag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


@lru_cache(maxsize=2000)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)
