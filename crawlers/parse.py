"""A page in, an article out. Pure: bytes and what the crawl knew of them, no network, no files.

The body comes from trafilatura (fast mode) on a tree without the page's furniture, then from
``crawlers.cleaning``; everything else from the page's own words about itself (``crawlers.metadata``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from lxml import etree
from trafilatura import bare_extraction

from crawlers import metadata
from crawlers.byline import authors_in, tidy_byline
from crawlers.cleaning import clean, plain
from crawlers.dates import LONDON
from crawlers.head import read_head
from crawlers.layouts import Rules, rules
from crawlers.markup import decode, read_tree
from crawlers.urls import article_id, canonical
from ledger.types import Article, Outlet, Problem

STAGE = "load"
MAX_PAGE = 10_000_000  # bytes
MIN_TEXT = 20  # characters of an article
FUTURE = timedelta(days=1)  # past the time of fetching; more is a mistake in the page
_OWN_SHARE = 0.3  # an element with a greater share of the page's paragraphs is not furniture
_WORD = re.compile(r"[a-z]+")


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
    wanted = rules(layout, outlet.group if outlet else "")
    data = metadata.linked_data(tree)
    notes = [] if agreed else [Problem(STAGE, url, "bad_charset", "read as what it is")]
    if data.broken:
        notes.append(Problem(STAGE, url, "broken_jsonld", "read by other means"))
    head = read_head(html, headers)
    title = _title(tree, data.article, wanted)
    limit = max(filter(None, (fetched, today)), default=None)
    published, late = _published(tree, data.article, wanted, url, listed, limit)
    modified, late_too = _modified(tree, data.article, wanted, limit)
    if late or late_too:
        notes.append(Problem(STAGE, url, "future_date", "left out"))
    byline = tidy_byline(metadata.values(tree, wanted.byline))
    authors = metadata.names(data.article.get("author")) or authors_in(byline)
    byline = (
        byline or tidy_byline(metadata.values(tree, ('meta[name="author" i]@content',))) or ", ".join(authors)
    )
    section = metadata.first_text(data.article.get("articleSection"))
    section = section or next(metadata.values(tree, wanted.section), "")
    language = (tree.get("lang") or "en")[:2].lower()
    lines, captions = _body(tree, data.article, wanted, url)
    body = "\n\n".join(clean(lines, wanted, title, captions))
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
        authors=authors or authors_in(byline),
        published=published,
        modified=modified,
        first_seen=fetched,
        section=section,
        language=language if language.isalpha() else "en",
        paywalled=metadata.paywalled(data.article),
        rights=head.rights,
    )
    return Parsed(article, tuple(notes))


def _title(tree: Any, article: Mapping[str, Any], wanted: Rules) -> str:
    """The headline: the layout's, then JSON-LD's (in full where the page shows it so), then the page's."""
    for text in metadata.values(tree, wanted.title):
        return text
    shown = [t for t in metadata.values(tree, ("article h1", "main h1", "h1")) if len(t) <= 400]
    stated = metadata.first_text(article.get("headline"))
    if stated:
        start = plain(stated.rstrip(".… "))
        return next((text for text in shown if plain(text).startswith(start)), stated)
    if shown:
        return shown[0]
    social = next(metadata.values(tree, ('meta[property="og:title"]@content',)), "")
    page = next(metadata.values(tree, ("head title", "title")), "")
    return social or re.sub(r"\s+[|–—-]\s+[^|–—]{2,40}$", "", page)


def _published(
    tree: Any,
    article: Mapping[str, Any],
    wanted: Rules,
    url: str,
    listed: datetime | None,
    limit: datetime | None,
) -> tuple[datetime | None, bool]:
    """(the date, whether one was left out for lying in the future)."""

    def candidates() -> Iterator[datetime]:
        yield from metadata.dates(tree, article.get("datePublished"), wanted.published, words=True)
        if listed is not None:
            yield listed
        if (when := metadata.date_in_url(url)) is not None:
            yield when
        yield from metadata.dates(tree, article.get("dateCreated"), (), words=False)

    when, late = _first_past(candidates(), limit)
    if when is not None and listed is not None and _is_day(when) and _same_day(when, listed):
        when = listed
    return when, late


def _modified(
    tree: Any, article: Mapping[str, Any], wanted: Rules, limit: datetime | None
) -> tuple[datetime | None, bool]:
    found = metadata.dates(tree, article.get("dateModified"), wanted.modified, words=True, updated=True)
    return _first_past(found, limit)


def _first_past(found: Iterator[datetime], limit: datetime | None) -> tuple[datetime | None, bool]:
    late = False
    for when in found:
        if limit is not None and when > limit + FUTURE:
            late = True
            continue
        return when, late
    return None, late


def _is_day(when: datetime) -> bool:
    local = when.astimezone(LONDON)
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _same_day(one: datetime, other: datetime) -> bool:
    return one.astimezone(LONDON).date() == other.astimezone(LONDON).date()


def _body(tree: Any, article: Mapping[str, Any], wanted: Rules, url: str) -> tuple[list[str], list[str]]:
    """(lines of the body, captions met on the way). Changes the tree."""
    for selector in metadata.closed_parts(dict(article)):
        _drop(metadata.select(tree, selector))
    for selector in wanted.drop:
        _drop(metadata.select(tree, selector))
    captions = ["".join(e.itertext()) for e in tree.iter("figcaption")] + [
        str(a) for a in tree.xpath("//img/@alt")
    ]
    _drop_furniture(tree)
    chosen = next((found[0] for s in wanted.article if (found := metadata.select(tree, s))), None)
    root = tree
    if chosen is not None:
        root = etree.SubElement(etree.Element("html"), "body")
        root.append(chosen)
    document = bare_extraction(root, url=url, fast=True, include_comments=False)
    text = (document.text or "") if document is not None and not isinstance(document, dict) else ""
    if len(text) < MIN_TEXT:
        stated = article.get("articleBody")
        text = stated if isinstance(stated, str) else text
    return text.split("\n"), [c for c in captions if c.strip()]


def _drop(elements: list[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


@lru_cache(maxsize=1)
def _furniture() -> tuple[frozenset[str], frozenset[str]]:
    data = yaml.safe_load(files("crawlers").joinpath("furniture.yaml").read_text(encoding="utf-8"))
    return frozenset(data["words"]), frozenset(data["tags"])


def _drop_furniture(tree: Any) -> None:
    """Take out the elements whose tag, class or id names them as furniture, unless they hold the article."""
    words, tags = _furniture()
    doomed = []
    for element in tree.iter("*"):
        if element.tag in tags:
            doomed.append(element)
        elif element.tag not in {"html", "body", "main", "article", "head", "p"} or element.tag == "p":
            named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
            if len(named) > 1 and not words.isdisjoint(_WORD.findall(named)):
                doomed.append(element)
    if not doomed:
        return
    whole = len(tree.findall(".//p")) or 1
    for element in doomed:
        if element.getparent() is not None and len(element.findall(".//p")) / whole <= _OWN_SHARE:
            element.drop_tree()
