"""Surnames, and other parts of a full name, that stand alone once their bearer was named in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise

from ledger.types import Span
from nlp.names.letters import is_capital, seen
from nlp.names.lists import name_lists
from nlp.names.surroundings import speaks
from nlp.names.words import Word, WordRuns, introduced, is_title, opens
from nlp.officials.lexicon import lexicon

_ARTICLES = frozenset(
    "the a an this that these those each every no any some its their our his her my your".split()
)
_PLACES = frozenset("in at on since until during near into within".split())
_TIMES = frozenset(
    "by from to of after before for next last this early late mid end till between and".split()
)

Keys = tuple[str, ...]


def surnames_alone(
    text: str, words: WordRuns, full: Collection[Keys], taken: Iterable[Span]
) -> list[tuple[Word, ...]]:
    """Where a part of one of the ``full`` names stands alone, outside what is ``taken``.

    A surname known by its title only is one of one word.

    Parts are the ends of a name ("Ní Mhurchú", "van Dijk", "Dijk"); any other single word of it counts
    only where it speaks.
    """
    blocked = bytearray(len(text))
    for start, end in taken:
        blocked[start:end] = b"\1" * (end - start)
    ends, singles = _parts(full)
    found: list[tuple[Word, ...]] = []
    skip = -1
    for i, word in enumerate(words.words):
        if i <= skip or blocked[word.span[0]] or (word.key not in ends and word.key not in singles):
            continue
        for keys in ends.get(word.key, ()):
            part = tuple(words.words[i : i + len(keys)])
            if tuple(w.key for w in part) == keys and _adjoin(text, part) and _alone(text, words, i, part):
                found.append(part)
                skip = i + len(part) - 1
                break
        else:
            if word.key in singles and _alone(text, words, i, (word,)) and speaks(text, word):
                found.append((word,))
    return found


def _parts(full: Collection[Keys]) -> tuple[dict[str, list[Keys]], frozenset[str]]:
    """The ends of names by their first word, the longest first; and the other words of just one of them."""
    every = {keys[n:] for keys in full for n in range(1 if len(keys) > 1 else 0, len(keys))}
    ends: dict[str, list[Keys]] = defaultdict(list)
    for keys in sorted(every, key=len, reverse=True):
        ends[keys[0]].append(keys)
    of: dict[str, set[Keys]] = defaultdict(set)
    for keys in full:
        for key in keys[:-1]:
            of[key].add(keys)
    return ends, frozenset(key for key, bearers in of.items() if len(bearers) == 1 and (key,) not in every)


def _adjoin(text: str, part: tuple[Word, ...]) -> bool:
    gaps = (text[a.span[1] : b.span[0]] for a, b in pairwise(part))
    return is_capital(part[-1].text) and all(len(gap) == 1 and gap.isspace() and gap != "\n" for gap in gaps)


def _alone(text: str, words: WordRuns, i: int, part: tuple[Word, ...]) -> bool:
    """Whether the words are no part of something longer, nor a common word."""
    known, lex = name_lists(), lexicon()
    start, end = part[0].span[0], part[-1].span[1]
    if not is_capital(part[-1].text) or (part[0].text.islower() and part[0].key not in lex.particles):
        return False
    before = words.words[i - 1] if i else None
    after = words.words[i + len(part)] if i + len(part) < len(words.words) else None
    next_to = before is not None and before.span[1] == start - 1 and text[start - 1] != "\n"
    goes_on = after is not None and after.span[0] == end + 1 and text[end] != "\n" and is_capital(after.text)
    if goes_on and after is not None and seen(after.text) not in known.post_nominals:
        return False
    word = seen(part[-1].text)
    common = len(part) == 1 and (word in lex.not_names or word in known.common)
    if next_to and before is not None and is_capital(before.text):
        named = is_title(before.text) or introduced(text, start)
        if not named and not (before.text in known.openers and opens(text, before.span[0])):
            return False
        if not named and common:
            return bool(known.acts_behind.match(text, end))
    if not common:
        return True
    low = before.text.lower() if next_to and before is not None else ""
    if text[max(0, start - 10) : start].lower() == "ording to ":
        return True
    if low in _ARTICLES or low in _PLACES or (low in _TIMES and word in known.dates):
        return False
    if opens(text, start):
        return bool(known.acts_behind.match(text, end))
    return True
