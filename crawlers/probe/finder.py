"""The asking half of ``said outlets find``: a site's page, then the addresses where its listings may be.

It runs in a process of its own, as a crawl does, and with the crawl's manners; what it finds are lines:

``site``     the page: url (where it answered), name, group, rights, robots (why nothing may be asked), delay,
             reason and detail (why the page itself gave nothing, "" where it did)
``listing``  an address that was tried: url, where, how, links (of the outlet's own sites), elsewhere (the
             site of most of the others), newest, urls (its links), dated, reason, detail
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawlers.discovery.answers import NoAnswer
from crawlers.discovery.listing_parsers import ListingContent, read_feed, read_section, read_sitemap
from crawlers.fetch import spider
from crawlers.fetch.keeper import GOOD, header_map
from crawlers.fetch.spider import OutletSpider
from crawlers.groups import groups
from crawlers.pages.layouts import rules
from crawlers.pages.urls import fold, site
from crawlers.probe.candidates import ListingCandidate, read_site, usual
from ledger.types import Outlet

MOST_LINKS = 200  # of one listing that are told


class FinderSpider(OutletSpider):
    """Looks for the listings of the job's outlets, of which only the home is known."""

    name = "finder"

    async def crawl_outlet(self, outlet: Outlet) -> None:
        """The home's page, then each candidate in turn, until there are listings enough."""
        robots = await self.robots(outlet.home)
        answer: Response | NoAnswer = NoAnswer(robots.refusal)
        if not robots.refusal:
            answer = await self.fetch(outlet, outlet.home, quiet=True)
        if not isinstance(answer, NoAnswer) and answer.status not in GOOD:
            answer = NoAnswer(f"http_{answer.status}")
        told = {"robots": robots.refusal, "delay": robots.delay}
        if isinstance(answer, NoAnswer):
            self.lines.add(
                "site", outlet.name, url=outlet.home, reason=answer.reason, detail=answer.detail, **told
            )
            return
        home = answer.url if fold(answer.url) != fold(outlet.home) else outlet.home
        page = await asyncio.to_thread(read_site, answer.body, home, robots.sitemaps, header_map(answer))
        rights = {**(await self.origins.rights(outlet, home)).of(home), **page.rights}
        self.lines.add("site", outlet.name, url=home, name=page.name, group=page.group, rights=rights, **told)
        outlet = replace(outlet, home=home, group=page.group)
        found = {one.where for one in page.candidates if await self._tried(outlet, one, answer)}
        asked = {fold(one.url) for one in page.candidates}
        for one in usual(home):
            if (
                one.where not in found
                and not (found and one.where == "sitemaps")
                and fold(one.url) not in asked
            ):
                found |= {one.where} if await self._tried(outlet, one, answer) else set()

    async def _tried(self, outlet: Outlet, one: ListingCandidate, page: Response) -> bool:
        """True when the candidate lists articles of the outlet; what came of it is written down."""
        if fold(one.url) == fold(outlet.home):
            answer: Response | NoAnswer = page
        else:
            answer = await self.fetch(replace(outlet, feeds=(one.url,)), one.url, quiet=True)
        if not isinstance(answer, NoAnswer) and answer.status not in GOOD:
            answer = NoAnswer(f"http_{answer.status}")
        told: dict[str, object] = {"url": one.url, "where": one.where, "how": one.how}
        if isinstance(answer, NoAnswer):
            self.lines.add("listing", outlet.name, **told, reason=answer.reason, detail=answer.detail)
            return False
        held = await asyncio.to_thread(self._reader(outlet, one), answer.body, answer.url)
        summary = _summary(outlet, one, held)
        self.lines.add("listing", outlet.name, **told, **summary)
        return bool(summary["links"]) and not summary["reason"]

    def _reader(self, outlet: Outlet, one: ListingCandidate) -> Callable[[bytes, str], ListingContent]:
        if one.where == "feeds":
            return read_feed
        if one.where == "sitemaps":
            return read_sitemap
        pattern = rules(group=outlet.group).article_path
        return lambda body, base: read_section(body, base, pattern[0] if pattern else "")


def _summary(outlet: Outlet, one: ListingCandidate, held: ListingContent) -> dict[str, object]:
    """What a listing holds, in the terms of a ``listing`` line."""
    sites = {site(outlet.home), site(one.url), *map(site, _of_group(outlet))}
    listed = held.links or held.children
    own = [link for link in listed if site(link.url) in sites]
    elsewhere = Counter(site(link.url) for link in listed if site(link.url) not in sites)
    now = datetime.now(UTC)
    times = [when for link in own if (when := link.published or link.modified) and when <= now]
    reason = held.reason if not own or held.reason != "too_many_links" else ""
    return {
        "links": len(own),
        "elsewhere": elsewhere.most_common(1)[0][0] if elsewhere else "",
        "newest": max(times).isoformat() if times else "",
        "urls": [fold(link.url) for link in own[:MOST_LINKS]],
        "dated": any(link.published for link in own),
        "reason": reason or ("" if own else "other_site" if elsewhere else "no_links"),
        "detail": elsewhere.most_common(1)[0][0] if elsewhere and not own else "",
    }


def _of_group(outlet: Outlet) -> list[str]:
    """The addresses that the outlet's group gives: a publisher may serve its articles from two sites."""
    group = groups().get(outlet.group)
    return [one for some in group.addresses(outlet.home).values() for one in some] if group else []


def main() -> None:
    """Look for the listings of the job's outlets (see `crawlers.fetch.spider.main`)."""
    spider.main(FinderSpider)
