"""Where on a page a byline stands: the blocks that markup calls one, and the line under the headline. Pure.

Blocks of readers, of other articles and of pictures are passed over, told by the names of what is round them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from crawlers.pages.about.byline import EDGE, SURE, authors_in, has_office, led, lists
from crawlers.pages.about.elements import select
from crawlers.pages.about.linked_data import plain_text

LONGEST = 400  # characters of a block that may be a byline, jobs and buttons and all
MOST_MARKED = 100  # blocks that are gathered
UNDER = 60  # elements behind the headline among which an unmarked byline is looked for
_TEASER = 6  # most parts of a box that is a teaser
LINE_WORDS = 16  # of a line that may be a byline
_PIECES = re.compile(r"[a-z]+")
_UNSEEN = {"time", "button", "svg", "figure", "figcaption", "script", "style", "noscript", "select", "form"}
_NAMING = ("class", "id", "data-testid", "data-component", "data-gu-name")  # attributes that name an element
_LINE_TAGS = {"div", "p", "span", "h2", "h3", "h4", "h5", "h6", "li", "strong", "em"}
_BLOCK_TAGS = {"article", "main", "body", "html", "head"}


class BylineBlock(NamedTuple):
    """A visible byline: element, text with its elements' edges, how plainly it is marked (0 best)."""

    element: Any
    text: str
    rank: int


class _Marks(NamedTuple):
    """The lists of ``byline.yaml`` that tell where a byline stands."""

    ranks: tuple[frozenset[str], ...]
    any: frozenset[str]
    elsewhere: frozenset[str]
    others: frozenset[str]
    path: re.Pattern[str]
    stems: re.Pattern[str]  # for a quick look over an element's attributes


@lru_cache(maxsize=1)
def _marks() -> _Marks:
    data = lists()
    ranks = tuple(frozenset(words) for words in data["marks"])
    paths = "|".join(map(re.escape, data["author_paths"]))
    told = {word.removesuffix("s") for words in ranks for word in words}
    return _Marks(
        ranks,
        frozenset().union(*ranks),
        frozenset(data["elsewhere"]),
        frozenset(data["others"]),
        re.compile(rf"/(?:{paths})/[^/?#]"),
        re.compile("|".join(map(re.escape, sorted(told)))),
    )


def selected(tree: Any, selectors: Iterable[str]) -> Iterator[BylineBlock]:
    for selector in selectors:
        path, _, attribute = selector.partition("@")
        for element in select(tree, path)[:5]:
            text = element.get(attribute) or "" if attribute else _text(element)
            if 0 < len(text) <= LONGEST:
                yield BylineBlock(element, text, -1)


def marked(tree: Any) -> list[BylineBlock]:
    """The elements that markup calls a byline: first those of the headline's article, of these the best
    marked, then in the page's order."""
    roofs = {place for headline in islice(tree.iter("h1"), 3) for place in headline.iterancestors()}
    housed = any(place.tag == "article" for place in roofs)
    found: dict[Any, int] = {}
    marks = _marks()
    for element in tree.iter("*"):
        if not (given := " ".join(element.values()).lower()):
            continue
        if not marks.stems.search(given) and not (element.tag == "a" and marks.path.search(given)):
            continue
        if len(found) == MOST_MARKED:
            break
        rank = _rank(element)
        if rank == len(marks.ranks) and _in_sentence(element):
            continue
        if rank is not None and not _lies_elsewhere(element, roofs):
            block, rank = _whole(element, rank, roofs)
            found[block] = min(rank, found.get(block, rank))
    blocks = [BylineBlock(element, _text(element), rank) for element, rank in found.items()]

    def order(block: BylineBlock) -> tuple[bool, int]:
        house = next(block.element.iterancestors("article"), None)
        return housed and house is not None and house not in roofs, block.rank

    return sorted((block for block in blocks if 0 < len(block.text) <= LONGEST), key=order)


def under_headline(tree: Any, sites: tuple[str, ...]) -> BylineBlock | None:
    """The line between headline and text that reads as a byline though nothing marks it: "By …", or a name
    and a job."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return None
    roofs = set(heading.iterancestors())
    for element in islice(heading.xpath("following::*"), UNDER):
        text = _text(element)
        if element.tag == "p" and len(text.split()) > LINE_WORDS:
            break
        if element.tag not in _LINE_TAGS or not 0 < len(text.split()) <= LINE_WORDS or _of_facts(element):
            continue
        told = led(text) or has_office(text)
        if told and authors_in(text, sites) and not _lies_elsewhere(element, roofs):
            return BylineBlock(element, text, -1)
    return None


def _rank(element: Any) -> int | None:
    """How plainly an element's attributes call it a byline, 0 best; None where they do not."""
    attributes = element.attrib
    if not attributes:
        return None
    if (
        "author" in (attributes.get("itemprop") or "").split()
        or "author" in (attributes.get("rel") or "").split()
    ):
        return 0
    if element.tag == "meta":
        return None
    marks = _marks()
    words = _parts(_named(attributes))
    if not marks.any.isdisjoint(words):
        return next(rank for rank, wanted in enumerate(marks.ranks) if not wanted.isdisjoint(words))
    if element.tag == "a" and marks.path.search(attributes.get("href") or ""):
        return len(marks.ranks)
    return None


