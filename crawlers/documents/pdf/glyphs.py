"""The letters of a page, as runs along a line: what stands beside one another was set together.

A justified line has wide gaps, a gutter between columns is a gap too. So a run ends where a gap is wider than
a blank could be, and what the page's maker wrote as a blank counts for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTLine

SOFT_HYPHEN = "\u00ad"
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_UNKNOWN = re.compile(r"\(cid:\d+\)")
_BULLETS = "•·▪◦‣●○■□▶►➢➤✓✔❖–—-*\uf0b7\uf0a7\uf0d8\uf0fc\uf076"
BULLET = re.compile(rf"[{re.escape(_BULLETS)}]|o(?= )")
MARKER = re.compile(
    rf"(?:(?P<bullet>[{re.escape(_BULLETS)}]|o)|(?P<number>\(?\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}[.)]?)"
    r"|(?P<letter>\(?(?:[a-z]|[ivx]{1,5})[.)]))(?:\s+|$)"
)
_BLANK = 0.18  # of the letters' height: a gap so wide parts two words
_WRITTEN = 0.04  # or so wide where a blank was written: one without any width is a place to part a word
_GAP = 0.8  # a gap so wide parts two runs,
_BLANK_GAP = 2.4  # or so wide where a blank stands in it
_SAME_LINE = 0.3  # how far the feet of letters of one line lie apart
_RAISED = 0.9  # height of a note's number against the letters before it
_MARKER_GAP = 4.0  # between an item's number and its words
_LARGER = 1.25  # an item's number against its words, where it is set larger
_MIDDLE = 0.35  # of the letters' height: where their middle lies above their foot
_BESIDE = 0.6  # of a large number's height
_DRAWN = (1.0, 9.0)  # points: a drawn bullet's sides


@dataclass(frozen=True, slots=True)
class Run:
    """Words set along one line: where they stand (points, ``y`` their foot), how high their letters are.

    ``bold``: all of them. ``bullet``: a drawn mark stands before it. ``note``: a raised number does.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    bullet: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's runs, and the heights at which lines are ruled across it, as (y, x0, x1)."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[tuple[float, float, float], ...] = ()
    pictures: int = 0
    unknown: int = 0


def sheet_of(page: Any, number: int) -> Sheet:
    """A page as the library laid it out, without its own analysis of the layout."""
    things = list(_things(page))
    letters = [one for one in things if isinstance(one, LTChar) and one.upright]
    marks = [one for one in things if isinstance(one, LTCurve | LTImage) and _is_mark(one)]
    rules = tuple(
        ((one.y0 + one.y1) / 2, one.x0, one.x1)
        for one in things
        if isinstance(one, LTCurve) and one.width > 3 * max(one.height, 2.0) and one.height < 3
    )
    boxes = (one for one in things if isinstance(one, LTCurve) and not isinstance(one, LTLine))
    edges = tuple(
        (y, one.x0, one.x1) for one in boxes if min(one.width, one.height) > 9 for y in (one.y0, one.y1)
    )
    runs = _with_markers(_with_drawn(list(_runs(letters)), marks))
    return Sheet(
        number,
        page.width,
        page.height,
        tuple(run for run in runs if run.text.strip()),
        tuple(_drawn_through([*rules, *edges])),
        sum(isinstance(one, LTImage) and one.width * one.height > 10_000 for one in things),
        sum(_UNKNOWN.match(one.get_text()) is not None for one in letters),
    )


