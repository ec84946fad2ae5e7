"""Statements of a parsed article: quotations with their cue and source, and what is reported in clauses.

`find_statements` joins the two: direct speech first (`nlp.direct`), then the clauses under the cues that
are left (`nlp.indirect`), in the order of the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nlp.direct import direct_statements
from nlp.found import Found, Page
from nlp.indirect import indirect_statements
from nlp.layout import paragraphs
from nlp.quotations import quoted


def find_statements(doc: Any) -> list[Found]:
    """Every statement of a spaCy Doc, in text order; offsets are characters of ``doc.text``.

    ``carried`` of a statement without a source of its own is the index, in the list given, of the
    statement whose speaker goes on. Linear in the text; never raises for any text.
    """
    text = doc.text
    paras = paragraphs(text)
    page = Page(doc, text, paras, quoted(text, paras))
    direct = direct_statements(page)
    found = direct + indirect_statements(page, direct)
    order = sorted(range(len(found)), key=lambda n: (found[n].content[0], n))
    place = {old: new for new, old in enumerate(order)}
    return [replace(found[n], carried=None if (c := found[n].carried) is None else place[c]) for n in order]


__all__ = ["Found", "find_statements"]
