"""Speeches, columns and messages of officials: a text in the first person under an official's name.

"Prime Minister’s speech at the Corn Hall", "By Ann Lee, Leader of Hexley Council". Whoever writes in the
first person without an office in title or byline is a reporter, whose words are no statements.
"""

from __future__ import annotations

import re
from itertools import dropwhile

from ledger.types import PRIVATE
from nlp.officials.lexicon import lexicon
from nlp.officials.offices import find_offices
from nlp.officials.organizations import find_bodies
from nlp.statements.forms.voice import form_words, is_spoken
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

_I = re.compile(r"\b(?:I|[Mm]y|[Ww]e|[Oo]ur|me)\b")
_WORD = re.compile(r"[a-z]+")
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ]\w{2,}")
_LEAST_PARAGRAPHS = 3
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
    if _is_official(page.byline):
        return page.byline
    words = set(_WORD.findall(page.title.lower()))
    named = page.byline and page.byline in page.title
    return page.title if (named or words & form_words("own")) and _is_official(page.title) else ""


def _is_official(words: str) -> bool:
    """True for words with a public office, a rank or a public body; not for "Council reporter"."""
    if not words:
        return False
    bodies = find_bodies(words)
    roles = {office.role for office in find_offices(words, bodies, ())}
    if PRIVATE in roles:
        return False
    titled = words.split()[0].rstrip(".").lower() in lexicon().ranks | lexicon().councillor_titles
    return titled or bool(roles) or any(body.role != PRIVATE for body in bodies)
