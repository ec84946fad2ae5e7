"""A pledge's time as one simple picture: what was said above all, evidence for and against, decisions, dates.

An SVG without a size of its own: places are per cent of the width, heights and letters are pixels, so that it
reads at 390 pixels as at 1,440. Each kind has a shape of its own beside its colour. It holds no text from
outside, and the list below it on a page tells the same in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from ledger.days import day

EventKind = Literal["said", "moved", "restated", "for", "against", "decided", "due"]  # the order within a day
TimelineMark = tuple[EventKind, date]
_COUNTED: dict[EventKind, tuple[str, str]] = {
    "said": ("first said", "first said"),
    "restated": ("said again once", "said again {} times"),
    "moved": ("changed once", "changed {} times"),
    "for": ("one report for it", "{} reports for it"),
    "against": ("one report against it", "{} reports against it"),
    "decided": ("one decision", "{} decisions"),
    "due": ("one date promised", "{} dates promised"),
}
# Path around (0, 0), how far below the axis, fill and line.
_SHAPES: dict[EventKind, tuple[str, int, str, str]] = {
    "said": ("M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", 0, "#0b4a6f", "#0b4a6f"),
    "restated": ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", 0, "#fbfaf8", "#0b4a6f"),
    "moved": ("M0-7L7 0 0 7-7 0z", 0, "#fbfaf8", "#7a4a00"),
    "for": ("M0-6L6 5-6 5z", -20, "#00664f", "#00664f"),
    "against": ("M0 6L6-5-6-5z", 20, "#b3400b", "#b3400b"),
    "decided": ("M-5-5h10v10h-10z", 38, "#1f2328", "#1f2328"),
}
_HEIGHT, _AXIS = 148, 76  # pixels
_QUIET, _LINE, _INK = "#5c5f66", "#8a857b", "#1f2328"
_DASHES = ' stroke-dasharray="4 3"'
_LEFT, _WIDTH = 3.0, 94.0  # per cent that the time takes
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)  # between ticks
_TICKS = 5  # at most, for the width of a telephone


@dataclass(frozen=True, slots=True)
class Picture:
    """``svg``, which holds no text from outside, and the same in one sentence. A page that cannot hold an SVG
    shows it as an image (``data``), whose box is what places are per cent of."""

    svg: str
    words: str

    @property
    def data(self) -> str:
        """The SVG as a ``data:`` address."""
        return f"data:image/svg+xml,{quote(self.svg)}"


def picture(marks: Sequence[TimelineMark], today: date) -> Picture | None:
    """The picture of these marks with ``today`` in it; None where nothing has a day."""
    if not marks:
        return None
    days = [at for _, at in marks]
    first, last = min(days), max(*days, today)
    span = max((last - first).days, 1)

    def x(at: date) -> float:
        return _LEFT + _WIDTH * (at - first).days / span

    parts = [
        f'<line x1="{_LEFT}%" x2="{_LEFT + _WIDTH}%" y1="{_AXIS}" y2="{_AXIS}" stroke="{_LINE}"/>',
        *(_tick(words, x(at)) for at, words in _ticks(first, last)),
        _upright("today", x(today), 2, "", _LINE) if first <= today else "",
        *(_upright(words, x(at), row, _DASHES, _INK) for row, (words, at) in enumerate(_dues(marks))),
        *(_shape(kind, x(at)) for kind, at in sorted(marks, key=_above) if kind != "due"),
    ]
    words = told(marks)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{_HEIGHT}" role="img"'
        f' font-family="sans-serif" aria-label="{words}">{"".join(parts)}</svg>'
    )
    return Picture(svg, words)


def _above(mark: TimelineMark) -> int:
    """What is drawn later lies above: words said again below all, the first ones above."""
    return {"restated": 0, "said": 2}.get(mark[0], 1)


def told(marks: Sequence[TimelineMark]) -> str:
    """The picture in one sentence, for who cannot see it."""
    number = Counter(kind for kind, _ in marks)
    days = [at for _, at in marks]
    counted = [
        (one if number[kind] == 1 else many).format(number[kind])
        for kind, (one, many) in _COUNTED.items()
        if number[kind]
    ]
    return f"From {day(min(days))} to {day(max(days))}: {', '.join(counted)}. The list below tells each."


def _dues(marks: Sequence[TimelineMark]) -> list[tuple[str, date]]:
    """The date first promised and, where it was moved, the newest, in the order in which they are given."""
    days = list(dict.fromkeys(at for kind, at in marks if kind == "due"))
    return list(zip(("promised", "new date"), (days[0], days[-1]) if days[1:] else days, strict=False))


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """First days of months, evenly, no more than fit."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in _MONTHS if months / step <= _TICKS), _MONTHS[-1])
    at = first.year * 12 + first.month  # the month after the first
    at += -at % step
    while at <= last.year * 12 + last.month - 1:
        tick = date(at // 12, at % 12 + 1, 1)
        yield tick, f"{tick:%Y}" if step % 12 == 0 else f"{tick:%b %Y}"
        at += step


def _tick(words: str, x: float) -> str:
    return f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{_AXIS - 4}" y2="{_AXIS + 4}" stroke="{_LINE}"/>' + _text(
        words, x, _HEIGHT - 6, _QUIET, "start" if x < 12 else "end" if x > 88 else "middle"
    )


def _upright(words: str, x: float, row: int, dashes: str, colour: str) -> str:
    """A line down to the axis, with its words in a row of their own, on the side where there is room."""
    y = 12 + 14 * row
    return (
        f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{y - 10}" y2="{_AXIS + 28}" stroke="{colour}"{dashes}/>'
        + _text(words, x, y, _QUIET, "start" if x < 60 else "end", 4 if x < 60 else -4)
    )


def _shape(kind: EventKind, x: float) -> str:
    path, below, fill, line = _SHAPES[kind]
    return (
        f'<svg x="{x:.2f}%" y="{_AXIS + below}" overflow="visible">'
        f'<path d="{path}" fill="{fill}" stroke="{line}" stroke-width="2"/></svg>'
    )


def _text(words: str, x: float, y: int, colour: str, anchor: str, off: int = 0) -> str:
    return (
        f'<text x="{x:.2f}%" y="{y}" dx="{off}" text-anchor="{anchor}" font-size="12" fill="{colour}">'
        f"{words}</text>"
    )
