"""A page in, an article out. Pure: bytes and what the crawl knew of them, no network, no files.

The body comes from ``crawlers.pages.body``, then from ``crawlers.pages.cleaning``; everything else from
the page's own words about itself (``crawlers.pages.about``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from crawlers.pages.about.authorship import in_body, written_by
from crawlers.pages.about.dating import StatedDates, modified_of, published_of
from crawlers.pages.about.elements import values
from crawlers.pages.about.headline import headline, meta_titles, site_names
from crawlers.pages.about.linked_data import first_text, linked_data
from crawlers.pages.body import MIN_TEXT, body_of
from crawlers.pages.cleaning import clean
from crawlers.pages.furniture import facts
from crawlers.pages.head import read_head
from crawlers.pages.layouts import rules
from crawlers.pages.lines import PageLine
from crawlers.pages.markup import decode, read_tree
from crawlers.pages.paid import BOX, leave_paid_parts, teaser, told_in_script
from crawlers.pages.urls import article_id, canonical
from ledger.counts import Problem
from ledger.types import Article, Laid, Outlet

STAGE = "load"
MAX_PAGE = 10_000_000  # bytes
MAX_TITLE = 500  # characters; the longest real headlines have some 200
_UNSEEN = ("script", "style", "svg")  # no reader sees their text; they are most of many a page


@dataclass(frozen=True, slots=True)
class Parsed:
    """The article, and what was wrong with its page though it could be read (``notes``)."""

    article: Article
    notes: tuple[Problem, ...] = ()


def parse_page(
    html: bytes,
    url: str,
    layout: str = "jsonld",
    outlet: Outlet | None = None,
    headers: Mapping[str, str] | None = None,
    fetched: datetime | None = None,
    listed: datetime | None = None,
    today: datetime | None = None,
) -> Parsed | Problem:
    """The article of a page, or the Problem that keeps it from being one.

    ``headers``: names in lower case. ``fetched``: when the page was fetched, first_seen of the article;
    dates more than a day past it (or past ``today``, if later) are not believed. ``listed``: the date that
    a feed or sitemap gave, used where the page gives none, or only the day.

    Problems: ``empty``, ``too_large``, ``not_html``, ``no_text``, ``paid``. Notes: ``broken_jsonld`` (read by
    other means), ``bad_charset`` (read all the same), ``future_date`` (left out).
    """
    headers = headers or {}
    if not html.strip():
        return Problem(STAGE, url, "empty")
    if len(html) > MAX_PAGE:
        return Problem(STAGE, url, "too_large", f"{len(html)} bytes")
    if b"<" not in html or html.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04")):
        return Problem(STAGE, url, "not_html")
    text, agreed = decode(html, headers)
    tree = read_tree(text)
    if tree is None:
        return Problem(STAGE, url, "not_html")
    titles, window = meta_titles(tree)
    linked = linked_data(tree, " ".join((*titles, window)))
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    held = list(tree.iter())  # while they are held, lxml need not make its elements anew for every search
    wanted = rules(layout, outlet.group if outlet else "")
    notes = [] if agreed else [Problem(STAGE, url, "bad_charset", "read as what it is")]
    if linked.broken:
        notes.append(Problem(STAGE, url, "broken_jsonld", "read by other means"))
    head = read_head(html, headers)
    sites = site_names(tree, linked, outlet.name if outlet else "", urlsplit(url).hostname or "")
    title = headline(tree, linked, wanted.title, sites)[:MAX_TITLE]
    listed_facts = facts(tree)
    limit = max(filter(None, (fetched, today)), default=None)
    told = StatedDates(tree, linked.article, listed_facts, url, listed, limit)
    (published, late), (modified, late_too) = (
        published_of(told, wanted.published),
        modified_of(told, wanted.modified),
    )
    if late or late_too:
        notes.append(Problem(STAGE, url, "future_date", "left out"))
    written = written_by(tree, linked, wanted.byline, sites, listed_facts.get("byline", ""))
    section = first_text(linked.article.get("articleSection")) or next(values(tree, wanted.section), "")
    language = (tree.get("lang") or "en")[:2].lower()
    paywall = outlet.paywall if outlet else "quotations"
    served = leave_paid_parts(tree, linked.article)
    if served.closed and paywall == "leave":
        return Problem(STAGE, url, "paid", "left, as its outlet's entry says")
    lines, captions = body_of(tree, linked.article, wanted, scripts=not served.closed)
    del held
    texts = [line.text for line in lines]
    heading_too = not written.authors  # a crosshead "By the sea" is no byline where the page has another
    byline, authors = in_body(
        written, [line.text if heading_too or line.kind is None else "" for line in lines], sites
    )
    own_lines = clean(texts, wanted, title, captions, byline)
    cut = served.closed and served.whole and paywall == "teaser"
    paragraphs = [text for _, text in own_lines]
    paragraphs = teaser(paragraphs) if cut else paragraphs
    body = "\n\n".join(paragraphs)
    if len(body) < MIN_TEXT:
        paid = served.closed and not served.whole
        return (
            Problem(STAGE, url, "paid", "no text but what it names as paid")
            if paid
            else Problem(STAGE, url, "no_text")
        )
    whole = served.whole and told_in_script(linked.article) <= len(body) + BOX
    own = canonical(url, outlet.home if outlet else "", head.canonical) or url
    article = Article(
        id=article_id(own),
        outlet=outlet.name if outlet else "",
        url=own,
        title=title,
        text=body,
        byline=byline,
        authors=authors,
        published=published,
        modified=modified if modified != published else None,
        first_seen=fetched,
        section=section,
        language=language if language.isalpha() else "en",
        paywalled=served.closed,
        declared_paid=served.closed and whole and not cut,
        rights=head.rights,
        layout=tuple(_laid([lines[number] for number, _ in own_lines], paragraphs)),
    )
    return Parsed(article, tuple(notes))


def _laid(lines: Sequence[PageLine], paragraphs: Sequence[str]) -> Iterator[Laid]:
    """The layout of a text that is made of ``paragraphs``, which are what is left of ``lines``."""
    at = 0
    for line, text in zip(lines, paragraphs, strict=False):  # a teaser ends before the lines do
        if line.kind:
            yield Laid(line.kind, (at, at + len(text)))
        elif 0 < line.label < len(text):
            yield Laid("label", (at, at + line.label))
        at += len(text) + 2
