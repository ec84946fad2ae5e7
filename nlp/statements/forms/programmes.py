"""Items of a programme: lists under "her leaflet says:", "the mayor's plan:", "we will:", a name."""

from __future__ import annotations

import re
from itertools import takewhile

from ledger.types import Span
from nlp.statements.forms.voice import form_words
from nlp.statements.model import Candidate, Page, noun_phrase
from nlp.text.paragraphs import Para, without_bullet

_OWN = re.compile(r"\b(I|[Ww]e) (?:will|would|shall|want to|plan to|promise to|pledge to):$")
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_LONGEST_TAIL = 7  # words between the cue and the colon
_LONGEST_LEAD = 250  # characters of a sentence that introduces a list


def items_behind(page: Page, number: int) -> list[Span]:
    """The items of the list that begins at a paragraph, without their bullets."""
    found: list[Span] = []
    for para in page.paras[number:]:
        if para.furniture:
            continue
        if para.kind != "list":
            break
        found.append((without_bullet(page.text, para), para.end))
    return found


def leads_list(page: Page, lead: Para, said: Candidate) -> bool:
    """True for a line that ends in a cue, or in what its cue says will be: "it says they would:"."""
    if not said.cue_lemma or page.lexicon.verbs[said.cue_lemma] == "question":
        return False
    helped = [c for t in page.tokens(*said.cue[0]) for c in t.children]
    if any(c.tag_ == "MD" or c.dep_ == "auxpass" for c in helped):
        return False  # "will offer:", "is asked to:"
    tail = [t for t in page.tokens(said.cue[0][1], lead.end - 1) if not t.is_space]
    modal = bool(tail) and (tail[-1].tag_ == "MD" or tail[-1].lower_ == "to")
    return len(tail) <= _LONGEST_TAIL and (modal or not any(t.tag_ in _FINITE for t in tail))


def owner_of_list(page: Page, para: Para, start: int) -> Span | None:
    """Whose list a line without a reporting verb introduces, its last sentence beginning at ``start``."""
    text = page.text[start : para.end]
    if not text.endswith(":") or len(text) > _LONGEST_LEAD:
        return None
    if own := _OWN.search(text):
        return start + own.start(1), start + own.end(1)
    tokens = page.tokens(start, para.end)
    if any(token.tag_ in _FINITE for token in tokens):
        return None
    if owner := possessor(page, start, para.end):
        return owner
    named = list(takewhile(lambda token: token.ent_type_ == "PERSON", tokens))
    return (start, named[-1].idx + len(named[-1].text)) if named else None


def possessor(page: Page, start: int, end: int) -> Span | None:
    """Whose leaflet, plan or list the words speak of."""
    for token in page.tokens(start, end):
        if token.dep_ == "poss" and token.head.lower_ in form_words("programmes"):
            return noun_phrase(page, token)
    return None
