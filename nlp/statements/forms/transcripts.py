"""Turns of a transcript or an interview: words behind a label that tells who speaks them.

"SHAW: We will build it.", "A: Yes, by May.", "The Minister (Ann Lee): I am grateful.". Whoever only asks, the
interviewer, the host, "Q", makes no statements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.types import Span
from nlp.statements.forms.voice import FIRST_PERSON, STOPS, form_words, names_person, titled
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para
from nlp.text.sentences import sentence_breaks

_LABEL = re.compile(
    r"\**(?:(?:Q ?)?\d{1,4}\.? +)?(?P<label>[^\W\d_][^:“”\"‘?!\n]{0,110}?) ?(?::\**|\**:) +(?=[\w£$(])"
)
_OTHER_LABEL = re.compile(r"(?:[^:.!?\n]{1,60}|[^:.!?\n]{1,20}\.[^:.!?\n]{1,30}):\s")
_WITHIN = re.compile(r"(?<=[a-z,(:]) ?([A-ZÀ-Þ][\w’'-]+)")
_BRACKETS = re.compile(r"\([^()]*\)")
_SMALL = frozenset("of the for and de da di du van von der den le la el al bin ibn y a' ní nic mac".split())
_CLOSING = "”\"’')]*"
_BRACKETED = 200  # characters of a paragraph's end in which an aside in brackets may stand
_LEAST_LINES = 2  # labelled lines that make a transcript
_LONGEST_GAP = 3  # paragraphs without a label that still belong to the turn before
_SHORT = 3  # letters of words that headlines leave in small letters
_LONGEST_NAME = 6  # words of a label, without what stands in brackets or behind a comma
_LEAST_ASKED = 0.2  # of a host's turns that hold a question
_LEAST_TURNS = 0.35  # of all turns that are a host's


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph of somebody's turn: its words, and its label's span where it has one."""

    para: int
    words: Span
    label: Span | None


def transcript(page: Page) -> list[Candidate]:
    """The statements of a transcript, in order; what only asks is nobody's statement."""
    found = _turns(page)
    hosts = _hosts(page, [turn for turn in found if turn.label is not None])
    made: list[Candidate] = []
    asked = False
    head = 0
    for turn in found:
        if turn.label is not None:
            words = _words(page, turn)
            asked = words in hosts or ("," in words and _only_asks(page, turn))
            head = len(made)
        if asked:
            continue
        if turn.label is None:
            made.append(Candidate("direct", (turn.words,), (), (), head, "", "label_carried"))
        elif _is_headline(page.text[slice(*turn.words)]):
            made.append(Candidate("indirect", (turn.words,), (), (turn.label,), None, "", "headline"))
        else:
            made.append(Candidate("direct", (turn.words,), (), (turn.label,), None, "", "label"))
    return made


def labelled(label: str, people: Sequence[tuple[str, ...]]) -> int | None:
    """Which of the people, by the words of their names, a label stands for; None where that is not plain.

    "SHAW" is the only one of that surname, else of that first name, "JS" the only one of those initials, "A"
    the only one at all.
    """
    words = _BRACKETS.sub("", label).replace(".", "").split() or [""]
    if label in form_words("answers"):
        fits = list(range(len(people)))
    elif not words[-1].isupper():
        return None
    elif len(words) == 1 and len(words[0]) in (2, 3):
        fits = [n for n, name in enumerate(people) if _initials(name) == words[0]]
    else:
        fits = [n for n, name in enumerate(people) if name[-1].upper() == words[-1]]
        fits = fits or [n for n, name in enumerate(people) if name[0].upper() == words[-1]]
    return fits[0] if len(fits) == 1 else None


def _initials(name: Sequence[str]) -> str:
    return "".join(part[0] for word in name for part in word.split("-") if part)


def _turns(page: Page) -> list[Turn]:
    """The turns of a transcript or an interview in questions and answers, in order; [] for other texts."""
    labelled = list(_labelled_lines(page))
    if not any(
        FIRST_PERSON.search(page.text, *t.words) or "?" in page.text[slice(*t.words)] for t in labelled
    ):
        return []  # a list: "Cost: …", "TURNOUT: …"
    names = Counter(_label(page, turn) for turn in labelled)
    people = [t for t in labelled if _is_person(page, t)]
    if len(people) < _LEAST_LINES:
        people = [t for t in people if FIRST_PERSON.search(page.text, *t.words)]
    known = _known_words(page) if labelled else frozenset()
    spoken = [
        t
        for t in labelled
        if t in people or (names[_label(page, t)] >= _LEAST_LINES and _is_named(page, t, known))
    ]
    if not spoken:
        return []
    capitals = any(_words(page, t).isupper() for t in spoken)
    mine = [t for t in labelled if t in spoken or (capitals and _words(page, t).isupper())]
    return _with_continued(page, mine)


