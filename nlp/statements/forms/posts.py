"""Posts of other sites that stand in an article: the words, and below them who posted them.

"We will rebuild the slipway. / — Ottilie Brand (@ottiliebrand) October 5, 2026": the layout tells that both
lines are a post. Without a layout nothing is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.types import Span
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

_SIGNATURE = re.compile(r"[—–-]\s*(?P<name>[^()\n]{2,60}?)\s*\(@\w+\)")
_LINKS = re.compile(r"(?:\s*(?:pic\.twitter\.com/|https?://)\S+)+\s*$")


def posts(page: Page) -> tuple[list[Candidate], frozenset[int]]:
    """What is posted, each paragraph a statement of whose name stands below, and the paragraphs read so."""
    found: list[Candidate] = []
    read: set[int] = set()
    for numbers in _runs(page):
        read.update(numbers)
        last = page.paras[numbers[-1]]
        signed = _SIGNATURE.match(page.text, last.start, last.end)
        if signed is None:
            continue
        for number in numbers[:-1]:
            span = _words(page.text, page.paras[number])
            if span[0] < span[1]:
                found.append(Candidate("direct", (span,), (), (signed.span("name"),), None, "", "post"))
    return found, frozenset(read)


def _runs(page: Page) -> Iterator[list[int]]:
    """The numbers of the paragraphs of each post: from its first to its signature."""
    run: list[int] = []
    for number, para in enumerate(page.paras):
        if para.kind == "post":
            run.append(number)
        if run and (para.kind != "post" or _SIGNATURE.match(page.text, para.start, para.end)):
            yield run
            run = []
    if run:
        yield run


def _words(text: str, para: Para) -> Span:
    """A post's words without the links at their end."""
    links = _LINKS.search(text, para.start, para.end)
    return para.start, links.start() if links else para.end
