"""A page in, an article out. Pure: bytes and what the crawl knew of them, no network, no files.

The body comes from trafilatura (fast mode) on a tree without the page's furniture, then from
``crawlers.pages.cleaning``; everything else from the page's own words about itself
(``crawlers.pages.metadata``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from crawlers.pages import metadata
from crawlers.pages.byline import authors_in, tidy_byline
from crawlers.pages.cleaning import clean, plain
from crawlers.pages.dates import LONDON
from crawlers.pages.furniture import drop, drop_furniture, facts
from crawlers.pages.head import read_head
from crawlers.pages.layouts import Rules, rules
from crawlers.pages.markup import decode, read_tree
from crawlers.pages.urls import article_id, canonical
from ledger.counts import Problem
from ledger.types import Article, Outlet

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is a problem of ours, named

STAGE = "load"
MAX_PAGE = 10_000_000  # bytes
MAX_TITLE = 500  # characters; the longest real headlines have some 200
SHORT = 400  # characters; see _paragraphs
MIN_TEXT = 20  # characters of an article
TEASER = 500  # characters of a closed article: about what publishers show to everybody
FUTURE = timedelta(days=1)  # past the time of fetching; more is a mistake in the page
_AUTHOR = 'meta[name="author" i]@content'
_UNSEEN = ("script", "style", "svg")  # no reader sees their text; they are most of many a page
_FAST = Extractor(fast=True, comments=False, output_format="python")  # read once, not for each page


@dataclass(frozen=True, slots=True)
class Parsed:
    """The article, and what was wrong with its page though it could be read (``notes``)."""

    article: Article
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """What the parts of an article are read from: the tree, its JSON-LD article, the rules, its facts."""

    tree: Any
    article: dict[str, Any]
    rules: Rules
    facts: dict[str, str]


def parse_page(
    html: bytes,
    url: str,
    layout: str = "jsonld",
    outlet: Outlet | None = None,
    headers: Mapping[str, str] | None = None,
    fetched: datetime | None = None,
    listed: datetime | None = None,
    today: datetime | None = None,
    teaser_only: bool = False,
) -> Parsed | Problem:
    """The article of a page, or the Problem that keeps it from being one.

    ``headers``: names in lower case. ``fetched``: when the page was fetched, first_seen of the article;
    dates more than a day past it (or past ``today``, if later) are not believed. ``listed``: the date that
    a feed or sitemap gave, used where the page gives none, or only the day. ``teaser_only``: of a page that
    is not free and does not say which part of it is, only the first paragraphs are kept.

    Problems: ``empty``, ``too_large``, ``not_html``, ``no_text``. Notes: ``broken_jsonld`` (read by
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
    stated, broken = metadata.linked_data(tree)
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    held = list(tree.iter())  # while they are held, lxml need not make its elements anew for every search
    wanted = rules(layout, outlet.group if outlet else "")
    notes = [] if agreed else [Problem(STAGE, url, "bad_charset", "read as what it is")]
    if broken:
        notes.append(Problem(STAGE, url, "broken_jsonld", "read by other means"))
    head = read_head(html, headers)
    page = _Page(tree, stated, wanted, facts(tree))
    title = _title(page)[:MAX_TITLE]
    limit = max(filter(None, (fetched, today)), default=None)
    published, late = _published(page, url, listed, limit)
    modified, late_too = _modified(page, limit)
    if late or late_too:
        notes.append(Problem(STAGE, url, "future_date", "left out"))
    byline, authors = _byline(page)
    section = metadata.first_text(stated.get("articleSection"))
    section = section or next(metadata.values(tree, wanted.section), "")
    language = (tree.get("lang") or "en")[:2].lower()
    closed = metadata.paywalled(stated)
    parted = closed and any(metadata.select(tree, s) for s in metadata.closed_parts(stated))
    lines, captions = _body(page)
    del held
    paragraphs = clean(lines, wanted, title, captions, byline)
    body = "\n\n".join(_teaser(paragraphs) if teaser_only and closed and not parted else paragraphs)
    if len(body) < MIN_TEXT:
        return Problem(STAGE, url, "no_text")
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
        paywalled=closed,
        rights=head.rights,
    )
    return Parsed(article, tuple(notes))


def _teaser(paragraphs: Sequence[str]) -> list[str]:
    """The first paragraphs, as many as TEASER characters hold, one at least."""
    kept: list[str] = []
    for paragraph in paragraphs:
        if kept and sum(map(len, kept)) + len(paragraph) > TEASER:
            break
        kept.append(paragraph)
    return kept


