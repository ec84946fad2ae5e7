"""Minutes: what a body resolved, and who is to do what. "RESOLVED: that …", "ACTION: Clerk to write …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ledger.types import Span
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para, without_bullet
from nlp.text.sentences import sentence_breaks

_RESOLVED = re.compile(
    r"\b(?P<cue>RESOLVED|AGREED)(?P<votes> (?:unanimously|\([^()]{1,80}\)))?"
    r"(?: ?[:–—-]| (?=that\b)|,[^,.:;]{1,60}:|(?<=\)) )\s*(?:[Tt]hat\s+)?(?=\S)"
)
_ITEMS_BELOW = re.compile(r"\b(?P<cue>RESOLVED|AGREED)[^.;\n]{0,80}[:–—-]$")
_ACTION = re.compile(r"\b(?P<cue>ACTIONS?)(?: POINT)?S?: *(?=\S)")
_THAT = re.compile(r"(?:\([^()]{1,4}\) *)?[Tt]hat\s+")
_WORD = r"(?:[A-Z][\w'’.-]*|of|the|for|and)"
_DOER = re.compile(rf"(?P<who>{_WORD}(?: {_WORD}){{0,6}}) to [a-z]+ \w")
_MINUTES = re.compile(r"\b[Mm](?:inutes|INUTES)\b")
_HEAD = 600  # characters of a text in which it calls itself minutes
_MOST_ITEMS = 40  # of one resolution
_LEAST_WORDS = 3


def minutes(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """What was resolved and what is to be done, outside of what is found already."""
    taken = {page.para_of(start) for one in found for start, _ in one.content}
    return [one for one in _minuted(page) if page.para_of(one.content[0][0]) not in taken]


def _minuted(page: Page) -> Iterator[Candidate]:
    """By the sentence; a name before "to" says who is to do something only in minutes proper."""
    proper = bool(_MINUTES.search(page.title) or _MINUTES.search(page.text, 0, _HEAD))
    for number, para in enumerate(page.paras):
        if para.furniture:
            continue
        for form, rule in ((_RESOLVED, "resolved"), (_ACTION, "action")):
            for match in form.finditer(page.text, para.start, para.end):
                if page.quote_at(match.start()) is None:
                    content = match.end(), _stop(page, match.end(), para.end)
                    if len(page.text[slice(*content)].split()) >= _LEAST_WORDS:
                        yield Candidate("indirect", (content,), (match.span("cue"),), (), None, "", rule)
        if below := _ITEMS_BELOW.search(page.text, para.start, para.end):
            yield from _items(page, number + 1, below.span("cue"))
        elif proper and para.kind in ("list", "heading") and (doer := _doer(page, para)):
            yield doer


def _stop(page: Page, start: int, end: int) -> int:
    """The end of the sentence, without its stop."""
    stop = next((left for left, _ in sentence_breaks(page.text, start, end)), end)
    return stop - (page.text[stop - 1] == ".")


def _items(page: Page, number: int, cue: Span) -> Iterator[Candidate]:
    """The items below "RESOLVED:", each a statement of its own."""
    for para in page.paras[number : number + _MOST_ITEMS]:
        that = _THAT.match(page.text, para.start, para.end)
        if para.furniture or (para.kind != "list" and that is None):
            return
        start = that.end() if that else without_bullet(page.text, para)
        yield Candidate(
            "indirect", ((start, _stop(page, start, para.end)),), (cue,), (), None, "", "resolved"
        )


def _doer(page: Page, para: Para) -> Candidate | None:
    """ "(ii) Cllr Frost to supply photographs": who is to do something, in a line of its own."""
    start = without_bullet(page.text, para)
    match = _DOER.match(page.text, start, para.end)
    if match is None:
        return None
    content = match.end("who") + 1, _stop(page, start, para.end)
    return Candidate("indirect", (content,), (), (match.span("who"),), None, "", "action")
