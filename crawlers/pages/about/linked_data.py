"""The JSON-LD of a page: which object is its article, with what other objects say of it. Pure.

Templates write it in many broken ways: in a comment or CDATA section, with a comma too many, with HTML
entities in it once or twice over, cut off in the middle. What no mending makes readable is searched for
the few fields that matter.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_JSON = 2_000_000  # characters of one JSON-LD block
_TYPES = re.compile(r"(Article|BlogPosting|LiveBlogPosting|Reportage\w*|Report|NewsStory)$")
_PAGES = {"WebPage", "ItemPage"}  # what stands for the article where there is none
_SITES = {"WebSite", "Organization", "NewsMediaOrganization"}
_ORGANISATION = re.compile(r"(Organization|Corporation|WebSite|Periodical|Newspaper)$")
_FIELDS = ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
_WRAPPED = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)+|(?:(?://|/\*)?\s*\]\]>\s*(?:\*/)?|(?://\s*)?-->)+\s*$"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ENTITY_DEPTH = 3  # times that a template may have escaped its text
_STRING = r'"((?:[^"\\]|\\.)*)"'
_FIELD = re.compile(rf'"(headline|datePublished|dateModified|articleSection)"\s*:\s*{_STRING}')
_AUTHOR = re.compile(r'"author"\s*:\s*(.{0,3000})', re.DOTALL)
_NAME = re.compile(rf'"name"\s*:\s*{_STRING}')
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]+)"')
_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(true|false)', re.IGNORECASE)


@dataclass(frozen=True)
class LinkedData:
    """The page's own article object ({} where there is none), its parts put in place of their ``@id``.

    ``sites``: the names that it gives its publisher and site. ``broken``: a block was not JSON as it stood.
    """

    article: dict[str, Any] = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    broken: bool = False


def linked_data(tree: Any, hints: str = "") -> LinkedData:
    """What the JSON-LD of a page says of its article.

    Of several article objects it is the one whose headline stands in ``hints`` (the page's own titles), then
    the one with most of the fields wanted: a page lists other articles, too.
    """
    broken = False
    known: dict[str, dict[str, Any]] = {}
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_JSON]
        if text.strip():
            data, whole = _loads(text)
            broken = broken or not whole
            found += _objects(data)
    for thing in found:
        if isinstance(ident := thing.get("@id"), str) and len(thing) > len(known.get(ident, {})):
            known[ident] = thing
    kinds = [{str(kind) for kind in listed(thing.get("@type"))} for thing in found]
    articles = [t for t, kind in zip(found, kinds, strict=True) if any(map(_TYPES.search, kind))]
    pages = [t for t, kind in zip(found, kinds, strict=True) if kind & _PAGES and t.get("datePublished")]
    titles = " ".join(hints.lower().split())

    def worth(thing: dict[str, Any]) -> tuple[bool, int]:
        headline = first_text(thing.get("headline")).lower()
        return bool(headline) and headline in titles, sum(bool(thing.get(name)) for name in _FIELDS)

    best: dict[str, Any] = max(articles or pages or [{}], key=worth)
    article = dict(best)
    if pages and "isAccessibleForFree" in pages[0]:
        article.setdefault("isAccessibleForFree", pages[0]["isAccessibleForFree"])
    for name in ("author", "creator", "publisher"):
        if name in article:
            article[name] = [_named(part, known) for part in listed(article[name])[:50]]
    named = [t for t, kind in zip(found, kinds, strict=True) if kind & _SITES]
    sites = [site for thing in (*listed(article.get("publisher")), *named) for site in names(thing)]
    return LinkedData(article, tuple(dict.fromkeys(sites)), broken)


def _named(part: Any, known: dict[str, dict[str, Any]]) -> Any:
    """The object that a part names by ``@id`` (or by that alone, as a string), with its own fields."""
    ident = part.get("@id") if isinstance(part, dict) else part
    there = known.get(ident, {}) if isinstance(ident, str) else {}
    return {**there, **part} if isinstance(part, dict) else there or part


def _loads(text: str) -> tuple[Any, bool]:
    """(data, whole): the JSON, mended where templates break it; ``whole`` is False when it was no JSON as it
    stood. Data are None when nothing in it could be read."""
    bare = _WRAPPED.sub("", text.lstrip("\ufeff")).strip().rstrip(";")
    commas = re.sub(r",\s*(?=[}\]])", "", bare)
    attempts = (bare, commas, commas.replace("\\'", "'"), html.unescape(commas))
    for number, attempt in enumerate(attempts):
        if number and attempt == bare:
            continue
        try:
            return json.loads(attempt, strict=False), number == 0
        except (ValueError, RecursionError):
            continue
    return _several(commas) or _salvaged(bare), False


def _several(text: str) -> list[Any]:
    """The objects of a block in which several stand one behind the other."""
    decoder, at = json.JSONDecoder(strict=False), text.find("{")
    found: list[Any] = []
    while at >= 0 and len(found) < 50:
        try:
            thing, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(thing)
        at = text.find("{", end)
    return found


def _salvaged(text: str) -> dict[str, Any] | None:
    """The fields that matter of an article object that is no JSON; None where it is of something else."""
    kind = next((match[1] for match in _TYPE.finditer(text) if _TYPES.search(match[1])), None)
    if kind is None:
        return None
    thing: dict[str, Any] = {"@type": kind}
    for name, value in _FIELD.findall(text):
        thing.setdefault(name, _unquoted(value))
    if author := _AUTHOR.search(text):
        inside = author[1]
        end = inside.find("]" if inside.startswith("[") else "}")
        thing["author"] = [_unquoted(name) for name in _NAME.findall(inside[: end if end >= 0 else None])]
        if plain := re.match(_STRING, inside):
            thing["author"] = [_unquoted(plain[1])]
    if free := _FREE.search(text):
        thing["isAccessibleForFree"] = free[1].lower()
    return thing


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(data, list):
        for part in data[:500]:
            yield from _objects(part, depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in _NESTED:
            if isinstance(data.get(name), dict | list):
                yield from _objects(data[name], depth + 1)


def listed(value: Any) -> list[Any]:
    """A JSON-LD value as a list: it may be one thing, several, or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def names(value: Any, people: bool = False) -> tuple[str, ...]:
    """The names in a JSON-LD author: a string, an object with a name, or a list of these.

    ``people``: without those that it calls organisations.
    """
    found: dict[str, None] = {}
    for part in listed(value)[:50]:
        if isinstance(part, dict):
            if people and any(_ORGANISATION.search(str(kind)) for kind in listed(part.get("@type"))):
                continue
            parts = [first_text(part.get(key)) for key in ("givenName", "familyName")]
            given = listed(part.get("name")) or [" ".join(filter(None, parts))]
        else:
            given = [part]
        for one in given:
            if isinstance(one, str) and one.strip() and not one.startswith(("http://", "https://")):
                found.setdefault(plain_text(one))
    return tuple(found)


def with_jobs(value: Any) -> str:
    """A JSON-LD author or several as a byline with their jobs; "" when no job is given."""
    people = [part for part in listed(value)[:50] if isinstance(part, dict)]
    if not any(isinstance(part.get("jobTitle"), str) for part in people):
        return ""
    named = [(first_text(part.get("name")), first_text(part.get("jobTitle"))) for part in people]
    return "; ".join(f"{name}, {job}" if job else name for name, job in named if name)


def first_text(value: Any) -> str:
    """A JSON-LD text: the string, or the first of a list."""
    return next((plain_text(part) for part in listed(value) if isinstance(part, str) and part.strip()), "")


def not_free(article: dict[str, Any]) -> bool:
    """True when the object declares itself not free."""
    return any(
        str(part).strip().lower() in {"false", "0", "no"}
        for part in listed(article.get("isAccessibleForFree"))
    )


def closed_parts(article: dict[str, Any]) -> list[str]:
    """CSS selectors of the parts that JSON-LD marks as not free (``hasPart``)."""
    found = []
    for part in listed(article.get("hasPart")):
        if isinstance(part, dict) and not_free(part):
            found += [s for s in listed(part.get("cssSelector")) if isinstance(s, str)]
    return found


def plain_text(text: str) -> str:
    """A text out of an attribute or JSON as a reader would see it: entities read however often a template
    escaped them, tags left out, single spaces."""
    text = unescaped(text)
    return " ".join(_TAG.sub("", text).split()) if "<" in text else text


def unescaped(text: str) -> str:
    """A text with its entities read, however often a template escaped them, and single spaces."""
    for _ in range(_ENTITY_DEPTH):
        if "&" not in text or (once := html.unescape(text)) == text:
            break
        text = once
    return " ".join(text.split())
