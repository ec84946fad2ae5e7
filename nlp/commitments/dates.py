"""The deadline and the measure of a clause: its own words first, seen from the day they were said.

A date of a condition, of somebody or something else, of a step or a name is never its deadline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from ledger.data_files import read_yaml
from ledger.types import Deadline, Measure, Span
from nlp.text.normalize import fold_quotes
from nlp.text.quantities import find_measures
from nlp.text.sentences import sentence_breaks
from nlp.text.temporal import find_deadlines, find_past_days

_MOST = 1_500  # characters looked at on either side for the sentences around a statement
_BACK = 300  # characters before a clause that "by then" may point to
_FURTHER = 160  # characters behind a clause in which its sentence may go on to its date
_LONGEST_TIME = 40  # characters of a time behind a clause that ends within it
_GOING_ON = re.compile(r" [A-ZÀ-Þ]|\w")  # a name, or the word itself, behind a time
_LONGEST_CLAUSE = 2_000  # characters of one that are looked at
_HALF_YEAR = timedelta(days=183)
_SEASON = timedelta(days=270)  # a date that puts another right lies within so long before it
_MARKS = " ,'\"‘’“”"
_BLANK = "|"
Dated = tuple[Span, Deadline]


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text) for name, text in read_yaml(__file__, "dates.yaml").items()}


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause's words, folded in small letters too; ``today``: the day they were said; ``now``: told."""

    words: str
    plain: str
    today: date | None
    now: date | None

    def dated(self, loose: bool) -> list[Dated]:
        """Its times with a day, in order. In the reporter's words "this June" is the reporter's."""
        found = dict(find_deadlines(self.words, self.today, loose=loose))
        if not found:  # a promise told again may be of a day that is over, where its year is said
            over = find_deadlines(self.words, self.today, loose=loose, past=True)
            found = {span: row for span, row in over if row.last and str(row.last.year) in row.text}
        if self.now != self.today:
            told = find_deadlines(self.words, self.now, loose=loose, past=True)
            found |= {span: row for span, row in told if re.search(r"\b(?:this|next) ", row.text, re.I)}
        for span, row in find_deadlines(self.words, self.today, loose=True):  # "in July and August"
            if any(_goes_on(self.words, end, span) for _, end in found):
                found[span] = row
        return sorted((span, row) for span, row in found.items() if row.last)


def day_said(text: str, content: Sequence[Span], published: date | None) -> date | None:
    """The day the words at ``content`` were said: named beside them, else the day of publication.

    What somebody "had said" on a day not named is seen from half a year before, so that the nearest December
    is meant, past or to come.
    """
    if published is None or not content:
        return published
    start, end = _sentences_around(text, content[0][0], content[-1][1])
    shown = list(text[start:end])
    for first, last in content:
        at = slice(max(0, first - start), last - start)
        shown[at] = _BLANK * len(shown[at])
    outside = "".join(shown)
    plain = fold_quotes(outside).lower()
    for (first, last), day in find_past_days(outside, published):
        head, tail = re.split(r"[|;:.]", plain[:first])[-1], re.split(r"[|;:.]", plain[last:])[0]
        beside = head.rpartition(",")[2] + plain[first:last]
        if _words()["saying"].search(head + tail) and not _words()["elsewhere"].search(beside):
            return day
    return published - _HALF_YEAR if _words()["retold"].search(plain) else published


def _sentences_around(text: str, start: int, end: int) -> Span:
    """From the start of the sentence that holds ``start`` to the end of the one that holds ``end``."""
    left, right = max(0, start - _MOST), min(len(text), end + _MOST)
    breaks = [after for _, after in sentence_breaks(text, left, min(len(text), start + 2))]
    first = max((after for after in breaks if after <= start), default=left)
    last = next((before for before, _ in sentence_breaks(text, max(end - 1, 0), right)), right)
    return first, max(last, end)


