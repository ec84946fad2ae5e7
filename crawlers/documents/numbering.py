"""Numbers and bullets of a Word file's lists: they stand in no paragraph's words, but in its settings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = 26
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 3_000  # a larger number is written in digits
_DEPTH = 12  # styles that rest on one another


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list: ``shape`` as "%1.%2", ``form`` of its number as Word names it."""

    form: str
    shape: str
    start: int


@dataclass(frozen=True, slots=True)
class WordStyle:
    """What a style says of a paragraph: its name in small letters, and the list that it belongs to."""

    name: str = ""
    listed: str = ""
    level: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a file, by id and level, and how far each is counted."""

    levels: dict[tuple[str, str], _Level] = field(default_factory=dict)
    counted: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def mark(self, listed: str, level: str) -> str:
        """The bullet, or the next number, of an item."""
        mine = self.levels.get((listed, level))
        if mine is None or not level.isdigit() or mine.form in ("bullet", "none"):
            return "•"
        counted, at = self.counted[listed], int(level)
        counted[at] = counted.get(at, mine.start - 1) + 1
        for deeper in [one for one in counted if one > at]:
            del counted[deeper]
        shape = mine.shape
        for n in range(at + 1):
            outer = self.levels.get((listed, str(n)), mine)
            shape = shape.replace(f"%{n + 1}", _written(counted.get(n, outer.start), outer.form))
        return shape.strip() or f"{counted[at]}."


def _written(number: int, form: str) -> str:
    if not 0 < number < _MOST or not form.endswith(("Letter", "Roman")):
        return str(number)
    if form.endswith("Letter"):
        words = chr(ord("a") + (number - 1) % _LETTERS) * (1 + (number - 1) // _LETTERS)
    else:
        words = ""
        for value, letters in _ROMAN:
            words += letters * (number // value)
            number %= value
    return words.upper() if form.startswith("upper") else words


def numbering(tree: Any) -> Numbering:
    """The lists that word/numbering.xml defines; None: the file has none."""
    found = Numbering()
    if tree is None:
        return found
    plans = {plan.get(f"{W}abstractNumId") or "": _levels(plan) for plan in tree.findall(f"{W}abstractNum")}
    for one in tree.findall(f"{W}num"):
        listed = one.get(f"{W}numId") or ""
        levels = dict(plans.get(value(one, "abstractNumId"), {}))
        for changed in one.findall(f"{W}lvlOverride"):
            at, start = changed.get(f"{W}ilvl") or "", value(changed, "startOverride")
            levels |= _levels(changed)
            if start.isdecimal() and at in levels:
                levels[at] = _Level(levels[at].form, levels[at].shape, int(start))
        found.levels |= {(listed, level): form for level, form in levels.items()}
    return found


def _levels(parent: Any) -> dict[str, _Level]:
    found = {}
    for level in parent.findall(f"{W}lvl"):
        start = value(level, "start")
        found[level.get(f"{W}ilvl") or ""] = _Level(
            value(level, "numFmt"), value(level, "lvlText"), int(start) if start.isdecimal() else 1
        )
    return found


def styles(tree: Any) -> dict[str, WordStyle]:
    """The paragraphs' styles that word/styles.xml defines, by id, each with what it rests on."""
    if tree is None:
        return {}
    given = {one.get(f"{W}styleId") or "": one for one in tree.findall(f"{W}style")}

    def settled(name: str, depth: int) -> WordStyle:
        one = given.get(name)
        if one is None or depth > _DEPTH:
            return WordStyle()
        below = settled(value(one, "basedOn"), depth + 1)
        numbered = one.find(f"{W}pPr/{W}numPr")
        if numbered is None:
            return WordStyle(value(one, "name").lower(), below.listed, below.level)
        return WordStyle(
            value(one, "name").lower(), value(numbered, "numId") or below.listed, value(numbered, "ilvl")
        )

    return {name: settled(name, 0) for name in given}


def value(element: Any, name: str) -> str:
    """What a child of this name says, "" where there is none."""
    found = element.find(f"{W}{name}")
    return (found.get(f"{W}val") or "") if found is not None else ""
