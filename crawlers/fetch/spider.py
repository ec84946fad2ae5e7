"""The spider: outlet by outlet, robots.txt and listings first, then the articles that are due.

It runs in a process of its own (``crawlers.fetch.crawl`` starts it): Twisted's reactor cannot be started
twice.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Container, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet import task

from crawlers.archive.lines import Lines
from crawlers.archive.state import Seen, SeenPage
from crawlers.archive.warc import Archive
from crawlers.discovery.answers import NoAnswer
from crawlers.discovery.listing_parsers import Link, read_section
from crawlers.discovery.listings import Listings
from crawlers.discovery.origins import Origins
from crawlers.discovery.revisit import due
from crawlers.fetch.failures import name_failure
from crawlers.fetch.job import JSON, LIMIT, SEEN, Job
from crawlers.fetch.keeper import GOOD, Keeper
from crawlers.fetch.politeness import Politeness
from crawlers.fetch.settings import PARALLEL_OUTLETS, PARALLEL_PER_HOST, scrapy_settings
from crawlers.pages.head import reserved
from crawlers.pages.layouts import rules
from crawlers.pages.urls import fold, key, site
from crawlers.site_rules.robots import Robots
from crawlers.site_rules.validators import validators
from ledger import forgotten
from ledger.errors import fault_told
from ledger.types import Outlet

_BREATH = 200  # links of a listing looked up at a stretch
_NO_REQUESTS: tuple[Request, ...] = ()
_PARENT_CHECK = 2.0  # seconds between looks whether the starting process still lives
Todo = tuple[Link, SeenPage | None, dict[str, object]]  # with what its site reserves


class OutletSpider(Spider):
    """One crawl over all outlets of a job."""

    name = "outlets"

    def __init__(self, job: Job, lines: Lines, archive: Archive, seen: Seen) -> None:
        super().__init__()
        self.job, self.lines, self.seen = job, lines, seen
        self.tombstones = forgotten.load(job.home)
        self.keeper = Keeper(lines, archive, seen, self.tombstones)
        self.origins = Origins(seen, lines, partial(self.fetch, quiet=True))
        self.turns = asyncio.Semaphore(PARALLEL_OUTLETS)
        self.papers: set[str] = set()  # files of pages that this run has asked for

    async def start(self) -> AsyncIterator[Any]:
        await asyncio.gather(*(self._settled(outlet) for outlet in self.job.outlets))
        self.lines.add("end", "")
        for request in _NO_REQUESTS:  # the workers have sent theirs; start() must be a generator
            yield request

    async def _settled(self, outlet: Outlet) -> None:
        """Crawl it; what goes wrong there, by a fault of ours, must not end the crawl of the others."""
        try:
            await self.crawl_outlet(outlet)
        except Exception as error:
            self.logger.exception("%s", outlet.name)
            self.lines.add("problem", outlet.name, item=outlet.home, reason="fault", detail=fault_told(error))

    async def crawl_outlet(self, outlet: Outlet) -> None:
        """Its robots.txt, its listings, then what of them is due."""
        async with self.turns:
            started = monotonic()
            listings = Listings(
                outlet, self.seen, self.lines, self.fetch, self.job.window_days, self.tombstones
            )
            robots = await self.robots(outlet.home)
            links: list[Link] = []
            if robots.refusal:
                item = fold("/robots.txt", outlet.home)
                detail = name_failure(robots.cause)[0] if robots.cause else ""
                self.lines.add("problem", outlet.name, item=item, reason=robots.refusal, detail=detail)
            else:
                links = await listings.discover(robots.sitemaps)
            queue = iter(await self._due(outlet, links, listings.resting))
            workers = 1 if outlet.crawl_delay > 0 else PARALLEL_PER_HOST
            kept = await asyncio.gather(*(self._work(outlet, queue, started) for _ in range(workers)))
            if listings.report or robots.refusal or any(kept):
                self.lines.add(
                    "outlet",
                    outlet.name,
                    at=datetime.now(UTC).isoformat(),
                    listings=listings.report,
                    links=len(links),
                    new=sum(kept),
                    seconds=round(monotonic() - started, 2),
                    robots=robots.refusal,
                    delay=robots.delay,
                )

    async def _due(self, outlet: Outlet, links: Iterable[Link], resting: Container[str]) -> list[Todo]:
        """The links to fetch now, with what is known of them; the others are written down as skipped.

        ``resting``: keys of links that no listing names which was read in this run; of these only what is
        fetched is written down.
        """
        now = datetime.now(UTC)
        limit = self.job.limit or (0 if outlet.local else LIMIT)
        todo: list[tuple[Link, SeenPage | None]] = []
        origins: dict[str, Robots] = {}
        for number, link in enumerate(links):
            if number % _BREATH == 0:
                await asyncio.sleep(0)  # a long listing must not hold up the others' transfers
            if (origin := link.url[: link.url.find("/", 8)]) not in origins:
                origins[origin] = await self.robots(link.url)
            page = self.seen.page(key(link.url))
            closed = not origins[origin].refusal and not origins[origin].allows(link.url)
            reason = "robots_disallowed" if closed else due(page, link, now, outlet.local)
            if not reason and limit and len(todo) >= limit:
                reason = "next_run"
            if reason:
                if key(link.url) not in resting:
                    self.lines.add("skip", outlet.name, url=link.url, reason=reason)
            else:
                todo.append((link, page))
        return [one for link, page in todo if (one := await self._unless_reserved(outlet, link, page))]

    async def _unless_reserved(self, outlet: Outlet, link: Link, page: SeenPage | None) -> Todo | None:
        """The link with its site's rights; None, written down, where these keep us from mining the page."""
        rights = (await self.origins.rights(outlet, link.url)).of(link.url)
        if reason := reserved(rights, outlet):
            self.lines.add("skip", outlet.name, url=link.url, reason=reason)
            return None
        return link, page, rights

    async def robots(self, url: str) -> Robots:
        """The rules of the address's origin, as the politeness middleware holds them."""
        politeness = self.crawler.get_downloader_middleware(Politeness)
        return await politeness.robots(url) if politeness is not None else Robots()

    async def _work(self, outlet: Outlet, queue: Iterator[Todo], started: float) -> int:
        """Fetch from the queue until it is empty, and the papers of what is new; gives how many came."""
        kept = 0
        papers: list[Todo] = []
        while todo := papers.pop() if papers else next(queue, None):
            link, page, rights = todo
            if monotonic() - started > self.job.outlet_seconds:
                self.lines.add("skip", outlet.name, url=link.url, reason="next_run")
                continue
            known = page if page is not None and page.sha256 else None
            tags = (known.etag, known.last_modified) if known else ("", "")
            response = await self.fetch(outlet, link.url, *tags)
            if not isinstance(response, NoAnswer):
                new = self.keeper.keep(outlet, link, page, response, rights)
                kept += new
                papers += await self._papers(outlet, response) if new else ()
        return kept

    async def _papers(self, outlet: Outlet, page: Response) -> list[Todo]:
        """The files that belong to a page, each once a run: of a committee's meeting its minutes."""
        if not (pattern := rules(outlet.layout, outlet.group).papers):
            return []
        held = await asyncio.to_thread(read_section, page.body, page.url, pattern[0])
        new = [link for link in held.links if link.url not in self.papers]
        self.papers.update(link.url for link in new)
        return await self._due(outlet, new, ())

    async def fetch(
        self, outlet: Outlet, url: str, etag: str = "", modified: str = "", *, quiet: bool = False
    ) -> Response | NoAnswer:
        """The response, or why there was none; unless ``quiet``, what is not good is written down."""
        headers = validators(etag, modified)
        sites = {site(a) for a in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)}
        meta = {"delay": outlet.crawl_delay, "sites": sites, "local": outlet.local}
        request = Request(url, headers=headers, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - name_failure gives every failure its name
            reason, detail = name_failure(error)
            if reason == "robots_disallowed" and not quiet:
                self.lines.add("skip", outlet.name, url=url, reason=reason)
            elif not quiet:
                self.lines.add("problem", outlet.name, item=url, reason=reason, detail=detail)
            return NoAnswer(reason, detail)
        if quiet:
            return response
        if response.status == 410:
            self.lines.add("skip", outlet.name, url=url, reason="gone")
        elif response.status not in {*GOOD, 304}:
            reason = f"http_{response.status}"
            self.lines.add("problem", outlet.name, item=url, reason=reason, detail="")
        return response


def main(spider: type[OutletSpider] = OutletSpider) -> None:
    """Run the job that comes in as JSON, to its end.

    The process must not have run Scrapy before.
    """
    job = JSON.validate_json(sys.stdin.buffer.read())
    seen = Seen(job.folder / SEEN)
    with Lines(job.lines) as lines, Archive(job.home / "data" / "archive", job.run) as archive:
        if seen.moved:
            lines.add("problem", "", item=seen.moved.name, reason="damaged_seen_store", detail="begun anew")
        process = CrawlerProcess(scrapy_settings(job))
        process.crawl(spider, job=job, lines=lines, archive=archive, seen=seen)
        task.LoopingCall(_die_with, os.getppid()).start(_PARENT_CHECK, now=False)
        process.start()
    seen.close()


def _die_with(parent: int) -> None:
    """Nobody is left to read the result: stop, as a kill would; the next run goes on from here."""
    if os.getppid() != parent:
        os._exit(3)
