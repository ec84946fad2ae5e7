"""Lines in reading order to paragraphs, headings, items and rows of tables, over columns and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from crawlers.documents.document import BlockKind, TextBlock
from crawlers.documents.pdf.columns import PageColumn
from crawlers.documents.pdf.glyphs import MARKER, SOFT_HYPHEN, Run
from crawlers.documents.pdf.hyphens import joined

_LARGE = 1.12  # of the text's size: a heading's letters
_SMALL = 0.93  # a note's
_OTHER_SIZE = 0.08
_SPACED = 1.3  # of the usual step from line to line: a new paragraph
_INDENT = 0.8  # of the letters' height
_FULL = 0.15  # of the column's width that a full line may leave empty
_LONGEST_HEADING = 120  # characters
_STOPS = (".", "!", "?", ":", ";", "…")
_CLOSING = "\"'”’)]»"


@dataclass(slots=True)
class _Open:
    """A paragraph being read. ``indent``: where its words begin; ``turns``: where pages begin within it."""

    text: str
    kind: BlockKind
    page: int
    last: Run
    indent: float
    number: str = ""
    turns: list[tuple[int, int]] = field(default_factory=list)

    def block(self) -> TextBlock:
        return TextBlock(self.text.replace(SOFT_HYPHEN, ""), self.kind, self.page, tuple(self.turns))


class Paragraphs:
    """Puts the lines of a document together. ``size``: of its text's letters; ``known``: its words."""

    def __init__(self, size: float, known: frozenset[str]) -> None:
        self.size, self.known = size, known

    def blocks(self, pages: Iterable[tuple[int, Sequence[PageColumn]]]) -> Iterator[TextBlock]:
        """The blocks of numbered pages; what runs on over a column's or a page's end is one block.

        Notes at the foot of a page come behind the paragraph that the page ends in.
        """
        held: _Open | None = None
        notes: list[TextBlock] = []
        for page, listed in pages:
            body, below = self._notes(listed)
            for column in body:
                if column.cells:
                    if held:
                        yield held.block()
                        held = None
                    yield TextBlock(self._row(column), "row", page)
                    continue
                for n, line in enumerate(column.lines):
                    step = column.lines[n - 1].y - line.y if n else _below(held, line, page)
                    if held and self._goes_on(held, line, step, column):
                        self._add(held, line, page)
                        continue
                    if held:
                        yield held.block()
                        yield from notes
                        notes = []
                    held = self._opened(line, page)
            notes += [block for column in below for block in self._foot(column, page)]
        if held:
            yield held.block()
        yield from notes

    def _notes(self, listed: Sequence[PageColumn]) -> tuple[list[PageColumn], list[PageColumn]]:
        """The columns of a page, and what stands as notes at the foot of each."""
        body, below = [], []
        for column in listed:
            lines = list(column.lines)
            cut = next((n for n, line in enumerate(lines) if line.note and self._is_small(lines[n:])), None)
            if cut is not None:
                below.append(PageColumn(tuple(lines[cut:]), column.x0, column.x1))
                lines = lines[:cut]
            if lines or column.cells:
                body.append(PageColumn(tuple(lines), column.x0, column.x1, column.cells))
        return body, below

    def _is_small(self, lines: Sequence[Run]) -> bool:
        return all(line.size < _SMALL * self.size for line in lines)

    def _foot(self, column: PageColumn, page: int) -> Iterator[TextBlock]:
        """Notes, one block each."""
        text = ""
        for line in column.lines:
            if line.note and text:
                yield TextBlock(text, "", page)
                text = ""
            text = joined(text, line.text, self.known) if text else line.text
        yield TextBlock(text, "", page)

    def _row(self, column: PageColumn) -> str:
        """A row of a table: its cells parted by a bar."""
        cells = []
        for cell in column.cells:
            text = ""
            for line in cell:
                text = joined(text, line.text, self.known) if text else line.text
            cells.append(text.replace(SOFT_HYPHEN, ""))
        return " | ".join(cells)

    def _opened(self, line: Run, page: int) -> _Open:
        marker = MARKER.match(line.text)
        if line.bullet:
            return _Open(f"• {line.text}", "list", page, line, line.x0)
        if self._is_heading(line):
            return _Open(line.text, "heading", page, line, line.x0)
        if marker:
            at = line.x0 + (line.x1 - line.x0) * marker.end() / max(1, len(line.text))
            number = (marker["number"] or "").strip("(.)")
            return _Open(_tidied(line.text), "list", page, line, at, number)
        return _Open(line.text, "", page, line, line.x0)

    def _is_heading(self, line: Run) -> bool:
        return (line.size > _LARGE * self.size or line.bold) and len(line.text) <= _LONGEST_HEADING

    def _goes_on(self, held: _Open, line: Run, step: float | None, column: PageColumn) -> bool:
        """True for a line of the paragraph that is open. ``step``: down from the line before, None at the
        head of a column."""
        last = held.last
        if line.bullet or abs(line.size - last.size) > _OTHER_SIZE * last.size:
            return False
        if held.kind == "heading":
            return (
                step is not None and step < 1.6 * last.size and line.bold == last.bold and not _number(line)
            )
        if self._is_heading(line) and not last.bold:
            return False
        open_end = not held.text.rstrip(_CLOSING).endswith(_STOPS)
        if self._is_item(held, line, open_end):
            return False
        if step is None:
            hangs = held.kind == "list" and _hangs(line, column)
            return open_end or hangs or line.text[:1].islower()
        if step > _SPACED * self._step(column):
            return False
        full = last.x1 > column.x1 - _FULL * (column.x1 - column.x0)
        if held.kind == "list":
            return line.x0 > held.last.x0 - 1 and (
                line.x0 > held.indent - 0.5 * line.size or full or open_end
            )
        if line.x0 > last.x0 + _INDENT * line.size and not open_end:
            return False
        return full or open_end or not line.text[:1].isupper()

    def _is_item(self, held: _Open, line: Run, open_end: bool) -> bool:
        """True where an item's number or letter begins a line, and is not a number of the sentence before."""
        marker = MARKER.match(line.text)
        if not marker or len(line.text) == marker.end():
            return False
        if marker["bullet"]:
            return marker["bullet"] not in "-–—*" or not open_end or line.x0 < held.indent - 1
        number = (marker["number"] or "").strip("(.)")
        if held.number.isdigit() and number.isdigit():
            return int(number) == int(held.number) + 1 or line.x0 < held.indent - 0.5 * line.size
        told = marker[0].strip().endswith((".", ")")) or "." in number
        return told and (not open_end or line.x0 < held.indent - 1)

    def _step(self, column: PageColumn) -> float:
        """The usual step from one line of a column to the next."""
        feet = [line.y for line in column.lines]
        steps = [a - b for a, b in pairwise(feet) if 0 < a - b < 3 * self.size]
        return min(median(steps), 1.6 * self.size) if steps else 1.3 * self.size

    def _add(self, held: _Open, line: Run, page: int) -> None:
        whole = joined(held.text, line.text, self.known)
        if page != (held.turns[-1][1] if held.turns else held.page):
            held.turns.append(
                (len(whole.replace(SOFT_HYPHEN, "")) - len(line.text.replace(SOFT_HYPHEN, "")), page)
            )
        if held.kind == "list" and held.last.x0 < line.x0:
            held.indent = min(held.indent, line.x0)
        held.text, held.last = whole, line


def _below(held: _Open | None, line: Run, page: int) -> float | None:
    """The step from an open paragraph down to the head of another stretch of lines on the page; None where
    that stands beside it."""
    if held is None or page != (held.turns[-1][1] if held.turns else held.page):
        return None
    apart = line.x0 > held.last.x1 or line.x1 < held.last.x0
    return None if apart or line.y >= held.last.y else held.last.y - line.y


def _hangs(line: Run, column: PageColumn) -> bool:
    """True for a line that begins where the words of a column's items do."""
    drawn = (one.x0 for one in column.lines if one.bullet)
    marked = (one.x0 for one in column.lines if MARKER.match(one.text) and not one.bullet)
    return any(abs(x0 - line.x0) < 1.5 for x0 in drawn) or any(
        0.5 * line.size < line.x0 - x0 < 4 * line.size for x0 in marked
    )


def _number(line: Run) -> bool:
    marker = MARKER.match(line.text)
    return marker is not None and bool(marker["number"])


def _tidied(text: str) -> str:
    """An item with any maker's bullet as "•"."""
    marker = MARKER.match(text)
    return f"• {text[marker.end() :]}" if marker and marker["bullet"] else text
