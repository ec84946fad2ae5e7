"""Politeness for every request of every spider: a Scrapy add-on with one downloader middleware.

Before a request goes out, in this order: no public host without a contact; no private address except
those of local outlets; robots.txt of its origin, fetched once and awaited by every request (Scrapy's
own middleware lets the third and later of several waiting requests through); the day's budget of the
host; the pause a host asked for; the host's turn, one request at a time, the delay counted from the
end of the one before. A 429, or a 503 with Retry-After, pauses the whole host, in other processes too.

It stands next to the downloader, so that redirects, retries and robots.txt itself pass through it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Request, Response

from crawlers.archive.state import Seen
from crawlers.fetch.job import LONGEST_PAUSE
from crawlers.fetch.resolver import PublicNames
from crawlers.outlets import MAX_DELAY
from crawlers.pages.urls import is_private, site
from crawlers.site_rules.robots import Robots, retry_after
from crawlers.site_rules.robots_files import RobotsFiles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

PAUSE_WITHOUT_HEADER = 30.0  # seconds after a 429 that names no time
PAUSED_RETRIES = 2
CAREFUL_DELAY = 1.0  # least delay, seconds, for a host that has asked to slow down


class Refused(IgnoreRequest):
    """A request that was not sent, or whose answer was not taken. ``reason`` is a short fixed code."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class PolitenessAddon:
    """``ADDONS = {PolitenessAddon: 0}``: takes the place of Scrapy's own robots and throttle parts."""

    def update_settings(self, settings: BaseSettings) -> None:
        middlewares = settings["DOWNLOADER_MIDDLEWARES"]
        middlewares[Politeness] = 950
        middlewares["scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware"] = None
        for name, value in {
            "ROBOTSTXT_OBEY": False,
            "AUTOTHROTTLE_ENABLED": False,
            "HTTPCACHE_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "COOKIES_ENABLED": False,
            "METAREFRESH_ENABLED": False,
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            "DOWNLOAD_DELAY_JITTER": 0,
        }.items():
            settings.set(name, value, priority="addon")


@dataclass
class Gate:
    """One host's turn: its delay and the earliest moment (monotonic seconds) of its next request."""

    delay: float = 0.0
    next_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def enter(self, longest: float) -> bool:
        """Wait for the turn. True when the gate is now held until ``leave``.

        Raises Refused when the host wants more rest than ``longest`` seconds and an outlet's own delay.
        """
        await self.turn.acquire()
        held = False
        try:
            while (wait := self.next_at - monotonic()) > 0:
                if wait > max(longest, min(self.delay, MAX_DELAY)):
                    raise Refused("host_paused", f"asked for {wait:.0f} s of rest")
                await asyncio.sleep(wait)
            held = self.delay > 0
        finally:
            if not held:
                self.turn.release()
        return held

    def leave(self, held: bool) -> None:
        if held:
            self.next_at = max(self.next_at, monotonic() + self.delay)
            self.turn.release()

    def pause(self, seconds: float) -> None:
        self.delay = max(self.delay, CAREFUL_DELAY)
        self.next_at = max(self.next_at, monotonic() + seconds)


