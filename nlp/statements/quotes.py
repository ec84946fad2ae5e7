"""Stretches of text between quotation marks, paragraph by paragraph: marks paired, apostrophes told apart.

A quotation over several paragraphs opens in each and closes in the last (the printers' rule); the stretch
of a paragraph that does not close runs to its end. One pass over the text; work is linear in its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.text.paragraphs import Para

_OPENERS = {"“": "double", "„": "double", "«": "double", "‘": "single", '"': "double", "'": "single"}
_CLOSERS = {"double": '”"»“', "single": "’'"}
_LONGEST_SINGLE = 3_000  # characters looked through for a single mark's end: bounds the work
_ENDS = ".,?!…;:—–-"
_TWO = "''"  # two apostrophes for a double mark, as archives of papers have them
_DOUBLES = '“”"«»'
_LOOKED_AHEAD = 6  # paragraphs in which a quotation without marks of its own may close
_ELIDED = ("tis", "twas", "em", "til", "cause", "n")  # words that begin with an apostrophe


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words between marks: ``start`` to ``end`` without them; ``left`` to ``right`` with them."""

    left: int
    start: int
    end: int
    right: int
    para: int
    single: bool
    closed: bool
    continued: bool  # goes on from the paragraph before without a mark of its own


def quoted(text: str, paras: Sequence[Para]) -> list[Quoted]:
    """The outermost quoted stretches of the paragraphs that are not furniture, in order."""
    found: list[Quoted] = []
    open_mark = ""  # kind of the mark that the report's last paragraph left open
    for number, para in enumerate(paras):
        if para.furniture:
            continue
        if open_mark and _without_marks(text, para) and _closed_later(text, paras, number):
            found.append(Quoted(para.start, para.start, para.end, para.end, number, False, False, True))
            continue
        mine = _in_paragraph(text, para, number, open_mark)
        found += mine
        open_mark = ""
        if mine and not mine[-1].closed:
            open_mark = "single" if mine[-1].single else "double"
    return found


def _without_marks(text: str, para: Para) -> bool:
    return not any(mark in text[para.start : para.end] for mark in _DOUBLES)


def _closed_later(text: str, paras: Sequence[Para], number: int) -> bool:
    """True when one of the next paragraphs closes a quotation before it opens one."""
    for para in paras[number + 1 : number + 1 + _LOOKED_AHEAD]:
        if not para.furniture and not _without_marks(text, para):
            return _goes_on(text, para, "double") is not None
    return False


def _in_paragraph(text: str, para: Para, number: int, open_mark: str) -> list[Quoted]:
    found: list[Quoted] = []
    at = para.start
    if open_mark and not _opens(text, at, para) and (close := _goes_on(text, para, open_mark)) is not None:
        found.append(Quoted(at, at, close, close + 1, number, open_mark == "single", True, True))
        at = close + 1
    while at < para.end:
        kind = _opens(text, at, para)
        if not kind:
            at += 1
            continue
        first = at + (wide := len(_TWO) if kind == "two" else 1)
        close = _closing(text, first, para, kind)
        single = kind == "single"
        if close is not None:
            if close > first:
                found.append(Quoted(at, first, close, close + wide, number, single, True, False))
            at = close + wide
        elif not single or (_led_in(text, at, para) and not _holds_double(text, para)):
            found.append(Quoted(at, first, para.end, para.end, number, single, False, False))
            break
        else:
            at += 1
    return [_trimmed(text, stretch) for stretch in found]


def _led_in(text: str, at: int, para: Para) -> bool:
    """True at a paragraph's beginning, and behind a colon with a sentence after it."""
    return at == para.start or (text[para.start : at].endswith(": ") and text[at + 1 : at + 2].isupper())


def _opens(text: str, at: int, para: Para) -> str:
    """Kind of the mark when one opens at ``at``, else ""."""
    if at >= para.end or text[at] not in _OPENERS:
        return ""
    before = text[at - 1] if at > para.start else " "
    after = text[at + 1] if at + 1 < para.end else " "
    mark = text[at]
    if mark in "“„«":
        return "double"
    if text.startswith(_TWO, at):
        return "" if before.isalnum() or text[at + 2 : at + 3].isspace() else "two"
    glued = mark == '"' and before in ",:" and after.isupper()  # said,"We will go."
    if after.isspace() or before.isalnum() or (before in _ENDS[:5] and not glued):
        return ""
    if mark == "'" or mark == "‘":
        rest = text[at + 1 : at + 8].lower()
        if mark == "'" and (after.isdigit() or _word(rest) in _ELIDED):
            return ""
        return "single"
    return "double"


def _word(text: str) -> str:
    length = next((i for i, c in enumerate(text) if not c.isalpha()), len(text))
    return text[:length]


def _closing(text: str, at: int, para: Para, kind: str) -> int | None:
    """Where the mark of this kind closes in the paragraph."""
    if kind == "two":
        close = text.find(_TWO, at, para.end)
        return None if close < 0 else close
    closers = _CLOSERS[kind]
    fallback: int | None = None
    mistaken: int | None = None  # “We will,’ said Lee: a single mark that closes a double one
    inner = False
    for i in range(at, min(para.end, at + _LONGEST_SINGLE) if kind == "single" else para.end):
        mark = text[i]
        if kind == "double" and mark in "‘’":
            ends = mark == "’" and text[i - 1] in ",.!?" and not text[i + 1 : i + 2].isalnum()
            mistaken = i if ends and not inner and mistaken is None else mistaken
            inner = inner or mark == "‘"
        if mark not in closers:
            continue
        before = text[i - 1]
        after = text[i + 1] if i + 1 < para.end else " "
        if kind == "double":
            if mark == "“" or (mark == '"' and before.isspace() and after.isalnum()):
                if before.isspace() or i == at:
                    return None if mark == '"' else mistaken
                return i
            return i
        if after.isalnum() or i == at:
            continue
        if before in _ENDS or after in ',.;:?!)”"':
            return i
        if before == "s" and after == " " and fallback is None:
            fallback = i  # a plural's possessive, unless nothing better comes
            continue
        return i
    return fallback


def _goes_on(text: str, para: Para, kind: str) -> int | None:
    """The closing mark of a paragraph that goes on without an opening one: it comes before any opening."""
    for i in range(para.start, para.end):
        if kind == "double" and text[i] == "”":
            return i
        if kind == "double" and text[i] == '"' and i > para.start and not text[i - 1].isspace():
            after = text[i + 1] if i + 1 < para.end else " "
            return None if after.isalnum() else i
        if _opens(text, i, para):
            return None
    return None


def _holds_double(text: str, para: Para) -> bool:
    return any(mark in text[para.start : para.end] for mark in '“”"«»')


def _trimmed(text: str, stretch: Quoted) -> Quoted:
    start, end = stretch.start, stretch.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quoted(
        stretch.left,
        start,
        end,
        stretch.right,
        stretch.para,
        stretch.single,
        stretch.closed,
        stretch.continued,
    )
