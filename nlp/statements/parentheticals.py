"""What is reported before its cue or around it: "It will go, she said, by May", "as the minister said"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.types import Span
from nlp.statements.model import Page

_LONGEST_SOURCE = 60  # characters of an office and a name
_LEADS = frozenset("but and so yet still however".split())


def parenthetical(page: Page, verb: Any, source: Span) -> tuple[Span, ...]:
    """A sentence with the cue at its end or set in it by commas: "It will go, she said, by May"."""
    first = min(verb.idx, source[0])
    start = verb.sent.start_char
    comma = page.text.rfind(",", start, first) + 1
    if comma and not any(t.pos_ in ("VERB", "AUX", "PUNCT") for t in page.tokens(comma, first)):
        first = comma + 1 if first - comma < _LONGEST_SOURCE else first  # an office before the name
    before = page.text[start:first].rstrip()
    if not before or before[-1] not in ",?–—-" or page.quote_at(start + len(before) - 1):
        return ()
    rest = max(verb.idx + len(verb.text), source[1])
    follows = page.text[rest : verb.sent.end_char].lstrip()
    if follows[:1] not in (",", ".", "", ":", ";", "”", "–", "—", "-") and not _short(follows):
        return ()
    content = around(page, start, verb, (first, source[1]))
    if len(content) > 1:
        return content[before[:-1].lower() in _LEADS :]
    return content if _is_clause(page.tokens(start, first)) else ()


def _is_clause(tokens: Sequence[Any]) -> bool:
    """True for words that say something by themselves: a subject and a verb, and no "when" before them."""
    opener = next((t for t in tokens if not t.is_space and not t.is_punct), None)
    if opener is None:
        return False
    needed = 2 if opener.dep_ == "mark" or opener.lower_ in ("when", "as", "so") else 1
    told = sum(t.tag_ in ("VBZ", "VBD", "VBP", "MD") for t in tokens)
    subjects = sum(t.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for t in tokens)
    return min(told, subjects) >= needed


def as_told(page: Page, verb: Any, source: Span) -> tuple[Span, ...]:
    """What stands beside "as the minister said", at the beginning or the end of a sentence."""
    first = verb.left_edge
    if first.lower_ != "as" or verb.dep_ != "advcl" or source[0] < first.idx:
        return ()
    start, end = verb.sent.start_char, verb.sent.end_char
    rest = max(verb.idx + len(verb.text), source[1])
    comma = page.text.find(",", rest, end)
    if first.i - verb.sent.start <= 1 and 0 <= comma <= verb.right_edge.idx + len(verb.right_edge.text):
        return ((comma + 1, end),)
    behind = page.text[verb.right_edge.idx + len(verb.right_edge.text) : end].strip()
    return (
        ((start, first.idx),) if page.text[start : first.idx].rstrip()[-1:] == "," and len(behind) < 2 else ()
    )


def _short(text: str) -> bool:
    """A time or an address behind a cue: "announced this week", "assured members"."""
    return len(text.split()) <= 3 and not any(mark in text for mark in ",;:")


def around(page: Page, start: int, verb: Any, source: Span) -> tuple[Span, ...]:
    """A clause before its cue, and what goes on after a cue that interrupts it."""
    content: list[Span] = [(start, min(verb.idx, source[0]))]
    rest = max(verb.idx + len(verb.text), source[1])
    after = page.text[rest : verb.sent.end_char]
    if after[:1] == "," and len(after.split()) > 2:
        content.append((rest, verb.sent.end_char))
    return tuple(content)
