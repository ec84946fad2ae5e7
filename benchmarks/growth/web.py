"""The labelled regions' articles as the pages of one local paper, and the register of all their officials."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from ledger.errors import WrongUse
from nlp.models import regions

DAY = "2026-06-30"  # the day of the articles that count; those before it keep their own
EARLIER = 3  # articles of a region that every home but the empty one has read before that day
PaperStory = dict[str, Any]


def stories(number: int) -> tuple[list[PaperStory], list[PaperStory]]:
    """The articles read before, each region's first, and so many of the rest, all of one day, taken from the
    regions in turns. Raises WrongUse where there are not so many."""
    listed = [regions.load(name) for name in regions.names() if name not in regions.FITTED]
    ordered = [
        sorted(
            ({**one, "id": f"{region.name}-{one['id']}"} for one in region.articles),
            key=lambda one: str(one["published"]),
        )
        for region in listed
    ]
    earlier = [one for mine in ordered for one in mine[:EARLIER]]
    most = max(len(mine) for mine in ordered)
    rest = [mine[n] for n in range(EARLIER, most) for mine in ordered if n < len(mine)]
    if number > len(rest):
        raise WrongUse(f"a day has at most {len(rest)} articles here, not {number}")
    return earlier, [{**one, "published": f"{DAY}T08:00:00"} for one in rest[:number]]


def write_register(file: Path) -> None:
    """The officials of all regions as JSON lines."""
    listed = [regions.load(name).officials.read_text(encoding="utf-8") for name in regions.names()]
    file.write_text(
        "".join(text if text.endswith("\n") else f"{text}\n" for text in listed), encoding="utf-8"
    )


@contextmanager
def served(told: Sequence[PaperStory]) -> Iterator[str]:
    """The origin of a server of these articles, each at ``/news/ID``, and of a sitemap of them."""
    pages = {f"/news/{one['id']}-as-it-was-told-to-the-paper": _page(one) for one in told}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages))
    origin = f"http://127.0.0.1:{server.server_port}"
    urls = "".join(f"<url><loc>{origin}{path}</loc></url>" for path in pages)
    head = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    pages["/sitemap.xml"] = f"{head}{urls}</urlset>".encode()
    pages["/robots.txt"] = b"User-agent: *\nDisallow: /private/\n"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield origin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_outlets(file: Path, origin: str) -> None:
    """The paper as the only outlet of a home."""
    entry = {
        "name": "Register",
        "home": f"{origin}/",
        "sitemaps": [f"{origin}/sitemap.xml"],
        "region": "Regions",
        "crawl_delay": 0,
        "local": True,
    }
    file.write_text(yaml.safe_dump([entry]), encoding="utf-8")


def _page(one: PaperStory) -> bytes:
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": one["title"],
        "datePublished": f"{one['published']}+01:00",
    }
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in str(one["text"]).split("\n\n"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(one['title'])}</title>"
        f'<script type="application/ld+json">{json.dumps(about)}</script></head>'
        f"<body><article><h1>{html.escape(one['title'])}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _handler(pages: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path, b"")
            kind = "text/html; charset=utf-8" if self.path.startswith("/news/") else "text/plain"
            tag = f'"{hash(body):x}"'
            status = 404 if not body else 304 if self.headers.get("If-None-Match") == tag else 200
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(body) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the run tells what it asked for."""

    return Handler
