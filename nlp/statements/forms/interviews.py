"""Interviews whose answers carry no label: questions, in bold or with a mark, and what stands below each.

"Will it be ready by May?", and in the next paragraph "It will. We have the money.". Whose the answers are is
told by the paragraphs before the first question, with the help of the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ledger.types import Span
from nlp.statements.forms.voice import form_words, is_spoken, label_of, sounds_spoken, titled
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para

_ASIDE = re.compile(r"\s*\([^()]{0,80}\)\s*\Z")
_BOLD = re.compile(r"\*\*[^*]+\*\*:?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*\w")
_INTRODUCTION = 5_000  # characters before the first question that may introduce who answers
_MARKS = '“"‘«„'
_LEAST_QUESTIONS = 3
_LONGEST_GAP = 6  # paragraphs from one question to the next within an interview
_LONGEST_QUESTION = 60  # words
_LONGEST_PROMPT = 25  # words of a paragraph that asks without a question mark
_LEAST_SPOKEN = 0.6  # of the answers that sound like speech


def interview(page: Page) -> list[Candidate]:
    """The answers of an interview, in order, with who gives them where that is told; [] for other texts."""
    report, asked = _questions(page)
    if len(asked) < _LEAST_QUESTIONS:
        return []
    marked = [_is_heading(page, page.paras[report[place]]) for place in asked]
    answers: list[int] = []
    first = page.paras[report[asked[0]]].start
    known = frozenset(_WORD.findall(f"{page.title}\n{page.text[max(0, first - _INTRODUCTION) : first]}"))
    answered = 0
    for place, following in zip(asked, [*asked[1:], None], strict=True):
        last = place + 2 if following is None or following - place > _LONGEST_GAP else following
        mine = _answers(page, report[place + 1 : last], sum(marked) * 2 > len(marked), known)
        answered += bool(mine)
        answers += mine
    spoken = [n for n in answers if sounds_spoken(page, page.paras[n])]
    if answered < max(_LEAST_QUESTIONS, _LEAST_SPOKEN * len(asked)) or len(spoken) < _LEAST_SPOKEN * len(
        answers
    ):
        return []
    source = _interviewed(page, first)
    made: list[Candidate] = []
    for number in answers:
        para = page.paras[number]
        label = label_of(page, para)
        words = ((label.end() if label else para.start, para.end),)
        by = label.span("label") if label else source
        made.append(_answer(page, Candidate("direct", words), by))
    return made


def quoted_answers(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """What was found, the quotations that answer an interview's questions given to who answers them."""
    report, asked = _questions(page)
    following = {report[place + 1] for place in asked if place + 1 < len(report)}
    answers = {
        n
        for n, one in enumerate(found)
        if one.kind == "direct"
        and not (one.source or one.cue or one.voice)
        and one.carried is None
        and page.para_of(one.content[0][0]) in following
    }
    if len(answers) < max(_LEAST_QUESTIONS, _LEAST_SPOKEN * len(asked)):
        return list(found)
    source = _interviewed(page, page.paras[report[asked[0]]].start)
    return [_answer(page, one, source) if n in answers else one for n, one in enumerate(found)]


def _answer(page: Page, one: Candidate, source: Span | None) -> Candidate:
    """An answer of who is introduced at ``source``, else of who the title names."""
    if source:
        return replace(one, source=(source,), rule="answer")
    return replace(one, rule="answer", voice=page.title)


def _questions(page: Page) -> tuple[list[int], list[int]]:
    """The numbers of the report's paragraphs, and the places among them of those that ask.

    Where most that ask tell in brackets who does, whatever ends so asks.
    """
    report = [n for n, para in enumerate(page.paras) if not para.furniture]
    asked = [place for place, n in enumerate(report) if _asks(page, page.paras[n])]
    signed = {place for place, n in enumerate(report) if _ASIDE.search(page.text, *_span(page.paras[n]))}
    if 2 * len(signed.intersection(asked)) > len(asked):
        asked = sorted(signed.union(asked))
    return report, asked


def _span(para: Para) -> Span:
    return para.start, para.end


def quoted_questions(page: Page) -> frozenset[int]:
    """The numbers of the paragraphs that are a question within marks, as of readers and listeners."""
    return frozenset(n for n, para in enumerate(page.paras) if _is_quoted_question(page, para))


def _is_quoted_question(page: Page, para: Para) -> bool:
    quotes = page.quotes_within(para.start, para.start + 1)
    return bool(quotes) and quotes[0].right == para.end and page.text[quotes[0].end - 1] == "?"


def _asks(page: Page, para: Para) -> bool:
    words = page.text[para.start : para.end]
    if len(words.split()) > _LONGEST_QUESTION or para.furniture:
        return False
    if words[0] in _MARKS:
        return _is_quoted_question(page, para)
    label = label_of(page, para)
    if label and label["label"] in form_words("questions"):
        return True
    return _ASIDE.sub("", words.rstrip("* ")).endswith("?") and not label


def _is_heading(page: Page, para: Para) -> bool:
    return para.kind == "heading" or _BOLD.fullmatch(page.text, para.start, para.end) is not None


def _answers(page: Page, between: Sequence[int], bold: bool, known: frozenset[str]) -> list[int]:
    """The paragraphs between two questions that answer the first; short ones among them ask again."""
    found: list[int] = []
    for nth, number in enumerate(between):
        para = page.paras[number]
        if nth and _is_heading(page, para):
            continue
        label = label_of(page, para)
        if not is_spoken(page, para) or (label and not known.issuperset(_WORD.findall(label["label"]))):
            break
        short = len(page.text[para.start : para.end].split()) <= _LONGEST_PROMPT
        if short and not bold and nth % 2 == 1 and len(between) % 2 == 1:
            continue
        found.append(number)
    return found


def _interviewed(page: Page, before: int) -> Span | None:
    """The name of whoever is introduced before the first question: one in the title, else the first."""
    ents = [e for e in page.doc.ents if e.label_ == "PERSON" and e.start_char < before]
    people = [e for e in ents if len(e) > 1 or (e.start and titled(f"{page.doc[e.start - 1].text} {e.text}"))]
    in_title = [e for e in people if e[-1].text in _WORD.findall(page.title)]
    chosen = next(iter(in_title or people), None)
    return (chosen.start_char, chosen.end_char) if chosen is not None else None
