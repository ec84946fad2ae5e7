"""The body of a page's article: lines of text. Changes the tree that it is given, otherwise pure.

It comes from trafilatura (fast mode) on a tree without the page's furniture.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from crawlers.pages.about.elements import select
from crawlers.pages.furniture import drop, drop_furniture
from crawlers.pages.layouts import Rules

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is a problem of ours, named

SHORT = 400  # characters; see _paragraphs
MIN_TEXT = 20  # characters of an article
_FAST = Extractor(fast=True, comments=False, output_format="python")  # read once, not for each page


def body_of(
    tree: Any, article: dict[str, Any], wanted: Rules, scripts: bool = True
) -> tuple[list[str], list[str]]:
    """(lines of the body, captions met on the way). Changes the tree.

    ``scripts``: where nothing stands on the page, the text that JSON-LD gives stands in for it.
    """
    for selector in wanted.drop:
        drop(select(tree, selector))
    captions = ["".join(e.itertext()) for e in tree.iter("figcaption")] + [
        str(a) for a in tree.xpath("//img/@alt")
    ]
    drop_furniture(tree)
    chosen = next((found[0] for s in wanted.article if (found := select(tree, s))), None)
    root = tree
    if chosen is not None:
        root = etree.SubElement(etree.Element("html"), "body")
        root.append(chosen)
    document = bare_extraction(root, options=_FAST)
    text = (document.text or "") if document is not None and not isinstance(document, dict) else ""
    if len(text) < SHORT and "\n" not in text and (paragraphs := _paragraphs(root, len(text))):
        return paragraphs, captions
    if scripts and len(text) < MIN_TEXT:
        stated = article.get("articleBody")
        text = stated if isinstance(stated, str) else text
    return text.split("\n"), captions


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