def with_whole_time(text: str, clause: Span) -> Span:
    """A clause to the end of a time that it is cut in: "by Sept" of "by Sept. 1", "in 2026" of "2026-27"."""
    start, end = clause
    line = text.find("\n", end, end + _LONGEST_TIME)
    seen = text[start : end + _LONGEST_TIME if line < 0 else line]
    times = [span for span, _ in find_deadlines(seen, None, loose=True)]
    cut = next((last for first, last in times if first < end - start < last), end - start)
    ended = any(first < cut <= last + 1 for first, last in times)
    cut = next((span[1] for span in times if ended and _goes_on(seen, cut, span)), cut)
    whole = start + len(seen[:cut].rstrip(_MARKS + "."))
    return start, max(whole, end)


def _goes_on(words: str, end: int, later: Span) -> bool:
    """Whether a time that ends at ``end`` goes on to a later one: "in July and August", "from Monday until
    the 20th". A feast or a year may be anything's ("and Christmas shoppers", "and save 2030 jobs")."""
    if not 0 <= later[0] - end <= _LONGEST_TIME:
        return False
    between, time = fold_quotes(words[end : later[0]]).lower(), fold_quotes(words[slice(*later)]).lower()
    joined = _words()["goes_to"].fullmatch(between) or (between == " " and time.startswith(("until", "till")))
    alone = not _GOING_ON.match(words, later[1])
    return bool(joined and _words()["second"].fullmatch(time)) and alone


def deadline_of(
    text: str, clause: Span, content: Sequence[Span], published: date | None, until: int | None = None
) -> Deadline | None:
    """The deadline of the clause at ``clause`` in a statement (``content``) of the article ``text``.

    ``until``: where the next commitment begins, whose dates are not this one's. It has words and no days
    where no day can be known or it counts from a condition ("if …, within thirty days"). None where neither
    the clause nor the rest of its sentence names a time to come.
    """
    clause = clause[0], min(clause[1], clause[0] + _LONGEST_CLAUSE)
    today, clause = day_said(text, content, published), with_whole_time(text, clause)
    words = text[clause[0] : clause[1]]
    quoted = bool(content) and fold_quotes(text[max(0, content[0][0] - 1) : content[0][0]]) in ("'", '"')
    reading = _Clause(words, fold_quotes(words).lower(), today, today if quoted else published)
    return (
        _chosen(reading, loose=False)
        or _chosen(reading, loose=True)
        or _pointed_at(text, clause, reading)
        or _at_edges(text, clause, today)
        or _behind(text, clause, reading, until)
        or next((Deadline(row.text) for row in _without_days(reading)), None)
    )


def _without_days(clause: _Clause) -> list[Deadline]:
    """What is left of a clause's times where no day could be known."""
    found = find_deadlines(clause.words, clause.today)
    return [row for span, row in found if not _is_of_people(clause.plain, span)]


def _chosen(clause: _Clause, loose: bool) -> Deadline | None:
    """The date of the act itself among those of a clause; None where none has a day."""
    dated = [row for row in clause.dated(loose) if not _is_struck(clause.plain, row[0])]
    main = [row for row in dated if not _in_condition(clause.plain, row[0])]
    if _words()["condition"].search(clause.plain):
        if not main and _words()["warned"].search(clause.plain):  # "if it is not open by May, I will go"
            main = dated
        main = [row for row in main if not _words()["length"].match(row[1].text.lower())]
    for doubtful in (_is_aside, _is_beside):
        if len(main) > 1:
            main = [row for row in main if not doubtful(clause.plain, row[0])] or main
    for foreign in (_is_past, _is_of_people):
        main = [row for row in main if not foreign(clause.plain, row[0])]
    return _corrected(clause, main) if main else None


def _is_struck(plain: str, span: Span) -> bool:
    """Whether a date is denied or former: "not in May", "previously December"."""
    limit = _words()["limit"].match(plain, span[0])
    return limit is None and _words()["struck"].search(plain[: span[0]]) is not None


def _in_condition(plain: str, span: Span) -> bool:
    """Whether a date stands in a condition: after "if" with no act between, or in an order to the hearer."""
    ordered = _words()["order"].match(plain) is not None and " and " not in plain[: span[0]]
    return ordered or _stands_in("condition", "modal", plain, span)


def _is_aside(plain: str, span: Span) -> bool:
    """Whether a date tells of somebody or something else: "anyone who applies before May"."""
    return _stands_in("relative", "act", plain, span)


