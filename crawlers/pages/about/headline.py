"""The headline of a page: the one that a reader sees on it. Pure.

What a page states elsewhere (JSON-LD, ``og:title``, the title of the window) is written for search engines,
or is older than an updated headline. It tells which heading is the headline, and stands in where none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from crawlers.pages.about.byline import squashed
from crawlers.pages.about.elements import select
from crawlers.pages.about.linked_data import LinkedData, first_text, plain_text, unescaped
from crawlers.pages.cleaning import plain
from ledger.data_files import read_yaml

MAX_STATED = 500  # characters of a title that are looked at; the longest real headlines have some 200
MAX_HEADLINE = 400  # characters of a heading that may be one
_SHARED = 0.5  # share of the shorter one's words; headings that share so many say the same
_LEAST_WORDS = 3  # of a heading that is taken for the headline though nothing else says the same
_KICKER_WORDS = 4  # most words of a label in or before a headline
_SUFFIX_WORDS = 5  # most words of an outlet's name behind a title
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:]+|-)\s+|\s*\|\s*")
_STATED = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title")
_SITE = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "al:ios:app_name",
    "twitter:app:name:iphone",
)
_NO_HEADLINE = {"button", "small", "time"}  # parts of a heading
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], re.Pattern[str], tuple[str, ...], frozenset[str]]:
    data = read_yaml(__file__, "headline.yaml")
    live = "|".join(sorted(map(re.escape, data["states"]), key=len, reverse=True))
    return (
        frozenset(data["kickers"]),
        re.compile(rf"^(?:{live})\s*(?:[:|•·–—]|\s-)\s*(?=\S)", re.IGNORECASE),
        tuple(data["headings"]),
        frozenset(data["decks"]),
    )


def meta_titles(tree: Any) -> tuple[list[str], str]:
    """(what meta elements say the page is called, the window's title), as written."""
    found = {
        (element.get("property") or element.get("name") or "").lower(): element.get("content") or ""
        for element in reversed(list(tree.iter("meta")))
    }
    titles = (plain_text(found.get(name, "")) for name in _STATED)
    window = next((title.text or "" for title in tree.iter("title")), "")
    return [title for title in titles if title], plain_text(window)


def site_names(tree: Any, linked: LinkedData, outlet: str, host: str) -> tuple[str, ...]:
    """The names that a page's outlet goes by, its host's first label among them."""
    found = [outlet, *linked.sites]
    for element in tree.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() in _SITE:
            found.append(plain_text(element.get("content") or ""))
    labels = [
        label
        for label in host.lower().split(".")[:-1]
        if label not in {"www", "m", "amp", "co", "org", "com"}
    ]
    return tuple(dict.fromkeys(name for name in (*found, *labels[-1:]) if name))


def headline(tree: Any, linked: LinkedData, selectors: Iterable[str], sites: tuple[str, ...]) -> str:
    """The headline, "" where a page has none.

    A heading ``h1`` that says what the page is elsewhere said to be called; else one in the article that is
    long enough; else another heading that is marked as headline and says the same; else what is stated,
    without the outlet's name. Labels before it ("Live", a kicker) are no part of it.
    """
    own = {squashed(site) for site in sites}
    titles, window = meta_titles(tree)
    stated = [_without_site(title, own) for title in (first_text(linked.article.get("headline")), *titles)]
    stated = [title for title in (*stated, _without_site(window, own, window=True)) if title]
    for selector in selectors:
        for text in _shown(select(tree, selector)):
            return _bare(text, stated)
    firsts = [text for text in _shown(tree.iter("h1")) if squashed(text) not in own]
    for text in firsts:
        if len(text.split()) < _LEAST_WORDS and any(_goes_on(text, title) for title in stated):
            continue  # "Agenda item" of "Agenda item - Leisure strategy"
        if any(_alike(text, title) for title in stated):
            return _bare(_without_site(text, own, seen=True), stated)
    inside = [text for s in ("article h1", "main h1", "[role=main] h1") for text in _shown(select(tree, s))]
    for text in inside or firsts:
        if squashed(text) not in own and (len(text.split()) >= _LEAST_WORDS or not stated):
            return _bare(_without_site(text, own, seen=True), stated)
    marked = [text for selector in _lists()[2] for text in _shown(select(tree, selector))]
    for text in marked:
        if any(_alike(text, title) for title in stated):
            return _bare(text, stated)
    return _bare(stated[0], stated) if stated else next(iter(firsts), "")


def _shown(elements: Iterable[Any]) -> Iterator[str]:
    for element in list(elements)[:20]:
        if any(place.tag in {"nav", "footer", "aside", "dialog"} for place in element.iterancestors()):
            continue
        text = _heading_text(element)
        if 0 < len(text) <= MAX_HEADLINE:
            yield text


def _heading_text(element: Any) -> str:
    """A heading's words without the labels that stand in elements of their own in it."""
    pieces: list[str] = []

    def walk(place: Any, outer: bool) -> None:
        if not isinstance(place.tag, str) or (not outer and _is_label(place)):
            return
        pieces.append(" " if place.tag == "br" else place.text or "")
        for child in place:
            walk(child, outer=False)
            pieces.append(child.tail or "")

    walk(element, outer=True)
    bare = unescaped("".join(_spaced(pieces)))
    return bare if len(bare.split()) >= _LEAST_WORDS else unescaped(" ".join(element.itertext()))


def _is_label(element: Any) -> bool:
    """True for what a reader tells apart from the headline: a button, small print, a kicker, a line below."""
    if element.tag in _NO_HEADLINE:
        return True
    named = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
    words = _WORD.findall(named.lower())
    if not _lists()[3].isdisjoint(words):
        return True
    if _lists()[0].isdisjoint(words):
        return False
    return len(" ".join(element.itertext()).split()) <= _KICKER_WORDS


def _spaced(pieces: list[str]) -> Iterator[str]:
    """The pieces, set apart where one element's last word would run into the next one's first."""
    last = ""
    for piece in filter(None, pieces):
        if last[-1:].islower() and piece[:1].isupper():
            yield " "
        yield piece
        last = piece


def _alike(one: str, other: str) -> bool:
    ours, theirs = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    shorter = min(len(ours), len(theirs))
    return shorter > 0 and len(ours & theirs) >= max(_SHARED * shorter, min(2, shorter))


def _goes_on(text: str, title: str) -> bool:
    return len(title) > len(text) and plain(title).startswith(plain(text))


def _without_site(title: str, own: set[str], window: bool = False, seen: bool = False) -> str:
    """A title without the outlet's name before or behind it: known by name, or short behind a bar.

    ``window``: it is the window's title, behind whose last mark of any kind there is the outlet's name;
    ``seen``: it is a heading of the page, of which nothing goes but a known name.
    """
    title = title[:MAX_STATED]
    while marks := list(_SEPARATOR.finditer(title)):
        first, last = title[: marks[0].start()], title[marks[-1].end() :]
        rest = title[: marks[-1].start()]
        sure = "|" in marks[-1].group() or (window and len(rest.split()) >= _LEAST_WORDS)
        if squashed(last) in own or (sure and not seen and len(last.split()) <= _SUFFIX_WORDS):
            title = rest
        elif squashed(first) in own:
            title = title[marks[0].end() :]
        else:
            break
        window = False
    return title.strip()


def _bare(text: str, stated: list[str]) -> str:
    """A headline without the label before it: the state of a live page, or a few words which what is stated
    elsewhere has not."""
    text = _lists()[1].sub("", text)
    for title in stated:
        if (
            len(title) >= len(text)
            or len(title.split()) < _LEAST_WORDS
            or not plain(text).endswith(plain(title))
        ):
            continue
        label = text[: -len(title)]
        if len(label.split()) <= _KICKER_WORDS and not label[-1:].isalnum():
            return text[-len(title) :]
    return text
