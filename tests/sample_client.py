"""Asking the sample web over real HTTP: what its test files share."""

from __future__ import annotations

import gzip
import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from sample.truth import Truth, truth
from sample.web import Web

COURIER, POST, LIVE = "Hexley Courier", "Marlshire Post", "PellbridgeLive"
OBSERVER, PBC = "Skelbrough Observer", "PBC News Marlshire"
AUTHORITY, POLICE = "Marlshire Combined Authority", "Marlshire Police"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))


def ask(url: str, method: str = "GET", /, **headers: str) -> Reply:
    """One request on a connection of its own; redirects are not followed, nothing is unpacked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        body = response.read()
        return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, body)
    finally:
        connection.close()


def one(web: Web, name: str) -> Truth:
    return next(article for article in truth(web.base_port, web.edition) if article.id == name)


def shown(page: html.HtmlElement) -> list[str]:
    return [" ".join(p.text_content().split()) for p in page.xpath("//p")]


def links_of_feed(reply: Reply) -> list[str]:
    root = etree.fromstring(reply.body)
    return [
        *root.xpath("//item/link/text()"),
        *root.xpath(
            "//a:entry/a:link[@rel='alternate']/@href", namespaces={"a": "http://www.w3.org/2005/Atom"}
        ),
    ]


def locs(reply: Reply) -> list[str]:
    body = gzip.decompress(reply.body) if reply.body.startswith(b"\x1f\x8b") else reply.body
    return list(etree.fromstring(body).xpath("//*[local-name()='loc']/text()"))


def wanted(web: Web, outlet: str) -> set[str]:
    return {article.url for article in truth(web.base_port, web.edition) if article.outlet == outlet}
