"""Words in their context: the paragraph around a span, and links that open a page at the words.

Pure text in, value out. Spans are character offsets, end exclusive; but for joins marked […],
every piece of text that is given back is a slice of the text that was put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ledger.presentation.links import web_link
from ledger.types import Span

_WORD = re.compile(r"\S+")
_IN_MARKS = re.compile(r"“[^“”]*”|«[^«»]*»|\"[^\"]*\"")
_SHORT = 8  # words up to which a text fragment carries the words themselves, not their two ends
_ENDS = 4  # words at either end of a longer one; both figures keep links under ~300 characters
_AROUND = 3  # words of prefix or suffix that tell one of several places from the others


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article around some words: ``text``, and the words' spans within it.

    ``cut_before`` and ``cut_after`` tell that the paragraph goes on there; ``reserved`` that it may not be
    shown, so that ``text`` is the words alone. ``focus``: what of the words matters here, as the clause that
    undertakes something; none where that is all of them. ``page``: of a file, "page 7" or "pages 7–8".
    """

    text: str
    marks: tuple[Span, ...]
    cut_before: bool = False
    cut_after: bool = False
    reserved: bool = False
    focus: tuple[Span, ...] = ()
    page: str = ""


def page_named(pages: Sequence[tuple[int, int]], spans: Sequence[Span]) -> str:
    """The pages of a file, begun at ``pages`` as (offset, number), that hold spans: "page 7", "pages 7–8"."""
    if not pages or not spans:
        return ""
    offsets = [offset for offset, _ in pages]
    places = (at for start, end in spans for at in (start, max(start, end - 1)))
    numbers = sorted({pages[max(0, bisect_right(offsets, at) - 1)][1] for at in places})
    return f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]}–{numbers[-1]}"


def quotation_only(text: str, spans: Sequence[Span], focus: Sequence[Span] = ()) -> Passage:
    """The words alone, joined by " […] ": for articles whose rights leave nothing but quotations."""
    joined, marks, within = "", [], []
    for start, end in sorted(spans):
        joined += " […] " if joined else ""
        marks.append((len(joined), len(joined) + end - start))
        within += _within(focus, (start, end), len(joined) - start)
        joined += text[start:end]
    return Passage(joined, tuple(marks), True, True, True, _part_of(marks, within))


def _within(focus: Sequence[Span], whole: Span, shift: int) -> list[Span]:
    """What of ``focus`` lies in ``whole``, moved by ``shift``."""
    cut = ((max(start, whole[0]), min(end, whole[1])) for start, end in sorted(focus))
    return [(start + shift, end + shift) for start, end in cut if start < end]


def _part_of(marks: Sequence[Span], focus: Sequence[Span]) -> tuple[Span, ...]:
    return () if list(focus) == list(marks) else tuple(focus)


def within_marks(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """What of ``spans`` stands within double quotation marks closed in their paragraph, the marks with it.

    Of a paragraph with an odd number of straight marks nothing: nobody can tell there what is inside.
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        begin = text.rfind("\n", 0, start) + 1
        while begin < end:
            stop = text.find("\n", begin)
            stop = len(text) if stop < 0 else stop
            if text.count('"', begin, stop) % 2 == 0:
                for match in _IN_MARKS.finditer(text, begin, stop):
                    left = match.start() if match.start() >= start - 1 else start
                    right = match.end() if match.end() <= end + 1 else end
                    if any(c.isalnum() for c in text[max(left, start) : min(right, end)]):
                        found.append((left, right))
            begin = stop + 1
    return tuple(found)


def passage(text: str, spans: Sequence[Span], most: int = 600, focus: Sequence[Span] = ()) -> Passage:
    """The paragraphs that hold ``spans``, with at most ``most`` characters on either side of them."""
    inside = [(max(0, s), min(len(text), e)) for s, e in spans if s < min(e, len(text))]
    if not inside:
        return Passage("", ())
    first, last = min(s for s, _ in inside), max(e for _, e in inside)
    begin = text.rfind("\n", 0, first) + 1
    found = text.find("\n", last)
    end = len(text) if found < 0 else found
    cut_before, cut_after = first - begin > most, end - last > most
    if cut_before:
        space = text.find(" ", first - most, first)
        begin = first - most if space < 0 else space + 1
    if cut_after:
        end = text.rfind(" ", last, last + most)
        end = last + most if end < 0 else end
    marks = tuple(sorted((s - begin, e - begin) for s, e in inside))
    within = [part for span in sorted(inside) for part in _within(focus, span, -begin)]
    return Passage(text[begin:end], marks, cut_before, cut_after, focus=_part_of(marks, within))


def words_alone(words: str, clause: str) -> Passage:
    """A statement's words by themselves, of which the clause matters ("": all of them)."""
    at = words.find(clause)
    part = clause and at >= 0 and clause != words
    return Passage(words, (), focus=((at, at + len(clause)),) if part else ())


def sentence_before(text: str, sentences: Sequence[Span], at: int) -> int:
    """Where the sentence before the one at ``at`` begins; ``at`` where its paragraph begins there."""
    listed = sorted(sentences)
    n = bisect_right(listed, (at, -1)) - 1
    while n >= 0 and listed[n][1] > at:  # that in which the passage begins
        n -= 1
    if n < 0 or "\n" in text[listed[n][0] : at]:
        return at
    return listed[n][0]


def link_to_words(url: str, text: str, spans: Sequence[Span]) -> str:
    """The article's address with a text fragment for each span, "" when it is no web address.

    Syntax of ``#:~:text=[prefix-,]start[,end][,-suffix]``: https://wicg.github.io/scroll-to-text-fragment/
    """
    address = web_link(url)
    parts = [part for span in spans if (part := _directive(text, span))]
    if not address or not parts:
        return address
    return f"{address}{'' if '#' in address else '#'}:~:" + "&".join(f"text={part}" for part in parts)


def _directive(text: str, span: Span) -> str:
    words = [(m.start() + span[0], m.end() + span[0]) for m in _WORD.finditer(text[span[0] : span[1]])]
    if not words:
        return ""
    if len(words) <= _SHORT and "\n" not in text[words[0][0] : words[-1][1]]:
        start, end = _said(text, words[0][0], words[-1][1]), ""
    else:
        start = _said(text, words[0][0], words[_ENDS - 1 if len(words) > 2 * _ENDS else 0][1])
        end = _said(text, words[-_ENDS if len(words) > 2 * _ENDS else -1][0], words[-1][1])
    made = _encode(start) + (f",{_encode(end)}" if end else "")
    if " ".join(text.lower().split()).count(start.lower()) > 1:
        # the words stand more than once in the article: say what stands before, or else after
        before, after = _before(text, words[0][0]), _after(text, words[-1][1])
        if before:
            return f"{_encode(before)}-,{made}"
        if after:
            return f"{made},-{_encode(after)}"
    return made


def _said(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _before(text: str, at: int) -> str:
    line = text[max(text.rfind("\n", 0, at) + 1, at - 120) : at]
    return " ".join(line.split()[-_AROUND:])


def _after(text: str, at: int) -> str:
    found = text.find("\n", at)
    line = text[at : min(at + 120, len(text) if found < 0 else found)]
    return " ".join(line.split()[:_AROUND])


def _encode(words: str) -> str:
    """Percent-encoded with nothing left that the directive's own syntax uses (``-`` above all)."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