def _labelled_lines(page: Page) -> Iterator[Turn]:
    for number, para in enumerate(page.paras):
        match = None if para.furniture else _LABEL.match(page.text, para.start, para.end)
        if match is None or not (para.kind == "label" or _looks_named(match["label"])):
            continue
        yield Turn(number, (match.end(), para.end), match.span("label"))


def _looks_named(label: str) -> bool:
    """True for words in capitals or with them, as names and offices are written."""
    words = _BRACKETS.sub(" ", label).partition(",")[0].split()
    return 0 < len(words) <= _LONGEST_NAME and all(
        word[0].isupper() or word.lower() in _SMALL for word in words
    )


def _is_headline(words: str) -> bool:
    """True for words with capitals, as some papers' headlines have: an editor's rather than the speaker's."""
    long = [word for word in words.split() if len(word) > _SHORT]
    return len(long) > 1 and sum(word[0].islower() for word in long) * 4 <= len(long)


def _words(page: Page, turn: Turn) -> str:
    assert turn.label is not None
    return page.text[slice(*turn.label)]


def _label(page: Page, turn: Turn) -> str:
    """A turn's label as it is counted; questions and answers count as one."""
    words = _words(page, turn)
    return "Q and A" if words in form_words("questions") | form_words("answers") else words


def _is_person(page: Page, turn: Turn) -> bool:
    """A label with a name or a title, before a whole sentence: headlines end without a stop."""
    assert turn.label is not None
    if page.text[slice(*turn.words)].rstrip(_CLOSING)[-1:] not in STOPS:
        return False
    return len(_words(page, turn).split()) > 1 and names_person(page, turn.label)


def _known_words(page: Page) -> frozenset[str]:
    """Words with a capital within a sentence or the title, as names have."""
    return frozenset(match[1] for text in (page.title, page.text) for match in _WITHIN.finditer(text))


def _is_named(page: Page, turn: Turn, known: frozenset[str]) -> bool:
    """True for a label in capitals, one of questions and answers, or one whose name the text knows."""
    words = _words(page, turn)
    return words.isupper() or _label(page, turn) == "Q and A" or words.split()[-1].strip(")") in known


def _hosts(page: Page, labelled: Sequence[Turn]) -> frozenset[str]:
    """The labels of those who only ask: "Q", whoever does nothing else, and the host of a programme.

    A host speaks first, again and again between the others, and asks.
    """
    by_label: dict[str, list[Turn]] = {}
    for turn in labelled:
        by_label.setdefault(_words(page, turn), []).append(turn)
    hosts = {label for label in by_label if label in form_words("questions")}
    for label, mine in by_label.items():
        if len(mine) >= _LEAST_LINES and all(_only_asks(page, turn) for turn in mine):
            hosts.add(label)
    first = next(iter(by_label), "")
    mine = by_label.get(first, [])
    if len(mine) > _LEAST_LINES and len(mine) >= _LEAST_TURNS * len(labelled):
        asked = sum("?" in page.text[slice(*turn.words)] for turn in mine)
        if asked >= _LEAST_ASKED * len(mine) and not titled(first):
            hosts.add(first)
    return frozenset(hosts)


def _only_asks(page: Page, turn: Turn) -> bool:
    """True for a turn that is nothing but questions."""
    start, end = turn.words
    ends = [stop for stop, _ in sentence_breaks(page.text, start, end)] + [end]
    return all(page.text[start:stop].rstrip(_CLOSING).endswith("?") for stop in ends)


def _with_continued(page: Page, labelled: list[Turn]) -> list[Turn]:
    """With the few paragraphs between two labelled ones, which go on with the turn before."""
    made: list[Turn] = []
    for turn, following in zip(labelled, [*labelled[1:], None], strict=True):
        made.append(turn)
        if following is None or following.para - turn.para - 1 > _LONGEST_GAP:
            continue
        for number in range(turn.para + 1, following.para):
            para = page.paras[number]
            if para.furniture:
                continue
            if not _goes_on(page, para):
                break
            made.append(Turn(number, (para.start, para.end), None))
    return made


def _goes_on(page: Page, para: Para) -> bool:
    """True for whole sentences that are no question, and that nobody else's name stands before."""
    words = page.text[para.start : para.end]
    words = _BRACKETS.sub("", words[-_BRACKETED:]).rstrip(_CLOSING + " ")
    other = _OTHER_LABEL.match(page.text, para.start, para.end)
    return para.kind not in ("heading", "caption") and words.endswith(STOPS[:2]) and other is None
