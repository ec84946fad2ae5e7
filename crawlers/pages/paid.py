"""Pages that declare themselves not free, and what of them stands in what is served to anybody. Pure.

Many a page declares itself not free to search engines, and serves its whole text to every reader all the
same. Such text is read, also where the page names its whole text by a selector. What the page keeps from a
reader is not: parts behind a teaser that it names as paid, parts that are hidden until a script shows them,
and text that stands in a script alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from crawlers.pages.about.elements import select
from crawlers.pages.about.headline import meta_titles
from crawlers.pages.about.linked_data import closed_parts, linked_data, listed, not_free
from crawlers.pages.furniture import drop
from crawlers.pages.markup import decode, read_tree

TEASER = 500  # characters of a closed article: about what publishers show to everybody
LINE = 40  # characters from which a paragraph is one of the report
BOX = 300  # characters of a part named as paid that is no part of the text, but the offer to subscribe
_HIDDEN = (
    ".//*[not(self::body) and (self::template or self::noscript or @hidden"
    " or contains(translate(@style, ' ', ''), 'display:none'))]"
    "[.//p or self::p]"  # what holds text, and is no closed menu
)
_AROUND = {"header", "nav", "aside", "footer", "form"}
_TIER = re.compile(r"article:content_tier|content_tier|isaccessibleforfree", re.IGNORECASE)
_CLOSED_TIERS = {"locked", "false"}


class Declared(NamedTuple):
    """What a page declares of itself. ``closed``: that it is not free. ``whole``: its text is served to
    anybody all the same, as far as its markup shows."""

    closed: bool
    whole: bool


def leave_paid_parts(tree: Any, article: dict[str, Any]) -> Declared:
    """Take out of ``tree`` what a page that is not free keeps from its readers."""
    if not _declares(tree, article):
        return Declared(closed=False, whole=True)
    kept_back = 0
    named = [part for selector in closed_parts(article) for part in select(tree, selector)]
    first = _first_paragraph(tree)
    if first is not None and any(part in (first, *first.iterancestors()) for part in named):
        named = []  # the whole text, not what comes behind a teaser
    for part in (*named, *tree.xpath(_HIDDEN)):
        kept_back += len(" ".join("".join(part.itertext()).split()))
        drop([part])
    return Declared(closed=True, whole=kept_back <= BOX)


def _first_paragraph(tree: Any) -> Any:
    """The first paragraph that is seen and is no part of what stands round an article, or None."""
    hidden = set(tree.xpath(_HIDDEN))
    for paragraph in tree.iter("p"):
        above = (paragraph, *paragraph.iterancestors())
        seen = hidden.isdisjoint(above) and not any(one.tag in _AROUND for one in above)
        if seen and len(" ".join("".join(paragraph.itertext()).split())) >= LINE:
            return paragraph
    return None


def declared_paid(body: bytes, headers: dict[str, str]) -> bool:
    """Whether a page, as fetched, declares itself not free, whole or in part.

    ``headers``: names in lower case.
    """
    tree = read_tree(decode(body, headers)[0])
    if tree is None:
        return False
    titles, window = meta_titles(tree)
    return _declares(tree, linked_data(tree, " ".join((*titles, window))).article)


def _declares(tree: Any, article: dict[str, Any]) -> bool:
    if not_free(article) or closed_parts(article):
        return True
    return any(
        (element.get("content") or "").strip().lower() in _CLOSED_TIERS
        for element in tree.iter("meta")
        if _TIER.fullmatch(element.get("property") or element.get("name") or element.get("itemprop") or "")
    )


def told_in_script(article: dict[str, Any]) -> int:
    """How many characters of text the JSON-LD of an article holds, whatever of it the page shows."""
    return max((len(text) for text in listed(article.get("articleBody")) if isinstance(text, str)), default=0)


def teaser(paragraphs: Sequence[str]) -> list[str]:
    """The first paragraphs, as many as TEASER characters hold, one at least."""
    kept: list[str] = []
    for paragraph in paragraphs:
        if kept and sum(map(len, kept)) + len(paragraph) > TEASER:
            break
        kept.append(paragraph)
    return kept
