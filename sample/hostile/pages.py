"""The hostile pages of ``sample.hostile.model``: for each case the answer, or what is done to the
connection."""

from __future__ import annotations

import gzip
import io
import json
import socket
import struct
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from sample.handler import Handler
from sample.hostile.model import FILLER, TITLES
from sample.site import HTML, Answer

PUBLISHED = "2026-06-01T09:00:00+01:00"
_ACCENTS = "The bill for the bench at the café came to £4.2m, and it’s said that nobody was surprised."
_BOMB = 100_000_000  # bytes that a bomb unpacks to
Act = Callable[["Handler", "Scene"], "Answer | None"]


class Scene:
    """What an act needs to know: the host's own origin, the time a slow answer takes (seconds), the path."""

    def __init__(self, origin: str, drip: float, path: str) -> None:
        self.origin, self.drip, self.path = origin, drip, path


def page(
    title: str, paragraphs: tuple[str, ...] = FILLER, byline: str = "Ada Brindle", head: str = "", **data: Any
) -> str:
    """A simple article page; ``data`` changes its JSON-LD."""
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": PUBLISHED,
        "author": {"@type": "Person", "name": byline},
        **data,
    }
    linked = json.dumps(article).replace("<", "\\u003c")
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}<title>{escape(title)}</title>'
        f'<script type="application/ld+json">{linked}</script></head><body><main><article>'
        f'<h1>{escape(title)}</h1><p class="byline">By {escape(byline)}</p>\n{body}\n'
        "</article></main></body></html>\n"
    )


def text(text: str, kind: str = "text/plain; charset=utf-8") -> Act:
    return lambda handler, scene: Answer(text.encode(), kind)


def html(text: str, kind: str = HTML, encoding: str = "utf-8") -> Act:
    return lambda handler, scene: Answer(text.encode(encoding), kind)


def redirect(target: str) -> Act:
    return lambda handler, scene: Answer(b"", status=302, headers=(("Location", target),))


def _away(handler: Handler, scene: Scene) -> Answer:
    host, _, port = scene.origin.rpartition(":")
    return Answer(b"", status=302, headers=(("Location", f"{host}:{int(port) + 1}/robots.txt"),))


def status_page(status: int) -> Act:
    return lambda handler, scene: Answer(b"<p>Not today.</p>", status=status)


def _huge(handler: Handler, scene: Scene) -> Answer:
    return Answer(page("A long meeting", FILLER * 40_000).encode())


@lru_cache(maxsize=2)
def bomb(opening: bytes) -> bytes:
    """gzip of ``opening`` and 100 MB of line ends: less than half a megabyte."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as file:
        file.write(opening)
        block = b"\n" * 1_000_000
        for _ in range(_BOMB // len(block)):
            file.write(block)
    return packed.getvalue()


def _gzip_bomb(handler: Handler, scene: Scene) -> Answer:
    return Answer(bomb(b"<html><body>"), headers=(("Content-Encoding", "gzip"),))


def _drop(handler: Handler, after: bytes) -> None:
    """Send ``after``, then reset the connection (SO_LINGER 0)."""
    handler.note(0, 0)
    handler.close_connection = True
    if after:
        handler.wfile.write(after)
        handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _reset(handler: Handler, scene: Scene) -> None:
    _drop(handler, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><body>")


def _no_answer(handler: Handler, scene: Scene) -> None:
    _drop(handler, b"")


def _drip(handler: Handler, scene: Scene) -> None:
    """The page in 20 pieces over ``drip`` seconds; ends early when the server stops."""
    body = page("A slow meeting").encode()
    handler.note(200, len(body))
    handler.close_connection = True
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    step = -(-len(body) // 20)
    for start in range(0, len(body), step):
        handler.wfile.write(body[start : start + step])
        handler.wfile.flush()
        if handler.server.stopping.wait(scene.drip / 20):
            return


def _truncated(handler: Handler, scene: Scene) -> None:
    body = page("Half a meeting").encode()
    handler.close_connection = True
    handler.reply(200, [("Content-Type", HTML), ("Content-Length", str(len(body) + 4000))], body)


def _nested(depth: int) -> str:
    whole = page("The deep").replace("<h1>", "<div>" * depth + "<h1>")
    return whole.replace("</article>", "</div>" * depth + "</article>")


_META = f'<meta property="article:published_time" content="{PUBLISHED}">'
_ODD: dict[str, Any] = {
    "headline": ["The bench", 7, None],
    "author": [None, 3, {"name": ["Ada", {"x": 1}]}, "Ada Brindle"],
    "datePublished": {"@value": 12},
    "articleSection": [[["News"]]],
    "isAccessibleForFree": "perhaps",
    "url": 5,
}
PAGE_ACTS: dict[str, Act] = {
    "good": html(page("The bench, again")),
    "pdf": lambda handler, scene: Answer(
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 50
    ),
    "json": text('{"headline": "The bench", "body": "It is still there."}', "application/json"),
    "empty": html(""),
    "blank": html(" \r\n\t \n" * 50),
    "huge": _huge,
    "gzip_bomb": _gzip_bomb,
    "wrong_charset": html(page("The bill", (_ACCENTS, *FILLER)), HTML, "cp1252"),
    "meta_charset": html(
        page("The bill", (_ACCENTS, *FILLER), head='<meta charset="iso-8859-1">'), "text/html"
    ),
    "unknown_charset": html(page("The bill", (_ACCENTS, *FILLER)), "text/html; charset=x-marlshire-7"),
    "utf16": html(page("The bill", (_ACCENTS, *FILLER)), "text/html", "utf-16"),
    "broken_jsonld": html(page("The bench, cut", head=_META).replace('"author": {', '"author": {"name: [')),
    "odd_jsonld": html(page("The bench, oddly", head=_META, **_ODD)),
    "future_date": html(page("The bench of the future", datePublished="2091-01-01T00:00:00Z")),
    "script_body": html(
        "<html><body><script>document.write('The bench is still there.');</script></body></html>"
    ),
    "no_body": html(page("Nothing to report", ())),
    "markup": html(
        page(TITLES["markup"], (*FILLER, f"“{TITLES['markup']}” said Coun <i>Brindle</i>."), "<i>Ada</i>")
    ),
    "formula": html(page(TITLES["formula"], (*FILLER, TITLES["formula"]), "=1+1")),
    "markdown": html(page(TITLES["markdown"], (*FILLER, TITLES["markdown"]), "*Ada* _Brindle_")),
    "rtl": html(page(TITLES["rtl"], (*FILLER, TITLES["rtl"]))),
    "control": html(page("The bell", (f"\0\a\x1b[31m{FILLER[0]}\x1b[0m\0", FILLER[1]))),
    "long_title": html(page("Bench " * 16_700)),
    "deep": html(_nested(150)),
    "abyss": html(_nested(5_000)),
    "foreign_canonical": html(
        page("The link", head='<link rel="canonical" href="http://example.org/elsewhere">')
    ),
    "reset": _reset,
    "no_answer": _no_answer,
    "drip": _drip,
    "truncated": _truncated,
    "redirect_loop": redirect("/"),  # replaced by the loop itself
    "redirect_away": _away,
    "redirect_file": redirect("file:///etc/hostname"),
    **{f"status_{status}": status_page(status) for status in (404, 410, 500, 503)},
}
