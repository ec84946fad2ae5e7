"""One publisher's website: a path in, an answer out. Pure; the server adds HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import parse_qs

from sample import render
from sample.stories import Publisher, Story, closed_page, stories

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
GZIP = "application/gzip"
_PLAIN = {
    "/about": ("About us", ["We report from every part of the county.", "Our office is open on weekdays."]),
    "/contact": ("Contact", ["Write to the newsdesk, or call between nine and five."]),
    "/terms": ("Terms", ["What may and may not be done with these pages."]),
    "/privacy": ("Privacy and cookies", ["Which cookies there are and what they are for."]),
    "/subscribe": ("Subscribe", ["All our offers on one page."]),
    "/video": ("Video", ["All our videos on one page."]),
    "/whatsapp": ("Our group", ["Join from your telephone."]),
}


@dataclass(frozen=True)
class Answer:
    """A response before HTTP's own parts. ``modified``: for Last-Modified, None for none."""

    body: bytes
    kind: str = HTML
    status: int = 200
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Site:
    """The pages of one publisher in one edition. ``origin``: scheme, host and port, no slash."""

    def __init__(self, publisher: Publisher, origin: str, edition: int) -> None:
        self.publisher = publisher
        self.origin = origin
        self.all = tuple(story for story in stories(edition) if story.outlet == publisher.name)
        self.live = tuple(story for story in self.all if not story.gone)
        self._by_path = {story.path: story for story in self.all}
        self._closed = closed_page()
        self._newest = max(story.changed for story in self.all)
        self._answers: dict[str, Answer] = {}
        self._listings = self._make_listings()

    def answer(self, path: str, query: str = "") -> Answer:
        """The answer to a GET. A query changes nothing but the number of a section's page."""
        page = parse_qs(query).get("page", ["1"])[0]
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0
        key = f"{path}?{number}"
        if key not in self._answers:
            made = self._make(path, number)
            if made.status == 404:
                return made  # addresses nobody has are not kept
            self._answers[key] = made
        return self._answers[key]

    def _make(self, path: str, page: int) -> Answer:
        story = self._by_path.get(path.rstrip("/"))
        if story:
            return self._story(story)
        if path in self._listings:
            return self._listings[path]()
        if path == "/" or path.startswith("/section/"):
            return self._list(path, page)
        if path == self._closed[0]:
            return self._plain(self._closed[1], ["Not for publication."])
        if path == "/static/site.css":
            return Answer(
                render.style_sheet(self.publisher), "text/css; charset=utf-8", modified=self._newest
            )
        if path.startswith("/img/") and path.endswith(".svg"):
            drawn = render.picture(path[5:-4], self.publisher.colour)
            return Answer(drawn, "image/svg+xml", modified=self._newest)
        if path in _PLAIN:
            return replace(self._plain(*_PLAIN[path]), modified=self._newest)
        if path.startswith(("/author/", "/topic/")):
            heading = path.rsplit("/", 1)[-1].replace("-", " ").title()
            return self._plain(heading, ["Everything on this subject."])
        return self._plain("Page not found", ["There is nothing at this address."], 404)

    def _story(self, story: Story) -> Answer:
        if story.gone:
            return self._plain("This page is gone", ["The article was taken down."], 410)
        page = render.article_page(self.publisher, self.origin, story, self.all, self._closed[0])
        headers = (("TDM-Reservation", "1"),) if story.tdm_reserved else ()
        return Answer(page, modified=story.changed, headers=headers)

    def _list(self, path: str, page: int) -> Answer:
        key = path.removeprefix("/section/").rstrip("/")
        if path == "/":
            listing = render.Listing(self.publisher.name, self.live[:9])
        elif key in self.publisher.sections and page > 0:
            name = self.publisher.sections[key]
            found = [story for story in self.live if story.section == name]
            pages = max(1, -(-len(found) // render.PER_PAGE))
            shown = tuple(found[(page - 1) * render.PER_PAGE : page * render.PER_PAGE])
            if not shown:
                return self._plain("Page not found", ["There is no such page of this section."], 404)
            listing = render.Listing(name, shown, page, pages, f"/section/{key}")
        else:
            return self._plain("Page not found", ["There is no such section."], 404)
        body = render.list_page(self.publisher, self.origin, listing, self.live, self._closed[0])
        return Answer(body, modified=self._newest)

    def _plain(self, heading: str, paragraphs: Sequence[str], status: int = 200) -> Answer:
        return Answer(render.plain_page(self.publisher, self.origin, heading, paragraphs), status=status)

    def _make_listings(self) -> dict[str, Callable[[], Answer]]:
        made: dict[str, Callable[[], Answer]] = {
            "/robots.txt": lambda: Answer(self._file("robots.txt", ()), "text/plain; charset=utf-8"),
        }
        if "rss" in self.publisher.serves:
            kind = "application/rss+xml; charset=utf-8"
            made["/rss"] = partial(self._listing, "rss.xml", self.all, kind)
        if "atom" in self.publisher.serves:
            kind = "application/atom+xml; charset=utf-8"
            made["/atom.xml"] = partial(self._listing, "atom.xml", self.all, kind)
        if "sitemap" in self.publisher.serves:
            made["/sitemap-index.xml"] = partial(self._listing, "sitemap_index.xml", self.live, XML)
            made["/sitemaps/news.xml"] = partial(self._listing, "news_sitemap.xml", self.live, XML)
            made["/sitemap.xml.gz"] = partial(self._listing, "sitemap.xml", self.live, GZIP)
            for month in {story.month for story in self.live}:
                told = [story for story in self.live if story.month == month]
                made[f"/sitemaps/{month}.xml.gz"] = partial(self._listing, "sitemap.xml", told, GZIP)
        reserved = [story for story in self.all if story.tdm_reserved]
        if reserved:
            rules = [{"location": story.path, "tdm-reservation": 1} for story in reserved]
            made["/.well-known/tdmrep.json"] = lambda: Answer(json.dumps(rules).encode(), "application/json")
        if self.publisher.template == "public":
            made["/ai.txt"] = lambda: Answer(b"User-Agent: *\nAllow: *.txt\nDisallow: *.svg\n", "text/plain")
        return made

    def _listing(self, name: str, told: Sequence[Story], kind: str) -> Answer:
        body = self._file(name, told)
        packed = gzip.compress(body, mtime=0) if kind == GZIP else body
        return Answer(packed, kind, modified=self._newest)

    def _file(self, name: str, told: Sequence[Story]) -> bytes:
        return render.listing_file(f"{name}.jinja", self.publisher, self.origin, told, self._closed)
