"""A plain server of many pages for the crawl's benchmark: ``python -m benchmarks.page_server COUNT``.

Serves COUNT article pages (the sample web's own, each under a number and with a line of its own), a sitemap
of them and a robots.txt on a free port of 127.0.0.1, over kept connections, packed, with ETags and
conditional requests. Prints its port, then answers ``/-/counts`` with JSON: the requests, and the bodies
of pages sent, since the last such question. A process of its own: a client's CPU time is the client's alone.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys

from sample.site import Site
from sample.stories import publishers

HOST = "127.0.0.1"
Served = tuple[bytes, bytes, str]  # plain body, packed body, ETag


def page_paths(count: int) -> list[str]:
    """The addresses of the pages, without their origin."""
    return [f"/news/what-was-decided-in-the-county-{number:06}" for number in range(count)]


def _bodies() -> list[bytes]:
    """The article pages of every outlet of the sample web."""
    sites = [Site(publisher, f"http://{HOST}", 1) for publisher in publishers()]
    return [site.answer(story.path).body for site in sites for story in site.live]


class Pages:
    """What is served, and what was asked for. ``served``: requests and bodies of pages so far."""

    def __init__(self, count: int, origin: str) -> None:
        bodies = _bodies()
        self.pages: dict[str, Served] = {}
        for number, path in enumerate(page_paths(count)):
            line = f"<p>This is item {number} of the register of {count} items.</p></article>".encode()
            body = _own_address(bodies[number % len(bodies)]).replace(b"</article>", line, 1)
            self.pages[path] = self._page(body)
        urls = "".join(f"<url><loc>{origin}{path}</loc></url>" for path in self.pages)
        sitemap = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        self.others = {
            "/robots.txt": self._page(b"User-agent: *\nDisallow: /private/\n"),
            "/sitemap.xml": self._page(sitemap.encode()),
        }
        self.requests = self.sent = 0

    @staticmethod
    def _page(body: bytes) -> Served:
        return body, gzip.compress(body, 6, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:20]}"'

    def answer(self, path: str, headers: dict[str, str]) -> bytes:
        if path == "/-/counts":
            counts = json.dumps({"requests": self.requests, "sent": self.sent}).encode()
            self.requests = self.sent = 0
            return _response(200, counts, "Content-Type: application/json\r\n")
        self.requests += 1
        page = self.pages.get(path)
        body, packed, tag = page or self.others.get(path, (b"", b"", ""))
        if not tag:
            return _response(404, b"Not here.\n", "Content-Type: text/plain\r\n")
        if headers.get("if-none-match") == tag:
            return _response(304, b"", f"ETag: {tag}\r\n")
        self.sent += page is not None
        kind = "text/html; charset=utf-8" if page else "text/plain; charset=utf-8"
        named = f"Content-Type: {kind}\r\nETag: {tag}\r\nVary: Accept-Encoding\r\n"
        if "gzip" in headers.get("accept-encoding", ""):
            return _response(200, packed, f"{named}Content-Encoding: gzip\r\n")
        return _response(200, body, named)


def _own_address(body: bytes) -> bytes:
    """The page without its canonical link, which would fold the copies to one article."""
    before, mark, rest = body.partition(b'<link rel="canonical"')
    return before + rest.partition(b">")[2] if mark else body


def _response(status: int, body: bytes, headers: str) -> bytes:
    head = f"HTTP/1.1 {status} -\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _serve(count: int) -> None:
    pages: Pages | None = None

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (raw := await reader.readuntil(b"\r\n\r\n")) and pages is not None:
                first, *lines = raw.decode("latin-1").split("\r\n")
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
                writer.write(pages.answer(first.split()[1], headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the client has gone
        finally:
            writer.close()

    server = await asyncio.start_server(talk, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    pages = Pages(count, f"http://{HOST}:{port}")
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
