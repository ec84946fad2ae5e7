"""The reading order of a page: columns one after the other, what spans them in between, tables by the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from crawlers.documents.pdf.glyphs import MARKER, Run

_GUTTER = 0.6  # of the letters' height, at least, between two columns
_LEAST_LINES = 3  # that begin at a column's left edge
_LEAST_SIDE = 2
_DEPTH = 6  # columns within columns
_EDGE = 1.5  # points
_SHORT = 0.55  # of the width of a column's place: shorter lines fill a table's cell rather
_NUMBERED = 0.3
_LEAST_RULES = 2
_OVER = 9.0  # points

DrawnRules = Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class PageColumn:
    """Lines one below the other, from the left edge to the right one that they have in common.

    ``cells``: of a row of a table, instead of lines; each cell's lines.
    """

    lines: tuple[Run, ...]
    x0: float
    x1: float
    cells: tuple[tuple[Run, ...], ...] = ()


def columns(runs: Sequence[Run], rules: DrawnRules = (), depth: int = 0) -> list[PageColumn]:
    """The runs of a page in the order in which they are read."""
    if not runs:
        return []
    edge = _gutter(runs) if depth < _DEPTH else None
    if edge is None:
        return _single(runs)
    made: list[PageColumn] = []
    plain: list[Run] = []
    for zone, spans in _zones(runs, edge):
        left, right = _sides(zone, edge)
        if spans or not (left and right) or len(zone) < 2 * _LEAST_SIDE:
            plain += zone
            continue
        made += columns(plain, rules, depth + 1)
        plain = []
        if _is_table(left, right, edge, rules):
            made += _rows(zone, edge, rules)
        else:
            made += columns(left, rules, depth + 1) + columns(right, rules, depth + 1)
    return made + columns(plain, rules, depth + 1) if len(plain) < len(runs) else [*made, *_single(plain)]


def _single(runs: Sequence[Run]) -> list[PageColumn]:
    if not runs:
        return []
    lines = tuple(sorted(_joined(runs), key=lambda run: -run.y))
    return [PageColumn(lines, min(r.x0 for r in lines), max(r.x1 for r in lines))]


def _gutter(runs: Sequence[Run]) -> float | None:
    """The left edge of a second column, by which most lines lie side by side; None for one column."""
    starts = Counter(round(run.x0 / _EDGE) for run in runs)
    left = min(run.x0 for run in runs)
    best, most = None, 0
    for place, number in starts.items():
        edge = min(run.x0 for run in runs if round(run.x0 / _EDGE) == place)
        if number + starts[place + 1] + starts[place - 1] < _LEAST_LINES or edge < left + 4 * runs[0].size:
            continue
        score = 0
        for zone, spans in _zones(runs, edge):
            one, other = _sides(zone, edge)
            if not spans and min(len(one), len(other)) >= _LEAST_SIDE:
                score += len(zone)
        if score > most or (score == most and best is not None and edge < best):
            best, most = edge, score
    return best if most >= 2 * _LEAST_LINES else None


def _side(run: Run, edge: float) -> int:
    """-1 for what ends left of a column's edge, 1 for what begins at it, 0 for what reaches over it."""
    if run.x0 >= edge - _EDGE:
        return 1
    return -1 if run.x1 <= edge - _GUTTER * run.size else 0


def _zones(runs: Sequence[Run], edge: float) -> Iterator[tuple[list[Run], bool]]:
    """The page from top to bottom: stretches that nothing reaches over (False), and what does (True)."""
    zone: list[Run] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if _side(run, edge) == 0:
            if zone:
                yield zone, False
                zone = []
            yield [run], True
        else:
            zone.append(run)
    if zone:
        yield zone, False


def _sides(zone: Sequence[Run], edge: float) -> tuple[list[Run], list[Run]]:
    return [r for r in zone if _side(r, edge) < 0], [r for r in zone if _side(r, edge) > 0]


def _is_table(left: Sequence[Run], right: Sequence[Run], edge: float, rules: DrawnRules) -> bool:
    """True for rows: ruled across the gutter, or short cells each beside a line of the left."""
    tall = left[0].size
    top, foot = max(r.y for r in left) + 2 * tall, min(r.y for r in left) - 1.5 * tall
    if len({round(y) for y in _across(rules, edge, left) if foot < y < top}) >= _LEAST_RULES:
        return True
    if sum(r.bullet or MARKER.match(r.text) is not None for r in right) > _NUMBERED * len(right):
        return False
    feet = [run.y for run in left]
    level = sum(any(abs(run.y - y) < _EDGE for y in feet) for run in right)
    wide = max(r.x1 for r in right) - edge
    room = max(wide, edge - min(r.x0 for r in left))
    return level == len(right) <= len(left) and median(r.x1 - r.x0 for r in right) < _SHORT * room


def _across(rules: DrawnRules, edge: float, left: Sequence[Run]) -> Iterator[float]:
    """The heights of what is ruled across a gutter; a box around what stands right of it is not."""
    start = min(edge - _OVER, max(run.x1 for run in left))
    return (y for y, x0, x1 in rules if x0 < start and x1 > edge + _OVER)


def _rows(zone: Sequence[Run], edge: float, rules: DrawnRules) -> list[PageColumn]:
    """A table by the row: between ruled lines where there are any, else from a line with a right cell on."""
    high, low = max(r.y + 2 * r.size for r in zone), min(r.y - 2 * r.size for r in zone)
    cuts = sorted({y for y in _across(rules, edge, _sides(zone, edge)[0]) if low < y < high}, reverse=True)
    above = [run for run in zone if cuts and run.y > cuts[0]]
    below = [run for run in zone if cuts and run.y < cuts[-1]]
    rows: list[list[Run]] = []
    last: float | None = None
    outside = {id(run) for run in (*above, *below)}
    inside = [run for run in zone if id(run) not in outside]
    for run in sorted(inside, key=lambda run: (-round(run.y), run.x0)):
        between = last is None or (
            any(run.y + run.size / 2 < cut < last + run.size / 2 for cut in cuts)
            if cuts
            else abs(run.y - last) > _EDGE
            and any(abs(run.y - o.y) < _EDGE and _side(o, edge) > 0 for o in zone)
        )
        if between:
            rows.append([])
        rows[-1].append(run)
        last = run.y
    return [*_single(above), *(_row(row) for row in rows), *_single(below)]


def _row(row: Sequence[Run]) -> PageColumn:
    """A row with its cells, told apart by where they begin."""
    cells: list[list[Run]] = []
    for run in sorted(row, key=lambda run: (run.x0, -run.y)):
        inside = cells and run.x0 < max(one.x1 for one in cells[-1])
        if inside or (cells and abs(run.x0 - cells[-1][0].x0) < 2 * _EDGE):
            cells[-1].append(run)
        else:
            cells.append([run])
    ordered = tuple(tuple(sorted(cell, key=lambda run: (-run.y, run.x0))) for cell in cells)
    return PageColumn((), min(r.x0 for r in row), max(r.x1 for r in row), ordered)


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs on one foot within a column as one line, with a wide gap between them as a blank."""
    made: list[Run] = []
    for run in sorted(runs, key=lambda run: (-round(run.y), run.x0)):
        before = made[-1] if made else None
        if before is not None and abs(before.y - run.y) < _EDGE and run.x0 >= before.x0:
            made[-1] = Run(
                f"{before.text} {run.text}",
                before.x0,
                max(before.x1, run.x1),
                before.y,
                max(before.size, run.size),
                before.bold and run.bold,
                before.bullet,
                before.note,
            )
        else:
            made.append(run)
    return made
