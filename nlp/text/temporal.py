"""When a promise falls due: the words of time in a text and the days they mean, seen from the day they were
said.

A "by" runs from that day to the last day of the time named, a "before" to the eve of its first day (but
"before Christmas" to Christmas Day), an "until" to the eve of a year or of April.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from ledger.types import Deadline, Span
from nlp.text.normalize import fold_quotes
from nlp.text.times.feasts import Interval, grammar, group, months_from
from nlp.text.times.intervals import at_edge, interval_of, is_verb, length
from nlp.text.times.windows import windows

MOST = 100_000  # characters read of one text; the rest is far beyond any statement
_LENGTHS = ("within", "ahead", "time", "from_now", "more", "fortnight", "this_time", "lasting")
_EXACT = ("time", "from_now", "this_time", "lasting")
_CALENDAR = ("day", "figures", "nth", "month", "season", "festival", "weekday", "period")  # a past day too
_NEW_SCHOOL_YEAR = re.compile(r"(?:new|next|coming) (?:school|academic)\b", re.I)  # for it: as it begins
_NOT_YET = re.compile(r"\bnot\b|n't\b", re.I)
_STOPS = re.compile(r"[.;:]|\b(?:but|and)\b", re.I)
_PARTS = re.compile(r"[,.;:]|\b(?:but|and|then)\b", re.I)
_DENIED = re.compile(r"\b(?:not?|nor|none|nobody|never)\b|n't\b", re.I)
_ALONE = re.compile(r"(?: (?:and|it|is|stands|stays|remains|still)\b|[.,;:!?\"')]|$)")
_HOUR = re.compile(
    r"(?:\d|\b(?:am|o'clock|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)) $"
)
_NAME = re.compile(r"(?:^|\s)(?:the|a|an|its|our|their|his|her|my|this|next|new) $", re.I)


@dataclass(frozen=True, slots=True)
class _Time:
    """One time of a text: its kind, the match of the time itself, and the lead and edge before it."""

    kind: str
    match: re.Match[str]
    lead: str  # the kind of lead, "" for none
    lead_words: str
    edge: str
    start: int

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def starts(self) -> bool:
        """Whether the time is one to begin: "the new term"."""
        return group(self.match, "which") == "new"

    def says(self, *names: str) -> bool:
        """Whether the time itself has words in one of those groups."""
        return any(group(self.match, name) for name in names)


def _time(kind: str, match: re.Match[str]) -> _Time:
    if kind not in grammar().fronted:
        return _Time(kind, match, "", "", "", match.start())
    at = match.start()
    front = grammar().front.search(match.string, max(0, at - 60), at)
    if front is None:
        return _Time(kind, match, "", "", "", at)
    lead, edge = group(front, "lead"), group(front, "edge")
    return _Time(
        kind, match, grammar().leads.get(lead, ""), lead, grammar().edges.get(edge, ""), front.start()
    )


def _days(time: _Time, today: date) -> Interval | None:
    """First and last day meant; None when no day can be known."""
    kind, match, lead, edge = time.kind, time.match, time.lead, time.edge
    if kind in _LENGTHS:
        step = None if group(match, "from") else length(match)
        if step is None:
            return None
        last = today + step
        return (last, last) if kind in _EXACT else (today, last)
    point = interval_of(kind, match, today)
    if point is None:
        return None
    if kind in ("out", "year_end", "recess", "rising", "schools_back"):
        return today, point[1]
    first, last = at_edge(edge, point)
    if kind == "new_year" and not edge:  # by the turn of the year; "in the new year" is no day
        return (today, first - timedelta(days=1)) if lead in ("by", "before", "until") else None
    if lead in ("by", "before") and edge == "end":
        return today, last
    if lead == "until" and kind == "half_term" and not edge:  # as schools close
        lead = "before"
    if lead == "until":
        whole_year = not edge and (kind == "year" or (kind == "month" and first.month == 4))
        if whole_year and not _NOT_YET.search(match.string, max(0, time.start - 60), time.start):
            return today, first - timedelta(days=1)
        return today, last
    if not edge and kind in ("period", "term") and (lead == "ready" or (lead == "by" and time.starts)):
        return today, first
    if kind == "period" and time.lead_words == "for" and _NEW_SCHOOL_YEAR.match(match[0]):
        return today, months_from(first.year, first.month)[1]
    if lead == "by":
        return today, last
    if lead == "before":
        return today, last if kind in ("festival", "election") else first - timedelta(days=1)
    return first, last


def _is_named(match: re.Match[str]) -> bool:
    """Whether a year is part of a name: "the 2030 Transport Strategy", "the 2025/26 budget"."""
    following = re.match(r"(?: [A-Za-z][\w-]*){1,3}", match.string[match.end() :])
    words = following[0].split() if following else []
    if not words:
        return False
    if _NAME.search(match.string[: match.start("year")]):
        return words[0][0].isupper() or any(word.lower() in grammar().names_after for word in words)
    return words[0].lower() in grammar().names_after


def _accepted(time: _Time, loose: bool) -> bool:
    """Whether the words are a time to come at all: a month alone, "last week" and "may 2" are not.

    ``loose``: a month, a feast or a year alone is one, too, as in "March it stays".
    """
    kind, match, held = time.kind, time.match, bool(time.lead or time.edge)
    if time.lead == "not_a_deadline" and not (loose and _is_barred(match.string, time)):
        return False
    if "last" in (group(match, "which"), group(match, "relative")[:4]):
        return False
    if (kind in ("day", "month") and is_verb(match)) or match[0].startswith("may timetable"):
        return False
    if kind in ("month", "season", "festival"):
        alone = loose and (kind != "season" or _ALONE.match(match.string, match.end()) is not None)
        return held or alone or time.says("which", "year", "short", "relative", "beyond")
    if kind == "year":
        plausible = held or (loose and re.fullmatch(r"20[2-6]\d", match["year"]) is not None)
        return plausible and (bool(time.edge) or time.says("kind") or not _is_named(match))
    if kind == "period":
        period = grammar().periods[match["period"].lower()]
        named = (
            (bool(time.lead) and period in grammar().named_periods)
            or (period in ("year", "month") and time.lead_words in grammar().within)
            or (period == "weekend" and time.lead in ("by", "until", "before"))
        )
        return named or time.says("which") or bool(time.edge)
    if kind == "tomorrow" and "morning" in match[0].lower():
        return not _HOUR.search(match.string[: time.start].lower())
    if kind == "today":
        return time.lead in ("by", "before", "until") or "end of" in match[0].lower()
    if kind == "weekday":
        return held or time.says("which")
    return held if kind in ("election", "half_term", "new_year") else True


def _is_barred(text: str, time: _Time) -> bool:
    """Whether something is not to be in a time or after it: "nobody … after March", "none, not in May"."""
    before = text[max(0, time.start - 80) : time.start]
    denied = [match.end() for match in _DENIED.finditer(before)]
    lead = time.lead_words.split()[0]
    apart = _PARTS if lead == "after" else _STOPS
    return lead in ("after", "not") and bool(denied) and not apart.search(before[denied[-1] :])


_FAR_APART = (date(1990, 2, 3), date(2090, 11, 18))


def _deadline(time: _Time, text: str, today: date | None, past: bool) -> Deadline | None:
    """The deadline of one time; None when its days are over before today.

    Where that day is not known, only a time that is the same from any day has days: "by 2030".
    """
    words = text[time.start : time.end].strip()
    if time.kind == "vague":
        return Deadline(words)
    try:
        seen = [_days(time, day) for day in ((today,) if today else _FAR_APART)]
    except (ValueError, OverflowError):  # 31 February, the year 20300: no such day
        return Deadline(words)
    ends = {days[1] if days else None for days in seen}
    if seen[0] is None or len(ends) > 1:
        return Deadline(words)
    first, last = seen[0]
    if today is None:
        return Deadline(words, None, last)
    if last < today:
        return Deadline(words, first, last) if past else None
    return Deadline(words, max(min(first, last), today), last)


def _times(flat: str, loose: bool) -> list[_Time]:
    """Every time in a text, accepted or not, in order; of those that overlap the longest."""
    found: list[_Time] = []
    for start, end in windows(flat):
        for kind, pattern in grammar().loose if loose else grammar().patterns:
            found += [_time(kind, match) for match in pattern.finditer(flat, start, end)]
    found.sort(key=lambda time: (time.start - time.end, time.start, time.kind == "period"))
    kept: list[_Time] = []
    used = bytearray(len(flat))
    for time in found:
        # accepted or not, "last March" must not leave a bare "March"
        held = time.lead or time.says("which") or _accepted(time, loose)
        if held and not any(used[time.start : time.end]):
            used[time.start : time.end] = b"\x01" * (time.end - time.start)
            kept.append(time)
    return sorted(kept, key=lambda time: time.start)


def find_deadlines(
    text: str, today: date | None, *, loose: bool = False, past: bool = False
) -> list[tuple[Span, Deadline]]:
    """Every time to come that ``text`` names, in order, with its days as seen from ``today``.

    Both days are None where that day is not known, for a time that names no day ("in due course") and for
    one beyond the calendar. Times already past are left out, unless ``past``. Spans never overlap: the
    longest wins. ``loose``: also what is one in a promise's words only, as "March" and "for 28 days".
    """
    flat = fold_quotes(text[:MOST])
    taken: list[tuple[Span, Deadline]] = []
    for time in _times(flat, loose):
        behind = flat[time.end : time.end + 5]
        if not _accepted(time, loose) or re.match(r" ago\b", behind):
            continue
        if re.match(r"'s\b", behind) and not (loose and time.kind in ("month", "festival")):
            continue
        if (deadline := _deadline(time, text, today, past)) is not None:
            taken.append(((time.start, time.end), deadline))
    return taken


def headline_deadline(text: str, today: date | None) -> Deadline | None:
    """The first deadline of ``text`` with a day; else the first of any; None where there is none."""
    found = [deadline for _, deadline in find_deadlines(text, today)]
    return next((deadline for deadline in found if deadline.last), found[0] if found else None)


def find_past_days(text: str, today: date) -> list[tuple[Span, date]]:
    """Every day before ``today`` that ``text`` names, in order; of a month or season its last day.

    "In March" is the last March, "on Tuesday" the last Tuesday, "a year ago" counts back.
    """
    flat = fold_quotes(text[:MOST])
    found: list[tuple[Span, date]] = []
    for match in grammar().ago.finditer(flat):
        back = _before(match, today)
        if back is not None:
            found.append((match.span(), back))
    for time in _times(flat, loose=True):
        span = (time.start, time.end)
        if time.kind not in _CALENDAR or any(
            first < time.end and time.start < last for (first, last), _ in found
        ):
            continue
        if time.lead in ("by", "until", "before", "ready") or is_verb(time.match):
            continue
        if group(time.match, "which") == "this":
            continue
        if time.kind == "month" and not (
            time.lead or time.says("which", "year", "relative")
        ):  # or a name: May
            continue
        try:
            day = _latest(time.kind, time.match, today)
        except (ValueError, OverflowError):  # no such day
            continue
        if day is not None:
            found.append((span, day))
    return sorted(found)


def _before(match: re.Match[str], today: date) -> date | None:
    """The day that "yesterday" or "seven months ago" means."""
    if not match["unit"]:
        return today - timedelta(days=1)
    step = length(match)
    try:
        return None if step is None else today - step
    except (ValueError, OverflowError):  # before the calendar
        return None


def _latest(kind: str, match: re.Match[str], today: date) -> date | None:
    """The last day of the latest such time that began by today; None where it names a year to come."""
    back = relativedelta(weeks=1) if kind == "weekday" else relativedelta(years=1)
    seen = today
    for _ in range(3):
        days = interval_of(kind, match, seen)
        if days is None:
            return None
        if days[0] <= today:
            return min(days[1], today)
        seen -= back
    return None
