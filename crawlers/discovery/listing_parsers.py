"""Where new articles are: the text of a feed, sitemap or section page in, links out.

Pure, and built for hostile input: sizes are bounded, entities are not expanded, anything unreadable
is a ListingContent without links whose ``reason`` names why.
"""

from __future__ import annotations

import gzip
import html
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple

import feedparser
from lxml import etree
from pydantic import BeforeValidator

from crawlers.pages.dates import from_struct, parse_date
from crawlers.pages.markup import decode, read_tree
from crawlers.pages.urls import article_links, fold, site

MAX_BYTES = 50_000_000  # of an unpacked sitemap: the protocol's own bound (sitemaps.org)
MAX_LINKS = 50_000  # of one sitemap, likewise
_GZIP = b"\x1f\x8b"
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"; feedparser reads it
_UTF_7 = re.compile(rb"encoding\s*=\s*.utf-?7", re.IGNORECASE)  # writes "<" in other letters

_NEXT = re.compile(r"(next|older)( (page|stories|posts|articles))?\W*", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)
_HREF = re.compile(
    r"""<link\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<>\]]+)|<link\b[^<>]*\bhref=["']([^"'<>]+)""",
    re.IGNORECASE,
)
ListingKind = Literal["feed", "sitemap", "index", "section"]
Time = Annotated[datetime | None, BeforeValidator(lambda kept: kept or None)]  # kept as "" by version 0.1


class Link(NamedTuple):
    """An article's address as a listing gives it. Times are aware; "" and None where not given."""

    url: str
    title: str = ""
    published: Time = None
    modified: Time = None


@dataclass(frozen=True, slots=True)
class ListingContent:
    """What one listing holds: article links, or for an index the sitemaps in it (``children``).

    ``reason`` is "" or a fixed code: empty, too_large, bad_gzip, not_feed, not_sitemap, not_html,
    malformed (with the links that could still be read), too_many_links (cut at the bound).
    """

    kind: ListingKind
    links: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    reason: str = ""


def read_feed(body: bytes, base: str) -> ListingContent:
    """RSS or Atom. A malformed feed counts when entries can be read from it."""
    if not body.strip():
        return ListingContent("feed", reason="empty")
    if _declares_entities(body):
        return ListingContent("feed", reason="not_feed")
    parsed, links = _parsed(body), dict[str, Link]()
    for entry in parsed.entries[:MAX_LINKS]:
        href = _entry_href(entry)
        url = fold(href, base) if href else ""
        if url:
            links.setdefault(
                url,
                Link(
                    url,
                    str(entry.get("title") or ""),
                    from_struct(dict.get(entry, "published_parsed")),  # as given: feedparser's own get lends
                    from_struct(dict.get(entry, "updated_parsed")),  # one to the other
                ),
            )
    if not links and parsed.bozo:
        links = {url: Link(url) for url in _bare_links(body, base)}
    if not links and not parsed.get("version"):
        return ListingContent("feed", reason="not_feed")
    return ListingContent(
        "feed", tuple(links.values()), reason="malformed" if parsed.bozo and not links else ""
    )


def _parsed(body: bytes) -> Any:
    """What feedparser makes of it. It falls over some feeds that it should call malformed: over references to
    no character, over encodings that are none."""
    try:
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # noqa: BLE001  # named so by whoever asks: "malformed", or "not_feed" without any link
        return feedparser.FeedParserDict(bozo=True, entries=[])


def _bare_links(body: bytes, base: str) -> Iterator[str]:
    """The first address of each entry of a feed too broken for feedparser to find its links."""
    for piece in _ENTRY.split(body[:MAX_BYTES].decode("utf-8", "replace"))[1:MAX_LINKS]:
        match = _HREF.search(piece)
        url = fold(html.unescape(match[1] or match[2]), base) if match else ""
        if url:
            yield url


def _entry_href(entry: Any) -> str:
    for link in entry.get("links") or ():
        if link.get("rel") == "alternate" and link.get("href"):
            return str(link["href"])
    if entry.get("link"):
        return str(entry["link"])
    guid = str(entry.get("id") or "")
    return guid if guid.startswith(("http://", "https://")) else ""


