"""The spider: outlet by outlet, robots.txt and listings first, then the articles that are due.

It runs in a process of its own (``python -m crawlers.spider JOB.json``, started by ``crawlers.crawl``).
Per page the order is: WARC record, crawl line, seen-store; so that whatever a kill leaves behind, the
next run fetches again what was not finished and nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet import task

from crawlers.archive import Archive, Record
from crawlers.discovery import Link
from crawlers.failures import name_failure
from crawlers.head import read_head, reserved
from crawlers.job import Job
from crawlers.lines import Lines
from crawlers.listings import Listings
from crawlers.revisit import due
from crawlers.settings import PARALLEL_OUTLETS, PARALLEL_PER_HOST, scrapy_settings
from crawlers.urls import article_id, canonical, fold, key, site
from ledger.seen import BARRED, Seen, SeenPage
from ledger.types import Outlet

HTML_TYPES = ("text/html", "application/xhtml")
_NO_REQUESTS: tuple[Request, ...] = ()
_PARENT_CHECK = 2.0  # seconds between looks whether the starting process still lives


class OutletSpider(Spider):
    """One crawl over all outlets of a job."""

    name = "outlets"

    def __init__(self, job: Job, lines: Lines, archive: Archive, seen: Seen) -> None:
        super().__init__()
        self.job, self.lines, self.archive, self.seen = job, lines, archive, seen
        self.claimed: set[str] = set()  # ids of the pages taken in this run
        self.turns = asyncio.Semaphore(PARALLEL_OUTLETS)

    async def start(self) -> AsyncIterator[Any]:
        await asyncio.gather(*(self.crawl_outlet(outlet) for outlet in self.job.outlets))
        self.lines.add("end", "")
        for request in _NO_REQUESTS:  # the workers have sent theirs; start() must be a generator
            yield request

    async def crawl_outlet(self, outlet: Outlet) -> None:
        """Discover, then fetch what is due."""
        async with self.turns:
            started = monotonic()
            listings = Listings(outlet, self.seen, self.lines, self.fetch, self.job.window_days)
            links = await listings.discover()
            todo = self._due(outlet, links)
            before = len(self.claimed)
            workers = 1 if outlet.crawl_delay > 0 else PARALLEL_PER_HOST
            queue = iter(todo)
            await asyncio.gather(*(self._work(outlet, queue, started) for _ in range(workers)))
            self.lines.add(
                "outlet",
                outlet.name,
                listings=listings.report,
                links=len(links),
                fetched=len(self.claimed) - before,
                seconds=round(monotonic() - started, 2),
            )

    def _due(self, outlet: Outlet, links: Iterable[Link]) -> list[tuple[Link, SeenPage | None]]:
        now = datetime.now(UTC)
        todo: list[tuple[Link, SeenPage | None]] = []
        for link in links:
            page = self.seen.page(key(link.url))
            reason = due(page, link, now, outlet.local)
            if reason:
                self.lines.add("skip", outlet.name, url=link.url, reason=reason)
            elif self.job.limit and len(todo) >= self.job.limit:
                self.lines.add("skip", outlet.name, url=link.url, reason="next_run")
            else:
                todo.append((link, page))
        return todo

    async def _work(self, outlet: Outlet, queue: Any, started: float) -> None:
        for link, page in queue:
            if monotonic() - started > self.job.outlet_seconds:
                self.lines.add("skip", outlet.name, url=link.url, reason="next_run")
                continue
            await self._article(outlet, link, page)

    async def fetch(self, outlet: Outlet, url: str, etag: str = "", modified: str = "") -> Response | None:
        """The response, or None with the failure written as a problem."""
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        sites = {site(a) for a in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)}
        meta = {"delay": outlet.crawl_delay, "sites": sites, "handle_httpstatus_list": [304]}
        request = Request(url, headers=headers, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - name_failure gives every failure its name
            reason, detail = name_failure(error)
            if reason == "robots_disallowed":
                self.lines.add("skip", outlet.name, url=url, reason=reason)
            else:
                self.lines.add("problem", outlet.name, item=url, reason=reason, detail=detail)
            return None
        if response.status == 410:
            self.lines.add("skip", outlet.name, url=url, reason="gone")
        elif response.status not in {200, 203, 304}:
            self.lines.add("problem", outlet.name, item=url, reason=f"http_{response.status}", detail="")
        return response

    async def _article(self, outlet: Outlet, link: Link, page: SeenPage | None) -> None:
        known = page if page is not None and page.sha256 else None
        response = await self.fetch(
            outlet, link.url, known.etag if known else "", known.last_modified if known else ""
        )
        if response is None:
            return
        now = datetime.now(UTC)
        if response.status == 304 and page is not None:
            self._same(outlet, link, page, now, "304")
            return
        headers = {
            k.decode("latin-1").lower(): b", ".join(v).decode("latin-1") for k, v in response.headers.items()
        }
        head = read_head(response.body, headers)
        url = canonical(response.url, outlet.home, head.canonical) or fold(link.url)
        fresh = SeenPage(
            article_id(url),
            outlet.name,
            url,
            response.status,
            now,
            now,
            headers.get("etag", ""),
            headers.get("last-modified", ""),
        )
        keys = [key(link.url), key(response.url), key(url)]
        if response.status not in {200, 203}:
            if response.status in {404, 410}:
                self.seen.keep_page(_gone(fresh, page), keys)
            return
        sha256 = hashlib.sha256(response.body).hexdigest()
        stored = self.seen.page(fresh.id)
        if stored is not None and stored.status == BARRED:
            self.seen.keep_page(stored, keys)
            self.lines.add("skip", outlet.name, url=link.url, reason="taken_out")
            return
        if fresh.id in self.claimed:
            self.seen.keep_page(stored or fresh, keys)
            self.lines.add("same", outlet.name, url=link.url, how="duplicate")
            return
        self.claimed.add(fresh.id)
        if stored is not None and stored.sha256 == sha256:
            self._same(outlet, link, stored, now, "body", keys)
            return
        archive = ""
        withheld = reserved(head.rights, outlet)
        if reason := _unfit(headers, response.body):
            self.lines.add(
                "problem", outlet.name, item=link.url, reason=reason, detail=headers.get("content-type", "")
            )
        elif withheld:
            self.lines.add("skip", outlet.name, url=url, reason=withheld)
        else:
            archive = self._keep(outlet, link, response, headers, fresh, sha256, head.rights)
        self.seen.keep_page(
            SeenPage(
                fresh.id, outlet.name, url, 200, now, now, fresh.etag, fresh.last_modified, sha256, archive
            ),
            keys,
        )

    def _keep(
        self,
        outlet: Outlet,
        link: Link,
        response: Response,
        headers: dict[str, str],
        page: SeenPage,
        sha256: str,
        rights: dict[str, object],
    ) -> str:
        record = Record(response.url, response.status, headers, response.body, page.checked)
        reference = self.archive.write(record)
        self.lines.add(
            "page",
            outlet.name,
            id=page.id,
            url=page.url,
            fetched_url=response.url,
            fetched=page.checked.isoformat(),
            archive=reference,
            sha256=sha256,
            rights=rights,
            title=link.title,
            published=link.published.isoformat() if link.published else "",
        )
        return reference

    def _same(
        self, outlet: Outlet, link: Link, page: SeenPage, now: datetime, how: str, keys: Iterable[str] = ()
    ) -> None:
        self.claimed.add(page.id)
        self.lines.add("same", outlet.name, url=page.url, how=how)
        self.seen.keep_page(
            SeenPage(
                page.id,
                page.outlet,
                page.url,
                200,
                page.first_seen,
                now,
                page.etag,
                page.last_modified,
                page.sha256,
                page.archive,
            ),
            [key(link.url), *keys],
        )


def _gone(fresh: SeenPage, page: SeenPage | None) -> SeenPage:
    """A page that is no longer there keeps its id and what was archived of it."""
    if page is None:
        return fresh
    return SeenPage(
        page.id,
        page.outlet,
        page.url,
        fresh.status,
        page.first_seen,
        fresh.checked,
        "",
        "",
        page.sha256,
        page.archive,
    )


def _unfit(headers: dict[str, str], body: bytes) -> str:
    """ "empty" or "not_html" for a body that cannot be an article's page."""
    if not body.strip():
        return "empty"
    return "" if _is_html(headers, body) else "not_html"


