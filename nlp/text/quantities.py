"""Amounts a promise can be held to: "300 more officers", "£8m", "two in three", "4.9 per cent", "double"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from ledger.data_files import read_yaml
from ledger.types import Measure, Span
from nlp.text.normalize import either
from nlp.text.numbers import DIGITS, WORDS, read_number
from nlp.text.times.grammar import months

Direction = Literal["more", "fewer", "to", ""]
MOST = 100_000  # characters read of one text
_TIMES = rf"{either(months())}|years?|days?|weeks?"
_NUMBER = rf"(?:{DIGITS})(?![\d,.]{0, 20}\d)|{WORDS}"

_AGE = re.compile(
    r"\b(?:child|children|pupils?|anyone|anybody|everyone|everybody|nobody|those|people|you|you['’]re|aged)"
    r" (?:under|over|aged) $",
    re.I,
)


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(__file__, "measures.yaml")
    for name in ("stops", "not_units", "names", "raising", "lowering", "reaching", "changing"):
        data[name] = frozenset(map(str, data[name]))
    return data


@cache
def _baselines() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A baseline before its amount ("from 412 to" 659), and one after it (659 "up from 412")."""
    words = _words()
    scale = "|".join(sorted(words["money_scales"], key=len, reverse=True))
    number = (
        rf"(?:[£$€]|(?!(?:19|20)\d\d\b))(?P<number>{_NUMBER})(?![\d/:-]|[.,]\d|(?:st|nd|rd|th)\b)"
        rf"(?: ?(?P<scale>{scale})\b)?"
    )
    loose = rf"(?:(?:{'|'.join(words['loosely'])}) )*"
    before = rf"\bfrom {loose}{number}(?:%| per cent| percent)?(?: [A-Za-z'’-]+){{0,4}} to {loose}"
    after = (
        rf"(?: (?:by|in|before) [\w ]{{3,24}})?(?:,| -)? (?:{'|'.join(words['baseline_after'])}) "
        rf"{loose}{number}(?! (?:{_TIMES})\b)"
    )
    return re.compile(rf"{before}$", re.I), re.compile(after, re.I)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kinds of amounts, the more particular first."""
    words = _words()
    scale = "|".join(sorted(words["money_scales"], key=len, reverse=True))
    fraction = "|".join(sorted(words["fractions"], key=len, reverse=True))
    clear = r"(?<![\d.,£$€])"
    shapes = {
        "money": rf"(?P<sign>[£$€])(?P<number>{DIGITS})(?![\d,.]{0, 20}\d) ?(?P<scale>{scale})?\b(?!\.\d)",
        "money_words": rf"\b(?P<number>{_NUMBER})(?P<scale>(?!)x)? (?P<sign>pounds|dollars|euros)\b",
        "pence": rf"(?<![\d.,£$€])\b(?P<number>{DIGITS})(?:p\b| pence\b)",
        "percent": rf"{clear}\b(?P<number>{_NUMBER}) ?(?P<unit>%|per cent\b|percent\b|percentage points?\b)",
        "share": rf"{clear}\b(?P<number>{_NUMBER}) (?:in|out of) (?:every )?(?P<whole>{_NUMBER})\b",
        "fraction": rf"\b(?P<fraction>{fraction}) of(?: (?:all|the|our|its|their|new))*"
        r"(?P<rest>(?:[ -][A-Za-z][\w’'-]*){0,4})",
        "by_fraction": rf"\bby (?P<fraction>{fraction})\b(?! of\b)",
        "standard": r"\b(?:within|under|inside|below|less than|no more than|more than) "
        rf"(?P<number>{_NUMBER}) (?P<unit>minutes|hours)\b",
        "factor": rf"\b(?P<factor>{'|'.join(words['factors'])})"
        r"(?= (?:the|our|its|their|his|her|this|that|in)\b)",
        "of_place": rf"(?<![\d.,£$€/:-])\b(?P<number>{_NUMBER})-(?P<unit>{'|'.join(words['hyphened'])})\b",
        "count": rf"(?<![\d.,£$€/:'’-])\b(?P<number>{_NUMBER})(?:-plus\b|\+|-odd\b)?(?![\w/:%-]|[.,]\d)"
        r"(?P<half> and a half\b)?(?: (?P<scale>million|billion)\b)?"
        r"(?P<of> of (?:the|its|our|their|these|those|them)\b)?(?P<rest>(?:[ -][A-Za-z][\w’'-]*){0,5})",
    }
    return tuple((kind, re.compile(shape, re.I)) for kind, shape in shapes.items())


def _direction(flat: str, start: int, inside: str) -> Direction:
    """More or fewer by the words within the amount, else by the verb in the few words before it."""
    words = _words()
    near = re.findall(r"[a-z’'-]+", inside.lower())
    before = re.findall(r"[a-z’'-]+", flat[max(0, start - 60) : start].lower())[-7:]
    if any(word in words["directions"]["fewer"] for word in near):
        return "fewer"
    if any(word in words["directions"]["more"] for word in near) or before[-1:] in (
        ["extra"],
        ["another"],
        ["additional"],
    ):
        return "more"
    if before and before[-1] in words["reaching"] and before[-1] == "to":
        return "to"
    if any(word in words["lowering"] for word in before):
        return "fewer"
    if any(word in words["raising"] for word in before):
        return "more"
    return "to" if before and before[-1] in words["reaching"] else ""


def _unit(rest: str) -> tuple[str, int]:
    """The thing counted and how many characters of ``rest`` it and its adjectives take; "" when none."""
    words, taken = _words(), 0
    kept: list[str] = []
    modifiers = {*words["directions"]["more"], *words["directions"]["fewer"]}
    for match in re.finditer(r"[ -]([A-Za-z][\w’'-]*)", rest):
        word = match[1].lower()
        if word in modifiers and not kept:
            taken = match.end()
            continue
        if word in words["stops"] or word.endswith(("n't", "n’t")) or len(kept) == 3:
            break
        if word in words["not_units"]:
            return "", 0
        kept.append(match[1])
        taken = match.end()
    return " ".join(kept), taken if kept else 0


def _count(match: re.Match[str], flat: str, value: float) -> tuple[Span, Measure] | None:
    unit, taken = _unit(match["rest"])
    before = "".join(re.findall(r"([\w’'-]+)\W*$", flat[max(0, match.start() - 20) : match.start()].lower()))
    if _is_name(match, before, unit):
        return None
    counted = match["of"] is not None or before in _words()["counted"]
    if not unit and (
        (value < 20 and not (counted and value > 1))
        or match["rest"].startswith("-")
        or _AGE.search(flat, max(0, match.start() - 30), match.start())
        or re.match(r" to \d", flat[match.end("number") :])
        or _time_follows(match["rest"])
    ):
        return None
    if not match["number"][0].isdigit() and value <= 1 and not match["scale"]:
        return None
    if match["half"]:
        value += 0.5
    if match["scale"]:
        value *= _words()["money_scales"][match["scale"].lower()]
    end = match.start("rest") + taken
    inside = match["rest"][:taken] + (" more" if re.search(r"-plus|\+", match[0]) else "")
    return (match.start(), end), Measure(
        value, unit, flat[match.start() : end], _direction(flat, match.start(), inside)
    )


def _is_name(match: re.Match[str], before: str, unit: str) -> bool:
    """Whether a number in figures names a thing: a year, "junction 26", "the 101 line", "30 May"."""
    number = match["number"]
    if not number[0].isdigit():
        return False
    named = before in _words()["names"] and (len(number) == 4 or before not in ("in", "by", "from"))
    year = re.fullmatch(r"(?:19|20)\d\d", number) is not None and not number.endswith("00")
    dialled = int(float(number.replace(",", ""))) in _words()["dialled"] and (
        not unit or unit.split()[0].lower() in ("call", "calls", "line", "number", "service")
    )
    dated = before in months() or match["rest"].startswith(" May")
    return named or year or dialled or dated


def _time_follows(rest: str) -> bool:
    """Whether the words after a number make it a time or a name: "20 minutes", "12 March"."""
    return any(word in _words()["not_units"] for word in re.findall(r"[a-z']+", rest.lower())[:1])


def _measure(kind: str, match: re.Match[str], flat: str) -> tuple[Span, Measure] | None:
    words, span = _words(), match.span()
    if kind == "fraction":
        unit, taken = _unit(match["rest"])
        if not unit:
            return None
        span = (span[0], match.start("rest") + taken)
        value = words["fractions"][match["fraction"].lower()]
        return span, Measure(value, f"of {unit}", flat[span[0] : span[1]], _direction(flat, span[0], ""))
    if kind == "by_fraction":
        return span, Measure(
            words["fractions"][match["fraction"].lower()], "share", match[0], _direction(flat, span[0], "")
        )
    if kind == "factor":
        word = match["factor"].lower()
        direction: Direction = "fewer" if word.startswith("halv") else "more"
        return span, Measure(words["factors"][word], "times", match[0], direction)
    number = read_number(match["number"])
    if number is None:
        return None
    if kind in ("standard", "of_place"):
        return span, Measure(number, match["unit"].lower(), match[0], "")
    if kind == "count":
        return _count(match, flat, number)
    direction = _direction(flat, span[0], "")
    if kind == "share":
        whole = read_number(match["whole"])
        if not whole or number > whole:
            return None
        return span, Measure(number / whole, "share", match[0], direction)
    if kind == "pence":
        return span, Measure(number / 100, "GBP", match[0], direction)
    if kind == "percent":
        return span, Measure(number, "per cent", match[0], direction)
    scale = words["money_scales"][match["scale"].lower()] if match["scale"] else 1
    sign = {"pounds": "£", "dollars": "$", "euros": "€"}.get(match["sign"].lower(), match["sign"])
    return span, Measure(round(number * scale, 2), words["currencies"][sign], match[0].strip(), direction)


def find_measures(text: str) -> list[tuple[Span, Measure]]:
    """Every amount in ``text`` with its span, in order: value, unit as written ("GBP" for pounds), direction.

    A share ("two in three") has its value between 0 and 1 and the unit "share", "double" the unit "times".
    Lengths of time (but "within 24 hours"), dates, years and malformed numbers ("£1.2.3m") are none. What an
    amount is counted from is its baseline, and no amount of its own.
    """
    flat = re.sub(r"\s", " ", text[:MOST])
    used = bytearray(len(flat))
    found: list[tuple[Span, Measure]] = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(flat):
            if any(used[match.start() : match.start() + 1]):
                continue
            made = _measure(kind, match, flat)
            if made is not None and not any(used[made[0][0] : made[0][1]]):
                found.append(made)
                used[made[0][0] : made[0][1]] = b"\x01" * (made[0][1] - made[0][0])
    return _with_baselines(flat, sorted(found, key=lambda row: row[0]))


def _with_baselines(flat: str, found: list[tuple[Span, Measure]]) -> list[tuple[Span, Measure]]:
    taken: list[Span] = []
    made: list[tuple[Span, Measure]] = []
    for span, row in found:
        match = _baseline(flat, *span)
        value = read_number(match["number"]) if match else None
        if match and value is not None:
            scale = match["scale"] or re.sub(r".*[\d ]", "", row.text)
            row = replace(row, baseline=round(value * _words()["money_scales"].get(scale.lower(), 1), 2))
            taken.append(match.span("number"))
        made.append((span, row))
    return [(span, row) for span, row in made if not any(s[0] < span[1] and span[0] < s[1] for s in taken)]


def _baseline(flat: str, start: int, end: int) -> re.Match[str] | None:
    """The words that say what the amount at ``start`` to ``end`` is counted from."""
    before, after = _baselines()
    match = before.search(flat, max(0, start - 60), start)
    if match is None:
        return after.match(flat, end)
    words = re.findall(r"[a-z’'-]+", flat[max(0, match.start() - 60) : match.start()].lower())[-9:]
    moved = any(word in _words()[kind] for word in words for kind in ("raising", "lowering", "changing"))
    return match if moved else None
