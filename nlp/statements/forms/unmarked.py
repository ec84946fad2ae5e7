"""All forms of a page together: what stands in them, and which paragraphs are read by that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from nlp.statements.forms.interviews import interview, quoted_questions
from nlp.statements.forms.letters import letters
from nlp.statements.forms.own_words import own_words
from nlp.statements.forms.transcripts import transcript
from nlp.statements.model import Candidate, Page

Form = Callable[[Page], Sequence[Candidate]]
_FORMS: tuple[Form, ...] = (transcript, interview, letters, own_words)


def unmarked_speech(page: Page) -> tuple[list[Candidate], frozenset[int]]:
    """The candidates of the first form that a page has, and the numbers of the paragraphs read by it."""
    for form in _FORMS:
        if found := list(form(page)):
            asked = quoted_questions(page) if form is interview else frozenset()
            return found, asked | {page.para_of(one.content[0][0]) for one in found}
    return [], frozenset()


def joined(first: Sequence[Candidate], then: Sequence[Candidate]) -> list[Candidate]:
    """Two lists of candidates as one; ``carried`` of the second counts on."""
    return [
        *first,
        *(one if one.carried is None else replace(one, carried=one.carried + len(first)) for one in then),
    ]
