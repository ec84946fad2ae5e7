"""Interviews whose answers carry no label: questions, in bold or with a mark, and what stands below each.

"Will it be ready by May?", and in the next paragraph "It will. We have the money.". Whose the answers are is
told by the paragraphs before the first question, with the help of the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.types import Span
from nlp.statements.forms.voice import form_words, is_spoken, names_person, sounds_spoken
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

_ASIDE = re.compile(r"\s*\([^()]{0,80}\)\s*$")
_BOLD = re.compile(r"\*\*[^*]+\*\*:?")
_LABEL = re.compile(r"\**(?P<label>(?:[^\W\d_][\w.'’-]* ){0,4}[^\W\d_][\w.'’-]*):\** +(?=\S)")
_MARKS = '“"‘«„'
_LEAST_QUESTIONS = 3
_LONGEST_GAP = 6  # paragraphs from one question to the next within an interview
_LONGEST_QUESTION = 60  # words
_LONGEST_PROMPT = 25  # words of a paragraph that asks without a question mark
_LEAST_SPOKEN = 0.6  # of the answers that sound like speech


def interview(page: Page, title: str) -> list[Candidate]:
    """The answers of an interview, in order, with who gives them where that is told; [] for other texts."""
    report = [n for n, para in enumerate(page.paras) if not para.furniture]
    asked = [place for place, n in enumerate(report) if _asks(page, page.paras[n])]
    if len(asked) < _LEAST_QUESTIONS:
        return []
    marked = [_is_heading(page, page.paras[report[place]]) for place in asked]
    answers: list[int] = []
    answered = 0
    for place, following in zip(asked, [*asked[1:], None], strict=True):
        last = place + 2 if following is None or following - place > _LONGEST_GAP else following
        mine = _answers(page, report[place + 1 : last], sum(marked) * 2 > len(marked))
        answered += bool(mine)
        answers += mine
    spoken = [n for n in answers if sounds_spoken(page, page.paras[n])]
    if answered < max(_LEAST_QUESTIONS, _LEAST_SPOKEN * len(asked)) or len(spoken) < _LEAST_SPOKEN * len(
        answers
    ):
        return []
    source = _interviewed(page, page.paras[report[asked[0]]].start, title)
    made: list[Candidate] = []
    for number in answers:
        para = page.paras[number]
        label = _LABEL.match(page.text, para.start, para.end)
        words = ((label.end() if label else para.start, para.end),)
        named = label.span("label") if label else source
        made.append(Candidate("direct", words, (), (named,) if named else (), None, "", "answer"))
    return made


def _asks(page: Page, para: Para) -> bool:
    words = page.text[para.start : para.end]
    if words[0] in _MARKS or len(words.split()) > _LONGEST_QUESTION:
        return False
    label = _LABEL.match(words)
    if label and label["label"] in form_words("questions"):
        return True
    return _ASIDE.sub("", words.rstrip("* ")).endswith("?") and not label


def _is_heading(page: Page, para: Para) -> bool:
    return para.kind == "heading" or _BOLD.fullmatch(page.text, para.start, para.end) is not None


def _answers(page: Page, between: Sequence[int], bold: bool) -> list[int]:
    """The paragraphs between two questions that answer the first; short ones among them ask again."""
    found: list[int] = []
    for nth, number in enumerate(between):
        para = page.paras[number]
        if nth and _is_heading(page, para):
            continue
        label = _LABEL.match(page.text, para.start, para.end)
        if not is_spoken(page, para) or (label and not names_person(page, label.span("label"))):
            break
        short = len(page.text[para.start : para.end].split()) <= _LONGEST_PROMPT
        if short and not bold and nth % 2 == 1 and len(between) % 2 == 1:
            continue
        found.append(number)
    return found


def _interviewed(page: Page, before: int, title: str) -> Span | None:
    """The name of whoever is introduced before the first question: one in the title, else the first."""
    people = [e for e in page.doc.ents if e.label_ == "PERSON" and e.start_char < before]
    known = set(re.findall(r"[^\W\d_][\w'’-]+", title))
    titled = [e for e in people if e[-1].text in known]
    chosen = next(iter(titled or people), None)
    return (chosen.start_char, chosen.end_char) if chosen is not None else None