def _drawn_through(rules: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Lines at one height that touch one another, as the cells of a row have them, as one."""
    held: tuple[float, float, float] | None = None
    for y, x0, x1 in sorted((round(y), x0, x1) for y, x0, x1 in rules):
        if held and held[0] == y and x0 <= held[2] + 2:
            held = (y, held[1], max(held[2], x1))
            continue
        if held:
            yield held
        held = (y, x0, x1)
    if held:
        yield held


def _things(group: Any, depth: int = 0) -> Iterator[Any]:
    """What lies on a page, also within the forms that it uses."""
    for one in group:
        if isinstance(one, LTFigure) and depth < 8:
            yield from _things(one, depth + 1)
        else:
            yield one


def _is_mark(one: Any) -> bool:
    low, high = _DRAWN
    width, height = float(one.width), float(one.height)
    return low <= width <= high and low <= height <= high and 0.5 <= width / height <= 2


def _runs(letters: Iterable[Any]) -> Iterator[Run]:
    """Runs in the order in which the page was written."""
    held: list[tuple[str, float, float, float, float, bool]] = []
    blank = False
    for letter in letters:
        text = (
            unicodedata.normalize("NFKC", letter.get_text())
            if letter.get_text() != SOFT_HYPHEN
            else SOFT_HYPHEN
        )
        if not text.strip():
            blank = bool(held)
            continue
        if _UNKNOWN.match(text):
            continue
        foot = letter.matrix[5]
        size = max(letter.size, 1.0)
        one = (text, letter.x0, letter.x1, foot, size, _BOLD.search(letter.fontname) is not None)
        if held:
            last = held[-1]
            gap = one[1] - last[2]
            widest = _BLANK_GAP if blank else _GAP
            beside = -0.5 * last[4] < gap < widest * max(last[4], size)
            if beside and size < _RAISED * last[4] and 0.1 * last[4] < foot - last[3] < last[4]:
                if _is_note(text, last[0]):
                    held[-1] = (*last[:2], one[2], *last[3:])
                    continue
                if all(letter[0].isdigit() for letter in held):  # an item's number, set larger
                    yield _run(held)
                    held = []
                else:
                    one = (*one[:3], last[3], last[4], last[5])
                    if gap > (_WRITTEN if blank else _BLANK) * size:
                        held.append((" ", last[2], one[1], *one[3:]))
            elif not beside or abs(foot - last[3]) > _SAME_LINE * max(last[4], size):
                yield _run(held)
                held = []
            elif gap > (_WRITTEN if blank else _BLANK) * size:
                held.append((" ", last[2], one[1], last[3], last[4], last[5]))
        held.append(one)
        blank = False
    if held:
        yield _run(held)


def _is_note(raised: str, before: str) -> bool:
    """A raised number behind a word or a stop points to a note; behind "m" it is a square's or a cube's."""
    return raised in "0123456789*†‡§,[]" and not (raised in "23" and before == "m")


def _run(held: Sequence[tuple[str, float, float, float, float, bool]]) -> Run:
    letters = [one for one in held if one[0] != " "]
    sizes = sorted(one[4] for one in letters)
    return Run(
        "".join(one[0] for one in held).strip(),
        held[0][1],
        held[-1][2],
        held[0][3],
        sizes[len(sizes) // 2],
        all(one[5] for one in letters),
    )


def _with_drawn(runs: list[Run], marks: Sequence[Any]) -> list[Run]:
    """The runs with those noted before which a bullet is drawn."""
    for mark in marks:
        middle = (mark.y0 + mark.y1) / 2
        beside = [
            n
            for n, run in enumerate(runs)
            if 0 < run.x0 - mark.x1 + 0.5 < _MARKER_GAP * run.size
            and run.y - 0.1 * run.size < middle < run.y + 0.8 * run.size
        ]
        if beside:
            nearest = min(beside, key=lambda n: runs[n].x0)
            runs[nearest] = replace(runs[nearest], bullet=True)
    return runs


def _stands_large(number: Run, run: Run) -> bool:
    """True for a number set larger beside the first line of its words, as in a designed programme."""
    middles = abs(number.y + _MIDDLE * number.size - run.y - _MIDDLE * run.size)
    large = number.size > _LARGER * run.size
    return large and -1 < run.x0 - number.x1 < _MARKER_GAP * run.size and middles < _BESIDE * number.size


def _with_markers(runs: list[Run]) -> list[Run]:
    """The runs with an item's number, or a note's, joined to the words behind it on the line."""
    made: list[Run] = []
    for run in runs:
        before = made[-1] if made else None
        if before is not None:
            gap = run.x0 - before.x1
            level = abs(run.y - before.y)
            number = before.text.strip("[]").isdigit() or before.text in "*†‡§"
            if number and before.size < 0.9 * run.size and -1 < gap < run.size and level < run.size:
                made[-1] = replace(run, x0=before.x0, note=True)
                continue
            marker = MARKER.fullmatch(before.text)
            if marker and marker["number"] and _stands_large(before, run):
                made[-1] = replace(run, text=f"{before.text} {run.text}", x0=before.x0)
                continue
            if marker and level < _SAME_LINE * run.size and -1 < gap < _MARKER_GAP * run.size:
                made[-1] = replace(run, text=f"{before.text} {run.text}", x0=before.x0)
                continue
        made.append(run)
    return made
