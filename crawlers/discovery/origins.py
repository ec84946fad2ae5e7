"""The files in which an origin reserves its rights, asked for when pages of it are to be fetched.

Each is asked for with its validators, at most once a day (a local outlet's at every run). A file that is
not there reserves nothing; one that cannot be had leaves what was known of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

from scrapy.http import Response

from crawlers.archive.lines import Lines
from crawlers.archive.state import Seen, SeenListing
from crawlers.discovery.answers import NoAnswer
from crawlers.site_rules.site_rights import AI_TXT, MAX_TEXT, TDMREP, SiteRights, read_ai_txt, read_tdmrep
from crawlers.site_rules.validators import given_validators
from ledger.types import Outlet

AGE = timedelta(hours=24)
FetchFile = Callable[[Outlet, str, str, str], Awaitable[Response | NoAnswer]]


class Origins:
    """The reservations of the origins that one run meets. ``fetch`` writes nothing down."""

    def __init__(self, seen: Seen, lines: Lines, fetch: FetchFile) -> None:
        self.seen, self.lines, self.fetch = seen, lines, fetch
        self._rights: dict[str, asyncio.Task[SiteRights]] = {}

    async def rights(self, outlet: Outlet, url: str) -> SiteRights:
        """Of the origin of ``url``: read once a run, awaited by everyone."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rights:
            self._rights[origin] = asyncio.ensure_future(self._read(outlet, origin))
        return await asyncio.shield(self._rights[origin])

    async def _read(self, outlet: Outlet, origin: str) -> SiteRights:
        rules, reason = read_tdmrep(await self._text(outlet, origin + TDMREP))
        if reason:
            self.lines.add("problem", outlet.name, item=origin + TDMREP, reason=reason, detail="")
        return SiteRights(rules, read_ai_txt(await self._text(outlet, origin + AI_TXT)))

    async def _text(self, outlet: Outlet, url: str) -> str:
        known = self.seen.listing(url)
        text = known.found if known and isinstance(known.found, str) else ""
        if known and not outlet.local and known.age < AGE:
            return text
        etag, modified = (known.etag, known.last_modified) if known else ("", "")
        response = await self.fetch(outlet, url, etag, modified)
        if isinstance(response, NoAnswer) or response.status >= 500:
            return text
        if response.status == 304 and known:
            self.seen.keep_listing(known)
            return text
        if response.status != 200:
            self.seen.keep_listing(SeenListing(url, found=""))
            return ""
        text = response.body[:MAX_TEXT].decode("utf-8", "replace")
        self.seen.keep_listing(SeenListing(url, *given_validators(response), found=text))
        return text
