"""``said outlets find``: the feeds, sitemaps and sections of a site, and an entry made of them."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawlers.archive.lines import Line, number
from crawlers.fetch.crawl import lines_of
from crawlers.fetch.job import Job
from crawlers.groups import ADDRESSES, groups
from crawlers.outlets import outlet_of
from crawlers.pages.head import RESERVING
from crawlers.pages.urls import fold, is_private, site
from ledger.errors import WrongUse
from ledger.presentation.remedies import remedy
from ledger.types import Outlet

PROGRAM = "crawlers.probe.finder"
MOST_FEEDS = 3
LEAST_LINKS = 3  # of a page that is taken for a section: every page links an article or two
_TITLES = "news", "press"  # what stands in the address of a sitemap that is of new articles alone


@dataclass(frozen=True, slots=True)
class SiteFound:
    """What a site has. ``site`` and ``listings``: lines of `crawlers.probe.finder`; ``entry``: for
    outlets.yaml, {} where no listing was found."""

    site: Line
    listings: list[Line] = field(default_factory=list)
    entry: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The entry as YAML that loads, with what was found of each address in remarks above it."""
        remarks = [f"# {line}" for line in self.told()]
        if not self.entry:
            return "\n".join(remarks) + "\n"
        entry = yaml.safe_dump([self.entry], sort_keys=False, allow_unicode=True, width=200)
        return "\n".join([*remarks, entry])

    def told(self) -> list[str]:
        """Line by line, what was found: robots.txt, rights, each address; what to try where nothing was."""
        home = str(self.site["url"])
        robots, delay = str(self.site.get("robots", "")), self.site.get("delay")
        words = remedy(robots, home).told if robots else "open"
        lines = [f"robots.txt: {words}{f', {delay:g} s between requests' if delay else ''}"]
        rights = self.site.get("rights")
        held = [name for name in RESERVING if isinstance(rights, dict) and rights.get(name)]
        lines += (
            [f"rights: {', '.join(held).replace('_', ' ')}: reserved, ask the publisher first"]
            if held
            else []
        )
        lines += [_told(one, home) for one in self.listings]
        if reason := str(self.site.get("reason", "")):
            what = remedy(reason, home, str(self.site.get("detail", "")))
            lines.append(f"{home}: {what.told}. {what.advice}")
        elif not self.entry:
            lines.append(
                "No feed, sitemap or news page was found: look for one in a browser, and name it by hand."
            )
        return [_plain(line) for line in lines]


def find_outlet(
    address: str, contact: str = "", name: str = "", region: str = "", **limits: Any
) -> SiteFound:
    """Ask the site at ``address`` for its listings; nothing is kept.

    ``name``, ``region``: for the entry, where not as found. ``limits``: fields of ``crawlers.fetch.job.Job``.
    Raises WrongUse when the address is none, or public and no contact is set.
    """
    url = address if "://" in address else f"https://{address}"
    if not fold(url) or any(blank.isspace() for blank in url.strip()):
        raise WrongUse(f"{address!r} is no address of a site; give one such as https://www.example.org/news")
    local = is_private(urlsplit(url).hostname or "")
    if not contact and not local:
        raise WrongUse('no contact is set: add contact = "you@example.org" to settings.toml, then try again')
    outlet = Outlet(site(url), url, local=local, crawl_delay=0.0 if local else 1.0)
    with tempfile.TemporaryDirectory(prefix="said-find-") as folder:
        job = Job(f"find-{secrets.token_hex(4)}", Path(folder), (outlet,), contact, **limits)
        lines = [line for line in lines_of(job, PROGRAM) if line["what"] in {"site", "listing"}]
    told, listings = lines[0], lines[1:]
    good = [one for one in listings if not one["reason"] and one["links"]]
    chosen = _chosen(good)
    if not any(chosen.values()):
        return SiteFound(told, listings)
    entry = _entry(told, chosen, name, region, local)
    outlet_of(entry, "the entry found")
    return SiteFound(told, listings, entry)


def _chosen(good: Sequence[Line]) -> dict[str, list[str]]:
    """Which addresses a crawl should read: feeds that add something, sitemaps of news, sections beside."""
    by = {where: [one for one in good if one["where"] == where] for where in ADDRESSES}
    feeds: list[str] = []
    known: set[object] = set()
    for one in by["feeds"]:
        urls = set(_urls(one))
        if not urls <= known and len(feeds) < MOST_FEEDS:
            feeds.append(str(one["url"]))
            known |= urls
    maps = [
        one for one in by["sitemaps"] if one.get("dated") or any(word in str(one["url"]) for word in _TITLES)
    ]
    maps = maps[:1] or ([] if feeds else by["sitemaps"][:1])
    named = [one for one in by["sections"] if str(one["how"]).startswith("usual for")]
    pages = [one for one in named or by["sections"] if number(one, "links") >= LEAST_LINKS]
    sections = pages[:1] if named or not (feeds or maps) else []
    return {
        "feeds": feeds,
        "sitemaps": [str(one["url"]) for one in maps],
        "sections": [str(one["url"]) for one in sections],
    }


def _entry(told: Line, chosen: dict[str, list[str]], name: str, region: str, local: bool) -> dict[str, Any]:
    home, group = str(told["url"]), str(told.get("group", ""))
    entry: dict[str, Any] = {"name": name or str(told["name"]), "home": home}
    entry |= {"region": region} if region else {}
    entry |= {"group": group} if group else {}
    addresses = {where: some for where, some in chosen.items() if some}
    if not group or _folded(groups()[group].addresses(home)) != _folded(addresses):
        entry |= addresses
    entry |= {"local": True} if local else {}
    return entry | {"seen": f"found, {datetime.now(UTC):%Y-%m-%d}"}


def _folded(addresses: dict[str, list[str]]) -> dict[str, list[str]]:
    """Folded; of the sections the first, as no more are chosen."""
    return {
        where: [fold(one) for one in (some[:1] if where == "sections" else some)]
        for where, some in addresses.items()
    }


def _urls(one: Line) -> list[object]:
    held = one.get("urls")
    return held if isinstance(held, list) else []


def _told(one: Line, home: str) -> str:
    """One address: how it was come upon, and what it holds."""
    reason = str(one["reason"])
    if reason == "other_site":
        what = (
            f"its links lead to {one.get('detail')}: add that site's address under sections to have them read"
        )
    elif reason:
        what = remedy(reason, home, str(one.get("detail", ""))).told
    else:
        newest = str(one.get("newest", ""))[:10]
        what = f"{number(one, 'links')} links" + (f", newest {newest}" if newest else "")
    return f"{str(one['where']).removesuffix('s')} {one['url']} ({one['how']}): {what}"


def _plain(line: str) -> str:
    """One line of a remark: what a site says must not end it."""
    return "".join(c if c.isprintable() else " " for c in line)
