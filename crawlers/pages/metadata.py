"""What a page says of itself: JSON-LD, meta elements, times, byline. Pure; lxml tree in, values out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from crawlers.pages.dates import find_date, parse_date

MAX_JSON = 2_000_000  # characters of one JSON-LD block
_TYPES = re.compile(r"(Article|BlogPosting|LiveBlogPosting|Reportage\w*|Report|NewsStory)$")
_SHORT = 200  # characters, and pieces, of a text that may be a line of dates
_DATED = re.compile(r"date|time|publish|posted|byline|meta|info|stamp|dek", re.IGNORECASE)
_WRITTEN = re.compile(r"\b(first )?(published|posted|issued|released|created)\b", re.IGNORECASE)
_UPDATED = re.compile(r"\b(last )?(updated|modified|edited)\b", re.IGNORECASE)
_IN_URL = re.compile(r"/(20\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|-|$)")


def linked_data(tree: Any) -> tuple[dict[str, Any], bool]:
    """(the article's own JSON-LD object or {}, whether a block could not be read).

    Of several article objects it is the one with most of the fields wanted.
    """
    broken = False
    best: dict[str, Any] = {}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_JSON]
        if not text.strip():
            continue
        data, whole = _loads(text)
        broken = broken or not whole
        for thing in _objects(data):
            if any(_TYPES.search(str(kind)) for kind in _listed(thing.get("@type"))):
                best = max(best, thing, key=_worth)
    return best, broken


def _worth(thing: dict[str, Any]) -> int:
    return sum(
        bool(thing.get(name))
        for name in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")
    )


def _loads(text: str) -> tuple[Any, bool]:
    """(data, whole): the JSON, mended where templates break it with a last comma or a wrapping comment.

    ``whole`` is False when it was not JSON as it stood; data is None when it could not be mended.
    """
    bare = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$", "", text).strip()
    for attempt, whole in ((bare.rstrip(";"), True), (re.sub(r",\s*([}\]])", r"\1", bare), False)):
        try:
            return json.loads(attempt, strict=False), whole
        except (ValueError, RecursionError):
            continue
    return None, False


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(data, list):
        for part in data[:500]:
            yield from _objects(part, depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(data.get(name), dict | list):
                yield from _objects(data[name], depth + 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def names(value: Any) -> tuple[str, ...]:
    """The names in a JSON-LD author: a string, an object with a name, or a list of these."""
    found: dict[str, None] = {}
    for part in _listed(value)[:50]:
        name = part.get("name") if isinstance(part, dict) else part
        for one in _listed(name):
            if isinstance(one, str) and one.strip() and not one.startswith(("http://", "https://")):
                found.setdefault(tidy(one))
    return tuple(found)


def with_jobs(value: Any) -> str:
    """A JSON-LD author or several as a byline with their jobs; "" when no job is given."""
    people = [part for part in _listed(value)[:50] if isinstance(part, dict)]
    if not any(isinstance(part.get("jobTitle"), str) for part in people):
        return ""
    named = [(first_text(part.get("name")), first_text(part.get("jobTitle"))) for part in people]
    return "; ".join(f"{name}, {job}" if job else name for name, job in named if name)


def first_text(value: Any) -> str:
    """A JSON-LD text: the string, or the first of a list."""
    return next((tidy(part) for part in _listed(value) if isinstance(part, str) and part.strip()), "")


def paywalled(article: dict[str, Any]) -> bool:
    return any(
        str(part).strip().lower() in {"false", "0", "no"}
        for part in _listed(article.get("isAccessibleForFree"))
    )


def closed_parts(article: dict[str, Any]) -> list[str]:
    """CSS selectors of the parts that JSON-LD marks as not free (``hasPart``)."""
    found = []
    for part in _listed(article.get("hasPart")):
        if isinstance(part, dict) and paywalled(part):
            found += [s for s in _listed(part.get("cssSelector")) if isinstance(s, str)]
    return found


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
    for selector in selectors:
        path, _, attribute = selector.partition("@")
        for element in select(tree, path)[:20]:
            text = element.get(attribute) if attribute else " ".join(element.itertext())
            if text and text.strip():
                yield re.sub(r"\s+(?=[,.;:!?])", "", tidy(text[:2000]))


def dates(
    tree: Any, stated: Any, selectors: Iterable[str], words: bool, updated: bool = False
) -> Iterator[datetime]:
    """Candidates for a date, best first: those ``stated``, the selectors', then the text's own lines."""
    texts = chain.from_iterable(map(_listed, stated))
    yield from filter(None, map(parse_date, chain(texts, values(tree, selectors))))
    if words:
        yield from _written(tree, _UPDATED if updated else _WRITTEN, must=updated)


def _written(tree: Any, verb: re.Pattern[str], must: bool) -> Iterator[datetime]:
    """Dates in short pieces of text: those beside a verb ("Published 3 May 2025, 09:30") come first."""
    if must and not verb.search(" ".join(tree.itertext())):
        return
    named: list[datetime] = []
    others: list[datetime] = []
    for element in tree.iter(
        "p", "span", "div", "li", "small", "strong", "em", "dd", "td", "header", "h2", "h6"
    ):
        text = _short_text(element)
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
        if len(named) >= 3:
            break
    yield from named
    yield from others


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
