"""The body of a page's article: lines of text. Changes the tree that it is given, otherwise pure.

It comes from trafilatura (fast mode) on a tree without the page's furniture.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml.etree import SubElement
from lxml.html import document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from crawlers.pages.about.elements import select
from crawlers.pages.furniture import drop, drop_furniture
from crawlers.pages.layouts import Rules
from crawlers.pages.lines import PageLine, is_post, lines_of, marks_of, without_repeats

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is a problem of ours, named

SHORT = 400  # characters; see _paragraphs
_SIGNATURE = 150  # characters of the line below a quotation that names whose it is
_ENDS = (".", "!", "?", "…", "”", "’", '"', "'")
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
    _sign_quotations(tree)
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


def _sign_quotations(tree: Any) -> None:
    """Put who is quoted into a line of its own, behind a dash, at the end of each block quotation.

    Markup names them in a ``footer`` or a last ``cite`` in the block or right behind it, or in the caption of
    the figure that holds it; as furniture and as captions these would be gone.
    """
    for block in list(tree.iter("blockquote")):
        names = [] if is_post(block) else _signatures(block)
        text = " ".join(" ".join("".join(one.itertext()).split()) for one in names).lstrip("—–- ")
        if not 0 < len(text) <= _SIGNATURE:
            continue
        drop(names)
        signed = SubElement(block, "p")
        signed.text = f"— {text}"
        if (figure := block.getparent()) is not None and figure.tag == "figure":
            figure.tag = "div"  # trafilatura takes a figure for a picture


def _signatures(block: Any) -> list[Any]:
    """The elements that name who is quoted in a block quotation."""
    figure = next(block.iterancestors("figure"), None)
    behind = block.getnext()
    if found := list(block.iter("footer")):
        return found[-1:]
    if figure is not None and (captions := list(figure.iter("figcaption"))):
        return captions[:1]
    if behind is not None and behind.tag in {"footer", "cite"}:
        return [behind]
    cites = list(block.iter("cite"))
    return cites[-1:] if cites and _stands_last(cites[-1], block) else []


def _stands_last(element: Any, block: Any) -> bool:
    """True where nothing of the block follows an element, and what is before it ends a sentence or block."""
    before = element.getprevious()
    head = element.getparent().text if before is None else before.tail
    place = element
    while place is not block:
        if (place.tail or "").strip() or place.getnext() is not None:
            return False
        place = place.getparent()
    return not (head or "").strip() or (head or "").rstrip(" \n\t—–-").endswith(_ENDS)


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