def _title(page: _Page) -> str:
    """The headline: the layout's, then JSON-LD's (in full where the page shows it so), then the page's."""
    for text in metadata.values(page.tree, page.rules.title):
        return text
    shown = [t for t in metadata.values(page.tree, ("article h1", "main h1", "h1")) if len(t) <= 400]
    stated = metadata.first_text(page.article.get("headline"))
    if stated:
        start = plain(stated.rstrip(".… "))
        return next((text for text in shown if plain(text).startswith(start)), stated)
    if shown:
        return shown[0]
    social = next(metadata.values(page.tree, ('meta[property="og:title"]@content',)), "")
    whole = next(metadata.values(page.tree, ("head title", "title")), "")
    return social or re.sub(r"\s+[|–—-]\s+[^|–—]{2,40}$", "", whole)


def _byline(page: _Page) -> tuple[str, tuple[str, ...]]:
    """(byline as printed, authors). JSON-LD names the authors; with their jobs it is the byline too."""
    authors, jobs = metadata.names(page.article.get("author")), metadata.with_jobs(page.article.get("author"))
    byline = jobs or tidy_byline(metadata.values(page.tree, (*page.rules.byline, _AUTHOR)))
    byline = byline or tidy_byline([page.facts.get("byline", "")]) or ", ".join(authors)
    people = tuple(name for name in authors if authors_in(name) or " " not in name)
    return byline, people or authors_in(byline)


def _published(
    page: _Page, url: str, listed: datetime | None, limit: datetime | None
) -> tuple[datetime | None, bool]:
    """(the date, whether one was left out for lying in the future)."""

    def candidates() -> Iterator[datetime]:
        known = [page.article.get("datePublished"), page.facts.get("published")]
        yield from metadata.dates(page.tree, known, page.rules.published, words=True)
        if listed is not None:
            yield listed
        if (when := metadata.date_in_url(url)) is not None:
            yield when
        yield from metadata.dates(page.tree, [page.article.get("dateCreated")], (), words=False)

    when, late = _first_past(candidates(), limit)
    if when is not None and listed is not None:
        own, theirs = when.astimezone(LONDON), listed.astimezone(LONDON)
        if own.time() == time.min and own.date() == theirs.date():
            when = listed
    return when, late


def _modified(page: _Page, limit: datetime | None) -> tuple[datetime | None, bool]:
    known = [page.article.get("dateModified"), page.facts.get("modified")]
    found = metadata.dates(page.tree, known, page.rules.modified, words=True, updated=True)
    return _first_past(found, limit)


def _first_past(found: Iterator[datetime], limit: datetime | None) -> tuple[datetime | None, bool]:
    late = False
    for when in found:
        if limit is not None and when > limit + FUTURE:
            late = True
            continue
        return when, late
    return None, late


def _body(page: _Page) -> tuple[list[str], list[str]]:
    """(lines of the body, captions met on the way). Changes the tree."""
    for selector in metadata.closed_parts(page.article):
        drop(metadata.select(page.tree, selector))
    for selector in page.rules.drop:
        drop(metadata.select(page.tree, selector))
    captions = ["".join(e.itertext()) for e in page.tree.iter("figcaption")] + [
        str(a) for a in page.tree.xpath("//img/@alt")
    ]
    drop_furniture(page.tree)
    chosen = next((found[0] for s in page.rules.article if (found := metadata.select(page.tree, s))), None)
    root = page.tree
    if chosen is not None:
        root = etree.SubElement(etree.Element("html"), "body")
        root.append(chosen)
    document = bare_extraction(root, options=_FAST)
    text = (document.text or "") if document is not None and not isinstance(document, dict) else ""
    if len(text) < SHORT and "\n" not in text and (paragraphs := _paragraphs(root, len(text))):
        return paragraphs, captions
    if len(text) < MIN_TEXT:
        stated = page.article.get("articleBody")
        text = stated if isinstance(stated, str) else text
    return text.split("\n"), captions


def _paragraphs(root: Any, size: int) -> list[str]:
    """The paragraphs of a short article, which trafilatura gives as one line, title, date and all.

    None of them when they hold less than half of the ``size`` characters that it found.
    """
    place = next(
        (found for name in ("article", "main", "body") if (found := root.find(f".//{name}")) is not None),
        root,
    )
    lines = ["".join(element.itertext()) for element in place.iter("p")]
    return lines if sum(map(len, lines)) >= max(MIN_TEXT, size / 2) else []
