"""Pages and files: a story, a front page, a section or a plain page to HTML, by the publisher's template;
feeds, sitemaps and robots.txt by one template each.

Three templates of our own, one a group, each with its own DOM: ``northern`` (JSON-LD; ad units whose
labels sometimes stick to the paragraph beside them), ``county`` (dates in meta), ``public`` (dates in the
text or a time element only). How a template draws each kind of furniture is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from typing import Any
from xml.sax.saxutils import escape as xml_escape
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sample.stories import FOLDER, LONDON, Publisher, Story

PER_PAGE = 6  # stories on a section page
TRACKED = {  # what each place on a site adds to its links
    "front": "?ico=front_lead",
    "section": "?itm_source=section&itm_medium=list",
    "related": "?ref=related-{n}",
    "popular": "?utm_source=site&utm_medium=widget&utm_campaign=most-read",
    "rss": "?utm_source=rss&utm_medium=feed",
}


@dataclass(frozen=True)
class Unit:
    """A stretch of a story as a template draws it: one kind, its lines.

    ``before`` and ``after`` are ad labels that stick to a paragraph's start and end.
    """

    kind: str
    lines: tuple[str, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Listing:
    """A front or section page: its stories, its number and how many there are (from 1)."""

    heading: str
    stories: tuple[Story, ...]
    page: int = 1
    pages: int = 1
    path: str = "/"


def article_page(
    publisher: Publisher, origin: str, story: Story, others: Sequence[Story], closed: str
) -> bytes:
    """The page of a story. ``origin``: scheme, host and port; ``others``: the outlet's stories."""
    around = [other for other in others if other.id != story.id and not other.gone]
    turn = crc32(story.id.encode()) % max(1, len(around))
    related = (around[turn:] + around[:turn])[:3]
    return _fill(
        f"{publisher.template}_article.html.jinja",
        publisher,
        origin,
        story=story,
        units=units(story),
        related=related,
        popular=around[:4],
        linked_data=linked_data(publisher, origin, story),
        when=when(publisher, story.published),
        edited=when(publisher, story.modified) if story.modified else None,
        closed=closed,
    )


def list_page(
    publisher: Publisher, origin: str, listing: Listing, popular: Sequence[Story], closed: str
) -> bytes:
    """A front page (path "/") or one page of a section."""
    return _fill("list.html.jinja", publisher, origin, listing=listing, popular=popular[:5], closed=closed)


def plain_page(publisher: Publisher, origin: str, heading: str, paragraphs: Sequence[str]) -> bytes:
    """A page that is no story: about, contact, an author, a draft, an error."""
    return _fill("plain.html.jinja", publisher, origin, heading=heading, paragraphs=paragraphs)


def style_sheet(publisher: Publisher) -> bytes:
    """The publisher's CSS."""
    return _environment().get_template("site.css.jinja").render(publisher=publisher).encode()


def picture(name: str, colour: str) -> bytes:
    """A flat SVG landscape in the publisher's colour, the same for the same name."""
    seed = crc32(name.encode())
    hills = [60 + (seed >> shift) % 50 for shift in (0, 5, 10, 15, 20)]
    path = " ".join(f"L{n * 80} {200 - hill}" for n, hill in enumerate(hills))
    fill = f'fill="{escape(colour)}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">'
        '<rect width="320" height="200" fill="#d9e2e8"/>'
        f'<circle cx="{60 + seed % 200}" cy="50" r="18" fill="#f4e9c8"/>'
        f'<path d="M0 200 {path} L320 200 Z" {fill} opacity=".55"/>'
        f'<path d="M0 200 L{seed % 120} 150 L320 {160 + seed % 30} L320 200 Z" {fill}/></svg>'
    ).encode()


def units(story: Story) -> list[Unit]:
    """The story's blocks, neighbours of one furniture kind as one unit, some ad labels glued.

    As on real pages, the last label of an ad unit now and then stands inside the next paragraph, or its
    first inside the one before; which, is decided by the story's id and the unit's place.
    """
    drawn: list[Unit] = []
    for block in story.blocks:
        if drawn and block.kind != "text" and drawn[-1].kind == block.kind:
            drawn[-1] = Unit(block.kind, (*drawn[-1].lines, block.text))
        else:
            drawn.append(Unit(block.kind, (block.text,)))
    return _glued(story.id, drawn)


def _glued(name: str, drawn: list[Unit]) -> list[Unit]:
    for n in range(1, len(drawn) - 1):
        ad, left, right = drawn[n], drawn[n - 1], drawn[n + 1]
        if ad.kind != "ad":
            continue
        choice = crc32(f"{name} {n}".encode()) % 4
        if choice == 0 and right.kind == "text":
            drawn[n] = Unit("ad", ad.lines[:-1])
            drawn[n + 1] = Unit("text", right.lines, before=ad.lines[-1], after=right.after)
        elif choice == 1 and left.kind == "text":
            drawn[n] = Unit("ad", ad.lines[1:])
            drawn[n - 1] = Unit("text", left.lines, before=left.before, after=ad.lines[0])
    return drawn


