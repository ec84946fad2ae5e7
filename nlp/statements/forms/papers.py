"""Minutes as a paper of their body: its resolutions are its own, an action is whose name it bears.

What `nlp.statements.forms.minutes` finds stands, whatever the vote over spans says.
How members voted, and what else might have been decided, is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledger.types import Span
from nlp.statements.forms.minutes import NAME_WORDS, doer_at, minutes
from nlp.statements.forms.voice import form_pattern, form_words, titled
from nlp.statements.model import Candidate, Page
from nlp.text.paragraphs import Para
from nlp.text.sentences import sentence_breaks

KINDS = ("minutes", "decision")  # of articles that are read so
_CELL = re.compile(r"[^|\n]+")
_COLUMNS = ("action_column", "owner_column", "date_column")
_INITIALS = re.compile(r"[A-Z]{2,4}")
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})?|[a-z]|[ivx]{1,4})[.):]?\s+(?=\S)|[•–-] +")
_VERBS = frozenset("VB VBD VBG VBN VBP VBZ MD".split())
_LEAST_CELLS = 2
_LEAST_WORDS = 3
_HEAD = 3_000  # characters in which those present are named


def with_minutes(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """The statements of minutes, in order: what is minuted, and of ``found`` what people said."""
    given = dict(_given(page))
    own = list(_listed(page))
    for one in (
        *(_owned(page, one) for one in minutes(page, (), paper=True) if one.cue[:1] not in given),
        *(one for one in given.values() if one),
    ):
        own += [] if _overlaps(one, own) else [one]
    taken = [span for one in own for span in one.content]
    kept = {
        n: one
        for n, one in enumerate(found)
        if one.cue_lemma not in form_words("procedure")
        and one.cue[:1] not in given
        and not any(a < d and c < b for a, b in one.content for c, d in taken)
        and not _is_vote(page, page.paras[page.para_of(one.content[0][0])])
        and not (one.source == () and _is_option(page, page.para_of(one.content[0][0])))
    }
    place = {n: at for at, n in enumerate(kept)}
    others = [
        replace(one, carried=place.get(-1 if one.carried is None else one.carried)) for one in kept.values()
    ]
    return _ordered(others, own)


def _overlaps(one: Candidate, others: Sequence[Candidate]) -> bool:
    spans = [span for other in others for span in other.content]
    return any(a < d and c < b for a, b in one.content for c, d in spans)


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


def _attending(page: Page, named: Span) -> Span:
    """The name of an office or of initials, as among those present: "Mr Les Hope (Head of Parking)"."""
    words = re.escape(page.text[slice(*named)])
    head = page.text[:_HEAD]
    found = re.search(rf"(?P<who>{NAME_WORDS})(?:,? \((?:Parish |Town )?|, (?:the )?){words}\b", head)
    if found is None and _INITIALS.fullmatch(page.text, *named):
        people = {match for match in re.finditer(NAME_WORDS, head) if _initials(match[0]) == words}
        found = people.pop() if len({match[0] for match in people}) == 1 else None
    return found.span() if found and not found.re.groupindex else found.span("who") if found else named


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if not titled(word))


def _given(page: Page) -> Iterator[tuple[tuple[Span], Candidate | None]]:
    """ "The hedge is to be cut. Action: Clerk": what stands before a mark with nothing but a name behind it,
    or else behind the name, is for that one to do; each by its mark, None where there is nothing."""
    last: Span | None = None  # the paragraph before
    for para in page.paras:
        if para.furniture:
            continue
        for mark in form_pattern("action_mark").finditer(page.text, para.start, para.end):
            cue = (mark.span("action"),)
            start, end = _cell(page, para, mark.start())
            if mark["open"]:
                end = next((n for n in range(mark.end(), end) if page.text[n] in ")]"), end)
            owner = _owner(page, mark.end(), end)
            if owner is None:
                continue
            who, rest = owner
            task, day = _behind(page, rest)
            if task is None and day is None and page.text[slice(*rest)].strip(" .,"):
                continue
            words = task or _before(page, para, (start, mark.start()), last)
            source = (_attending(page, who),)
            content = words and ((words, day) if day else (words,))
            yield (
                cue,
                Candidate("indirect", content, cue, source, None, "", "action", page.byline)
                if content
                else None,
            )
        last = para.start, para.end


def _owner(page: Page, start: int, end: int) -> tuple[Span, Span] | None:
    """Who is named from ``start`` on, by title, office, initials or as one of those present, and the rest."""
    match = form_pattern("owner").match(page.text, start, next(_stops(page, start, end)))
    if match is None:
        return None
    who = match["who"]
    known = (
        titled(who)
        or form_pattern("office").search(who)
        or form_pattern("group").search(who)
        or _INITIALS.fullmatch(who)
        or re.search(rf"\b[A-Z][\w’'.-]* {re.escape(who)}\b", page.text[:_HEAD])
        or (" " in who and any(token.ent_type_ == "PERSON" for token in page.tokens(*match.span("who"))))
    )
    return (match.span("who"), (match.end(), next(_stops(page, match.end(), end)))) if known else None


def _stops(page: Page, start: int, end: int) -> Iterator[int]:
    yield from (stop for stop, _ in sentence_breaks(page.text, start, end))
    yield end


def _behind(page: Page, rest: Span) -> tuple[Span | None, Span | None]:
    """What follows the name in charge: the task behind a dash, or the day."""
    if task := re.compile(r"\)? ?[:–—-] +(?=\w+ \w)").match(page.text, *rest):
        return (task.end(), rest[1] - (page.text[rest[1] - 1] == ".")), None
    day = form_pattern("action_day").match(page.text, *rest)
    return None, day.span("day") if day else None


def _before(page: Page, para: Para, line: Span, last: Span | None) -> Span | None:
    """The sentence before a mark, in its line, or else in the longest cell of its row, or the line above."""
    row = [_bare(page, cell.span()) for cell in _CELL.finditer(page.text, para.start, para.end)]
    cells = [cell for cell in row if not cell[0] <= line[1] < cell[1]]
    longest = max(cells, key=lambda cell: cell[1] - cell[0]) if cells else last
    for span in (line, longest):
        if span is None:
            continue
        start, end = _bare(page, span)
        for _, begin in sentence_breaks(page.text, start, end):
            start = begin
        number = _NUMBER.match(page.text, start, end)
        start, end = _bare(page, (number.end() if number else start, end))
        tags = {token.tag_ for token in page.tokens(start, end)}
        if len(page.text[start:end].split()) >= _LEAST_WORDS and tags & _VERBS:
            return start, end - (page.text[end - 1] == ".")
    return None


def _cell(page: Page, para: Para, at: int) -> Span:
    """The cell of a row around a place, or the line."""
    left = page.text.rfind("|", para.start, at) + 1
    right = page.text.find("|", at, para.end)
    return max(left, para.start), right if right >= 0 else para.end


def _is_option(page: Page, number: int) -> bool:
    """True below a heading that tells what might have been decided instead."""
    above = (para for para in reversed(page.paras[:number]) if para.kind == "heading")
    heading = next(above, None)
    return heading is not None and bool(form_pattern("options").search(page.text, heading.start, heading.end))


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
        if heads[0] is not None:
            columns = heads
        elif columns and columns[1] is None:
            yield from _in_column(page, cells, columns[0] or 0)
        elif columns and all(n is None or n < len(cells) for n in columns):
            action, owner, day = (None if n is None else cells[n] for n in columns)
            if action and owner and len(page.text[slice(*action)].split()) > 1:
                end = day[1] if day and day[0] > action[0] else _sentence(page, action)
                yield Candidate(
                    "indirect", ((action[0], end),), (), (owner,), None, "", "action", page.byline
                )


def _in_column(page: Page, cells: Sequence[Span], column: int) -> Iterator[Candidate]:
    """A row whose column of actions tells who is to do what, or only who is to do what the row says."""
    if column >= len(cells):
        return
    start, end = cells[column]
    owner = _owner(page, start, end)
    if owner and not page.text[slice(*owner[1])].strip(" ."):
        words = max((cell for cell in cells if cell != cells[column]), key=lambda cell: cell[1] - cell[0])
        for _, begin in sentence_breaks(page.text, *words):
            words = begin, words[1]
        content = (words[0], words[1] - (page.text[words[1] - 1] == "."))
        if len(page.text[slice(*content)].split()) >= _LEAST_WORDS:
            source = (_attending(page, owner[0]),)
            yield Candidate("indirect", (content,), (), source, None, "", "action", page.byline)
        return
    for stop, begin in [*sentence_breaks(page.text, start, end), (end, end)]:
        if doer := doer_at(page, start, stop):
            content = doer.end("who") + 1, stop - (page.text[stop - 1] == ".")
            source = (_attending(page, doer.span("who")),)
            yield Candidate("indirect", (content,), (), source, None, "", "action", page.byline)
        start = begin


def _bare(page: Page, span: Span) -> Span:
    words = page.text[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _sentence(page: Page, span: Span) -> int:
    return next((stop for stop, _ in sentence_breaks(page.text, *span)), span[1])
