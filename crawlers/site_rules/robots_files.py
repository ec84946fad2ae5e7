"""Every origin's robots.txt: fetched once for all who wait for it, and remembered for a day at most.

What is stored of it serves later runs of the day without a request; a local host is asked at every run. After
a day it is asked for with its validators. A robots.txt that cannot be had is not remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawlers.archive.state import Seen, SeenListing
from crawlers.site_rules.robots import MAX_BYTES, Robots, read_robots
from crawlers.site_rules.validators import given_validators, validators

AGE = 24 * 3600.0  # seconds that one robots.txt may serve (RFC 9309, 2.4)
Download = Callable[[Request], Awaitable[Response]]


class RobotsFiles:
    """The rules of the origins that one run meets. ``local``: hosts (with port) that are asked every time.

    ``refused`` is the exception of a request that may not be sent; it has a ``reason``.
    """

    def __init__(self, seen: Seen | None, local: frozenset[str], refused: type[Exception]) -> None:
        self.seen, self.local, self.refused = seen, local, refused
        self._rules: dict[str, tuple[float, asyncio.Task[Robots]]] = {}

    async def rules(self, url: str, download: Download) -> tuple[Robots, bool]:
        """(the rules of the URL's origin, whether they were read just now). ``download`` fetches."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        began, task = self._rules.get(origin, (0.0, None))
        fresh = task is None or monotonic() - began > AGE
        if task is None or fresh:
            known = self.seen.listing(f"{origin}/robots.txt") if self.seen else None
            age = known.age.total_seconds() if known else float("inf")
            if parts.netloc.rpartition("@")[2].lower() in self.local or age > AGE:
                age = 0.0
                task = asyncio.ensure_future(self._fetch(f"{origin}/robots.txt", known, download))
            else:
                task = asyncio.ensure_future(_recalled(known))
            self._rules[origin] = (monotonic() - age, task)
        return await asyncio.shield(task), fresh

    async def _fetch(self, url: str, known: SeenListing | None, download: Download) -> Robots:
        headers = validators(known.etag, known.last_modified) if known else {}
        request = Request(
            url, headers=headers, callback=NO_CALLBACK, meta={"is_robots": True}, dont_filter=True
        )
        try:
            response = await download(request)
        except self.refused as error:
            return Robots(refusal=str(getattr(error, "reason", "")) or "robots_unavailable")
        except Exception as error:  # noqa: BLE001 - whatever kept robots.txt from us, nothing is fetched
            return replace(read_robots(0, b""), cause=error)
        if response.status == 304 and known:
            self._keep(known)
            return await _recalled(known)
        robots = read_robots(response.status, response.body)
        if not robots.refusal:
            text = response.body[:MAX_BYTES].decode("latin-1") if response.status < 300 else ""
            self._keep(SeenListing(url, *given_validators(response), found=text))
        return robots

    def _keep(self, listing: SeenListing) -> None:
        if self.seen:
            self.seen.keep_listing(listing)


async def _recalled(known: SeenListing | None) -> Robots:
    """The rules as stored, byte for byte; a host without robots.txt is stored as one that closes nothing."""
    return read_robots(200, str(known.found).encode("latin-1") if known else b"")
