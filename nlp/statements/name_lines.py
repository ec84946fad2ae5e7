"""Speakers named beside a quotation without a verb: behind a dash, on the line below, on the line above."""

from __future__ import annotations

import re

from ledger.types import Span
from nlp.officials.lexicon import lexicon
from nlp.statements.model import Page

_DASHED = re.compile(r"\s*(?:[–—]|--?)\s*(?=[A-Z])")
_LONGEST = 90  # characters of a line that names somebody
_LEAST_PAIRS = 2  # names over quotations that make a list of them


def name_behind(page: Page, left: int, right: int) -> Span | None:
    """Whoever is named behind a dash between the two: “We will go.” – Mayor Ann Lee."""
    dash = _DASHED.match(page.text, left, right)
    if dash is None or right - dash.end() > _LONGEST:
        return None
    return _named(page, dash.end(), right)


def name_below(page: Page, number: int) -> Span | None:
    """Whoever a paragraph names that follows a quotation: behind a dash, or with an office behind a comma."""
    para = page.paras[number]
    if dashed := name_behind(page, para.start, para.end):
        return dashed
    words = page.text[para.start : para.end]
    if len(words) > _LONGEST or "," not in words or words[-1] in ".!?:":
        return None
    return _named(page, para.start, para.end)


def names_above(page: Page, quoted: frozenset[int]) -> dict[int, Span]:
    """Paragraphs that only name somebody over one that is all quotation, in ``quoted``: number to name.

    One such pair could be a caption; a list of them, or one behind a colon, is not.
    """
    report = [n for n, para in enumerate(page.paras) if not para.furniture]
    found: dict[int, Span] = {}
    announced = False
    for place, number in enumerate(report[:-1]):
        para = page.paras[number]
        words = page.text[para.start : para.end]
        if len(words) > _LONGEST or words[-1] in '.!?:”"' or report[place + 1] not in quoted:
            continue
        if name := _named(page, para.start, para.end):
            found[number] = name
            before = page.paras[report[place - 1]] if place else para
            announced = announced or page.text[before.end - 1] == ":"
    return found if announced or len(found) >= _LEAST_PAIRS else {}


def _named(page: Page, left: int, right: int) -> Span | None:
    """The name a stretch begins with, up to its first comma; None where it holds a verb or names nobody."""
    tokens = page.tokens(left, right)
    comma = page.text.find(",", left, right)
    end = comma if comma > 0 else right
    name = [token for token in tokens if token.idx < end]
    if not name or any(token.tag_ in ("VBD", "VBZ", "VBP", "MD") for token in name):
        return None
    titled = lexicon().titles.search(page.text[left:end].split()[0] + " ")
    if not titled and not any(token.ent_type_ == "PERSON" for token in name):
        return None
    return left, len(page.text[:end].rstrip(" .–—-"))
