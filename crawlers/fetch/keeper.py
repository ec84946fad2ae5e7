"""What becomes of a fetched page: archived, found unchanged, gone, withheld or unfit; written down in order.

The order is always WARC record, crawl line, seen-store: whatever a kill leaves behind, the next run
fetches again what was not finished, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawlers.archive.blanked import NotBlanked, without_names
from crawlers.archive.lines import Lines
from crawlers.archive.state import BARRED, Seen, SeenPage
from crawlers.archive.warc import Archive, Record
from crawlers.discovery.listing_parsers import Link
from crawlers.pages.head import read_head, reserved
from crawlers.pages.paid import declared_paid
from crawlers.pages.urls import article_id, canonical, fold, key
from ledger.forgotten import NONE as NOTHING_FORGOTTEN
from ledger.forgotten import Tombstones, blanked
from ledger.types import Outlet

NEWS = "news"  # the kind of an outlet that publishes pages alone
_PDF = "application/pdf"
_HTML = ("text/html", "application/xhtml")
_BINARY = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"pk\x03\x04", b"{")
GOOD = (200, 203)


class Keeper:
    """Takes the responses of one run."""

    def __init__(
        self, lines: Lines, archive: Archive, seen: Seen, tombstones: Tombstones = NOTHING_FORGOTTEN
    ) -> None:
        self.lines, self.archive, self.seen, self.tombstones = lines, archive, seen, tombstones
        self.claimed: set[str] = set()  # ids of the pages taken in this run

    def keep(
        self,
        outlet: Outlet,
        link: Link,
        page: SeenPage | None,
        response: Response,
        site_rights: Mapping[str, object],
    ) -> bool:
        """Settle one response for ``link``, of which ``page`` was known; True when it was archived.

        ``site_rights``: what the page's site says of it; what the page itself says counts more.
        """
        now = datetime.now(UTC)
        if response.status == 304:
            if page is not None:
                self._same(outlet, link, page, now, "304", [key(link.url)])
            else:  # nobody asked whether it has changed
                self.lines.add("problem", outlet.name, item=link.url, reason="http_304", detail="")
            return False
        headers = header_map(response)
        head = read_head(response.body, headers)
        url = canonical(response.url, outlet.home, head.canonical) or fold(link.url)
        keys = [key(link.url), key(response.url), key(url)]
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
        if response.status not in GOOD:
            self._note_gone(fresh, page, keys)
            return False
        stored = self.seen.page(fresh.id)
        if self._taken_out(fresh, stored, keys):
            self.lines.add("skip", outlet.name, url="", reason="taken_out")
            return False
        if fresh.id in self.claimed:
            self.seen.keep_page(stored or fresh, keys)
            self.lines.add("same", outlet.name, url=link.url, how="duplicate")
            return False
        self.claimed.add(fresh.id)
        sha256 = hashlib.sha256(response.body).hexdigest()
        if stored is not None and stored.sha256 == sha256:
            self._same(outlet, link, stored, now, "body", keys)
            return False
        archive = ""
        rights = {**site_rights, **head.rights}
        withheld = reserved(rights, outlet)
        if not withheld and outlet.paywall == "leave" and declared_paid(response.body, headers):
            withheld = "paid"
        if reason := _unfit(headers, response.body, files=outlet.kind != NEWS):
            kind = headers.get("content-type", "")
            self.lines.add("problem", outlet.name, item=link.url, reason=reason, detail=kind)
        elif withheld:
            self.lines.add("skip", outlet.name, url=url, reason=withheld)
        else:
            try:
                body = without_names(response.body, headers, self.tombstones)
            except NotBlanked:
                self.lines.add("skip", outlet.name, url=url, reason="names_somebody_taken_out")
                self.seen.keep_page(replace(fresh, status=200, sha256=sha256), keys)
                return False
            archive = self.archive.write(Record(response.url, response.status, headers, body, now))
            named = self.tombstones.people_in(link.title)
            self.lines.add(
                "page",
                outlet.name,
                id=fresh.id,
                url=url,
                fetched_url=response.url,
                fetched=now.isoformat(),
                archive=archive,
                sha256=hashlib.sha256(body).hexdigest(),
                rights=rights,
                title=blanked(link.title, named),
                published=link.published.isoformat() if link.published else "",
            )
        self.seen.keep_page(replace(fresh, status=200, sha256=sha256, archive=archive), keys)
        return bool(archive)

    def _taken_out(self, fresh: SeenPage, stored: SeenPage | None, keys: Iterable[str]) -> bool:
        """Whether the page, or somebody whom its address names, was taken out; it is barred then."""
        barred = stored is not None and stored.status == BARRED
        buried = barred or self.tombstones.holds("article", fresh.id)
        if not buried and not any(map(self.tombstones.people_in, (fresh.url, *keys))):
            return False
        self.seen.bar_page(fresh.id, keys)
        return True

    def _same(
        self, outlet: Outlet, link: Link, page: SeenPage, now: datetime, how: str, keys: Iterable[str]
    ) -> None:
        self.claimed.add(page.id)
        self.lines.add("same", outlet.name, url=page.url, how=how)
        self.seen.keep_page(replace(page, status=200, checked=now), keys)

    def _note_gone(self, fresh: SeenPage, page: SeenPage | None, keys: Iterable[str]) -> None:
        """A page that is no longer there keeps its id and what was archived of it."""
        if fresh.status in {404, 410}:
            known = fresh if page is None else replace(page, status=fresh.status, checked=fresh.checked)
            self.seen.keep_page(replace(known, etag="", last_modified=""), keys)


def header_map(response: Response) -> dict[str, str]:
    """The response's headers, names in lower case, repeated ones joined by a comma."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _unfit(headers: dict[str, str], body: bytes, *, files: bool) -> str:
    """ "empty" or "not_html" for a body that cannot be an article's page, else "". ``files``: papers may be
    had as PDF, too."""
    if not body.strip():
        return "empty"
    kind = headers.get("content-type", "").lower()
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if files and kind.startswith(_PDF) and start.startswith(b"%pdf"):
        return ""
    if kind.startswith(_HTML):
        return "not_html" if start.startswith(_BINARY) else ""
    named = start.startswith(b"<!doctype html") or b"<html" in start or b"<head" in start
    return "" if not kind and named else "not_html"
