"""Minutes as a paper of their body: its resolutions are its own, an action is whose name it bears.

What `nlp.statements.forms.minutes` finds stands, whatever the vote over spans says.
How members voted is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledger.types import Span
from nlp.statements.forms.minutes import NAME_WORDS, doer_at, minutes
from nlp.statements.forms.voice import form_pattern, form_words
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para
from nlp.text.sentences import sentence_breaks

KINDS = ("minutes", "decision")  # of articles that are read so
_CELL = re.compile(r"[^|\n]+")
_COLUMNS = ("action_column", "owner_column", "date_column")
_LEAST_CELLS = 2
_HEAD = 3_000  # characters in which those present are named


def with_minutes(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """The statements of minutes, in order: what is minuted, and of ``found`` what people said."""
    own = [*(_owned(page, one) for one in minutes(page, (), paper=True)), *_listed(page)]
    taken = [span for one in own for span in one.content]
    kept = {
        n: one
        for n, one in enumerate(found)
        if one.cue_lemma not in form_words("procedure")
        and not any(a < d and c < b for a, b in one.content for c, d in taken)
        and not _is_vote(page, page.paras[page.para_of(one.content[0][0])])
    }
    place = {n: at for at, n in enumerate(kept)}
    others = [
        replace(one, carried=place.get(-1 if one.carried is None else one.carried)) for one in kept.values()
    ]
    return _ordered(others, own)


def _ordered(others: Sequence[Candidate], own: Sequence[Candidate]) -> list[Candidate]:
    """Both in the order of the text; who goes on speaking is told by the new numbers."""
    listed = [*others, *own]
    order = sorted(range(len(listed)), key=lambda n: listed[n].content)
    number = {old: new for new, old in enumerate(order)}
    return [
        replace(one, carried=None if one.carried is None else number[one.carried])
        for one in (listed[n] for n in order)
    ]


def _owned(page: Page, one: Candidate) -> Candidate:
    """A resolution as the body's, an action as that of the one who is to do it."""
    if one.rule == "resolved":
        return replace(one, voice=page.byline)
    start, end = one.content[0]
    if not one.source and (doer := doer_at(page, start, end)):
        one = replace(one, content=((doer.end("who") + 1, end),), source=(doer.span("who"),))
    return replace(one, source=tuple(_attending(page, span) for span in one.source), voice=page.byline)


def _attending(page: Page, office: Span) -> Span:
    """The name before an office in brackets, as among those present: "Mr Les Hope (Head of Parking)"."""
    words = re.escape(page.text[slice(*office)])
    named = re.search(rf"(?P<who>{NAME_WORDS}) \({words}\)", page.text[:_HEAD])
    return named.span("who") if named else office


def _is_vote(page: Page, para: Para) -> bool:
    return form_pattern("vote").search(page.text, para.start, para.end) is not None


def _listed(page: Page) -> Iterator[Candidate]:
    """The rows of a table of actions, below a head that names its columns: action, owner, date."""
    columns: list[int | None] = []
    for para in page.paras:
        cells = [_bare(page, match.span()) for match in _CELL.finditer(page.text, para.start, para.end)]
        if "|" not in page.text[para.start : para.end] or len(cells) < _LEAST_CELLS:
            columns = []
            continue
        heads = [
            next((n for n, cell in enumerate(cells) if form_pattern(name).fullmatch(page.text, *cell)), None)
            for name in _COLUMNS
        ]
        if heads[0] is not None and heads[1] is not None:
            columns = heads
        elif columns and all(n is None or n < len(cells) for n in columns):
            action, owner, day = (None if n is None else cells[n] for n in columns)
            if action and owner and len(page.text[slice(*action)].split()) > 1:
                end = day[1] if day and day[0] > action[0] else _sentence(page, action)
                yield Candidate(
                    "indirect", ((action[0], end),), (), (owner,), None, "", "action", page.byline
                )


def _bare(page: Page, span: Span) -> Span:
    words = page.text[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _sentence(page: Page, span: Span) -> int:
    return next((stop for stop, _ in sentence_breaks(page.text, *span)), span[1])
