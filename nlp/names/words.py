"""Capitalised words in runs that could be names, and the titles before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ledger.types import Span
from nlp.names.letters import INNER, caps, is_capital, is_once, seen, word_key
from nlp.names.lists import name_lists
from nlp.officials.lexicon import lexicon
from nlp.text.normalize import fold_title

LONGEST = 5  # words of a name
_TOKEN = re.compile(rf"[^\W\d_](?:[{INNER}’'\-]|[‘ʼ`‐‑](?=\w))*|\n|[^\w\s]|\d+")
_INITIALS = re.compile(r"\.[ \u00a0]?(?:[A-Z]\.?[ \u00a0]?){1,4}[A-ZÀ-ÞĀ-Ž][\w’'-]")
_POSSESSIVE = re.compile(r"['’]s?$")
_SHORTENED = re.compile(r"(?<=\w)['’](?:d|ll|ve|re|m|t)$", re.IGNORECASE)
_BLANKS = (" ", "\u00a0", "\u202f", "\u2009")
_BEFORE = 60  # characters looked at for titles
_FEW = 20  # words of a run that can hold titles and a name
_STATUS = frozenset(("temporary", "acting", "temp", "t/", "a/", "former", "then", "retired"))
_EX = re.compile(r"\b[Ee]x-$")
_EX_OF = re.compile(  # "Former Leeds Police sergeant Jo Lee"
    r"\b(?:[Ff]ormer|[Ee]x|[Rr]etired|[Ss]acked|[Dd]isgraced|[Dd]ismissed|[Oo]ne-time)[ -]"
    r"(?:[A-Z][\w'’-]* ){1,4}$"
)
_MS = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr) ")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text at ``span``, without a possessive; ``text`` is as it stands there."""

    text: str
    span: Span

    @property
    def key(self) -> str:
        """The word for comparison."""
        return word_key(self.text)


@dataclass
class WordRuns:
    """A text's words in order, and the runs of capitalised ones among them."""

    words: list[Word] = field(default_factory=list)
    runs: list[list[Word]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)  # a word's first character to its number


def find_words(text: str, blocked: Sequence[Span]) -> WordRuns:
    """The words of a text; no run reaches into what is ``blocked`` (sorted). Kept: not to be changed."""
    return _find_words(text, tuple(blocked))


@lru_cache(maxsize=64)  # an article is asked for its names before it is parsed and after
def _find_words(text: str, blocked: Sequence[Span]) -> WordRuns:
    return _Runs(text, blocked).read()


def shouted(text: str) -> Iterator[Span]:
    """Lines in capitals, in which a name cannot be told from any other words."""
    for line in re.finditer(r"[^\n]+", text):
        words = re.findall(r"[^\W\d_]{2,}", line[0])
        if len(words) > LONGEST and all(word.isupper() for word in words):
            yield line.span()


class _Runs:
    """Runs of capitalised words that could be names; titles, parties and common words end them."""

    def __init__(self, text: str, blocked: Sequence[Span]) -> None:
        self.text, self.blocked = text, blocked
        self.found = WordRuns()
        self.run: list[Word] = []
        self.particles: list[Word] = []

    def read(self) -> WordRuns:
        text = self.text
        after_title = {m.end() for m in _MS.finditer(text)}
        end_of_last, block = -1, 0
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            while block < len(self.blocked) and self.blocked[block][1] <= start:
                block += 1
            inside = block < len(self.blocked) and self.blocked[block][0] <= start
            if self.run and (inside or (start != end_of_last and text[end_of_last:start] not in _BLANKS)):
                self._close()
            token = match[0]
            bare = _POSSESSIVE.sub("", token)
            word = Word(bare, (start, start + len(bare)))
            if token[0].isalpha():
                self.found.places[start] = len(self.found.words)
                self.found.words.append(word)
            if (
                inside
                or token == "\n"
                or (len(self.run) > 1 and token.isupper() and token in name_lists().post_nominals)
            ):
                self._close()
            elif self._particle(token, start > end_of_last):
                self.particles.append(word)
            elif self._names(token, bare, end):
                self.run += [*self.particles, word]
                self.particles = []
                if bare != token:
                    self._close()
            elif is_capital(token) and self._name_after_all(bare, start, end):
                first = not self.run or self._titled_first(end)
                self.run.append(word)
                if not first:
                    self._close()
            elif token == "." and self._initial(end, after_title):
                pass  # an initial's full stop
            else:
                self._close()
            end_of_last = end
        self._close()
        return self.found

    def _names(self, token: str, bare: str, end: int) -> bool:
        """Whether a word is one as names are made of."""
        barred = is_once(bare) or lexicon().not_names & _forms(token, bare)
        return (is_capital(token) and not barred) or self._first_initial(token, end)

    def _close(self) -> None:
        if self.run:
            self.found.runs.append(self.run)
        self.run, self.particles = [], []

    def _particle(self, token: str, apart: bool) -> bool:
        fits = token.lower() in lexicon().particles and token[0].islower()
        article = token in ("an", "na") and self.run and self.run[-1].text in name_lists().surname_heads
        return bool(fits or article) and bool(self.run) and apart and len(self.particles) < 2

    def _first_initial(self, token: str, end: int) -> bool:
        """Whether "A" or "I" is somebody's first initial: "A.J. Patel", "Cllr A. Patel"."""
        titled = bool(self.run) and is_title(self.run[-1].text) and self.text[end : end + 1] == "."
        return token in ("A", "I") and (titled or _INITIALS.match(self.text, end) is not None)

    def _initial(self, end: int, after_title: set[int]) -> bool:
        """Whether a full stop belongs to an initial: "J. Smith", "J.K. Smith", "John F. Smith"."""
        if not self.run or len(seen(self.run[-1].text)) != 1 or self.run[-1].span[0] in after_title:
            return False
        return len(self.run) == 1 or self.text[end : end + 2].strip()[:1].isupper()

    def _titled_first(self, end: int) -> bool:
        """Whether a title stands before the word up to ``end``, and a name goes on: "Cllr June Hasp"."""
        return bool(self.run) and is_title(self.run[-1].text) and followed(self.text, end)

    def _name_after_all(self, word: str, start: int, end: int) -> bool:
        """A common word that is a surname ("Winifred Hall", "Coun Green") or a first name ("Bill Owen")."""
        lex = lexicon()
        told = bool(self.run) or introduced(self.text, start)
        if word.isupper() and told:  # "COUNCILLOR MAY OGDEN:"
            word = word.capitalize()
        if self.run and not self._titled_first(end):
            before = self.run[-1].text
            called = (before in lex.first_names and before not in lex.eponyms) or len(before) == 1
            called = called or introduced(self.text, self.run[0].span[0])
            return (
                word in lex.surnames_too and (called or is_title(before)) and not _NEXT.match(self.text, end)
            )
        known = word in lex.first_names or (told and word in name_lists().named_so)
        if not known or _BEFORE_NO_NAME.search(self.text, max(0, start - 8), start):
            return False
        follows = _NEXT.match(self.text, end)
        behind = caps(_POSSESSIVE.sub("", follows[1])) if follows else ""
        return behind != "" and behind not in lex.not_names | name_lists().no_surnames


