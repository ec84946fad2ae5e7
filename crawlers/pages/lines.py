"""The lines of an extracted body with what the page's markup makes of them. Pure.

trafilatura gives the body as a small tree (``p``, ``head``, ``quote``, ``list`` of ``item``, ``table`` of
``row`` of ``cell``, ``lb``). What it forgets, the page's own tree remembers: which quotations are posts of
other sites, which only pull words out of the text, and where a speaker's name stands bold before the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from crawlers.pages.cleaning import plain
from ledger.types import LayoutKind

_KINDS: dict[str, LayoutKind] = {"quote": "quote", "head": "heading", "item": "list"}
_BLOCKS = {"p", "head", "quote", "list", "item", "table", "row", "code", "div", "body", "main"}
_POSTS = re.compile(
    r"twitter|tweet|instagram|tiktok|bluesky|fb-post|facebook-post|threads-|mastodon|reddit-embed"
)
_PULLED = re.compile(r"pull-?_?quote|quote-?_?pull|big-?quote")
_SET_APART = 600  # characters of a post or a pulled quotation; what holds more is a box round the article
_LABEL_WORDS = 6  # most words of a speaker's label
MOST_TEXT = 300_000  # characters of a body in which repeated quotations are looked for
_TURNS = 2  # times that one label stands on a page before labels are taken for speakers
_LEAST_PULLED = 3  # words of a quotation that is looked for in the rest of the text
_WORD = re.compile(r"\w+")


class PageLine(NamedTuple):
    """A line of a body: ``kind`` is None for an ordinary one; ``label``: characters of the speaker's label
    that it begins with, 0 for none."""

    text: str
    kind: LayoutKind | None = None
    label: int = 0


class Marks(NamedTuple):
    """What a page's tree says of texts, each in the plain form of `crawlers.pages.cleaning.plain`."""

    posts: frozenset[str]
    pulled: frozenset[str]
    labels: dict[str, int]

    @property
    def any(self) -> bool:
        return bool(self.posts or self.pulled or self.labels)


def marks_of(tree: Any) -> Marks:
    """What a page's markup tells beyond the kinds of its blocks."""
    posts: set[str] = set()
    pulled: set[str] = set()
    for element in tree.iter("blockquote", "aside", "figure", "div", "p", "q", "section"):
        if not (named := element.get("class") or element.get("data-component")):
            continue
        found = posts if _POSTS.search(named) else pulled if _PULLED.search(named.lower()) else None
        if found is not None and sum(map(len, element.itertext())) <= _SET_APART:
            found.update(plain(text) for text in _texts(element))
    labels: dict[str, int] = {}
    said: Counter[str] = Counter()
    for bold in tree.iter("strong", "b"):
        block = bold.getparent()
        if block is None or block.tag not in {"p", "div", "li", "dt"} or (block.text or "").strip():
            continue
        label = " ".join("".join(bold.itertext()).split())
        if block[0] is bold and 0 < len(label.split()) <= _LABEL_WORDS and _is_label(label, bold.tail or ""):
            labels[plain("".join(block.itertext()))] = len(label)
            said[label.rstrip(": ")] += 1
    if max(said.values(), default=0) < _TURNS:  # a list of facts: "Where:", "When:"
        labels = {}
    return Marks(frozenset(posts), frozenset(pulled), labels)


def is_post(element: Any) -> bool:
    """True for an element that its class calls a post of another site."""
    return _POSTS.search(element.get("class") or "") is not None


def _is_label(label: str, tail: str) -> bool:
    """A name and a colon, inside the bold words or right behind them, with words to follow."""
    closed = label.endswith(":") or tail.lstrip().startswith(":")
    return closed and bool(tail.lstrip(" :\xa0").strip()) and label[0].isupper()


def _texts(element: Any) -> list[str]:
    """The text of an element and of each block in it."""
    return ["".join(one.itertext()) for one in (element, *element.iter("p", "q", "blockquote"))]


def lines_of(body: Any, marks: Marks) -> list[PageLine]:
    """The lines of a body that trafilatura extracted, in order."""
    found = []
    for line, kind in ((line, kind) for text, kind in _walk(body, None) for line in text.split("\n")):
        bare = " ".join(line.split())
        if not bare.isprintable():  # soft hyphens, marks of direction, and what else nobody sees
            bare = "".join(letter for letter in bare if letter.isprintable())
        if not bare:
            continue
        known = plain(bare) if kind == "quote" or marks.any else ""
        if known in marks.posts or (kind == "quote" and _signed(known)):
            found.append(PageLine(bare, "post"))
        elif known in marks.pulled:
            found.append(PageLine(bare, "quote"))
        elif kind in (None, "quote") and (label := marks.labels.get(known)):
            found.append(PageLine(bare, kind, label))
        else:
            found.append(PageLine(f"- {bare}" if kind == "list" else bare, kind))
    return found


def _signed(line: str) -> bool:
    """The last line of a post: "— Name (@name) October 5, 2026"."""
    return re.match(r"[-] ?[^()]{2,60} \(@\w+\)", line) is not None


def _walk(element: Any, kind: LayoutKind | None) -> Iterator[tuple[str, LayoutKind | None]]:
    """(text, kind) of the lines in an element; a row of a table is one line."""
    if element.tag == "row":
        cells = (" ".join("".join(cell.itertext()).split()) for cell in element)
        yield " | ".join(filter(None, cells)), "row"
        return
    kind = _KINDS.get(element.tag, kind)
    text = element.text or ""
    for child in element:
        if child.tag == "p" and not len(child):  # nearly all are
            yield text, kind
            yield child.text or "", kind
            text = ""
        elif child.tag in _BLOCKS:
            yield text, kind
            yield from _walk(child, kind)
            text = ""
        elif child.tag == "lb":
            yield text, kind
            text = ""
        else:
            text += "".join(child.itertext())
        text += child.tail or ""
    yield text, kind


def without_repeats(lines: Sequence[PageLine]) -> list[PageLine]:
    """The lines without quotations pulled out of the text: set apart, and in another line, too."""
    if not any(line.kind == "quote" for line in lines) or sum(len(line.text) for line in lines) > MOST_TEXT:
        return list(lines)
    told = f" {' '.join(_folded(line.text) for line in lines if line.kind != 'quote')} "

    def repeats(line: PageLine) -> bool:
        words = _folded(line.text)
        return len(words.split()) >= _LEAST_PULLED and f" {words} " in told

    kept: list[PageLine] = []
    gone = False  # a signature goes with its quotation
    for line in lines:
        gone = line.kind == "quote" and (repeats(line) or (gone and line.text.startswith("—")))
        if not gone:
            kept.append(line)
    return kept


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))
