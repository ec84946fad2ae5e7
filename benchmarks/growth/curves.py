"""Growth as pictures: a value over the number of stored statements, both on logarithmic axes, as SVG.

By hand, because no library that the project has draws a file by itself: a few lines and words.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import Protocol

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 500, 40, 312
_INK, _QUIET, _LINE = "#1f2328", "#5c5f66", "#d9d4ca"
_COLOURS = ("#0b4a6f", "#b4552d", "#4d7c3a", "#7a4b8c", "#8a6d1a", "#3d7d86", "#9c2f4a")
_STATEMENTS = 10  # an article
Points = Sequence[tuple[float, float]]


class GrowthFigures(Protocol):
    """What a home of one size gave: of `benchmarks.growth`."""

    stored: int
    processor: float
    nothing: tuple[float, float]
    memory: float
    stages: dict[str, float]
    disk: dict[str, float]
    waits: dict[str, tuple[float, float]]


def draw(rows: Sequence[GrowthFigures], folder: Path) -> Iterable[Path]:
    """Write the pictures; gives their files."""
    rows = [one for one in rows if one.stored]

    def line(of: Mapping[int, float]) -> Points:
        return [(stored * _STATEMENTS, value) for stored, value in of.items()]

    pictures = {
        "growth-run": (
            "a run, seconds of the processor",
            {
                "the day": line({one.stored: one.processor for one in rows}),
                "nothing new": line({one.stored: one.nothing[1] for one in rows}),
                **{
                    name: line({one.stored: max(one.stages[name], 0.01) for one in rows})
                    for name in ("extract", "group", "track", "publish")
                },
            },
        ),
        "growth-readers": (
            "readers wait, milliseconds, p95",
            {
                "search hits": line({one.stored: one.waits["hits"][1] for one in rows}),
                "pledge, decided": line({one.stored: one.waits["pledge"][1] for one in rows}),
                "overview, decided": line({one.stored: one.waits["overview"][1] for one in rows}),
            },
        ),
        "growth-room": (
            "room, megabytes",
            {
                "memory": line({one.stored: one.memory for one in rows}),
                **{
                    name: line({one.stored: one.disk[name] for one in rows})
                    for name in ("warehouse", "index")
                },
            },
        ),
    }
    for name, (title, lines) in pictures.items():
        file = folder / f"{name}.svg"
        file.write_text(picture(title, lines), encoding="utf-8")
        yield file


def picture(title: str, lines: Mapping[str, Points]) -> str:
    """An SVG of these lines, each of points (statements, value above 0)."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    (left, right), (low, high) = _decades(xs), _decades(ys)

    def x(value: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (log10(value) - left) / (right - left), 1)

    def y(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (log10(value) - low) / (high - low), 1)

    parts = [
        _text(title, _LEFT, 22, "start", _INK),
        _text("statements stored", (_LEFT + _RIGHT) / 2, _HEIGHT - 10),
    ]
    for n in range(left, right + 1):
        parts += [_rule(x(10**n), _TOP, x(10**n), _BOTTOM), _text(f"{10**n:,}", x(10**n), _BOTTOM + 18)]
    for n in range(low, high + 1):
        parts += [
            _rule(_LEFT, y(10**n), _RIGHT, y(10**n)),
            _text(f"{10**n:,g}", _LEFT - 8, y(10**n) + 4, "end"),
        ]
    taken: list[float] = []
    ranked = sorted(lines.items(), key=lambda one: one[1][-1][1])
    for number, (name, points) in enumerate(ranked):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x(a)},{y(b)}" for a, b in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(a)}" cy="{y(b)}" r="3" fill="{colour}"/>' for a, b in points]
        place = min([y(points[-1][1]) + 4, *(other - 15 for other in taken)])
        taken.append(place)
        last = points[-1][1]
        told = f"{last:,.0f}" if last >= 100 else f"{last:.3g}"
        parts.append(_text(f"{name} {told}", _RIGHT + 10, place, "start", colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
        f' role="img" font-family="sans-serif" font-size="12" aria-label="{html.escape(title)}">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    first = floor(log10(min(values)))
    return first, max(first + 1, ceil(log10(max(values)) - 1e-9))


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{_LINE}"/>'


def _text(words: str, x: float, y: float, anchor: str = "middle", colour: str = _QUIET) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{html.escape(words)}</text>'
