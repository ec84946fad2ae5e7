"""The body of a page's article: lines of text. Changes the tree that it is given, otherwise pure.

It comes from trafilatura (fast mode) on a tree without the page's furniture.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml.html import document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from crawlers.pages.about.elements import select
from crawlers.pages.furniture import drop, drop_furniture
from crawlers.pages.layouts import Rules
from crawlers.pages.lines import PageLine, lines_of, marks_of, without_repeats

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is a problem of ours, named

SHORT = 400  # characters; see _paragraphs
MIN_TEXT = 20  # characters of an article
_FAST = Extractor(
    fast=True, comments=False, formatting=False, output_format="xml"
)  # read once, not for each page


def body_of(
    tree: Any, article: dict[str, Any], wanted: Rules, scripts: bool = True
) -> tuple[list[PageLine], list[str]]:
    """(lines of the body, captions met on the way). Changes the tree.

    ``scripts``: where nothing stands on the page, the text that JSON-LD gives stands in for it.
    """
    for selector in wanted.drop:
        drop(select(tree, selector))
    captions = ["".join(e.itertext()) for e in tree.iter("figcaption")] + [
        str(a) for a in tree.xpath("//img/@alt")
    ]
    drop_furniture(tree)
    marks = marks_of(tree)
    chosen = next((found[0] for s in wanted.article if (found := select(tree, s))), None)
    root = tree
    if chosen is not None:
        root = document_fromstring("<html><body></body></html>")
        root.body.append(chosen)
        chosen.tag = "article"  # what trafilatura takes for the body's place
    document = bare_extraction(root, options=_FAST)
    body = None if document is None or isinstance(document, dict) else document.body
    lines = [] if body is None else without_repeats(lines_of(body, marks))
    size = sum(len(line.text) + 1 for line in lines)
    if size < SHORT and len(lines) == 1 and (paragraphs := _paragraphs(root, size)):
        return [PageLine(text) for text in paragraphs], captions
    if scripts and size < MIN_TEXT and isinstance(stated := article.get("articleBody"), str):
        lines = [PageLine(text) for text in stated.split("\n")]
    return lines, captions


def _paragraphs(root: Any, size: int) -> list[str]:
    """The paragraphs of a short article, which trafilatura gives as one line, title, date and all.

    None of them when they hold less than half of the ``size`` characters that it found.
    """
    place = next(
        (found for name in ("article", "main", "body") if (found := root.find(f".//{name}")) is not None),
        root,
    )
    lines = ["".join(element.itertext()) for element in place.iter("p")]
    return lines if sum(map(len, lines)) >= max(MIN_TEXT, size / 2) else []