def _is_past(plain: str, span: Span) -> bool:
    """Whether a date tells of what was: "the hall that had closed in May"."""
    return _stands_in("past", "act", plain, span)


def _is_of_people(plain: str, span: Span) -> bool:
    """Whether a date tells whom an act is for: "those who joined before May"."""
    return plain.startswith(("before", "since", "after"), span[0]) and _stands_in(
        "people", "act", plain, span
    )


def _is_beside(plain: str, span: Span) -> bool:
    """Whether a date only qualifies a thing: "half of the rent for this term"."""
    return _words()["beside"].match(plain, span[0]) is not None


def _stands_in(opening: str, act: str, plain: str, span: Span) -> bool:
    """Whether a part of the clause that begins with ``opening`` goes on up to a date with no act in it."""
    for match in _words()[opening].finditer(plain, 0, span[0]):
        between = plain[match.end() : span[0]]
        if not re.search(r"[,;:]", between) and not _words()[act].search(between):
            return True
    return False


def _corrected(clause: _Clause, main: list[Dated]) -> Deadline:
    """The last date, put right or rounded off by what follows it: "by next year, March at the latest"."""
    if clause.today is None:
        return main[-1][1]
    for loose in (False, True):
        for span, _ in find_deadlines(clause.words, clause.today, loose=loose):
            earlier = [row.last for at, row in main if row.last and at[1] <= span[0]]
            put = _words()["puts_right"].search(clause.plain[: span[0]])
            if earlier and (put or _words()["rounds_off"].match(clause.plain, span[1])):
                since = max(clause.today, earlier[-1] - _SEASON)
                right = dict(find_deadlines(clause.words, since, loose=loose)).get(span)
                if right and right.last:
                    return right
    return main[-1][1]


def _pointed_at(text: str, clause: Span, reading: _Clause) -> Deadline | None:
    """The date said before that "by then" or "the same date" in the clause means."""
    if not _words()["then"].search(reading.plain):
        return None
    before = text[max(0, clause[0] - _BACK) : clause[0]]
    found = [row for _, row in find_deadlines(before, reading.today, loose=True) if row.last]
    return found[-1] if found else None


def _at_edges(text: str, clause: Span, today: date | None) -> Deadline | None:
    """A date right before the clause, at the start of the sentence or behind a comma, or right behind it."""
    start, end = _sentences_around(text, *clause)
    for (first, last), row in find_deadlines(text[start:end], today):
        at, till = first + start, last + start
        opens = till <= clause[0] and not text[till : clause[0]].strip(_MARKS)
        opens = opens and text[start:at].strip(_MARKS[2:])[-1:] in ("", ",")
        follows = at >= clause[1] and not text[clause[1] : at].strip(_MARKS)
        if row.last and (opens or follows):
            return row
    return None


def _behind(text: str, clause: Span, reading: _Clause, until: int | None) -> Deadline | None:
    """The date behind a clause in its sentence, where that goes on with what was promised: "…, and it will be
    finished by October"."""
    end = min(_sentences_around(text, *clause)[1], clause[1] + _FURTHER, until or len(text))
    words = text[clause[0] : end]
    whole = replace(reading, words=words, plain=fold_quotes(words).lower())
    for span, row in whole.dated(loose=False):
        between = whole.plain[clause[1] - clause[0] : span[0]]
        if span[0] < len(reading.words) or not _words()["goes_on"].fullmatch(between):
            continue
        doubtful = (_is_struck, _in_condition, _is_aside, _is_past)
        return None if any(doubts(whole.plain, span) for doubts in doubtful) else row
    return None


def measure_of(text: str, clause: Span, due: Deadline | None = None) -> Measure | None:
    """The amount that the clause promises: the first of the part that its deadline stands in, else of all.

    "Double" and "halve" count only where no amount says to what.
    """
    words = text[clause[0] : clause[1]]
    found = find_measures(words)
    found = [row for row in found if row[1].unit != "times"] or found
    at = words.find(due.text) if due else -1
    starts = [match.end() for match in _words()["parts"].finditer(fold_quotes(words).lower(), 0, max(at, 0))]
    near = [row for span, row in found if starts and starts[-1] <= span[0] < at]
    return next(iter([*near, *(row for _, row in found)]), None)