def _is_html(headers: dict[str, str], body: bytes) -> bool:
    kind = headers.get("content-type", "").lower()
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind.startswith(HTML_TYPES):
        return not start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"pk\x03\x04", b"{"))
    return not kind and (start.startswith(b"<!doctype html") or b"<html" in start or b"<head" in start)


def run_job(job: Job) -> None:
    """Run the crawl of ``job`` to its end in this process, which must not have run Scrapy before."""
    settings = scrapy_settings(
        contact=job.contact,
        seen=str(job.seen),
        local=sorted(_netlocs(job.outlets)),
        log=str(job.folder / f"{job.run}.log"),
        timeout=job.timeout,
        max_response=job.max_response,
        budget=job.budget,
        longest_pause=job.longest_pause,
    )
    seen = Seen(job.seen)
    with Lines(job.lines) as lines, Archive(job.archive, job.run) as archive:
        if seen.moved:
            lines.add("problem", "", item=seen.moved.name, reason="damaged_seen_store", detail="begun anew")
        process = CrawlerProcess(settings)
        process.crawl(OutletSpider, job=job, lines=lines, archive=archive, seen=seen)
        task.LoopingCall(_die_with, os.getppid()).start(_PARENT_CHECK, now=False)
        process.start()
    seen.close()


def _netlocs(outlets: Iterable[Outlet]) -> set[str]:
    addresses = (a for o in outlets if o.local for a in (o.home, *o.feeds, *o.sitemaps, *o.sections))
    return {fold(address).split("/")[2] for address in addresses}


def _die_with(parent: int) -> None:
    """Nobody is left to read the result: stop, as a kill would; the next run goes on from here."""
    if os.getppid() != parent:
        os._exit(3)


def main(arguments: list[str]) -> None:
    run_job(Job.from_json(json.loads(Path(arguments[0]).read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main(sys.argv[1:])
