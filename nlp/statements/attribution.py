"""The cue and source beside a quotation: by the parse, by the order of words, by a name behind a dash."""

from __future__ import annotations

import re
from typing import Any

from ledger.types import Span
from nlp.officials.lexicon import lexicon
from nlp.statements.model import RAISERS, Page, noun_phrase, source_of

_MARKS = "”\"’'»"
_REACH = 240  # characters of a piece looked through for a cue
_DASHED = re.compile(r"\s*(?:[–—]|--?)\s*(?=[A-Z])")
_LONGEST = 90  # characters of a line that names somebody
_LEAST_PAIRS = 2  # names over quotations that make a list of them


def cue_beside(page: Page, left: int, right: int, after: bool) -> tuple[Any, tuple[Span, ...]] | None:
    """The cue of the words on one side of a quotation, with its source, () where that is not named.

    ``left`` and ``right`` bound the words; ``after`` tells whether they follow the quotation. The cue
    nearest to it wins; its source is its subject by the parse, else the noun phrase beside it.
    """
    tokens = [t for t in page.tokens(left, right) if t.idx < left + _REACH or not after]
    verbs = [t for t in tokens if page.is_cue(t, True) and not page.quote_at(t.idx) and not _purpose(t)]
    if not after:
        verbs = verbs[::-1]
    for verb in verbs:
        if agent := _agent(page, verb):
            return verb, (agent,)
        span = source_of(page, verb)
        if span and span[0] < right and (span[0] >= left or not after):
            return verb, (span,)
        if span := _ahead(page, verb, left, after) or _beside(page, verb, left, right, after):
            return verb, (span,)
    if not after:
        return _colon_verb(page, tokens, right)
    if told := _according(page, tokens, left):
        return told
    if verbs and verbs[0].idx - left < 12:
        return verbs[0], ()
    return _any_verb(page, tokens, left)


def _agent(page: Page, verb: Any) -> Span | None:
    """Who asks in "she was asked by Ann Lee: …": the agent of a passive cue."""
    for child in verb.children:
        if child.dep_ == "agent":
            head = next((c for c in child.children if c.dep_ == "pobj"), None)
            return noun_phrase(page, head) if head is not None else None
    return None


def _according(page: Page, tokens: list[Any], left: int) -> tuple[Any, tuple[Span, ...]] | None:
    """ "…," according to the report: whose words they are, right behind a quotation."""
    words = [t for t in tokens if not t.is_space and not t.is_punct]
    if len(words) < 3 or words[0].lower_ != "according" or words[1].lower_ != "to":
        return None
    head = next((c for c in words[1].children if c.dep_ == "pobj"), None)
    return (words[0], (noun_phrase(page, head),)) if head is not None else None


def _purpose(verb: Any) -> bool:
    """An infinitive that says what for: "…," to describe those who stay."""
    to = any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    return to and not (verb.dep_ in ("xcomp", "advcl") and verb.head.lower_ in RAISERS)


def _colon_verb(page: Page, tokens: list[Any], right: int) -> tuple[Any, tuple[Span, ...]] | None:
    """Before a colon and a quotation any verb with a subject will do: the crowd chanted: "…"."""
    if not page.text[max(0, right - 8) : right].rstrip().endswith(":"):
        return None
    for token in reversed(tokens):
        if token.tag_ not in ("VBD", "VBZ", "VBP", "VBG") or token.dep_ in ("aux", "auxpass", "amod"):
            continue
        if not page.quote_at(token.idx) and (span := source_of(page, token)):
            return token, (span,)
    return None


def _ahead(page: Page, verb: Any, left: int, after: bool) -> Span | None:
    """The noun phrase between a quotation and the cue behind it, where the parse gives it no subject."""
    if not after:
        return None
    between = [t for t in page.tokens(left, verb.idx) if not t.is_space and not t.is_punct]
    head = next((t for t in between if t.pos_ in ("PROPN", "NOUN", "PRON")), None)
    if head is None:
        return None
    while head.pos_ in ("PROPN", "NOUN") and head.head in between and head.head.pos_ in ("PROPN", "NOUN"):
        if head.dep_ not in ("compound", "nmod", "poss", "amod"):
            break
        head = head.head
    return noun_phrase(page, head)


