"""Feeds, sitemaps and robots.txt of a publisher, as bytes. ``origin``: scheme, host and port, no slash."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from sample.render import TRACKED
from sample.stories import LONDON, Publisher, Story

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(publisher: Publisher, origin: str, stories: Sequence[Story], closed: tuple[str, str]) -> bytes:
    """RSS 2.0, gone stories and the closed draft included, every link with tracking parameters."""
    path, title = closed
    items = [_item(origin, story) for story in stories]
    items.insert(
        1,
        f"<item><title>{escape(title)}</title><link>{origin}{path}</link>"
        f'<guid isPermaLink="false">draft</guid><pubDate>{_rfc(stories[0].published)}</pubDate></item>',
    )
    return (
        _DECLARATION + '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(publisher.name)}</title><link>{origin}/</link>"
        f"<description>{escape(publisher.strapline)}</description><language>en-gb</language>"
        f'<atom:link href="{origin}/rss" rel="self" type="application/rss+xml"/>\n'
        + "\n".join(items)
        + "</channel></rss>\n"
    ).encode()


def _item(origin: str, story: Story) -> str:
    link = escape(origin + story.path + TRACKED["rss"])
    updated = f"<atom:updated>{story.modified.isoformat()}</atom:updated>" if story.modified else ""
    return (
        f"<item><title>{escape(story.title)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{story.id}</guid><dc:creator>{escape(story.byline)}</dc:creator>'
        f"<pubDate>{_rfc(story.published)}</pubDate>{updated}"
        f"<description><![CDATA[<p>{escape(story.paragraphs[0])}</p>]]></description></item>"
    )


def atom(publisher: Publisher, origin: str, stories: Sequence[Story], closed: tuple[str, str]) -> bytes:
    """Atom 1.0 with tracked links; times in UTC."""
    path, title = closed
    newest = max(story.changed for story in stories)
    entries = [
        f"<entry><title>{escape(story.title)}</title><id>{origin}{story.path}</id>"
        f'<link rel="alternate" href={quoteattr(f"{origin}{story.path}?at_medium=RSS&at_campaign=rss")}/>'
        f"<published>{_utc(story.published)}</published><updated>{_utc(story.changed)}</updated>"
        f'<summary type="text">{escape(story.paragraphs[0])}</summary></entry>'
        for story in stories
    ]
    entries.append(
        f"<entry><title>{escape(title)}</title><id>{origin}{path}</id>"
        f'<link rel="alternate" href="{origin}{path}"/><updated>{_utc(newest)}</updated></entry>'
    )
    return (
        _DECLARATION + f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(publisher.name)}</title>'
        f'<id>{origin}/</id><link href="{origin}/"/><link rel="self" href="{origin}/atom.xml"/>'
        f"<updated>{_utc(newest)}</updated>\n" + "\n".join(entries) + "</feed>\n"
    ).encode()


def news_sitemap(publisher: Publisher, origin: str, stories: Sequence[Story]) -> bytes:
    """A news sitemap: publication date and title of each story, lastmod where it was modified."""
    rows = [
        f"<url><loc>{escape(origin + story.path)}</loc>"
        + (f"<lastmod>{story.modified.isoformat()}</lastmod>" if story.modified else "")
        + f"<news:news><news:publication><news:name>{escape(publisher.name)}</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>"
        for story in stories
    ]
    return (_DECLARATION + f"<urlset {_SITEMAP} {_NEWS}>\n" + "\n".join(rows) + "\n</urlset>\n").encode()


def sitemap(origin: str, stories: Sequence[Story]) -> bytes:
    """A plain sitemap, gzip; the last change of each page."""
    rows = [
        f"<url><loc>{escape(origin + story.path)}</loc><lastmod>{story.changed.isoformat()}</lastmod></url>"
        for story in stories
    ]
    text = _DECLARATION + f"<urlset {_SITEMAP}>\n" + "\n".join(rows) + "\n</urlset>\n"
    return gzip.compress(text.encode(), mtime=0)


def sitemap_index(origin: str, stories: Sequence[Story]) -> bytes:
    """An index: the news sitemap, then a gzip sitemap for each month."""
    rows = [f"<sitemap><loc>{origin}/sitemaps/news.xml</loc></sitemap>"]
    for month in months(stories):
        last = max(story.changed for story in stories if month_of(story) == month)
        rows.append(
            f"<sitemap><loc>{origin}/sitemaps/{month}.xml.gz</loc><lastmod>{last.isoformat()}</lastmod></sitemap>"
        )
    return (_DECLARATION + f"<sitemapindex {_SITEMAP}>\n" + "\n".join(rows) + "\n</sitemapindex>\n").encode()


def month_of(story: Story) -> str:
    """The month of publication in London, as "2025-01"."""
    return f"{story.published.astimezone(LONDON):%Y-%m}"


def months(stories: Sequence[Story]) -> list[str]:
    """The months that have stories, newest first."""
    return sorted({month_of(story) for story in stories}, reverse=True)


def robots(publisher: Publisher, origin: str) -> bytes:
    """robots.txt: a closed folder, print versions by wildcard, one bot shut out, delay, sitemaps."""
    lines = [
        f"# {publisher.name}",
        "User-agent: GreedyBot",
        "Disallow: /",
        "",
        "User-agent: *",
        "Disallow: /preview/",
        "Disallow: /*?print=",
        "Disallow: /newsletter",
    ]
    if publisher.delay:
        lines.append(f"Crawl-delay: {publisher.delay:g}")
    lines += ["", *(f"Sitemap: {origin}{path}" for path in publisher.robots)]
    return ("\n".join(lines).strip() + "\n").encode()


def _rfc(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