_NEXT = re.compile(rf"[ \u00a0]([A-ZÀ-ÞĀ-Ž][{INNER}’'\-]+)")
_BEFORE_NO_NAME = re.compile(
    r"(?:the|a|this|last|next|in|since|from|until|by|on|of|its|new) $", re.IGNORECASE
)


def followed(text: str, end: int) -> bool:
    """Whether another capitalised word goes on behind ``end``, letters of honour aside."""
    following = _NEXT.match(text, end)
    return bool(following and seen(following[1]) not in name_lists().post_nominals)


def _forms(word: str, bare: str) -> set[str]:
    return {bare, caps(bare), _SHORTENED.sub("", word)}


_WORDS_AHEAD = re.compile(r"([\w’'\-]+ )?([\w’'\-]+)[ \u00a0]$")


def introduced(text: str, at: int) -> bool:
    """Whether a word for one person stands right before ``at``: "council leader", "campaigner", "Mayor"."""
    ahead = _WORDS_AHEAD.search(text, max(0, at - _BEFORE // 2), at)
    if not ahead:
        return False
    last = ahead[2].lower()
    return last in lexicon().bearers or f"{(ahead[1] or '').lower()}{last}" in lexicon().bearers


_OPENING = re.compile(r"(?:^|[.!?:“”‘\"(\n]|['’] ?)\s*$")


def opens(text: str, at: int) -> bool:
    """Whether a sentence, a line or a quotation begins at ``at``."""
    return bool(_OPENING.search(text[max(0, at - 3) : at]))


def titles_before(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Titles right before ``at``, outermost first, and where they start."""
    low = max(0, at - _BEFORE, text.rfind("\n", 0, at) + 1)
    match = lexicon().titles.search(text[low:at])
    titles = split_titles(match[0]) if match else ()
    before, own = text[low : low + match.start()] if match else "", match[0] if match else ""
    if not titles or all(t in _STATUS for t in titles) or _of_no_force(before, own, titles):
        return (), at
    ranked = any(title in lexicon().ranks for title in titles)
    if _EX.search(before) or (ranked and _EX_OF.search(before)):  # "Ex-PC Jo Lee"
        titles = ("former", *titles)
    return titles, low + len(before)


def _of_no_force(before: str, own: str, titles: Sequence[str]) -> bool:
    """Whether the word before a rank tells that it is no police rank: "RSPCA inspector", "army sergeant"; not
    that of "At the school PC Jo Lee said"."""
    word = before.split()[-1:] if before.endswith(" ") else []
    ranked = any(title in lexicon().ranks for title in titles)
    beside = bool(word) and (own[:1].islower() or word[0][0].isupper())
    return ranked and beside and word[0].lower() in lexicon().not_that_office["police"]


def titles_within(run: list[Word]) -> tuple[tuple[str, ...], list[Word]]:
    """Titles among capitalised words ("Kestrel Ward Coun Jo Shaw"): what follows them is the name."""
    if len(run) > _FEW:
        return (), run
    for i in range(len(run) - 1, 0, -1):
        if not any(is_title(word.text) for word in run[max(0, i - 2) : i]):  # "Cllr", "Det Con"
            continue
        match = lexicon().titles.search("".join(f"{w.text} " for w in run[:i]))
        if match and (titles := split_titles(match[0])) and not all(t in _STATUS for t in titles):
            return titles, run[i:]
    return (), run


def is_title(word: str) -> bool:
    """True for one word that is a title by itself."""
    lex = lexicon()
    key = fold_title(word)
    return word[0].isupper() and (
        key in lex.gender_of_title
        or key in lex.councillor_titles
        or key in lex.judges
        or (key in lex.ranks and len(word) < 5)
    )


def split_titles(words: str) -> tuple[str, ...]:
    """A chain of titles as single ones: "Former Det Supt" to ("former", "det supt")."""
    lex = lexicon()
    single = lex.gender_of_title.keys() | lex.councillor_titles | lex.ranks | lex.fire_ranks | lex.judges
    rest = fold_title(words.replace("-", " ")).split()
    found: list[str] = []
    while rest:
        for size in range(min(4, len(rest)), 0, -1):
            joined = " ".join(rest[:size])
            if joined in single or size == 1:
                found.append(joined)
                rest = rest[size:]
                break
    return tuple(found)
