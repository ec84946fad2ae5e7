"""What stands on page after page at the same place: running heads and feet, and the pages' own numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from crawlers.documents.pdf.glyphs import Run, Sheet

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:page\s+)?[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,6})[-–—|\s]*(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE
)
_PRINTED = re.compile(  # what a browser prints at the edge of each page: the time and the title, the address
    r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}, \d{1,2}[:.]\d\d.*|(?:file|https?)://\S+.*"
)
_EDGE_LINES = 3  # lines at the head, and at the foot, that may be furniture
_BAND = 0.12  # of the page's height at either end
_APART = 1.7  # of the letters' height: a gap between a running head and the text
_SHARE = 0.3  # of the pages, two at least
_NEAR = 4.0  # points between the places of one line on two pages


def without_furniture(sheets: Sequence[Sheet]) -> list[list[Run]]:
    """The runs of each page without running heads, feet and page numbers.

    A line counts as such where it stands at the same height of several pages with the same words, whatever
    its numbers, or is a number alone at the very edge of a page.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        seen.update({key for run in _edge(sheet) for key in _keys(run)})
    least = max(2, _SHARE * len(sheets))
    kept = []
    for sheet in sheets:
        edge = {id(run): run for run in _edge(sheet)}
        printed = {round(run.y) for run in edge.values() if _PRINTED.fullmatch(run.text.strip())}
        gone = {
            key
            for key, run in edge.items()
            if any(seen[one] >= least for one in _keys(run))
            or round(run.y) in printed
            or (_NUMBER.fullmatch(run.text.strip()) and _is_outermost(run, sheet))
        }
        kept.append([run for run in sheet.runs if id(run) not in gone])
    return kept if any(kept) else [list(sheet.runs) for sheet in sheets]  # pages of one line, all alike


def _edge(sheet: Sheet) -> list[Run]:
    """The runs of the first and last lines of a page, as far as they lie near its edge."""
    feet = sorted({round(run.y) for run in sheet.runs}, reverse=True)
    tall = median(run.size for run in sheet.runs) if sheet.runs else 0.0
    lines = {*_set_apart(feet, tall), *_set_apart(feet[::-1], tall)}
    low, high = _BAND * sheet.height, (1 - _BAND) * sheet.height
    return [run for run in sheet.runs if round(run.y) in lines and not low < run.y < high]


def _set_apart(feet: Sequence[int], tall: float) -> Sequence[int]:
    """The outermost lines, as far as a gap parts them from the text: a text goes on without one."""
    for n, (one, other) in enumerate(pairwise(feet[: _EDGE_LINES + 1]), 1):
        if abs(one - other) > _APART * tall:
            return feet[:n]
    return feet if len(feet) <= _EDGE_LINES else ()


def _keys(run: Run) -> tuple[tuple[str, int], ...]:
    """The words without their numbers, at the place rounded either way."""
    words = _DIGITS.sub("0", run.text.lower()).strip()
    place = int(run.y // _NEAR)
    return ((words, place), (words, place + 1))


def _is_outermost(run: Run, sheet: Sheet) -> bool:
    others = [one.y for one in sheet.runs if abs(one.y - run.y) > 1]
    return not others or run.y > max(others) or run.y < min(others)
