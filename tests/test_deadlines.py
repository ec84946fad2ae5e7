"""When a promise falls due, seen from the day it was published."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.temporal import find_deadlines, find_past_days, headline_deadline

WEDNESDAY = date(2025, 2, 12)


@pytest.mark.parametrize(
    ("day", "last"),
    [("2025-02-12", "2026-03-31"), ("2025-04-22", "2026-03-31"), ("2025-07-01", "2027-03-31")],
)
def test_a_new_year_is_the_one_that_has_just_begun_or_the_next(day: str, last: str) -> None:
    found = headline_deadline("by the end of the new financial year", date.fromisoformat(day))
    assert found and str(found.last) == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("by the end of March", "2025-03-31"),
        ("until the end of 2026", "2026-12-31"),
        ("in the coming year", "2026-03-31"),
        ("by the end of March 2026", "2026-03-31"),
        ("by next spring", "2026-05-31"),
        ("this coming winter", "2026-02-28"),
        ("from the next May timetable", "2025-05-18"),
        ("on next St David's Day", "2026-03-01"),
        ("from the December timetable", "2025-12-14"),
        ("in the spring", "2025-05-31"),
        ("this summer", "2025-08-31"),
        ("by autumn next year", "2026-11-30"),
        ("by the summer of 2026", "2026-08-31"),
        ("this winter", "2025-02-28"),
        ("before next winter", "2025-11-30"),
        ("within 12 months", "2026-02-12"),
        ("within a week", "2025-02-19"),
        ("in six months' time", "2025-08-12"),
        ("in a year’s time", "2026-02-12"),
        ("over the next two years", "2027-02-12"),
        ("this time next year", "2026-02-12"),
        ("in the first quarter of the new financial year", "2025-06-30"),
        ("in the first quarter of the financial year", "2025-06-30"),
        ("in the first three months of 2026", "2026-03-31"),
        ("from the first bank holiday in May", "2025-05-05"),
        ("for the bank holiday at the end of May", "2025-05-26"),
        ("for the rest of the financial year", "2025-03-31"),
        ("free until the New Year", "2025-12-31"),
        ("for the new school year", "2025-09-30"),
        ("a year from now", "2026-02-12"),
        ("before Christmas", "2025-12-25"),
        ("by Christmas", "2025-12-25"),
        ("By Christmas of 2027", "2027-12-25"),
        ("by Easter", "2025-04-20"),
        ("before Easter", "2025-04-20"),
        ("by 2030", "2030-12-31"),
        ("before 2030", "2029-12-31"),
        ("in early 2026", "2026-03-31"),
        ("by mid-2026", "2026-06-30"),
        ("in 2025-26", "2026-03-31"),
        ("this financial year", "2025-03-31"),
        ("next financial year", "2026-03-31"),
        ("this school year", "2025-07-31"),
        ("by the end of the year", "2025-12-31"),
        ("from September", "2025-09-30"),
        ("from September 1", "2025-09-01"),
        ("from the first of September", "2025-09-01"),
        ("on July 1", "2025-07-01"),
        ("on or before July 1", "2025-07-01"),
        ("before July", "2025-06-30"),
        ("before the end of July", "2025-07-31"),
        ("in January", "2026-01-31"),
        ("on the twenty-seventh of September", "2025-09-27"),
        ("by the new year", "2025-12-31"),
        ("before the new year", "2025-12-31"),
        ("by New Year’s Eve", "2025-12-31"),
        ("on Friday", "2025-02-14"),
        ("a week on Monday", "2025-02-24"),
        ("next week", "2025-02-23"),
        ("by the end of the week", "2025-02-16"),
        ("next month", "2025-03-31"),
        ("tomorrow", "2025-02-13"),
        ("until 2029", "2028-12-31"),
        ("by the end of this decade", "2029-12-31"),
        ("in Q3 2027", "2027-09-30"),
        ("in the third quarter of 2027", "2027-09-30"),
        ("in the first quarter of 2025/26", "2025-06-30"),
        ("in Q4", "2025-12-31"),
        ("in the last quarter of this financial year", "2025-03-31"),
        ("in the first half of next year", "2026-06-30"),
        ("on 03/12/2026", "2026-12-03"),
        ("by 3.12.2026", "2026-12-03"),
        ("by 2026-12-03", "2026-12-03"),
        ("on the 4th of next month", "2025-03-04"),
        ("by Dec. 15", "2025-12-15"),
        ("by April ’26", "2026-04-30"),
        ("in the first week of September", "2025-09-07"),
        ("on the last Monday in May", "2025-05-26"),
        ("for the second weekend of June", "2025-06-15"),
        ("by the middle of August", "2025-08-15"),
        ("by the final day of 2027", "2027-12-31"),
        ("by the turn of the financial year", "2025-03-31"),
        ("in the 2026 to 2027 financial year", "2027-03-31"),
        ("within the financial year 2026-27", "2027-03-31"),
        ("within the calendar year", "2025-12-31"),
        ("before the year is out", "2025-12-31"),
        ("before the month’s up", "2025-02-28"),
        ("by the year’s end", "2025-12-31"),
        ("before May’s out", "2025-05-31"),
        ("before 2027 is over", "2027-12-31"),
        ("before this winter is over", "2025-02-28"),
        ("by the spring after next", "2026-05-31"),
        ("by the Christmas after this one", "2026-12-25"),
        ("this side of 2027", "2026-12-31"),
        ("until April 2027", "2027-03-31"),
        ("until March 2027", "2027-03-31"),
        ("before the summer recess", "2025-07-22"),
        ("before MPs rise for the summer", "2025-07-22"),
        ("before the recess", "2025-04-09"),
        ("before the Assembly breaks up for the summer", "2025-07-04"),
        ("by the end of this parliament", "2029-07-09"),
        ("before this parliament is out", "2029-07-09"),
        ("before the elections next May", "2026-05-07"),
        ("ahead of the local elections", "2025-05-01"),
        ("this municipal year", "2025-05-31"),
        ("in time for the new school year", "2025-09-01"),
        ("before the schools go back", "2025-08-31"),
        ("during the summer holidays", "2025-08-31"),
        ("by the end of the summer term", "2025-07-31"),
        ("till half-term", "2025-02-14"),
        ("in the October half-term", "2025-11-02"),
        ("for the late May bank holiday", "2025-05-26"),
        ("before the clocks go back", "2025-10-25"),
        ("in the autumn Budget", "2025-11-30"),
        ("in the next six to eight weeks", "2025-04-09"),
        ("by midnight", "2025-02-12"),
        ("by no later than midnight on Sunday", "2025-02-16"),
    ],
)
def test_last_day(text: str, last: str) -> None:
    due = headline_deadline(f"We will do it {text}.", WEDNESDAY)
    assert due is not None
    assert str(due.last) == last
    assert due.first is not None
    assert due.last is not None
    assert WEDNESDAY <= due.first <= due.last


@pytest.mark.parametrize(
    "text",
    [
        "in my first 100 days",
        "in due course",
        "when parliamentary time allows",
        "within thirty days of the vote",
        "in this session of Parliament",
        "on 31 February",
        "by the end of 20300",
        "in the coming weeks",
        "in the new year",
        "by the time I leave office",
        "by the end of her term",
        "before the end of this council term",
        "by the end of the next parliament",
        "before the general election",
    ],
)
def test_words_without_a_day(text: str) -> None:
    due = headline_deadline(f"We will do it {text}.", WEDNESDAY)
    assert due is not None
    assert (due.first, due.last) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "last year",
        "in January last year",
        "in 1994",
        "since May",
        "three years ago",
        "we may meet",
        "they march on",
        "every Friday",
        "after Easter",
        "next year's budget",
        "not in May",
        "previously December 2026",
        "as the 2030 Transport Strategy says",
        "out of the 2025/26 budget",
        "before the 2026 bathing season",
        "on Friday and Saturday nights",
        "from eight in the morning",
        "up to that election",
        "within two minutes",
        "",
    ],
)
def test_no_deadline(text: str) -> None:
    assert find_deadlines(text, WEDNESDAY) == []


@pytest.mark.parametrize(
    ("words", "last"), [("by the end of March 2026", date(2026, 3, 31)), ("by the end of March", None)]
)
def test_without_a_publication_date_only_a_full_date_has_days(words: str, last: date | None) -> None:
    due = headline_deadline(f"It will open {words}.", None)
    assert due is not None
    assert (due.text, due.first, due.last) == (words, None, last)


def test_dates_beyond_the_calendar() -> None:
    due = headline_deadline("within 9000 years", WEDNESDAY)
    assert due is not None
    assert due.last is None
    due = headline_deadline("next week", date.max)
    assert due is not None
    assert due.last is None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("March it stays", date(2025, 3, 31)),
        ("Christmas is the date", date(2025, 12, 25)),
        ("the line to the port, 2031", date(2031, 12, 31)),
        ("the hall on the 28th", date(2025, 2, 28)),
        ("free parking for 28 days", date(2025, 3, 12)),
        ("a review after six months", date(2025, 8, 12)),
        ("it is spring now", None),
        ("the Thursday surgery", None),
    ],
)
def test_what_is_a_time_in_a_promise_only(text: str, last: date | None) -> None:
    found = find_deadlines(text, date(2025, 2, 12), loose=True)
    assert [due.last for _, due in found] == ([last] if last else [])
    assert [due for _, due in find_deadlines(text, WEDNESDAY) if due.last] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Speaking on 12 January 2024", date(2024, 1, 12)),
        ("said on 3 March", date(2024, 3, 3)),
        ("said in November", date(2024, 11, 30)),
        ("told the board last summer", date(2024, 8, 31)),
        ("said on Tuesday", date(2025, 2, 11)),
        ("said yesterday", date(2025, 2, 11)),
        ("a year ago", date(2024, 2, 12)),
        ("said in this month’s letter", None),
        ("said Mr May", None),
        ("said by the end of June", None),
    ],
)
def test_days_that_have_been(text: str, day: date | None) -> None:
    found = [found for _, found in find_past_days(text, WEDNESDAY)]
    assert found == ([day] if day else [])


def test_a_time_already_past_is_kept_where_asked() -> None:
    assert find_deadlines("by the end of January 2025", WEDNESDAY) == []
    ((_, due),) = find_deadlines("by the end of January 2025", WEDNESDAY, past=True)
    assert due.last == date(2025, 1, 31)


def test_span_and_text_are_the_words() -> None:
    text = "The first flight will go\nby summer 2026, we hope."
    (((start, end), due),) = find_deadlines(text, WEDNESDAY)
    assert text[start:end] == due.text == "by summer 2026"


@given(st.text(max_size=200), st.dates())
def test_any_text_and_day(text: str, day: date) -> None:
    for (start, end), due in find_deadlines(text, day):
        assert 0 <= start < end <= len(text)
        assert (due.first is None) == (due.last is None)
        assert due.last is None or due.last >= day