def when(publisher: Publisher, moment: datetime) -> dict[str, str]:
    """A time as this publisher writes it: ``machine`` for attributes, ``words`` for people."""
    local, utc = moment.astimezone(LONDON), moment.astimezone(UTC)
    machine = {
        "ld_utc": f"{utc:%Y-%m-%dT%H:%M:%S.000Z}",
        "ld_offset": local.isoformat(),
        "meta_offset": local.isoformat(),
        "meta_bare": f"{local:%Y-%m-%dT%H:%M:%S}",
        "time_utc": f"{utc:%Y-%m-%dT%H:%M:%SZ}",
    }.get(publisher.dates, "")
    clock = f"{local.hour % 12 or 12}.{local:%M}{'am' if local.hour < 12 else 'pm'}"
    words = {
        "northern": f"{local:%A}, {_ordinal(local.day)} {local:%B %Y}, {clock}",
        "county": f"{local:%H:%M}, {local.day} {local:%b %Y}",
        "public": f"{local.day} {local:%B %Y}, {local:%H:%M}",
    }[publisher.template]
    if publisher.dates == "text":
        words = f"{local:%A} {local.day} {local:%B %Y}, {clock}"
    elif publisher.dates == "time_text":
        words = f"{local:%H:%M}, {local.day} {local:%B %Y}"
    return {"machine": machine, "words": words}


def linked_data(publisher: Publisher, origin: str, story: Story) -> str:
    """The page's JSON-LD, "" where the group has none. One outlet gives an object, one a graph."""
    if publisher.template != "northern":
        return ""
    name, _, job = story.byline.partition(", ")
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": origin + story.path},
        "url": origin + story.path,
        "headline": story.title,
        "articleSection": story.section,
        "datePublished": when(publisher, story.published)["machine"],
        "dateModified": when(publisher, story.changed)["machine"],
        "author": [{"@type": "Person", "name": name, **({"jobTitle": job} if job else {})}],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher.name, "url": origin + "/"},
        "image": [f"{origin}/img/{story.id}.svg"],
        "isAccessibleForFree": not story.paywalled,
    }
    if story.paywalled:
        article["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".subscribers",
        }
    data: object = article
    if publisher.dates == "ld_offset":
        crumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": story.section, "item": origin + "/"}
            ],
        }
        data = {"@context": article.pop("@context"), "@graph": [crumbs, article]}
    return json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def masked_email(address: str) -> str:
    """An address as pages hide it from harvesters: hex, each byte XORed with the first."""
    key = 0x5A
    return "".join(f"{byte:02x}" for byte in (key, *(byte ^ key for byte in address.encode())))


def _words(unit: Unit, place: str) -> Markup:
    """A paragraph's HTML: the first mention of the outlet's place is a link, e-mail addresses are hidden."""
    parts: list[str] = []
    linked = False
    for n, word in enumerate(unit.lines[0].split(" ")):
        bare = word.strip(".,")
        if "@" in bare and "." in bare:
            hidden = f'data-cfemail="{masked_email(bare)}"'
            link = f'<a class="__cf_email__" href="/cdn-cgi/l/email-protection" {hidden}>'
            parts.append(escape(word).replace(escape(bare), f"{link}[email&#160;protected]</a>"))
        elif n > 3 and bare == place and not linked:
            linked = True
            link = f'<a href="/topic/{place.lower()}">{place}</a>'
            parts.append(escape(word, quote=False).replace(place, link))
        else:
            parts.append(escape(word, quote=False))
    return Markup(" ".join(parts))


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(FOLDER / "templates")
    env = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["words"] = _words
    env.filters["xml"] = lambda text: Markup(xml_escape(text))
    env.filters["rfc"] = lambda moment: format_datetime(moment.astimezone(UTC), usegmt=True)
    env.filters["utc"] = lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    env.globals["tracked"] = TRACKED
    return env


def listing_file(
    template: str, publisher: Publisher, origin: str, stories: Sequence[Story], closed: tuple[str, str]
) -> bytes:
    """A feed, sitemap or robots.txt. ``closed``: path and title of the draft that robots.txt closes."""
    return _fill(template, publisher, origin, stories=stories, closed=closed).strip() + b"\n"


def _fill(template: str, publisher: Publisher, origin: str, **values: Any) -> bytes:
    return _environment().get_template(template).render(publisher=publisher, origin=origin, **values).encode()
