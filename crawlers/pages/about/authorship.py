"""Who wrote a page's article: what its JSON-LD, its visible byline and its meta elements say. Pure.

The byline that a reader sees completes what JSON-LD states, and stands in for it where that names the
outlet or nobody. Names of photographers, commenters and of other articles' authors are never taken: what
stands in a figure, a list of related articles, a comment is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from crawlers.pages.about.byline import MAX_BYLINE, authors_in, led, lists, tidy_byline
from crawlers.pages.about.byline_blocks import beside, marked, selected, under_headline
from crawlers.pages.about.linked_data import LinkedData, names, plain_text, with_jobs

MOST = 12  # blocks that are read; a page with more lists other articles
_TOP, _FOOT = 4, 2  # lines of a body among which its byline may stand


class Written(NamedTuple):
    """A byline as printed ("" where there is none) and the people who wrote the article."""

    byline: str
    authors: tuple[str, ...]


def written_by(
    tree: Any, linked: LinkedData, selectors: Iterable[str], sites: tuple[str, ...], fact: str = ""
) -> Written:
    """The byline and authors of a page. Lines of its body are not looked at: see `in_body`.

    ``selectors``: what the outlet's layout says of bylines; ``sites``: names of the outlet; ``fact``: a
    byline in the page's list of facts.
    """
    article = linked.article
    stated = _people(names(article.get("author"), people=True), sites)
    stated = stated or _people(names(article.get("creator"), people=True), sites)
    blocks = [*selected(tree, selectors), *marked(tree)]
    read = [(block, authors_in(block.text, sites)) for block in blocks[:MOST]]
    told = next((block for block, people in read if people), None)
    near = (people for block, people in read if told is not None and beside(told, block))
    shown = tuple(dict.fromkeys(name for people in near for name in people))
    authors = stated
    if not stated or set(stated) < set(shown):
        authors = shown or _people([fact], sites) or _people(_meta(tree), sites)
    if not authors and (block := under_headline(tree, sites)) is not None:
        authors = authors_in(block.text, sites)
        read.append((block, authors))
    if jobs := with_jobs(article.get("author")):
        return Written(jobs, authors)
    texts = [block.text for block, people in read if not authors or set(authors) & set(people)]
    byline = tidy_byline(texts)
    if not byline or (len(authors) > 1 and not all(name in byline for name in authors)):
        byline = ", ".join(authors) or tidy_byline([fact])
        byline = byline or tidy_byline((*_meta(tree), *names(article.get("author"))), sites)
    return Written(byline, authors)


def in_body(written: Written, lines: list[str], sites: tuple[str, ...]) -> Written:
    """The byline with what the body's first and last lines say: "By Jo Marsh" there names who wrote it.

    Where the page's own account names somebody else than such a first line, that is who put it online.
    """
    for place, line in enumerate(lines):
        if _TOP <= place < len(lines) - _FOOT or len(line) > MAX_BYLINE or not led(line):
            continue
        if line.rstrip().endswith((".", "?", "!", ":", "”", '"')):
            continue
        people = authors_in(line, sites)
        if people and not (set(people) & set(written.authors)) and (place < _TOP or not written.authors):
            return Written(tidy_byline([line], sites) or ", ".join(people), people)
    return written


def _people(texts: Iterable[str], sites: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for text in texts for name in authors_in(text, sites)))


def _meta(tree: Any) -> list[str]:
    """What meta elements name as author: by name or property, or under a label ("Written by")."""
    wanted, found, labels, data = set(lists()["meta"]), [], {}, {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        text = plain_text(element.get("content") or "")
        if name in wanted and text and "://" not in text:
            found.append(text)
        elif name.startswith("twitter:label"):
            labels[name.removeprefix("twitter:label")] = text
        elif name.startswith("twitter:data"):
            data[name.removeprefix("twitter:data")] = text
    return found + [data[nth] for nth, label in labels.items() if nth in data and led(label)]
