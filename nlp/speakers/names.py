"""Names of people in a text: full names, and names behind a title ("Coun Varley", "Sir Gerald")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.types import Span
from nlp.officials.lexicon import Gender, lexicon
from nlp.text.normalize import fold_title

_TOKEN = re.compile(r"[^\W\d_][\w’'\-]*|\n|[^\w\s]|\d+")
_CAPITAL = re.compile(r"(?:Mc|Mac|O['’]|D['’]|Fitz|De|Le|La)?[A-ZÀ-Þ][\w’'\-]*")
_POSSESSIVE = re.compile(r"['’]s?$")
_SHORTENED = re.compile(r"(\w+)['’](?:d|ll|ve|re|m|t)$", re.IGNORECASE)
_BEFORE = 60  # characters looked at for titles
LONGEST = 5  # words of a name


@dataclass(frozen=True, slots=True)
class Name:
    """A person named at ``span``; ``start`` takes the titles in. ``words`` are without a possessive.

    ``sure`` is False for what only a tagger holds for a person.
    """

    span: Span
    start: int
    words: tuple[str, ...]
    titles: tuple[str, ...]
    sure: bool = True

    @property
    def last(self) -> str:
        return self.words[-1]

    @property
    def full(self) -> bool:
        """True for a first name with a surname."""
        return len(self.words) > 1

    @property
    def gender(self) -> Gender:
        """The gender the titles tell."""
        known = lexicon().gender_of_title
        return next((known[t] for t in self.titles if known.get(t)), "")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    span: Span


def find_names(
    text: str, persons: Iterable[Span], taken: Iterable[Span], known: frozenset[str]
) -> list[Name]:
    """Names in text order.

    ``persons`` are spans that a tagger holds for people (a hint only), ``taken`` spans that are other
    things (bodies), ``known`` full names in small letters that are people for certain (the register's).
    """
    hints = set(persons)
    blocked = sorted([*taken, *_shouted(text)])
    runs = _runs(text, blocked)
    found = [name for run in runs if (name := _name_in(text, run, hints, known))]
    surnames = {name.last for name in found if name.full and name.sure}
    inside = {position for name in found for position in range(*name.span)}
    found += [
        Name(word.span, word.span[0], (word.text,), ())
        for run in runs
        for word in run
        if len(run) == 1 and word.text in surnames and word.span[0] not in inside
    ]
    return sorted(found, key=lambda name: name.span)


def _shouted(text: str) -> Iterator[Span]:
    """Lines in capitals, in which a name cannot be told from any other words."""
    for line in re.finditer(r"[^\n]+", text):
        words = re.findall(r"[^\W\d_]{2,}", line[0])
        if len(words) > LONGEST and all(word.isupper() for word in words):
            yield line.span()


def _runs(text: str, blocked: Sequence[Span]) -> list[list[_Word]]:
    """Runs of capitalised words that could be names; titles, parties and common words end them."""
    stops, particles = lexicon().not_names, lexicon().particles
    runs: list[list[_Word]] = []
    run: list[_Word] = []
    particle: list[_Word] = []
    end_of_last = -1
    block = 0
    after_title = {m.end() for m in _MS.finditer(text)}

    def close() -> None:
        nonlocal run, particle
        if run:
            runs.append(run)
        run, particle = [], []

    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while block < len(blocked) and blocked[block][1] <= start:
            block += 1
        inside = block < len(blocked) and blocked[block][0] <= start
        apart = start - end_of_last > 1 or (
            start != end_of_last and text[end_of_last:start] not in (" ", "\u00a0")
        )
        if run and (apart or inside):
            close()
        word = match[0]
        bare = _POSSESSIVE.sub("", word)
        if inside or word == "\n":
            close()
        elif (
            run
            and word.lower() in particles
            and len(particle) < 2
            and start == end_of_last + 1
            and word[0].islower()
        ):
            particle = [*particle, _Word(word, (start, end))]
        elif _is_capital(word) and not stops & {bare, _caps(bare), _SHORTENED.sub(r"\1", word)}:
            run += [*particle, _Word(bare, (start, start + len(bare)))]
            particle = []
            if bare != word:
                close()
        elif _is_capital(word) and _name_after_all(text, bare, run, start, end):
            run.append(_Word(bare, (start, start + len(bare))))
            if len(run) > 1:
                close()
        elif word == "." and len(run) == 1 and len(run[0].text) == 1 and run[0].span[0] not in after_title:
            pass  # an initial's full stop
        else:
            close()
        end_of_last = end
    close()
    return runs


_NEXT = re.compile(r" ([A-ZÀ-Þ][\w’'\-]+)")
_BEFORE_NO_NAME = re.compile(
    r"(?:the|a|this|last|next|in|since|from|until|by|on|of|its|new) $", re.IGNORECASE
)


def _name_after_all(text: str, word: str, run: list[_Word], start: int, end: int) -> bool:
    """A common word that is a surname here ("Winifred Hall", "Coun Green") or a first name ("Bill Owen")."""
    lex = lexicon()
    if run:
        before = run[-1].text
        called = before in lex.first_names and before not in lex.eponyms
        return word in lex.surnames_too and (called or _is_title(before)) and not _NEXT.match(text, end)
    if word not in lex.first_names or _BEFORE_NO_NAME.search(text, max(0, start - 8), start):
        return False
    follows = _NEXT.match(text, end)
    return bool(follows) and _POSSESSIVE.sub("", follows[1]) not in lex.not_names  # type: ignore[index]  # matched


def _is_capital(word: str) -> bool:
    if not _CAPITAL.fullmatch(word):
        return False
    return len(word) > 1 or word not in "AI"


def _caps(word: str) -> str:
    """A word in capitals as it would be written in small ones ("SKELBROUGH" to "Skelbrough")."""
    return word.capitalize() if word.isupper() and len(word) > 3 else word


def _name_in(text: str, run: list[_Word], hints: set[Span], known: frozenset[str]) -> Name | None:
    titles, start = _titles_before(text, run[0].span[0])
    lex = lexicon()
    described = False
    while titles == () and run and fold_title(run[0].text) in lex.people and len(run) > 2:
        run, described = run[1:], True  # "Greengrocer Pam Ollerton"
    own, rest = _titles_within(run)
    if own:
        words = sum(len(title.split()) for title in own)
        start = start if titles else run[len(run) - len(rest) - words].span[0]
        titles, run = own, rest
    if not run or len(run) > LONGEST + 2 or run[0].text == "St":
        return None
    if titles:
        chosen = run if len(run) <= LONGEST else run[:2]
        if len(chosen) > 2 and chosen[0].text not in lex.first_names and chosen[1].text in lex.first_names:
            return None
        return _made(chosen, start, titles)
    if len(run) == 1 and run[0].text in lex.first_names and _AGE.match(text, run[0].span[1]):
        return _made(run, start, ())
    first = next((i for i, w in enumerate(run[:-1]) if _caps(w.text) in lex.first_names), None)
    for i in range(len(run) - 1):
        if " ".join(w.text for w in run[i : i + 2]).lower() in known:
            first = i
            break
    if first is not None and len(run) - first <= LONGEST:
        chosen = run[first:]
        return _made(chosen, chosen[0].span[0], ())
    if 2 <= len(run) <= 3 and (described or _hinted(run, hints) or _AGE.match(text, run[-1].span[1])):
        made = _made(run, run[0].span[0], ())
        return made if described else replace(made, sure=False)
    return None


_STATUS = frozenset(("temporary", "acting", "temp", "t/", "a/", "former", "then", "retired"))
_MS = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr) ")
_AGE = re.compile(r", \d{1,2},")


def _hinted(run: list[_Word], hints: set[Span]) -> bool:
    start, end = run[0].span[0], run[-1].span[1]
    return any((start, end + extra) in hints for extra in (0, 2))


def _titles_before(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Titles right before ``at``, outermost first, and where they start."""
    low = max(0, at - _BEFORE, text.rfind("\n", 0, at) + 1)
    match = lexicon().titles.search(text[low:at])
    titles = _split(match[0]) if match else ()
    if not match or all(t in _STATUS for t in titles):
        return (), at
    return titles, low + match.start()


def _titles_within(run: list[_Word]) -> tuple[tuple[str, ...], list[_Word]]:
    """Titles among capitalised words ("Kestrel Ward Coun Jo Shaw"): what follows them is the name."""
    for i in range(len(run) - 1, 0, -1):
        if not _is_title(run[i - 1].text):
            continue
        match = lexicon().titles.search("".join(f"{w.text} " for w in run[:i]))
        if match and (titles := _split(match[0])) and not all(t in _STATUS for t in titles):
            return titles, run[i:]
    return (), run


def _is_title(word: str) -> bool:
    lex = lexicon()
    key = fold_title(word)
    return word[0].isupper() and (
        key in lex.gender_of_title or key in lex.councillor_titles or (key in lex.ranks and len(word) < 5)
    )


def _split(words: str) -> tuple[str, ...]:
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


def _made(words: list[_Word], start: int, titles: tuple[str, ...]) -> Name:
    span = (words[0].span[0], words[-1].span[1])
    return Name(span, min(start, span[0]), tuple(_caps(w.text) for w in words), titles)
