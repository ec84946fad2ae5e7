"""How far reported speech reaches: where a clause under a cue ends, and where the reporter speaks again."""

from __future__ import annotations

from typing import Any

from ledger.types import Span
from nlp.statements.model import Page

_GOES_ON = frozenset("to than because if unless until compared".split())
_JOINS = frozenset("and or but".split())
_DASHES = frozenset("— – -- -".split())
_ASIDE = frozenset("which who whose where".split())
_TURNS = frozenset("though although despite while whereas".split())
_OCCASIONS = frozenset(
    "interview interviews statement speech debate rally hearing conference meeting letter email address"
    " appearance broadcast programme program podcast briefing session visit message post tweet".split()
)
_HELPERS = frozenset("did does do has have had was is".split())
_REACH = 20  # tokens behind "and" in which another report's cue may stand
_AT = frozenset("in at on during after following before".split())


def clause_end(page: Page, head: Any, verb: Any, source: Span) -> int:
    """The character after the last of a clause under ``verb``, without what the reporter adds to it.

    The parse gives the clause; words that can only go on with it are taken in, and its tail is cut where
    a second cue begins, where a dash or an aside follows the whole clause, or where an occasion is named.
    """
    last = _last_of(page, head, verb, source)
    last = _taken_on(page, head, verb, last)
    last = _cut(page, head, verb, last)
    _hand_on(page, last, source)
    while last > head.i and _is_edge(page.doc[last]):
        last -= 1
    token = page.doc[last]
    return int(token.idx + len(token.text))


def _hand_on(page: Page, last: int, source: Span) -> None:
    """Give a cue right behind the clause's comma the source of the clause: "…, adding that …"."""
    at = last + 1
    while at < len(page.doc) and (page.doc[at].is_space or page.doc[at].text == ","):
        at += 1
    if at < len(page.doc) and page.doc[at].tag_ == "VBG" and page.is_cue(page.doc[at]):
        page.sources.setdefault(at, source)


def _is_edge(token: Any) -> bool:
    return bool(
        token.is_space
        or token.dep_ == "cc"
        or token.lower_ in _JOINS
        or (token.is_punct and token.text not in "”\"’'…)")
    )


def _last_of(page: Page, head: Any, verb: Any, source: Span) -> int:
    """The last token of the clause's subtree, before a second cue of the same source."""
    last = int(head.right_edge.i)
    for token in head.subtree:
        if token.dep_ == "conj" and token.i > head.i and page.is_cue(token) and not page.quote_at(token.idx):
            helped = [c for c in token.children if c.dep_ in ("aux", "neg")]
            own = any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children)
            same = token.tag_ == verb.tag_ and not helped
            again = any(c.lower_ in ("did", "has", "have", "had", "was", "is") for c in helped)
            if not own and (same or again):
                page.sources.setdefault(token.i, source)
                first = min([token.i, *(c.i for c in helped)])
                return max(int(head.i), int(first) - 1)
    return last


def _taken_on(page: Page, head: Any, verb: Any, last: int) -> int:
    """The end of the sentence instead, where the next words can only belong to the clause."""
    doc, stop = page.doc, verb.sent.end
    n = last + 1
    while n < stop and doc[n].is_space:
        n += 1
    if n >= stop:
        return last
    token = doc[n]
    comma = token.text == ","
    if comma and n + 1 < stop:
        token = doc[n + 1]
    word = token.lower_
    goes_on = word in _GOES_ON and not comma
    if word in _JOINS and token.i + 1 < stop:
        next_word = doc[token.i + 1]
        goes_on = (head.dep_ == "ccomp" or next_word.tag_ == "VB") and not _new_voice(
            page, token.i + 1, stop - 1
        )
    elif not comma and not token.is_punct and not doc[last].whitespace_:
        goes_on = True  # "do" and "n't"
    elif comma and token.tag_ == "VB" and token.pos_ == "VERB":
        goes_on = True
    elif not comma and token.pos_ in ("AUX", "VERB") and token.tag_ in ("VBZ", "VBP", "VBD", "MD"):
        goes_on = not page.is_cue(token)
    return _end_of_sentence(page, stop) if goes_on else last


