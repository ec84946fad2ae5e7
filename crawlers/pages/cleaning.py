"""Page furniture out of an extracted body, line by line. Pure; linear in the text's length.

A line is dropped when it is furniture as a whole (exact lines and patterns of ``crawlers.pages.layouts``), a
caption of the page, or the title repeated on top; cut where furniture is glued to its first or last
word; folded where the page printed it twice or three times in one go. Words in quotation marks are
never dropped by a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from crawlers.pages.dates import find_date
from crawlers.pages.layouts import Rules

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "..."}
)
_SPEECH = ('"', "“", "'“", "‘“")
_GLUE_MIN = 20  # characters of a line that may be printed twice in one go
_LONGEST_FURNITURE = 600  # characters; longer lines are never furniture as a whole
_TAIL_LINES = 8  # a tail line cuts when no more than so many lines follow it
_ONWARD_LINES, _ONWARD_WORDS = 4, 25  # what may be left below the heading of a box that leads on
_MARKS = re.compile(r"[“”\"]")
_KICKER = 3  # words; a line so short above the first paragraph is a label
_DATE_LINE = 12  # words of a line that is a date
_HANDLE = re.compile(r"(?<!\w)@\w+")
_SHORT_NAME = 5  # letters; less is in a byline by chance
_MOMENT = re.compile(  # "Thu 5 Mar 2026 17.00 GMT"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?\d{1,2} [a-z]{3,9} \d{4}[, ]*(?:at |- )?\d{1,2}[.:]\d\d"
    r"(?: ?[ap]\.?m\.?)?(?: (?:gmt|bst))?",
    re.IGNORECASE,
)
_TOP = 4  # lines on top among which the title may be repeated


def plain(line: str) -> str:
    """For comparison: lower case, straight marks, single spaces."""
    return " ".join(line.translate(_PLAIN).lower().split())


class _Compiled(NamedTuple):
    exact: frozenset[str]
    patterns: re.Pattern[str]
    endings: tuple[tuple[str, re.Pattern[str]], ...]
    tails: frozenset[str]
    onward: frozenset[str]
    notes: frozenset[str]
    glued: re.Pattern[str]
    glue: tuple[str, ...]


@lru_cache(maxsize=64)
def _compiled(rules: Rules) -> _Compiled:
    tails, onward, notes = (
        frozenset(map(plain, named)) for named in (rules.tails, rules.onward, rules.notes)
    )
    exact = frozenset(map(plain, rules.lines)) | tails | onward | notes
    patterns = re.compile("|".join(f"(?:{p})" for p in rules.patterns) or r"(?!)", re.IGNORECASE)
    glued = "|".join(re.escape(g) for g in sorted(rules.glued, key=len, reverse=True)) or r"(?!)"
    ends = re.compile(
        rf"^(?:(?:{glued})\s*)+(?=[A-Z“\"‘'])|(?<=[.!?”\"’'])\s*(?:(?:{glued})\s*)+$", re.IGNORECASE
    )
    endings = tuple((word, re.compile(p, re.IGNORECASE)) for word, p in rules.endings)
    glue = tuple(g.lower() for g in rules.glued)
    return _Compiled(exact, patterns, endings, tails, onward, notes, ends, glue)


def clean(
    lines: Sequence[str], rules: Rules, title: str = "", captions: Sequence[str] = (), byline: str = ""
) -> list[tuple[int, str]]:
    """The article's own lines among ``lines``, in order: (which of them, what of it is the article's)."""
    rule = _compiled(rules)
    known = {plain(caption) for caption in captions}
    headline = plain(title)
    kept: list[tuple[int, str]] = []
    last = ""
    for number, raw in enumerate(lines):
        line = " ".join(raw.split())
        small = line.lower()
        if small.endswith(rule.glue) or small.startswith(rule.glue):
            line = rule.glued.sub("", line).strip()
        bare = plain(line)
        if kept and _ends_article(bare, lines, number, rule):
            break
        once = folded(line)
        bare = bare if once is line else plain(once)
        if not bare or bare == last or bare in rule.exact or bare in known:
            continue
        if len(kept) < _TOP and headline and bare == headline:
            continue
        if len(kept) < _TOP and _is_above(once, byline, bool(kept)):
            continue
        if len(line) <= _LONGEST_FURNITURE and not line.startswith(_SPEECH) and _is_furniture(bare, rule):
            continue
        kept.append((number, once))
        last = bare
    return kept


def _is_furniture(bare: str, rule: _Compiled) -> bool:
    """True for a line that a pattern matches whole."""
    if rule.patterns.fullmatch(bare):
        return True
    return any(word in bare and pattern.fullmatch(bare) for word, pattern in rule.endings)


def _ends_article(bare: str, lines: Sequence[str], number: int, rule: _Compiled) -> bool:
    """True for a line from which on nothing is the article's, by what it says and what is below it."""
    left = len(lines) - number - 1
    if bare in rule.notes:
        return True
    if bare in rule.tails:
        return left <= _TAIL_LINES
    if bare not in rule.onward or left > _ONWARD_LINES:
        return False
    below = lines[number + 1 :]
    return all(len(line.split()) <= _ONWARD_WORDS and not _MARKS.search(line) for line in below)


def _is_above(line: str, byline: str, after_first: bool) -> bool:
    """A line on top that is no part of what is told: above the first a label or a piece of the byline, and
    the day with the time also below it."""
    if _MOMENT.fullmatch(line):
        return True
    words = _letters(_HANDLE.sub("", line).removeprefix("By "))
    return not after_first and (
        _is_heading(line, byline) or (len(words) > _SHORT_NAME and words in _letters(byline))
    )


def _letters(text: str) -> str:
    """Letters and digits alone, small: a line's words may be glued or parted by marks."""
    return "".join(c for c in text if c.isalnum()).lower()


def _is_heading(line: str, byline: str) -> bool:
    """A line above the article's first that only labels it: a kicker, a date, the byline."""
    bare = line.lstrip("-• ")
    if bare.endswith((".", "!", "?", "”", '"', "’", ":", "…")) or line.startswith(_SPEECH):
        return False
    words = bare.split()
    if len(words) <= _KICKER or (byline and plain(byline) in plain(bare) and len(bare) < len(byline) + 40):
        return True
    return len(words) <= _DATE_LINE and find_date(bare) is not None


def folded(line: str) -> str:
    """One copy of a line that is the same words two or three times over, with or without a space between."""
    for times in (3, 2):
        for gap in (0, 1):
            size, rest = divmod(len(line) - gap * (times - 1), times)
            if rest or size < _GLUE_MIN:
                continue
            one = line[:size]
            if (" " * gap).join([one] * times) == line:
                return one
    return line
