"""Manifestos: each point of a numbered or bulleted programme, and paragraphs of what "we will" do.

Whose they are is told by whoever published them (``Page.byline``), not by the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from nlp.statements.forms.voice import form_pattern, form_words
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para, without_bullet
from nlp.text.sentences import sentence_breaks

KIND = "manifesto"  # of an article that is read so
_NUMBERED = re.compile(r"\(?\d{1,3}[.):]?\s+(?=\S)")
_FINITE = ("VBD", "VBZ", "VBP")
_LEAST_WORDS = 3
_LEAST_HEADING = 4  # words of a numbered heading that says what is to be done
_WHOSE = frozenset("we i".split())
_VERBLIKE = ("VB", "VBP", "NN", "NNP", "JJ", "RB")  # how a verb at the head of an item is read
_NAMED = ("PROPN", "NUM", "PUNCT", "SPACE", "SYM")


def with_points(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """The statements of a manifesto in the order of its text: its points, and of ``found`` what is somebody
    else's."""
    own = list(points(page))
    taken = {page.para_of(one.content[0][0]) for one in own}
    others = (one for one in found if one.source and page.para_of(one.content[0][0]) not in taken)
    return sorted([*own, *(replace(one, carried=None) for one in others)], key=lambda one: one.content)


def points(page: Page) -> Iterator[Candidate]:
    """Items and paragraphs that promise, each a statement of whoever published the text."""
    told = True  # False below a heading under which nothing is promised
    report = [para for para in page.paras if not para.furniture and para.kind != "caption"]
    below: Para | None = None  # the paragraph that goes with a numbered heading
    lead = ""  # the last line that is no item
    for at, (para, following) in enumerate(zip(report, [*report[1:], None], strict=True)):
        if para is below:
            continue
        if para.kind != "list":
            lead = page.text[para.start : para.end]
        start = _start(page, para)
        words = page.text[start : para.end]
        if para.kind == "heading":
            told = form_pattern("no_points").search(words) is None
        if not told or len(words.split()) < _LEAST_WORDS or form_pattern("no_point").search(words):
            continue
        listing = following is not None and following.kind == "list"
        if para.kind != "list" and listing and form_pattern("leads").search(words):
            continue  # "To do this, I will:"
        content = [(start, para.end)]
        if para.kind == "heading":
            numbered = start > para.start and len(words.split()) >= _LEAST_HEADING
            stands = numbered and _undertakes(page, start, para.end) and not _is_chapter(page, report[at:])
            if (
                start > para.start
                and following
                and not following.kind
                and not form_pattern("leads").search(page.text, following.start, following.end)
                and _start(page, following) == following.start
            ):
                below = following
                own = form_pattern("own_promise").search(page.text, following.start, following.end)
                if own or not stands:  # what else is told there is about the point that the heading is
                    stands = stands or _promises(page, following.start, following.end)
                    content.append((following.start, following.end))
        elif para.kind == "list" or start > para.start:
            stands = _undertakes(page, start, para.end) and not _is_detail(page, start, lead)
        else:
            stands = _promises(page, start, para.end)
        if stands:
            yield Candidate("direct", tuple(content), (), (), None, "", "point", page.byline)


def _is_chapter(page: Page, report: Sequence[Para]) -> bool:
    """True for a heading that names what the items below it are about: "3. A home for everyone"."""
    section = takewhile(lambda para: para.kind != "heading", report[1:])
    first = page.tokens(_start(page, report[0]), report[0].end)[0]
    return first.tag_ not in _VERBLIKE and any(para.kind == "list" for para in section)


def _is_detail(page: Page, start: int, lead: str) -> bool:
    """True for an item that goes on with the point above it: "starting with the longest waits"."""
    first = page.tokens(start, start + 1)[0]
    return first.text[0].islower() and not lead.rstrip().endswith(":") and first.tag_ not in _VERBLIKE


def _start(page: Page, para: Para) -> int:
    """Where the words of a point begin, behind its bullet or number."""
    start = without_bullet(page.text, para)
    number = _NUMBERED.match(page.text, para.start, para.end)
    return max(start, number.end()) if number else start


def _promises(page: Page, start: int, end: int) -> bool:
    """True for words in which something will be, of which the publisher is who undertakes it."""
    return form_pattern("promise").search(page.text, start, end) is not None


def _undertakes(page: Page, start: int, end: int) -> bool:
    """False for an item that reports, asks, or only names: "300 homes were lost", "Ann Lee, Southwick"."""
    stop = next((left for left, _ in sentence_breaks(page.text, start, end)), end)
    if _promises(page, start, end):
        return True
    if page.text[stop - 1] == "?":
        return False
    tokens = page.tokens(start, stop)
    if _opens_with_verb(tokens):
        return True
    if all(token.pos_ in _NAMED for token in tokens):
        return False
    for token in tokens:
        if token.tag_ not in _FINITE or token.dep_ not in ("ROOT", "conj", "aux", "auxpass"):
            continue
        verb = token.head if token.dep_ in ("aux", "auxpass") else token
        if verb.dep_ not in ("ROOT", "conj"):
            continue
        subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass", "expl")), None)
        if subject is None or subject.i > token.i or subject.idx < start:
            continue
        own = subject.lower_ in _WHOSE
        done = token.tag_ == "VBD" or (token.lower_ in ("have", "'ve", "’ve") and verb.tag_ == "VBN")
        if done or not own:
            return False
    return True


def _opens_with_verb(tokens: Sequence[Any]) -> bool:
    """True where the parser took the verb of "Consult people before a road is closed" for a part of its
    object: then the only finite verb stands behind a word that subordinates it."""
    finite = [n for n, token in enumerate(tokens) if token.tag_ in (*_FINITE, "MD")]
    if len(finite) != 1 or tokens[0].dep_ not in ("compound", "amod"):
        return False
    return any(token.lower_ in form_words("subordinators") for token in tokens[1 : finite[0]])