def _in_sentence(element: Any) -> bool:
    """True for a link among the words of a paragraph, or before its stop: to somebody whom it tells of."""
    block = next((place for place in element.iterancestors("p", "li", "dd", "td", "div")), None)
    text = "" if block is None else _text(block)
    return len(text.split()) > LINE_WORDS or (text.endswith(".") and not led(text))


def _of_facts(element: Any) -> bool:
    """True within or round a list of facts: "From: Department for Transport and Ann Lee MP"."""
    return next(element.iter("dl"), None) is not None or next(element.iterancestors("dl"), None) is not None


def _named(attributes: Any) -> str:
    return " ".join(value for key in _NAMING if (value := attributes.get(key)))


@lru_cache(maxsize=8192)
def _parts(named: str) -> tuple[str, ...]:
    """The words of class and id, "authorName" and "author-name" alike."""
    return tuple(_PIECES.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", named).lower()))


def _lies_elsewhere(element: Any, roofs: set[Any]) -> bool:
    """True within a box of other articles, comments or pictures: told by the names of what is round it, as
    far out as the box that holds the headline, too."""
    marks = _marks()
    for place in (element, *element.iterancestors()):
        if place in roofs:
            return False
        if place.tag in marks.elsewhere:
            return True
        words = _parts(_named(place.attrib))
        if marks.any.isdisjoint(words) and _heads_another(place, element):
            return True
        told = marks.elsewhere if marks.any.isdisjoint(words) else marks.others
        if not told.isdisjoint(words):
            return True
    return False


def _heads_another(place: Any, element: Any) -> bool:
    """True for a small box in which a linked heading stands before a byline: a teaser of another article."""
    if place is element or place.tag in _BLOCK_TAGS or len(place) > _TEASER:
        return False
    for heading in place.iter("h2", "h3", "h4"):
        if next(heading.iter("a"), None) is None and next(heading.iterancestors("a"), None) is None:
            continue
        return element not in set(heading.iter()) and element in set(heading.xpath("following::*"))
    return False


def _whole(element: Any, rank: int, roofs: set[Any]) -> tuple[Any, int]:
    """The outermost element round this one that is marked, too, or opens with "By", and is no longer than a
    byline; with the best of their ranks."""
    best = element
    for place in element.iterancestors():
        if place in roofs or place.tag in _BLOCK_TAGS or len(text := _text(place)) > LONGEST:
            break
        outer = _rank(place)
        if outer is not None or led(text):
            best, rank = place, min(rank, rank if outer is None else outer)
    return best, rank


def beside(one: BylineBlock, other: BylineBlock) -> bool:
    """True for the block itself, and for one marked alike in the same box, or right behind it and called the
    same: the second of two authors."""
    if one is other:
        return True
    if other.element.getprevious() is one.element and one.element.get("class") == other.element.get("class"):
        return True
    boxes = list(one.element.iterancestors())[:2]
    theirs = list(other.element.iterancestors())[:2]
    return one.rank == other.rank and any(box in theirs and box.tag not in _BLOCK_TAGS for box in boxes)


def _text(element: Any) -> str:
    """The text of a byline with its elements' edges; what the markup calls an author's name is marked so."""
    path = _marks().path
    pieces: list[str] = []
    size = 0

    def walk(place: Any) -> None:
        nonlocal size
        if place.tag == "meta" and {"name", "author"} & set((place.get("itemprop") or "").split()):
            pieces.append(SURE + (place.get("content") or ""))
        if not isinstance(place.tag, str) or place.tag in _UNSEEN or size > LONGEST:
            return
        sure = (
            "author" in (place.get("rel") or "").split()
            or "name" in (place.get("itemprop") or "").split()
            or (place.tag == "a" and bool(path.search(place.get("href") or "")))
        )
        if place.text and place.text.strip():
            pieces.append((SURE if sure else "") + place.text.strip())
            size += len(place.text)
        for child in place:
            if size > LONGEST:
                return
            walk(child)
            if child.tail and child.tail.strip():
                pieces.append(child.tail.strip())
                size += len(child.tail)

    walk(element)
    return EDGE.join(plain_text(piece) for piece in pieces)
