"""Page furniture in a tree, told by what elements are called and how they are built. Changes the tree.

Taken out: elements whose tag, class or id says so (``furniture.yaml``); boxes round an e-mail field; boxes
of nothing but links; lists of facts about the page ("Published", "Issued by"). An element that holds a
good part of the page's paragraphs or text is never furniture, nor are paragraphs of one class that are a good
part of it together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml

OWN_SHARE = 0.3  # of the page's paragraphs, or of its text; an element with more is not furniture
BIG = 1500  # characters; smaller elements are not measured against the page's text
_NO_BOUND = 1 << 30
BOX = 800  # characters; larger boxes are not taken out for their links
LINKED = 0.9  # share of a box's text, headings aside, that is in links
_WORD = re.compile(r"[a-z]+")
_KEPT = {"html", "body", "main", "article", "head"}
_BOXES = ("div", "section", "ul", "ol")


@lru_cache(maxsize=1)
def _data() -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]]]:
    data = read_yaml(__file__, "furniture.yaml")
    return (
        frozenset(data["words"]),
        frozenset(data["tags"]),
        {name: frozenset(labels) for name, labels in data["labels"].items()},
    )


def facts(tree: Any) -> dict[str, str]:
    """What lists of facts (``dl``) say under the known labels: byline, published, modified."""
    _, _, labels = _data()
    found: dict[str, str] = {}
    for term in tree.iter("dt"):
        label = _label(term)
        value = term.getnext()
        for name, words in labels.items():
            if label in words and value is not None and value.tag == "dd":
                found.setdefault(name, " ".join("".join(value.itertext()).split()))
    return found


def _label(term: Any) -> str:
    return " ".join("".join(term.itertext()).lower().split()).rstrip(": ")


def within_furniture(element: Any) -> bool:
    """True in what is called furniture, unless that is a box round the page's headline, too."""
    words, tags, _ = _data()
    for place in (element, *element.iterancestors()):
        called = f"{place.get('class') or ''} {place.get('id') or ''}"
        named = place.tag in tags or not words.isdisjoint(_parts(called))
        if named and place.tag not in _KEPT and next(place.iter("h1"), None) is None:
            return True
    return False


def drop(elements: Iterable[Any]) -> None:
    """Take elements out of their tree, the text behind them kept."""
    for element in list(elements):
        if element.getparent() is not None:
            element.drop_tree()


def drop_furniture(tree: Any) -> None:
    """Take out of ``tree`` what is furniture by name or by build."""
    paragraphs = _count(tree, "p") or 1
    text = 0
    for find in (_forms, _named, _fact_lists, _link_boxes):  # in turn: what is gone is not searched
        found = list(find(tree))
        alike = Counter[str]()  # paragraphs that are called the same are no furniture together, either
        for element in found:
            if element.tag == "p":
                alike[element.get("class") or ""] += 1
        for element in found:
            if element.getparent() is None or _count(element, "p") / paragraphs > OWN_SHARE:
                continue
            if element.tag == "p" and alike[element.get("class") or ""] / paragraphs > OWN_SHARE:
                continue
            if _length(element, BIG) >= BIG:
                text = text or _length(tree, _NO_BOUND)
                if _length(element, _NO_BOUND) / text > OWN_SHARE:
                    continue
            element.drop_tree()


def _count(element: Any, tag: str) -> int:
    return sum(1 for _ in element.iter(tag))


def _named(tree: Any) -> Iterable[Any]:
    words, tags, _ = _data()
    for element in tree.iter("*"):
        tag = element.tag
        if tag in tags:
            yield element
        elif element.attrib and tag not in _KEPT:
            named = f"{element.get('class') or ''} {element.get('id') or ''}"
            if len(named) > 1 and not words.isdisjoint(_parts(named)):
                yield element


@lru_cache(maxsize=4096)
def _parts(named: str) -> tuple[str, ...]:
    """The words of a class and id: a page, and an outlet's pages, have few different ones."""
    return tuple(_WORD.findall(named.lower()))


def _forms(tree: Any) -> Iterable[Any]:
    """The box round a form that asks for an e-mail address, as far out as it is still a small box."""
    for field in tree.xpath("//form//input[@type='email' or contains(@name, 'email')]"):
        box = next(field.iterancestors("form"))
        parent = box.getparent()
        if (
            parent is not None
            and parent.tag in _BOXES
            and _length(parent, BOX) < BOX
            and len(parent.findall("p")) <= 4
        ):
            box = parent
        yield box


def _fact_lists(tree: Any) -> Iterable[Any]:
    _, _, labels = _data()
    known = frozenset().union(*labels.values())
    for listed in tree.iter("dl"):
        if any(_label(term) in known for term in listed.iter("dt")):
            yield listed


def _link_boxes(tree: Any) -> Iterable[Any]:
    """Small boxes without paragraphs in which, headings aside, there is nothing but links."""
    for box in tree.iter(*_BOXES):
        if next(box.iter("p"), None) is not None:
            continue
        anchors = list(box.iter("a"))
        if len(anchors) < 2:
            continue
        size = _length(box, BOX)
        if not 0 < size < BOX:
            continue
        headings = sum(_length(heading, BOX) for heading in box.iter("h2", "h3", "h4", "h5", "h6"))
        linked = sum(_length(a, BOX) for a in anchors)
        if linked >= LINKED * max(1, size - headings):
            yield box


def _length(element: Any, most: int) -> int:
    """Characters of the element's text, counted no further than ``most``."""
    size = 0
    for piece in element.itertext():
        size += len(piece.strip())
        if size >= most:
            return most
    return size
