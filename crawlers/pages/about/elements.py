"""Elements of a page by CSS selector, and the dates that it shows. Pure; lxml tree in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from crawlers.pages.about.linked_data import listed
from crawlers.pages.dates import find_date, parse_date
from crawlers.pages.furniture import within_furniture

_SHORT = 200  # characters, and pieces, of a text that may be a line of dates
_DATED = re.compile(r"date|time|publish|posted|byline|meta|info|stamp|dek", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(first )?(published|posted|issued|released|created|answered|publication date)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"\b(last )?(updated|modified|edited)\b", re.IGNORECASE)
_HEAD_LINE = 12  # words of a line between headline and text that may hold the day
_TEXT_LINE = 20  # words from which a paragraph is the article's
_IN_URL = re.compile(r"/(20\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|-|$)")


def tidy(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=512)
def _xpath(selector: str) -> etree.XPath | None:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError):
        return None


def select(tree: Any, selector: str) -> list[Any]:
    """The elements that a CSS selector finds; none for a selector that cannot be read."""
    path = _xpath(selector)
    return list(path(tree)) if path is not None else []


def values(tree: Any, selectors: Iterable[str]) -> Iterator[str]:
    """The texts (or, after ``@``, the attributes) that selectors find, in the selectors' order."""
    return (text for _, text in _selected(tree, selectors))


def _selected(tree: Any, selectors: Iterable[str]) -> Iterator[tuple[Any, str]]:
    for selector in selectors:
        path, _, attribute = selector.partition("@")
        for element in select(tree, path)[:20]:
            text = element.get(attribute) if attribute else " ".join(element.itertext())
            if text and text.strip():
                yield element, re.sub(r"\s+(?=[,.;:!?])", "", tidy(text[:2000]))


def dates(
    tree: Any, stated: Any, selectors: Iterable[str], words: bool, updated: bool = False
) -> Iterator[datetime]:
    """Candidates for a date, best first: those ``stated``, the selectors', then the text's own lines.

    What stands among comments or other articles dates these: it comes last.
    """
    yield from filter(None, map(parse_date, chain.from_iterable(map(listed, stated))))
    others: list[datetime] = []
    for element, text in _selected(tree, selectors):
        if (when := parse_date(text)) is not None:
            if within_furniture(element):
                others.append(when)
            else:
                yield when
    if words:
        yield from _written(tree, _UPDATED if updated else _WRITTEN, must=updated)
    yield from others


def _written(tree: Any, verb: re.Pattern[str], must: bool) -> Iterator[datetime]:
    """Dates in short pieces of text: those beside a verb ("Published 3 May 2025, 09:30") come first, those of
    lines that nothing marks between headline and text last."""
    if must and not verb.search(" ".join(tree.itertext())):
        return
    named: list[datetime] = []
    others: list[datetime] = []
    head: list[datetime] = []
    under = False
    for element in tree.iter(
        "h1", "p", "span", "div", "li", "small", "strong", "em", "dd", "td", "header", "h2", "h6"
    ):
        text = _short_text(element)
        if element.tag == "h1":
            under = True
            continue
        under = under and not (element.tag == "p" and len(text.split()) >= _TEXT_LINE)
        if not text or not re.search(r"\d", text):
            continue
        match = verb.search(text)
        if match:
            when = find_date(text[match.end() :]) or find_date(text)
            if when is not None:
                named.append(when)
        elif not must and len(text) < 80 and _DATED.search(f"{element.get('class')} {element.get('id')}"):
            when = find_date(text)
            if when is not None:
                others.append(when)
        elif under and not must and _may_date(text):
            when = find_date(text)
            if when is not None:
                head.append(when)
        if len(named) >= 3:
            break
    yield from (*named, *others, *head)


def _may_date(text: str) -> bool:
    """True for a short line, no sentence, that is of no later change."""
    short = len(text.split()) <= _HEAD_LINE and not text.endswith((".", "?", "!"))
    return short and not _UPDATED.search(text)


def _short_text(element: Any) -> str:
    """The element's text when it is short, else "": long ones are left as soon as they are known to be."""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(piece)
        size += len(piece)
        if size > _SHORT or len(pieces) > _SHORT:
            return ""
    return tidy(" ".join(pieces))


def date_in_url(url: str) -> datetime | None:
    match = _IN_URL.search(url)
    return parse_date("-".join((match[1], match[2].zfill(2), match[3].zfill(2)))) if match else None