class Politeness:
    """The downloader middleware. Settings: SAID_CONTACT, SAID_SEEN (path), SAID_BUDGET, SAID_LOCAL (netlocs).

    Request meta: ``delay`` (the outlet's, seconds), ``sites`` (where redirects may lead), ``local`` (whether
    the outlet is; only such a one is let to a local host, so no public page can send the crawl there).
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.contact = bool(settings.get("SAID_CONTACT"))
        self.local = frozenset(settings.getlist("SAID_LOCAL"))
        self.budget = settings.getint("SAID_BUDGET")
        self.default_delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_pause = settings.getfloat("SAID_LONGEST_PAUSE", LONGEST_PAUSE)
        path = settings.get("SAID_SEEN")
        self.seen: Seen | None = Seen(Path(path)) if path else None
        self.gates: dict[str, Gate] = {}
        self.robots_files = RobotsFiles(self.seen, self.local, Refused)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        netloc = _netloc(parts)
        self._admit(request, parts.hostname or "", netloc)
        gate = self._gate(netloc, request)
        if not request.meta.get("is_robots"):
            robots = await self.robots(request.url)
            if not robots.allows(request.url):
                raise Refused(robots.refusal or "robots_disallowed", request.url)
        if netloc in self.local:
            request.meta["proxy"] = None
        elif self.seen and not self.seen.spend(netloc, datetime.now(UTC).date(), self.budget):
            raise Refused("budget_spent", f"{netloc} has had its {self.budget} requests of the day")
        self._recall_pause(netloc, gate)
        request.meta["gate_held"] = await gate.enter(self.longest_pause)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        netloc = _netloc(urlsplit(request.url))
        gate = self._gate(netloc, request)
        held = bool(request.meta.pop("gate_held", False))
        try:
            self._check_peer(request, response, netloc)
            wait = self._asked_to_wait(response)
            if wait is None:
                return response
            gate.pause(wait)
            if self.seen:
                self.seen.pause(netloc, datetime.now(UTC) + timedelta(seconds=wait))
            tries = request.meta.get("paused_tries", 0)
            if tries >= PAUSED_RETRIES or wait > self.longest_pause:
                return response
            return request.replace(meta={**request.meta, "paused_tries": tries + 1}, dont_filter=True)
        finally:
            gate.leave(held)

    def process_exception(self, request: Request, exception: Exception) -> None:
        if "gate_held" in request.meta:
            netloc = _netloc(urlsplit(request.url))
            self._gate(netloc, request).leave(bool(request.meta.pop("gate_held")))
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in PublicNames.refused:
            raise Refused("private_address", f"{host} is {PublicNames.refused[host]}") from exception

    async def robots(self, url: str) -> Robots:
        """The rules of the URL's origin, its delay laid on its host."""
        robots, fresh = await self.robots_files.rules(url, self.crawler.engine.download_async)
        gate = self.gates.setdefault(_netloc(urlsplit(url)), Gate())
        gate.delay = max(gate.delay, robots.delay)
        if fresh:
            gate.next_at = max(gate.next_at, monotonic() + robots.delay)
        return robots

    def _gate(self, netloc: str, request: Request) -> Gate:
        gate = self.gates.setdefault(netloc, Gate())
        gate.delay = max(gate.delay, float(request.meta.get("delay", self.default_delay)))
        return gate

    def _admit(self, request: Request, host: str, netloc: str) -> None:
        sites = request.meta.get("sites")
        if sites is not None and request.meta.get("redirect_urls") and site(request.url) not in sites:
            raise Refused("offsite_redirect", request.url)
        if netloc in self.local and self._from_local(request):
            return
        if is_private(host):
            raise Refused("private_address", request.url)
        if not self.contact:
            raise Refused("no_contact", netloc)

    def _from_local(self, request: Request) -> bool:
        """Whether a local outlet asks, and has asked so from the first of a row of redirects on."""
        first = urlsplit((request.meta.get("redirect_urls") or [request.url])[0])
        return bool(request.meta.get("local", True)) and _netloc(first) in self.local

    def _check_peer(self, request: Request, response: Response, netloc: str) -> None:
        """A public name must not lead to a private address (DNS rebinding)."""
        peer = response.ip_address
        if peer is None or request.meta.get("proxy") or netloc in self.local:
            return
        if is_private(str(peer)):
            raise Refused("private_address", f"{netloc} is {peer}")

    def _recall_pause(self, netloc: str, gate: Gate) -> None:
        """A pause asked of another process holds here too."""
        until = self.seen.paused_until(netloc) if self.seen else None
        if until is not None and (left := (until - datetime.now(UTC)).total_seconds()) > 0:
            gate.pause(left)

    def _asked_to_wait(self, response: Response) -> float | None:
        if response.status not in {429, 503}:
            return None
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after(header, datetime.now(UTC))
        return PAUSE_WITHOUT_HEADER if wait is None and response.status == 429 else wait


def _netloc(parts: SplitResult) -> str:
    """Host and port, without a name and password before them."""
    return parts.netloc.rpartition("@")[2].lower()
