"""Statements of a parsed article: quotations with their cue and source, and what is reported in clauses.

`find_statements` joins the two: direct speech first (`nlp.statements.direct_speech`), then the clauses under
the cues that are left (`nlp.statements.reported_speech`), in the order of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledger.types import Laid
from nlp.models.tagger import TextLines
from nlp.statements.direct_speech import direct_statements, subject_before
from nlp.statements.forms.minutes import minutes
from nlp.statements.model import Candidate, Page
from nlp.statements.quotes import quoted
from nlp.statements.reported_speech import indirect_statements
from nlp.text.paragraphs import paragraphs


def read_page(doc: Any, layout: Sequence[Laid] = (), *, title: str = "", byline: str = "") -> Page:
    """A parsed text with its paragraphs and quotations.

    ``layout``: what the page's markup told of spans; ``title``, ``byline``: the article's.
    """
    text = doc.text
    paras = paragraphs(text, layout)
    return Page(doc, text, paras, quoted(text, paras), title, byline)


def lines_of(page: Page) -> TextLines:
    """What the tagger reads of a page: its report, with where quotations stand."""
    return (
        page.text,
        [(para.start, para.end) for para in page.paras if not para.furniture],
        [(quote.start, quote.end) for quote in page.quotes],
    )


def find_statements(page: Page) -> list[Candidate]:
    """Every statement that rules find, in text order; offsets are characters of the page's text.

    ``carried`` of a statement without a source of its own is the index, in the list given, of the one whose
    speaker goes on. Linear in the text; never raises for any text.
    """
    found = direct_statements(page)
    found += minutes(page, found)
    found += indirect_statements(page, found)
    order = sorted(range(len(found)), key=lambda n: (found[n].content[0], n))
    place = {old: new for new, old in enumerate(order)}
    listed = [replace(found[n], carried=None if (c := found[n].carried) is None else place[c]) for n in order]
    return _with_speakers_before(page, listed)


def _with_speakers_before(page: Page, listed: list[Candidate]) -> list[Candidate]:
    """Give quotations without any attribution the speaker of the words just before them.

    That is the subject of the sentence before in the same paragraph, else whoever was quoted or reported
    in the paragraph before, or earlier in this one.
    """
    report = [n for n, para in enumerate(page.paras) if not para.furniture]
    rank = {n: place for place, n in enumerate(report)}
    made: list[Candidate] = []
    for n, one in enumerate(listed):
        if one.kind == "direct" and not one.source and one.carried is None and not one.cue:
            number = page.para_of(one.content[0][0])
            if subject := subject_before(page, number, one.content[0][0]):
                one = replace(one, source=(subject,), rule="subject_before")
            elif n and rank[number] - rank.get(page.para_of(listed[n - 1].content[0][0]), -9) <= 1:
                before = made[n - 1]
                head = n - 1 if before.carried is None else before.carried
                if made[head].source:
                    one = replace(one, carried=head, rule="carried_before")
        made.append(one)
    return made


__all__ = ["Candidate", "find_statements"]