def read_sitemap(body: bytes, base: str) -> ListingContent:
    """A sitemap, news sitemap or sitemap index, plain, gzip or a text list of addresses.

    Index children and links come newest first where dates are given, else in the file's order.
    """
    if not body.strip():
        return ListingContent("sitemap", reason="empty")
    if body.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error):
            return ListingContent("sitemap", reason="bad_gzip")
    if len(body) > MAX_BYTES:
        return ListingContent("sitemap", reason="too_large")
    if b"<" not in body[:1000]:
        return _text_sitemap(body, base)
    if _declares_entities(body):
        return ListingContent("sitemap", reason="not_sitemap")
    kind: ListingKind = "sitemap"
    links: dict[str, Link] = {}
    reason = ""
    try:
        for name, link in _entries(body, base):
            kind = "index" if name == "sitemap" else kind
            links.setdefault(link.url, link)
            if len(links) >= MAX_LINKS:
                reason = "too_many_links"
                break
    except (etree.XMLSyntaxError, UnicodeDecodeError):  # half a character, which libxml2 lets pass
        reason = "malformed" if links else "not_sitemap"
    if not links and not reason and b"urlset" not in body and b"sitemapindex" not in body:
        reason = "not_sitemap"
    ordered = _newest_first(links.values())
    if kind == "index":
        return ListingContent("index", children=ordered, reason=reason)
    return ListingContent(kind, ordered, reason=reason)


def _newest_first(links: Any) -> tuple[Link, ...]:
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(links, key=lambda link: link.modified or link.published or oldest, reverse=True))


def _entries(body: bytes, base: str) -> Iterator[tuple[str, Link]]:
    context = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
    )
    for _, element in context:
        name = _local(element)
        if name not in {"url", "sitemap"}:
            continue
        values: dict[str, str] = {}
        for child in element.iter():
            values.setdefault(_local(child), (child.text or "").strip())
        url = fold(values.get("loc", ""), base)
        if url:
            published = parse_date(values.get("publication_date", ""))
            yield name, Link(url, values.get("title", ""), published, parse_date(values.get("lastmod", "")))
        element.clear()
        while element.getprevious() is not None and element.getparent() is not None:
            del element.getparent()[0]


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text_sitemap(body: bytes, base: str) -> ListingContent:
    lines = body.decode("utf-8", "replace").split()
    urls = dict.fromkeys(fold(line, base) for line in lines if line.startswith(("http://", "https://")))
    links = tuple(Link(url) for url in list(urls)[:MAX_LINKS] if url)
    return ListingContent("sitemap", links, reason="" if links else "not_sitemap")


def _declares_entities(body: bytes) -> bool:
    """Entities declared in the file, in whatever encoding: no feed or sitemap needs them, a bomb does."""
    if body.startswith(_EBCDIC):
        body = body.decode("cp037").encode()
    return b"<!ENTITY" in body.replace(b"\0", b"") or _UTF_7.search(body[:200]) is not None


def read_section(body: bytes, base: str, pattern: str = "") -> ListingContent:
    """A page of links: those that look like articles of the same site (see ``urls.article_links``).

    ``children`` holds the section's next page, where it names one.
    """
    if not body.strip():
        return ListingContent("section", reason="empty")
    tree = read_tree(decode(body, {})[0])
    if tree is None:
        return ListingContent("section", reason="not_html")
    hrefs = tree.xpath("//a[@href][not(ancestor::nav or ancestor::footer)]/@href")
    named = tree.xpath("//head/base/@href")
    start = (fold(named[0], base) if named else "") or base
    urls = article_links((str(href) for href in hrefs), start, pattern)
    following = (fold(href, start) for href in _next_pages(tree))
    children = tuple(Link(url) for url in following if url and site(url) == site(base))[:1]
    return ListingContent("section", tuple(Link(url) for url in urls[:MAX_LINKS]), children)


def _next_pages(tree: Any) -> Iterator[str]:
    """Addresses that say they are the next page: by rel, or by the link's own words."""
    yield from map(str, tree.xpath("//link[@rel='next']/@href | //a[@rel='next']/@href"))
    for anchor in tree.iter("a"):
        words = " ".join("".join(anchor.itertext())[:100].split())
        if anchor.get("href") and _NEXT.fullmatch(words):
            yield anchor.get("href")
