"""When a promise falls due, seen from the day it was published."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.temporal import find_deadlines, headline_deadline

WEDNESDAY = date(2025, 2, 12)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("by the end of March", "2025-03-31"),
        ("by the end of March 2026", "2026-03-31"),
        ("by next spring", "2026-05-31"),
        ("in the spring", "2025-05-31"),
        ("this summer", "2025-08-31"),
        ("by autumn next year", "2026-11-30"),
        ("by the summer of 2026", "2026-08-31"),
        ("this winter", "2025-02-28"),
        ("before next winter", "2025-11-30"),
        ("within 12 months", "2026-02-12"),
        ("within a week", "2025-02-19"),
        ("in six months' time", "2025-08-12"),
        ("over the next two years", "2027-02-12"),
        ("this time next year", "2026-02-12"),
        ("a year from now", "2026-02-12"),
        ("before Christmas", "2025-12-24"),
        ("by Christmas", "2025-12-25"),
        ("By Christmas of 2027", "2027-12-25"),
        ("by Easter", "2025-04-20"),
        ("before Easter", "2025-04-19"),
        ("by 2030", "2030-12-31"),
        ("before 2030", "2029-12-31"),
        ("in early 2026", "2026-03-31"),
        ("by mid-2026", "2026-06-30"),
        ("in 2025-26", "2026-03-31"),
        ("this financial year", "2025-03-31"),
        ("next financial year", "2026-03-31"),
        ("this school year", "2025-08-31"),
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
        ("in the new year", "2026-01-31"),
        ("on Friday", "2025-02-14"),
        ("a week on Monday", "2025-02-24"),
        ("next week", "2025-02-23"),
        ("by the end of the week", "2025-02-16"),
        ("next month", "2025-03-31"),
        ("tomorrow", "2025-02-13"),
        ("until 2029", "2029-12-31"),
        ("by the end of this decade", "2029-12-31"),
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
        "in the autumn statement",
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