def _end_of_sentence(page: Page, stop: int) -> int:
    last = stop - 1
    while last > 0 and (page.doc[last].is_space or page.doc[last].text in ".!?"):
        last -= 1
    return last


def _cut(page: Page, head: Any, verb: Any, last: int) -> int:
    """Before the first sign, behind the clause's own verb, that the reporter speaks again."""
    doc = page.doc
    n = head.i + 1
    while n <= last:
        token = doc[n]
        if (not page.quote_at(token.idx) or _closes(page, token)) and _turns_away(page, head, token, last):
            return int(n) - 1
        n += 1
    return last


def _closes(page: Page, token: Any) -> bool:
    """A comma that belongs to the report though it stands within the marks: "the party,” claiming"."""
    quote = page.quote_at(token.idx)
    return token.text == "," and quote is not None and quote.closed and token.idx + 1 == quote.end


def _turns_away(page: Page, head: Any, token: Any, last: int) -> bool:
    doc = page.doc
    after = doc[token.i + 1] if token.i < last else None
    if after is None:
        return False
    if token.text in _DASHES:
        quoted = doc[token.i - 1].text in "”\"’'"  # behind marks the reporter explains
        return quoted and not any(doc[k].text in _DASHES for k in range(token.i + 1, last + 1))
    if token.text == ",":
        if after.text == "”" and after.i < last:
            after = doc[after.i + 1]
        if after.tag_ == "VBG" and page.is_cue(after):
            return True
        if after.lower_ in _TURNS:
            return True
        if after.lower_ in _ASIDE and _to_the_end(after.head, last):
            return True
        if after.lower_ in _JOINS:
            return _new_voice(page, after.i + 1, last)
    if token.lower_ in _JOINS:
        return _new_voice(page, token.i + 1, last)
    if token.lower_ in ("before", "after") and after.tag_ == "VBG" and page.is_cue(after, True):
        return True
    if token.lower_ in _AT and token.dep_ == "prep" and _to_the_end(token, last):
        return any(c.dep_ == "pobj" and c.lower_ in _OCCASIONS for c in token.children)
    return False


def _to_the_end(token: Any, last: int) -> bool:
    return bool(token.right_edge.i >= last - 1)


def until_new_voice(page: Page, start: int, end: int) -> int:
    """Where within the two a second report begins after "and" or "but"; ``end`` where none does."""
    tokens = page.tokens(start, end)
    for token in tokens[1:-1]:
        if (
            token.lower_ in _JOINS
            and not page.quote_at(token.idx)
            and _new_voice(page, token.i + 1, tokens[-1].i)
        ):
            return int(token.idx)
    return end


def _new_voice(page: Page, first: int, last: int) -> bool:
    """True when the words after "and" or "but" are another report: a subject with a cue of its own."""
    if page.doc[min(first, last)].lower_ in ("that", "whether", "if"):
        return False
    helped = False
    commas = 0
    for k in range(first, min(first + _REACH, last + 1)):
        token = page.doc[k]
        if page.quote_at(token.idx) or (token.is_punct and token.text not in ",()"):
            return False
        commas += token.is_punct
        told = token.tag_ in ("VBD", "VBZ", "VBP", "VBG") or (helped and token.tag_ in ("VB", "VBN"))
        if page.is_cue(token) and token.pos_ == "VERB" and told:
            return not commas or _has_subject(token, first)
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("relcl", "acl"):
            if token.lower_ not in _HELPERS:
                return False
            helped = True
    return False


def _has_subject(verb: Any, first: int) -> bool:
    """True for a finite verb whose subject stands from ``first`` on, with an office or a name set off."""
    return verb.tag_ in ("VBD", "VBZ", "VBP") and any(
        child.dep_ == "nsubj" and first <= child.i < verb.i for child in verb.children
    )
