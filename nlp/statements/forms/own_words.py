"""Speeches, columns and messages of officials: a text in the first person under an official's name; and a
parliament's written answers, whose words are the minister's.

"Prime Minister’s speech at the Corn Hall", "By Ann Lee, Leader of Hexley Council". Whoever writes in the
first person without an office in title or byline is a reporter, whose words are no statements; nor is
a question.
"""

from __future__ import annotations

import re
from itertools import dropwhile

from ledger.types import PRIVATE, Span
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import find_offices
from nlp.officials.organizations import find_bodies
from nlp.statements.forms.voice import (
    STOPS,
    form_pattern,
    form_words,
    is_spoken,
    label_of,
    names_person,
)
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

ANSWERS = "written_answer"  # the kind of articles that hold them, and the rule of what is said in them
_I = re.compile(r"\b(?:I|[Mm]y|[Ww]e|[Oo]ur|me)\b")
_WORD = re.compile(r"[a-z]+")
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ]\w{2,}")
_LEAST_PARAGRAPHS = 3
_LEAST_WORDS = 3  # of a paragraph of an answer
_ASKED = 200  # characters of a paragraph in which it is told that it asks
_LEAST_FIRST_PERSON = 0.5  # of the paragraphs


def own_words(page: Page) -> list[Candidate]:
    """The paragraphs of an official's own text, in order; [] for other texts."""
    voice = _voice(page)
    if not voice:
        return []
    report = [para for para in page.paras if not para.furniture and para.kind in ("", "quote", "list")]
    spoken = [para for para in report if is_spoken(page, para)]
    if sum(_first_person(page, para) for para in spoken) < max(
        _LEAST_PARAGRAPHS, _LEAST_FIRST_PERSON * len(report)
    ):
        return []
    names = set(_CAPITAL.findall(voice))
    return [
        Candidate("direct", ((para.start, para.end),), (), (), None, "", "own_words", voice)
        for para in dropwhile(lambda para: not _first_person(page, para), spoken)
        if _first_person(page, para) or names.isdisjoint(_CAPITAL.findall(page.text, para.start, para.end))
    ]


def _first_person(page: Page, para: Para) -> bool:
    return _I.search(page.text, para.start, para.end) is not None


def _voice(page: Page) -> str:
    """The byline with an office, else a title that tells whose speech or column the text is, else ""."""
    if is_official(page.byline):
        return page.byline
    words = set(_WORD.findall(page.title.lower()))
    named = page.byline and page.byline in page.title
    return page.title if (named or words & form_words("own")) and is_official(page.title) else ""


def is_official(words: str) -> bool:
    """True for words with a public office, a rank or a public body; not for "Council reporter"."""
    if not words:
        return False
    bodies = find_bodies(words)
    roles = {office.role for office in find_offices(words, bodies, ())}
    if PRIVATE in roles:
        return False
    titled = words.split()[0].rstrip(".").lower() in lexicon().ranks | lexicon().councillor_titles
    return titled or bool(roles) or any(body.role != PRIVATE for body in bodies)


def with_answers(page: Page) -> list[Candidate]:
    """The statements of a question with its written answer: the answer's paragraphs, in order, as the words
    of who is named as answering it, in the text or in the byline."""
    first, source = _answer(page)
    voice = page.byline if source is None and is_official(page.byline) else ""
    made: list[Candidate] = []
    for para in page.paras[first:]:
        start = para.start
        if (label := _labelled(page, para)) is not None:
            source, voice, start = label
        words = page.text[start : para.end]
        told = para.kind in ("", "list", "quote", "label") and words.endswith((*STOPS, ";", ":"))
        if para.furniture or not told or len(words.split()) < _LEAST_WORDS or words.endswith("?"):
            continue
        sources = () if source is None else (source,)
        made.append(Candidate("direct", ((start, para.end),), (), sources, None, "", ANSWERS, voice))
    return made


def _labelled(page: Page, para: Para) -> tuple[Span | None, str, int] | None:
    """Who answers, by a paragraph's label ("Ann Lee (Minister for Ports): …"), in words where the office
    stands first ("Minister for Ports (Ann Lee): …"), and where the words begin."""
    match = form_pattern("answer_label").match(page.text, para.start, para.end)
    if match is None and (label := label_of(page, para)) and names_person(page, label.span("label")):
        match = label
    if match is None:
        return None
    office, _, name = match["label"].partition(" (")
    if name and any(found.role == "minister" for found in find_offices(office, (), ())):
        return None, f"{name.removesuffix(')')}, {office}", match.end()
    return match.span("label"), "", match.end()


def _answer(page: Page) -> tuple[int, Span | None]:
    """The number of the first paragraph of the answer, and the name of who gives it where the text tells."""
    first, source = None, None
    for number, para in enumerate(page.paras):
        if match := form_pattern("answered_by").search(page.text, para.start, para.end):
            source = match.span("who")
        if form_pattern("answer_head").match(page.text, para.start, para.end):
            first = number + 1
    if first is None:
        asked = (n for n, para in enumerate(page.paras) if _asks(page, para))
        first = next(asked, -1) + 1
    return first, source


def _asks(page: Page, para: Para) -> bool:
    words = page.text[para.start : para.end]
    return words.endswith("?") or bool(form_pattern("question").search(words[:_ASKED]))