def _any_verb(page: Page, tokens: list[Any], left: int) -> tuple[Any, tuple[Span, ...]] | None:
    """Right behind a quotation any verb of manner will do: "…," he grinned."""
    if page.text[left - 1 : left] not in _MARKS or page.text[max(0, left - 2) : left - 1] not in ",?!…—–-":
        return None
    words = [t for t in tokens if not t.is_space and not t.is_punct][:7]
    for token in words:
        if token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("aux", "auxpass"):
            span = source_of(page, token)
            if span and left <= span[0] <= left + 60:
                return token, (span,)
            return None
    return None


def _without_brackets(tokens: list[Any]) -> list[Any]:
    """The tokens, less white space and a party or seat in brackets at their end: "Ann Lee (Lab), said"."""
    while tokens and tokens[-1].is_space:
        tokens = tokens[:-1]
    bracket = tokens[:-1] if tokens and tokens[-1].text == "," else tokens
    if bracket and bracket[-1].text == ")":
        opened = next((n for n in range(len(bracket) - 1, -1, -1) if bracket[n].text == "("), 0)
        return bracket[:opened]
    return tokens


def _beside(page: Page, verb: Any, left: int, right: int, after: bool) -> Span | None:
    """The noun phrase next to a cue, for sentences whose parse gives it no subject."""
    following = [
        t for t in page.tokens(verb.idx + len(verb.text), min(right, verb.idx + 120)) if not t.is_space
    ]
    if (
        after
        and following
        and verb.idx - left < 15
        and following[0].pos_ in ("PROPN", "PRON", "DET", "NOUN", "ADJ")
    ):
        head = next(
            (
                t
                for t in following[:10]
                if t.pos_ in ("PROPN", "NOUN", "PRON") and t.head not in following[:10]
            ),
            None,
        )
        head = head or next((t for t in following[:10] if t.pos_ in ("PROPN", "NOUN", "PRON")), None)
        if head is not None:
            return noun_phrase(page, head)
    previous = _without_brackets(page.tokens(max(left, verb.idx - 80), verb.idx))
    if (
        previous
        and previous[-1].ent_type_ not in ("DATE", "TIME")
        and previous[-1].pos_ in ("PROPN", "PRON", "NOUN")
    ):
        return noun_phrase(page, previous[-1])
    return None


def name_behind(page: Page, left: int, right: int) -> Span | None:
    """Whoever is named behind a dash between the two: “We will go.” – Mayor Ann Lee."""
    dash = _DASHED.match(page.text, left, right)
    if dash is None or right - dash.end() > _LONGEST:
        return None
    return _named(page, dash.end(), right)


def name_below(page: Page, number: int) -> Span | None:
    """Whoever a paragraph names that follows a quotation: behind a dash, or with an office behind a comma."""
    para = page.paras[number]
    if dashed := name_behind(page, para.start, para.end):
        return dashed
    words = page.text[para.start : para.end]
    if len(words) > _LONGEST or "," not in words or words[-1] in ".!?:":
        return None
    return _named(page, para.start, para.end)


def names_above(page: Page, quoted: frozenset[int]) -> dict[int, Span]:
    """Paragraphs that only name somebody over one that is all quotation, in ``quoted``: number to name.

    One such pair could be a caption; a list of them, or one behind a colon, is not.
    """
    report = [n for n, para in enumerate(page.paras) if not para.furniture]
    found: dict[int, Span] = {}
    announced = False
    for place, number in enumerate(report[:-1]):
        para = page.paras[number]
        words = page.text[para.start : para.end]
        if len(words) > _LONGEST or words[-1] in '.!?:”"' or report[place + 1] not in quoted:
            continue
        if name := _named(page, para.start, para.end):
            found[number] = name
            before = page.paras[report[place - 1]] if place else para
            announced = announced or page.text[before.end - 1] == ":"
    return found if announced or len(found) >= _LEAST_PAIRS else {}


def _named(page: Page, left: int, right: int) -> Span | None:
    """The name a stretch begins with, up to its first comma; None where it holds a verb or names nobody."""
    tokens = page.tokens(left, right)
    comma = page.text.find(",", left, right)
    end = comma if comma > 0 else right
    name = [token for token in tokens if token.idx < end]
    if not name or any(token.tag_ in ("VBD", "VBZ", "VBP", "MD") for token in name):
        return None
    titled = lexicon().titles.search(page.text[left:end].split()[0] + " ")
    if not titled and not any(token.ent_type_ == "PERSON" for token in name):
        return None
    return left, len(page.text[:end].rstrip(" .–—-"))
