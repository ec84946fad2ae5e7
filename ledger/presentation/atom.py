"""Feeds (Atom, RFC 4287): values in, text out, the same for the same values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from xml.etree import ElementTree

from ledger.presentation.labels import plain
from ledger.presentation.links import web_link

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NAMES = "tag:said-and-done,2026:"  # by RFC 4151: whatever is named below, no other feed names so


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One thing told. ``name`` is its own for ever, within all feeds of ours; ``link``: where it is shown,
    which may be reckoned from the feed's address; ``html``: what is told, as HTML."""

    name: str
    title: str
    link: str
    updated: datetime
    html: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """Entries, the newest first, and what they have in common. ``itself``: the feed's own address, or ""."""

    name: str
    title: str
    link: str
    entries: Sequence[AtomEntry]
    itself: str = ""


def quoted_html(words: str, whose: str, *lines: str, link: str = "") -> str:
    """A quotation with who said it, and lines about it; ``link`` leads from the name to the article."""
    said = escape(plain(whose))
    if address := web_link(link):
        said = f'<a href="{escape(address)}">{said}</a>'
    told = "".join(f"<p>{escape(plain(line))}</p>" for line in lines if line)
    quotation = f"<blockquote>{escape(plain(words))}</blockquote>" if words else ""
    return f"{told}{quotation}<p>{said}</p>"


def atom_text(feed: AtomFeed) -> str:
    """The feed as XML, dated by its newest entry; one without entries by the day the format was made."""
    root = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en-GB"})
    _add(root, "id", _NAMES + feed.name)
    _add(root, "title", feed.title)
    _add(root, "updated", _time(max((one.updated for one in feed.entries), default=_NEVER)))
    if feed.itself:
        ElementTree.SubElement(root, "link", {"rel": "self", "href": feed.itself})
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.link})
    _add(ElementTree.SubElement(root, "author"), "name", "Said & Done")
    _add(root, "generator", "Said & Done")
    for one in feed.entries:
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", _NAMES + one.name)
        _add(entry, "title", one.title)
        _add(entry, "updated", _time(one.updated))
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.link})
        if one.author:
            _add(ElementTree.SubElement(entry, "author"), "name", one.author)
        _add(entry, "content", one.html).set("type", "html")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


_NEVER = datetime(2005, 12, 1, tzinfo=UTC)


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = plain(text)
    return element


def _time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
