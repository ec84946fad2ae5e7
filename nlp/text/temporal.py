"""When a promise falls due: the words of time in a text and the days they mean, seen from its publication.

A "by" runs from the day of publication to the last day of the time named, a "before" to the eve of its first
day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from ledger.types import Deadline, Span
from nlp.text.intervals import Interval, after, at_edge, grammar, interval_of

MOST = 100_000  # characters read of one text; the rest is far beyond any statement
_VERBS = ("may", "march")  # months that are verbs in small letters


def _days(kind: str, match: re.Match[str], today: date) -> Interval | None:
    """First and last day meant; None when no day can be known."""
    if kind in ("within", "ahead", "time", "from_now", "more", "fortnight", "this_time"):
        last = None if match.groupdict().get("from") else after(match, today)
        if last is None:
            return None
        exact = kind in ("time", "from_now", "this_time")
        return (last, last) if exact else (today, last)
    point = interval_of(kind, match, today)
    if point is None:
        return None
    groups = match.groupdict()
    edge = grammar().edges.get((groups.get("edge") or "").lower(), "")
    first, last = at_edge(edge, point)
    lead = grammar().leads.get((groups.get("lead") or "").lower(), "")
    if lead == "by":
        return today, last
    if lead == "before":
        return today, last if edge == "end" else first - timedelta(days=1)
    return first, last


def _accepted(kind: str, match: re.Match[str]) -> bool:
    """Whether the words are a time to come at all: a month alone, "last week" and "may 2" are not."""
    groups = match.groupdict()
    lead = grammar().leads.get((groups.get("lead") or "").lower(), "")
    held = bool(lead or groups.get("edge"))
    if lead == "not_a_deadline" or (groups.get("which") or "").lower() == "last":
        return False
    if (groups.get("relative") or "").lower() == "last year":
        return False
    if kind in ("day", "month"):
        name = groups.get("month") or groups.get("month2") or ""
        if name.lower() in _VERBS and name == name.lower():
            return False
    if kind in ("month", "season", "festival"):
        return bool(held or groups["which"] or groups["year"] or groups["relative"])
    if kind == "weekday":
        return bool(held or groups["which"])
    if kind == "period":
        return bool(groups["which"] or groups.get("edge"))
    return held if kind in ("year", "new_year") else True


_FAR_APART = (date(1990, 2, 3), date(2090, 11, 18))


def _deadline(kind: str, match: re.Match[str], text: str, published: date | None) -> Deadline | None:
    """The deadline of one match; None when its days are over before publication.

    Where that day is not known, only a time that is the same from any day has days: "by 2030".
    """
    words = text[match.start() : match.end()].strip()
    if kind == "vague":
        return Deadline(words)
    try:
        seen = [_days(kind, match, day) for day in ((published,) if published else _FAR_APART)]
    except (ValueError, OverflowError):  # 31 February, the year 20300: no such day
        return Deadline(words)
    ends = {days[1] if days else None for days in seen}
    if seen[0] is None or len(ends) > 1:
        return Deadline(words)
    first, last = seen[0]
    if published is None:
        return Deadline(words, None, last)
    return None if last < published else Deadline(words, max(first, published), last)


def find_deadlines(text: str, published: date | None) -> list[tuple[Span, Deadline]]:
    """Every time to come that ``text`` names, in order, with its days as seen from ``published``.

    Both days are None without a publication date, for a time that names no day ("in due course") and for
    one beyond the calendar. Times already past are left out. Spans never overlap: the longest wins.
    """
    flat = re.sub(r"\s", " ", text[:MOST])
    found: list[tuple[int, int, str, re.Match[str]]] = []
    for start, end in _windows(flat):
        for kind, pattern in grammar().patterns:
            found += [
                (-(m.end() - m.start()), m.start(), kind, m) for m in pattern.finditer(flat, start, end)
            ]
    found.sort(key=lambda row: row[:2])
    taken: list[tuple[Span, Deadline | None]] = []
    used = bytearray(len(flat))
    for _, start, kind, match in found:
        if any(used[start : match.end()]) or not _held(kind, match):
            continue
        used[start : match.end()] = b"\x01" * (match.end() - start)
        if _accepted(kind, match) and not re.match(r" ago\b|['’]s\b", flat[match.end() : match.end() + 5]):
            taken.append(((start, match.end()), _deadline(kind, match, text, published)))
    return sorted((span, deadline) for span, deadline in taken if deadline is not None)


def _windows(flat: str) -> list[Span]:
    """The stretches of a text that a time can lie in: around each word of time, joined where they meet."""
    windows: list[Span] = []
    for match in grammar().cores.finditer(flat):
        start, end = max(0, match.start() - 60), min(len(flat), match.end() + 60)
        while start > 0 and flat[start - 1] != " " and match.start() - start < 120:
            start -= 1
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _held(kind: str, match: re.Match[str]) -> bool:
    """Whether the match claims its words, accepted or not: "last March" must not leave a bare "March"."""
    groups = match.groupdict()
    return _accepted(kind, match) or groups.get("lead") is not None or groups.get("which") is not None


def headline_deadline(text: str, published: date | None) -> Deadline | None:
    """The first deadline of ``text`` with a day; else the first of any; None where there is none."""
    found = [deadline for _, deadline in find_deadlines(text, published)]
    return next((deadline for deadline in found if deadline.last), found[0] if found else None)
