"""An outlet's listings, read in order: feeds and sitemaps, then robots.txt's sitemaps, then sections.

Sitemaps of robots.txt are read where the outlet names none and its feeds gave nothing; section pages
where nothing else gave a link. A listing is asked for with its validators; on 304 its links of the last
time stand, so that an article missed then is still fetched now. So they do while the listing rests
(``crawlers.discovery.revisit``): an outlet that publishes little is asked seldom.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter
from scrapy.http import Response

from crawlers.archive.lines import Lines
from crawlers.archive.state import Seen, SeenListing
from crawlers.discovery.answers import NoAnswer
from crawlers.discovery.listing_parsers import Link, ListingContent, read_feed, read_section, read_sitemap
from crawlers.discovery.revisit import rest_of
from crawlers.pages.layouts import rules
from crawlers.pages.urls import key, site
from crawlers.site_rules.validators import given_validators
from ledger.forgotten import NONE as NOTHING_FORGOTTEN
from ledger.forgotten import Tombstones, blanked
from ledger.types import Outlet, content_id

MAX_SITEMAPS = 50  # of one outlet in one run, newest first
MAX_PAGES = 20  # of one section in one run
MAX_LINKS = 50_000  # of one outlet in one run, what its listings name first

Fetch = Callable[..., Awaitable[Response | NoAnswer]]
KEPT = TypeAdapter(ListingContent)  # a listing as it is kept from one visit to the next


class Listings:
    """Reads the listings of one outlet.

    ``report``: per listing that was asked for its url, links and reason ("" is good), the newest time that it
    names, ``mark`` (the same as long as it lists the same articles, "" where it lists none), and the detail
    of a reason; ``quiet`` where it names nothing now and may. ``resting``: keys of the links that only
    listings name which were not asked for.
    """

    def __init__(
        self,
        outlet: Outlet,
        seen: Seen,
        lines: Lines,
        fetch: Fetch,
        window_days: int,
        tombstones: Tombstones = NOTHING_FORGOTTEN,
    ) -> None:
        self.tombstones, self._barred = tombstones, seen.barred()
        self.outlet, self.seen, self.lines, self.fetch = outlet, seen, lines, fetch
        self.report: list[dict[str, object]] = []
        self.resting: set[str] = set()
        self._since = None if outlet.local else datetime.now(UTC) - timedelta(days=window_days)
        self._sites = {site(a) for a in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)}
        self._left = MAX_SITEMAPS
        self._left_out: set[str] = set()  # keys of links to what was taken out
        self._over = 0  # links past MAX_LINKS

    async def discover(self, robots_sitemaps: Iterable[str] = ()) -> list[Link]:
        """The articles listed, each once, newest listings first; of the outlet's own sites, in the window."""
        found: dict[str, Link] = {}
        for url in self.outlet.feeds:
            self._take(found, await self._read(url, read_feed))
        for url in self.outlet.sitemaps:
            await self._sitemap(found, url)
        if not found and not self.outlet.sitemaps:
            for url in robots_sitemaps:
                await self._sitemap(found, url)
        if not found:
            for url in self.outlet.sections:
                await self._sections(found, url)
        if self._over:
            detail = f"{self._over} left out"
            self.lines.add(
                "problem", self.outlet.name, item=self.outlet.home, reason="too_many_links", detail=detail
            )
        return list(found.values())

    async def _sections(self, found: dict[str, Link], url: str) -> None:
        """A section and its next pages, as long as they bring something that was not seen before."""
        read: set[str] = set()
        while url and url not in read and len(read) < MAX_PAGES:
            read.add(url)
            before = len(found)
            held = await self._read(url, self._section)
            self._take(found, held)
            fresh = [link for link in list(found.values())[before:] if self.seen.page(key(link.url)) is None]
            url = held.children[0].url if held.children and (fresh or self.outlet.local) else ""

    def _section(self, body: bytes, base: str) -> ListingContent:
        pattern = rules(self.outlet.layout, self.outlet.group).article_path
        return read_section(body, base, pattern[0] if pattern else "")

    async def _sitemap(self, found: dict[str, Link], url: str, depth: int = 0) -> None:
        if self._left <= 0 or depth > 2:
            return
        self._left -= 1
        held = await self._read(url, read_sitemap)
        self._take(found, held)
        for child in held.children:
            if self._recent(child) and site(child.url) in self._sites:
                await self._sitemap(found, child.url, depth + 1)

    async def _read(self, url: str, read: Callable[[bytes, str], ListingContent]) -> ListingContent:
        known = self.seen.listing(url)
        if known is not None and not self.outlet.local:
            held = KEPT.validate_python(known.found)
            if known.age < rest_of(held.links or held.children, datetime.now(UTC)):
                own = tuple(one for one in held.links if self._reason(one) == "")
                self.resting.update(key(link.url) for link in own)
                return replace(held, links=own)
        return await self._ask(url, known, read)

    async def _ask(
        self, url: str, known: SeenListing | None, read: Callable[[bytes, str], ListingContent]
    ) -> ListingContent:
        tags = (known.etag, known.last_modified) if known else ("", "")
        response = await self.fetch(self.outlet, url, *tags)
        if isinstance(response, NoAnswer):
            return self._note(url, ListingContent("feed", reason=response.reason), response.detail)
        if response.status == 304 and known is not None:
            self.seen.keep_listing(known)
            return self._note(url, KEPT.validate_python(known.found))
        if response.status not in {200, 203}:
            return self._note(url, ListingContent("feed", reason=f"http_{response.status}"))
        held = self._without_forgotten(await asyncio.to_thread(read, response.body, response.url))
        full = bool(held.links or held.children)
        if reason := held.reason or ("" if full or self._may_be_empty(url) else "no_links"):
            self.lines.add("problem", self.outlet.name, item=url, reason=reason, detail=f"as a {held.kind}")
        if full:
            kept = KEPT.dump_python(held, mode="json", include={"kind", "links", "children"})
            self.seen.keep_listing(SeenListing(url, *given_validators(response), found=kept))
        return self._note(url, held)

    def _without_forgotten(self, held: ListingContent) -> ListingContent:
        """The links but those to what was taken out, or whose address names somebody who was; titles without
        such names. Nothing of them is written down."""
        people = self.tombstones.people_in
        links = []
        for link in held.links:
            if content_id(key(link.url)) not in self._barred and not people(unquote(link.url)):
                links.append(link)
            elif key(link.url) not in self._left_out:
                self._left_out.add(key(link.url))
                self.lines.add("skip", self.outlet.name, url="", reason="taken_out")
        named = ((link, people(link.title)) for link in links)
        return replace(
            held, links=tuple(link._replace(title=blanked(link.title, who)) for link, who in named)
        )

    def _note(self, url: str, held: ListingContent, detail: str = "") -> ListingContent:
        listed = held.links or held.children
        now = datetime.now(UTC)
        past = (when for link in listed if (when := link.published or link.modified) and when <= now)
        newest = max(past, default=None)
        self.report.append(
            {
                "url": url,
                "links": len(held.links) + len(held.children),
                "reason": held.reason,
                "newest": newest.isoformat() if newest else "",
                "mark": content_id(*sorted(link.url for link in held.links)) if held.links else "",
                **({"detail": detail} if detail else {}),
                **({"quiet": True} if not (listed or held.reason) and self._may_be_empty(url) else {}),
            }
        )
        self.resting.difference_update(key(link.url) for link in held.links)
        return held

    def _may_be_empty(self, url: str) -> bool:
        patterns = rules(self.outlet.layout, self.outlet.group).may_be_empty
        return any(re.search(pattern, urlsplit(url).path) for pattern in patterns)

    def _take(self, found: dict[str, Link], held: ListingContent) -> None:
        for link in held.links:
            if reason := self._reason(link):
                self.lines.add("skip", self.outlet.name, url=link.url, reason=reason)
            elif (known := found.get(name := key(link.url))) is not None:
                found[name] = _richer(known, link)
            elif len(found) < MAX_LINKS:
                found[name] = link
            else:
                self._over += 1

    def _reason(self, link: Link) -> str:
        """Why a link is no article of this outlet to be read: "other_site" or "too_old"; else ""."""
        if site(link.url) not in self._sites:
            return "other_site"
        return "" if self._recent(link) else "too_old"

    def _recent(self, link: Link) -> bool:
        when = link.modified or link.published
        return self._since is None or when is None or when >= self._since


def _richer(one: Link, other: Link) -> Link:
    times = [t for t in (one.modified, other.modified) if t]
    return Link(one.url, one.title or other.title, one.published or other.published, max(times, default=None))
