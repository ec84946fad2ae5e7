"""Names of people in a text: full names, and names behind a title ("Coun Varley", "Sir Gerald").

Who is a person is told by a title, an office or a word for people beside the name, an age, letters behind
it, or by its last word speaking alone later; a list of first names comes after these, a tagger last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ledger.types import Span
from nlp.names.letters import caps, seen, word_key
from nlp.names.lists import name_lists
from nlp.names.surnames import surnames_alone
from nlp.names.surroundings import aged, apposed, is_seat, renamed, seat_ahead, seated, speaks, spoken_alone
from nlp.names.words import (
    LONGEST,
    Word,
    WordRuns,
    find_words,
    followed,
    introduced,
    is_title,
    opens,
    shouted,
    titles_before,
    titles_within,
)
from nlp.officials.lexicon import Gender, lexicon
from nlp.officials.register import name_key
from nlp.text.normalize import fold_title

_OF = re.compile(r"\b(?:of|for|in|at|from)(?: the)? $")
_NEAR = 12  # characters before a run that hold its preposition
_SEAT = re.compile(r" of [A-ZÀ-Þ][\w’'\-]+(?:[ \-](?:[A-ZÀ-Þ][\w’'\-]+|on|upon|le))*(?=[,.;:!?])")
PEERS = frozenset(("lord", "baroness", "viscount", "viscountess"))


@dataclass(frozen=True, slots=True)
class Name:
    """A person named at ``span``; ``start`` takes the titles in. ``words`` are without a possessive.

    ``sure`` is False for what only a tagger holds for a person. ``short`` marks a surname of several words
    ("Ní Mhurchú") that stands alone.
    """

    span: Span
    start: int
    words: tuple[str, ...]
    titles: tuple[str, ...]
    sure: bool = True
    short: bool = False

    @property
    def last(self) -> str:
        return self.words[-1]

    @property
    def full(self) -> bool:
        """True for a first name with a surname."""
        return len(self.words) > 1 and not self.short

    @property
    def keys(self) -> tuple[str, ...]:
        """The words for comparison."""
        return tuple(word_key(word.removesuffix(".")) for word in self.words)

    @property
    def gender(self) -> Gender:
        """The gender the titles tell."""
        known = lexicon().gender_of_title
        return next((known[t] for t in self.titles if known.get(t)), "")


def find_names(
    text: str, persons: Iterable[Span], taken: Iterable[Span], known: frozenset[str]
) -> list[Name]:
    """Names in text order.

    ``persons`` are spans that a tagger holds for people (a hint only), ``taken`` spans that are other
    things (bodies), ``known`` full names in small letters that are people for certain (the register's).
    """
    reader = _Reader(text, set(persons), sorted([*taken, *shouted(text)]), known)
    return sorted(reader.names(), key=lambda name: name.span)


class _Reader:
    """Reads one text for its names."""

    def __init__(self, text: str, hints: set[Span], blocked: list[Span], known: frozenset[str]) -> None:
        self.text, self.hints, self.blocked, self.known = text, hints, blocked, known
        self.words: WordRuns = find_words(text, blocked)
        self.alone = spoken_alone(text, self.words)

    def names(self) -> list[Name]:
        found: list[Name] = []
        for run in self.words.runs:
            inside = found and run[0].span[0] < found[-1].span[1]  # a peer's seat
            if not inside and (name := self._name_in(self._extended(run))):
                found.append(name)
        full = {name.keys for name in found if name.full and name.sure}
        ends = {keys[n:] for keys in full for n in range(1, len(keys))}
        begun = {keys[:n] for keys in full for n in range(1, len(keys))}
        found = [
            replace(name, short=True)
            if name.full and (name.keys in ends or (name.titles and name.keys in begun))
            else name
            for name in found
        ]
        full = {name.keys for name in found if name.sure and (name.full or name.titles)}
        taken = [*self.blocked, *((name.start, name.span[1]) for name in found)]
        alone = surnames_alone(self.text, self.words, full, taken)
        return found + [replace(self._made(list(words)), short=len(words) > 1) for words in alone]

    def _name_in(self, run: list[Word]) -> Name | None:
        text, lex = self.text, lexicon()
        titles, start = titles_before(text, run[0].span[0])
        described = False
        while titles == () and len(run) > 1 and self._describes(run):
            run, described = run[1:], True  # "Greengrocer Pam Ollerton"
        own, rest = titles_within(run)
        if own:
            words = sum(len(title.split()) for title in own)
            start = start if titles else run[len(run) - len(rest) - words].span[0]
            titles, run = own, rest
        if not run or len(run) > LONGEST + 2 or (run[0].text == "St" and not titles):
            return None
        if is_seat(text, run):
            return None
        if titles:
            return self._made(run if len(run) <= LONGEST else run[:2], start, titles)
        if len(run) == 1:
            return self._made(run, start) if run[0].text in lex.first_names and aged(text, run) else None
        if len(run) <= LONGEST and introduced(text, run[0].span[0]):
            return self._made(run)
        if chosen := self._listed(run):
            return self._made(chosen)
        if len(run) > 2 and (self._placed(run) or seat_ahead(text, run)):
            return self._made(run[-2:] if seat_ahead(text, run) else run[1:])
        shown = seated(text, run) or apposed(text, run) or renamed(text, run) or run[-1].key in self.alone
        if len(run) <= LONGEST and shown:
            return self._made(run)
        if len(run) <= 3 and (described or self._hinted(run)):
            return self._made(run, sure=described)
        return None

    def _listed(self, run: list[Word]) -> list[Word]:
        """What of a run is a name by the register, else by the list of first names; [] for nothing."""
        first = next((i for i, w in enumerate(run[:-1]) if caps(w.text) in lexicon().first_names), -1)
        if (
            first > 0
            and len(run) <= LONGEST
            and not (self._employs(run) or self._placed(run) or seat_ahead(self.text, run))
        ):
            first = 0
        if self.known:
            pairs = (name_key(" ".join(seen(w.text) for w in run[i : i + 2])) for i in range(len(run) - 1))
            first = next((i for i, pair in enumerate(pairs) if pair in self.known), first)
        return run[first:] if first >= 0 and len(run) - first <= LONGEST else []

    def _hinted(self, run: list[Word]) -> bool:
        start, end = run[0].span[0], run[-1].span[1]
        return any((start, end + extra) in self.hints for extra in (0, 2))

    def _extended(self, run: list[Word]) -> list[Word]:
        """A run with the common word behind it that must be a surname, since it speaks or is somebody."""
        at = self.words.places[run[-1].span[0]] + 1
        following = self.words.words[at] if at < len(self.words.words) else None
        if following is None or following.span[0] != run[-1].span[1] + 1 or is_title(run[-1].text):
            return run
        if following.text not in lexicon().surnames_too or self.text[run[-1].span[1]] == "\n":
            return run
        longer = [*run, following]
        if titles_before(self.text, run[0].span[0])[0] or titles_within(run)[0]:
            return run if followed(self.text, following.span[1]) else longer
        if following.text in lexicon().part_of_area and caps(run[-1].text) not in lexicon().first_names:
            return run  # "Hexley East"
        shown = apposed(self.text, longer) or renamed(self.text, longer) or speaks(self.text, following)
        return longer if shown else run

    def _employs(self, run: list[Word]) -> bool:
        """Whether the first word opens a sentence and ends as words for work do: "Haulier Jo Shaw"."""
        return opens(self.text, run[0].span[0]) and run[0].text.endswith(name_lists().employments)

    def _placed(self, run: list[Word]) -> bool:
        """Whether the first word is where somebody holds an office: "Mayor of Hexley Jo Shaw"."""
        at = run[0].span[0]
        of = _OF.search(self.text, max(0, at - _NEAR), at)
        return bool(of) and introduced(self.text, of.start())  # type: ignore[union-attr]  # matched

    def _describes(self, run: list[Word]) -> bool:
        """Whether the first word only says what somebody is, with a capital that opens a sentence."""
        word = run[0].text
        return (
            fold_title(word) in lexicon().people and word not in lexicon().first_names and not is_title(word)
        )

    def _made(
        self, words: list[Word], start: int | None = None, titles: tuple[str, ...] = (), sure: bool = True
    ) -> Name:
        end = words[-1].span[1]
        if PEERS & set(titles) and (seat := _SEAT.match(self.text, end)):
            end = seat.end()
        span = (words[0].span[0], end)
        told = self._told(words, bool(titles))
        short = bool(titles) and len(told) > 1 and self._surname_only(words, told, titles)
        return Name(span, span[0] if start is None else min(start, span[0]), told, titles, sure, short)

    def _surname_only(self, words: list[Word], told: tuple[str, ...], titles: tuple[str, ...]) -> bool:
        """Whether the words behind a title are but a surname: "Cllr Mac Giolla", "Baroness Garcia Lopez"."""
        if {"sir", "dame"} & set(titles) or words[-1].key in self.alone:
            return False
        peer = bool(PEERS & set(titles)) and told[0] not in lexicon().first_names
        headed = len(told) == 2 and told[0] in name_lists().surname_heads
        return peer or headed or told[0] in lexicon().particles

    def _told(self, words: Sequence[Word], titled: bool) -> tuple[str, ...]:
        """The words as they are to be read; an initial keeps its full stop."""
        if titled and len(words) > 1 and all(w.text.isupper() and len(w.text) > 1 for w in words):
            return tuple(caps(w.text) if len(w.text) > 3 else w.text.capitalize() for w in words)
        stops = (
            "." if len(w.text) == 1 and self.text[w.span[1] : w.span[1] + 1] == "." else "" for w in words
        )
        return tuple(caps(word.text) + stop for word, stop in zip(words, stops, strict=True))
