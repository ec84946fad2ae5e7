"""Words that stand without quotation marks behind who says them: transcripts, questions and answers, blocks.

"SHAW: We will build it.", "A: Yes, by May.", and the paragraphs behind "In a statement, Cllr Lee said:".
Of the kind "indirect", since no marks set them off; they are the speaker's own words all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.types import Span
from nlp.statements.model import Candidate, Page

_LABEL = re.compile(
    r"((?:[A-Z][A-Z.'’-]*)(?: [A-Z][A-Z.'’-]*){0,3}|(?:[A-Z][\w.'’-]* ){0,4}[A-Z][\w.'’-]*)\s?:\s+(?=[\w£$])"
)
_QUESTIONS = frozenset(("Q", "Question"))
_ANSWERS = frozenset(("A", "Answer"))
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|me)\b")
_OCCASION = re.compile(
    r"\b(?:statement|letter|post|email|e-mail|message|speech|open letter|blog|reply)\b", re.I
)
_MARKS = '“"‘«'
_LEAST_LINES = 2  # labelled lines that make a transcript
_LONGEST_GAP = 3  # paragraphs without a label that still belong to the turn before
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph of somebody's turn: its words, and its label's span where it has one."""

    para: int
    words: Span
    label: Span | None


def turns(page: Page) -> list[Turn]:
    """The turns of a transcript or an interview in questions and answers, in order; [] for other texts."""
    labelled: list[Turn] = []
    for number, para in enumerate(page.paras):
        match = None if para.furniture else _LABEL.match(page.text, para.start, para.end)
        if match and len(page.text[match.end() : para.end].split()) >= _LEAST_WORDS:
            labelled.append(Turn(number, (match.end(), para.end), match.span(1)))
    names = Counter(_label(page, turn) for turn in labelled)
    if not any(
        _FIRST_PERSON.search(page.text, *t.words) or "?" in page.text[slice(*t.words)] for t in labelled
    ):
        return []  # a list: "Cost: …", "TURNOUT: …"
    people = [t for t in labelled if _is_person(page, t)]
    if len(people) < _LEAST_LINES:
        people = [t for t in people if _FIRST_PERSON.search(page.text, *t.words)]
    spoken = [t for t in labelled if names[_label(page, t)] >= _LEAST_LINES or t in people]
    if not spoken:
        return []
    capitals = any(page.text[slice(*t.label)].isupper() for t in spoken if t.label)
    mine = [
        t for t in labelled if t in spoken or (capitals and page.text[slice(*(t.label or (0, 0)))].isupper())
    ]
    return _with_continued(page, mine)


def turn_statements(page: Page, found: list[Turn]) -> list[Candidate]:
    """The statements of turns; what only asks ("Q: …") is nobody's statement."""
    made: list[Candidate] = []
    asked = False
    head = 0
    for turn in found:
        if turn.label is not None:
            asked = page.text[slice(*turn.label)] in _QUESTIONS
            head = len(made)
        if asked:
            continue
        if turn.label is None:
            made.append(Candidate("indirect", (turn.words,), (), (), head, "", "label_carried"))
        else:
            made.append(Candidate("indirect", (turn.words,), (), (turn.label,), None, "", "label"))
    return made


def labelled(label: str, people: Sequence[tuple[str, ...]]) -> int | None:
    """Which of the people, by the words of their names, a label stands for; None where that is not plain.

    "SHAW" is the only one of that surname, "JS" the only one of those initials, "A" the only one at all.
    """
    words = label.replace(".", "").split()
    if label in _ANSWERS:
        fits = list(range(len(people)))
    elif not label.isupper():
        return None
    elif len(words) == 1 and len(words[0]) in (2, 3):
        fits = [n for n, name in enumerate(people) if "".join(word[0] for word in name) == words[0]]
    else:
        fits = [n for n, name in enumerate(people) if name[-1].upper() == words[-1]]
    return fits[0] if len(fits) == 1 else None


def _label(page: Page, turn: Turn) -> str:
    assert turn.label is not None
    words = page.text[slice(*turn.label)]
    return "Q and A" if words in _QUESTIONS | _ANSWERS else words


def _is_person(page: Page, turn: Turn) -> bool:
    """A label of two words or more for a person, before a whole sentence: headlines end without a stop."""
    assert turn.label is not None
    tokens = page.tokens(*turn.label)
    ends = page.text[slice(*turn.words)].rstrip("”\"’'")[-1:]
    return ends in (".", "!", "?") and len(tokens) > 1 and any(t.ent_type_ == "PERSON" for t in tokens)


def _with_continued(page: Page, labelled: list[Turn]) -> list[Turn]:
    """With the few paragraphs between two labelled ones, which go on with the turn before."""
    made: list[Turn] = []
    for turn, following in zip(labelled, [*labelled[1:], None], strict=True):
        made.append(turn)
        if following is None or following.para - turn.para - 1 > _LONGEST_GAP:
            continue
        between = ((n, page.paras[n]) for n in range(turn.para + 1, following.para))
        made += [Turn(n, (para.start, para.end), None) for n, para in between if not para.furniture]
    return made
