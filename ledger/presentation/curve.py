"""A calibration curve as a picture: how sure the machine said it was, and how often it was right.

An SVG of numbers and fixed words alone. Upright lines are 95 % intervals; on the dashed line what is said is
what is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from ledger.presentation.timeline import Picture

_WIDTH, _HEIGHT = 360, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 340, 28, 236
_INK, _QUIET, _LINE, _DOT = "#1f2328", "#5c5f66", "#d9d4ca", "#0b4a6f"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """``said``: the mean confidence of some answers; ``right``: the share of them that was right, with its
    interval; ``given``: how many they are. All shares of one."""

    said: float
    right: float
    low: float
    high: float
    given: int


def curve(points: Sequence[CurvePoint], what: str) -> Picture:
    """The picture of these points; ``what``: whose confidence it is, fixed words."""
    least = min((min(p.said, p.low) for p in points), default=0.0)
    first = max(0.0, min(0.9, floor(least * 10) / 10))

    def x(share: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (share - first) / (1 - first), 1)

    def y(share: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (share - first) / (1 - first), 1)

    steps = round((1 - first) * 10)
    ticks = [first + n / 10 for n in range(steps + 1) if steps <= 6 or n % 2 == steps % 2]
    parts = [
        *(
            _line(_LEFT, y(t), _RIGHT, y(t), _LINE) + _text(f"{100 * t:.0f}", _LEFT - 6, y(t) + 4, "end")
            for t in ticks
        ),
        *(
            _line(x(t), _BOTTOM, x(t), _BOTTOM + 4, _QUIET) + _text(f"{100 * t:.0f}", x(t), _BOTTOM + 18)
            for t in ticks
        ),
        _line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, _QUIET),
        _line(x(first), y(first), x(1), y(1), _QUIET, ' stroke-dasharray="4 3"'),
        *(_line(x(p.said), y(max(first, p.low)), x(p.said), y(p.high), _DOT) for p in points),
        *(
            f'<path d="M{x(p.said) - 4} {y(p.right)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z" fill="{_DOT}"/>'
            for p in points
        ),
        _text("right, per cent", 4, 12, "start"),
        _text("how sure it said it was, per cent", (_LEFT + _RIGHT) / 2, _HEIGHT - 6),
    ]
    words = f"Calibration of {what}: {told(points)} The table below tells each."
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' font-family="sans-serif" aria-label="{words}">{"".join(parts)}</svg>'
    )
    return Picture(svg, words)


def told(points: Sequence[CurvePoint]) -> str:
    """The curve in one sentence."""
    last = max(points, key=lambda point: point.said)
    return f"where it said {100 * last.said:.1f} per cent, {100 * last.right:.1f} per cent were right."


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"{more}/>'


def _text(words: str, x: float, y: float, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11" fill="{_QUIET}">{words}</text>'
