"""Where a site may keep its listings, read from its page, its robots.txt and its group. Pure.

In the order of trust: what the page's head names (``link rel=alternate``), what robots.txt names, links of
the page that look like feeds, the usual addresses of its group, then those of any site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from rapidfuzz import fuzz

from crawlers.groups import Group, group_of, groups
from crawlers.pages.head import read_head
from crawlers.pages.markup import decode, read_tree
from crawlers.pages.urls import fold, site
from ledger.data_files import read_yaml
from ledger.validation import check

MOST = 5  # candidates of one kind from one source: a page may link a feed for each of its topics
_FEED = re.compile(r"(^|[/._=?&-])(rss|atom|feeds?|getnewsrss)(\.xml|\.rss|\.aspx)?($|[/=&?])", re.IGNORECASE)
_FEED_TYPES = ("application/rss", "application/atom", "application/rdf", "text/rss")
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—·-]\s+|\s*\|\s*|:\s+")
_GENERIC = re.compile(
    r"home( ?page)?|welcome.*|(latest )?news( and .*)?|newsroom|press( releases)?"
    r"|(committees?|meetings?|agendas?|calendar|council meetings)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListingCandidate:
    """An address to try: as a feed, a sitemap or a section; ``how`` it was come upon, in words."""

    url: str
    where: str
    how: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """What a site's page says: the outlet's name as it may be, its group ("" if unknown), its candidates."""

    name: str
    group: str
    candidates: tuple[ListingCandidate, ...]
    rights: dict[str, object]


@lru_cache(maxsize=1)
def _usual() -> Group:
    return check(Group, read_yaml(__file__, "usual.yaml"), "usual.yaml")


def read_site(body: bytes, url: str, sitemaps: Iterable[str], headers: dict[str, str]) -> SitePage:
    """The page at ``url``. ``sitemaps``: those that robots.txt names; ``headers``: names in lower case."""
    text = decode(body, headers)[0]
    tree = read_tree(text)
    group = group_of(url, text)
    found: dict[str, ListingCandidate] = {}
    for one in _named(tree, url, sitemaps) if tree is not None else _of_robots(sitemaps):
        found.setdefault(fold(one.url), one)
    if group:
        for one in _by_template(groups()[group], url, f"usual for {group}"):
            found.setdefault(fold(one.url), one)
    found.setdefault(fold(url), ListingCandidate(url, "sections", "the page itself"))
    name = site_name(tree, url) if tree is not None else _host(url)
    return SitePage(name, group, tuple(found.values()), read_head(body, headers).rights)


def usual(url: str) -> list[ListingCandidate]:
    """The addresses that are usual on any site."""
    return list(_by_template(_usual(), url, "usual"))


def _by_template(group: Group, url: str, how: str) -> Iterator[ListingCandidate]:
    for where, addresses in group.addresses(url).items():
        yield from (ListingCandidate(address, where, how) for address in addresses)


def _named(tree: Any, url: str, sitemaps: Iterable[str]) -> Iterator[ListingCandidate]:
    feeds = []
    for link in tree.xpath("//link[@rel][@href]"):
        kind, rel = link.get("type", "").lower(), link.get("rel").lower().split()
        words = f"{link.get('href')} {link.get('title', '')}"
        if "alternate" in rel and kind.startswith(_FEED_TYPES) and not _COMMENTS.search(words):
            feeds.append(_joined(link.get("href"), url))
    yield from (ListingCandidate(one, "feeds", "named in the page's head") for one in _some(feeds))
    yield from _of_robots(sitemaps)
    links = []
    for anchor in tree.xpath("//a[@href]"):
        address = _joined(anchor.get("href"), url)
        parts = urlsplit(address)
        held = "/".join(parts.path.split("/")[-3:]) + (f"?{parts.query}" if parts.query else "")
        if address and site(address) == site(url) and _FEED.search(held) and not _COMMENTS.search(held):
            links.append(address)
    yield from (ListingCandidate(one, "feeds", "linked from the page") for one in _some(links))


def _of_robots(sitemaps: Iterable[str]) -> Iterator[ListingCandidate]:
    """Those for news before the others: a site's whole map may be long."""
    listed = sorted(sitemaps, key=lambda one: "news" not in one.lower())
    yield from (ListingCandidate(one, "sitemaps", "named in robots.txt") for one in _some(listed))


def _some(addresses: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(addresses) if one][:MOST]


def _joined(href: str, url: str) -> str:
    """The address as the page writes it (a feed may hang on its last slash), "" where it is none."""
    address = urljoin(url, href.strip()).partition("#")[0]
    return address if fold(address) else ""


def site_name(tree: Any, url: str) -> str:
    """What the outlet at ``url`` calls itself: its site's name, or the title's part most like the address.

    Where a site serves several bodies, the title tells which of them, and the two are joined.
    """
    named = [str(one).strip() for one in tree.xpath("//meta[@property='og:site_name']/@content")]
    title = " ".join("".join(tree.xpath("(//head/title)[1]//text()")).split())
    parts = [part for part in _TITLE_PARTS.split(title) if part and not _GENERIC.fullmatch(part)]
    address = re.sub(r"[^a-z0-9]", "", url.lower().partition("://")[2])

    def like(part: str) -> tuple[int, int]:
        plain = re.sub(r"[^a-z0-9]", "", part.lower())
        return (round(fuzz.partial_ratio(plain, address)) if len(plain) > 2 else 0), len(part)

    best = max(parts, key=like, default="")
    whole = next((one for one in named if one), "")
    if whole and urlsplit(url).path.strip("/") and best and like(best)[0] > 90:
        return best if whole.casefold() in best.casefold() else _joined_names(whole, best)
    return whole or best or _host(url)


def _joined_names(whole: str, part: str) -> str:
    return whole if part.casefold() in whole.casefold() else f"{whole}: {part}"


def _host(url: str) -> str:
    return site(url).partition(":")[0]
