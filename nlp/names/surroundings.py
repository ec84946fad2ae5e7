"""What stands around capitalised words and tells that they are somebody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.types import Span
from nlp.names.lists import name_lists
from nlp.names.words import Word, WordRuns, is_title
from nlp.officials.lexicon import lexicon

_THE = re.compile(r"\b(?:[Tt]he|[Aa]n?) $")  # "the Hexley East MP"
_TITLED = 30  # characters before a name that hold its title
_SPEAKS = 14  # characters before a name that hold a verb of speaking
_RENAMED = 120  # characters before a name looked at for words that it gives the name of
_LABEL = 140  # characters of a line that name and brackets stand in
_CAPITAL, _BRACKETS = r"[A-ZÀ-ÞĀ-Ž][\w’'-]+", r"\(([^()\n]{2,50})\)"
_RECORD = re.compile(  # "Ann Lee (Harle East) (Lab):"
    rf"\W{{0,6}}({_CAPITAL}(?: {_CAPITAL}){{1,3}})\**(?: {_BRACKETS})(?: ?{_BRACKETS})? ?(?::|\*)"
)
PLACE = 2  # words of a seat's last place at most
_SEATED = 60  # characters before a run that hold the beginning of a seat
_SEAT = re.compile(rf"\b(?:MP|MSP|MS|MLA|TD)s? for (?:the )?(?:{_CAPITAL} (?:(?:and|upon|on|with) |& )?)*$")
_AGE = re.compile(r",? \(?(?:aged )?\d{1,3}[,).]")


def aged(text: str, run: Sequence[Word]) -> bool:
    """Whether an age stands behind a name."""
    return bool(_AGE.match(text, run[-1].span[1]))


def seated(text: str, run: Sequence[Word]) -> bool:
    """Whether a line begins with a name and its seat and party in brackets, as a record of a house has it."""
    name = _in_record(text, run[0].span[0])
    return name is not None and name == (run[0].span[0], run[-1].span[1])


def is_seat(text: str, run: Sequence[Word]) -> bool:
    """Whether capitalised words stand in brackets behind the name that a line begins with, or are the end of
    a member's seat: "the MP for Harle and Stoke Mere, Ann Lee"."""
    name = _in_record(text, run[0].span[0])
    if name is not None and run[0].span[0] > name[1]:
        return True
    named = len(run) > PLACE or run[0].text in lexicon().first_names  # "MP for Harle Ann Lee, who chairs"
    return not named and text[run[-1].span[1] : run[-1].span[1] + 1] in (",", ")") and seat_ahead(text, run)


def seat_ahead(text: str, run: Sequence[Word]) -> bool:
    """Whether a member's seat has begun before these words: "MP for West Harle Ann Lee"."""
    at = run[0].span[0]
    return _SEAT.search(text, max(0, at - _SEATED), at) is not None


def _in_record(text: str, at: int) -> Span | None:
    """The name that the line of ``at`` begins with, where a party in brackets and a colon follow."""
    line = max(0, text.rfind("\n", max(0, at - _LABEL), at) + 1)
    match = _RECORD.match(text, line) if line or at < _LABEL else None
    if match is None or at > match.end() or not lexicon().party_marks.intersection((match[2], match[3])):
        return None
    return None if lexicon().not_names.intersection(match[1].split()) else match.span(1)


def apposed(text: str, run: Sequence[Word]) -> bool:
    """Whether what follows says that this is somebody: an office, a party, letters, an age."""
    start, end, known = run[0].span[0], run[-1].span[1], name_lists()
    honoured = known.letters.match(text, end) and not _THE.search(text, max(0, start - 5), start)
    return bool(known.apposition.match(text, end) or honoured or aged(text, run))


def renamed(text: str, run: Sequence[Word]) -> bool:
    """Whether words for one person stand before a comma and the name: "The MP for Harle, Jo Shaw, said"."""
    start, known = run[0].span[0], name_lists()
    if text[max(0, start - 2) : start] != ", ":
        return False
    ahead = known.renamed.search(text, max(0, start - _RENAMED), start)
    return bool(ahead) and (text[run[-1].span[1] : run[-1].span[1] + 1] == "," or speaks(text, run[-1]))


def speaks(text: str, word: Word) -> bool:
    """Whether a word is followed, or preceded, by a verb of speaking."""
    return _speaks(text, *word.span)


def _speaks(text: str, start: int, end: int) -> bool:
    known = name_lists()
    ahead = known.speaks_ahead.search(text, max(0, start - _SPEAKS), start)
    return bool(known.speaks_behind.match(text, end) or ahead)


def spoken_alone(text: str, words: WordRuns) -> frozenset[str]:
    """Single capitalised words, as keys, that speak somewhere, or are addressed by a title."""
    known = name_lists()
    found = set()
    for run in words.runs:
        before = run[-2].text if len(run) > 1 else ""
        headed = len(run) == 2 and before in known.surname_heads
        if before and not (headed or is_title(before)):
            continue
        start, end = run[-2 if headed else -1].span[0], run[-1].span[1]
        if _speaks(text, start, end) or lexicon().titles.search(text[max(0, start - _TITLED) : start]):
            found.add(run[-1].key)
    return frozenset(found)
