"""Amounts in a promise's words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.numbers import read_number, read_ordinal
from nlp.text.quantities import find_measures


@pytest.mark.parametrize(
    ("text", "value", "unit", "direction"),
    [
        ("300 more police officers by March", 300, "police officers", "more"),
        ("Three hundred more police officers", 300, "police officers", "more"),
        ("£8m would go into repairs", 8_000_000, "GBP", ""),
        ("a £1.2 billion fund", 1_200_000_000, "GBP", ""),
        ("invest $5 million in a clinic", 5_000_000, "$", ""),
        ("fifty pounds each", 50, "GBP", ""),
        ("1,000 new council homes by 2030", 1000, "council homes", "more"),
        ("fill 20,000 potholes", 20_000, "potholes", ""),
        ("it goes up by 4.9 per cent", 4.9, "per cent", "more"),
        ("cut emissions by 20%", 20, "per cent", "fewer"),
        ("two in three homes", 2 / 3, "share", ""),
        ("at least a quarter of the new homes would", 0.25, "of homes", ""),
        ("nine hundred and forty doors to go", 940, "doors", ""),
        ("we'll hit the 20,000.", 20_000, "", ""),
        ("fifty fewer managers", 50, "managers", "fewer"),
        ("10,000-plus affordable homes", 10_000, "affordable homes", "more"),
        ("a fare of 40p", 0.4, "GBP", "to"),
        ("cut the leader's allowance by half", 0.5, "share", "fewer"),
        ("late finishes would fall by a fifth", 0.2, "share", ""),
        ("double the number of watch groups", 2, "times", "more"),
        ("halve the wait for a scan", 0.5, "times", "fewer"),
        ("a 120-space car park", 120, "space", ""),
        ("callers will be answered within two minutes", 2, "minutes", ""),
        ("seven and a half metres", 7.5, "metres", ""),
        ("a dozen trams", 12, "trams", ""),
        ("all hundred and twenty of them", 120, "", ""),
        ("Three of them would be piloted", 3, "", ""),
        ("the remaining six are booked in", 6, "", ""),
        ("a team of 24 by April", 24, "", "to"),
        ("four of the front desks", 4, "front desks", ""),
    ],
)
def test_amounts(text: str, value: float, unit: str, direction: str) -> None:
    ((_, found),) = find_measures(text)
    assert found.value == pytest.approx(value)
    assert (found.unit, found.direction) == (unit, direction)


@pytest.mark.parametrize(
    ("text", "value", "baseline"),
    [
        ("raise the number of officers from 412 to 659 by 2027", 659, 412),
        ("659 officers by March, up from 412", 659, 412),
        ("take spending from £4m to £6m", 6_000_000, 4_000_000),
        ("cut waiting lists from 43 per cent to about 20 per cent", 20, 43),
        ("cut the backlog to 500 from the current 1,300", 500, 1300),
        ("build 1,000 homes instead of the 800 planned", 1000, 800),
    ],
)
def test_an_amount_with_its_baseline(text: str, value: float, baseline: float) -> None:
    ((_, found),) = find_measures(text)
    assert (found.value, found.baseline) == (value, baseline)


@pytest.mark.parametrize(
    "text",
    [
        "1,000 homes from 1 April",
        "300 officers compared with 2024",
        "300 officers from 2027",
        "tickets from £1 to £3",
        "fares up from Monday for 300 routes",
    ],
)
def test_a_date_or_a_range_is_no_baseline(text: str) -> None:
    assert [found.baseline for _, found in find_measures(text)] in ([None], [None, None])


@pytest.mark.parametrize(
    "text",
    [
        "£1.2.3m for roads",
        "1.2.3 officers",
        "within twelve months",
        "in 2025-26 we",
        "on 12 March",
        "by 2030",
        "answered in two minutes",
        "one of them",
        "5 to 17-year-olds",
        "section 106",
        "on the 29th of the month",
        "by June 30",
        "by 30 May",
        "till April ’26",
        "before the 2026 season",
        "calls to 101 will be answered",
        "children under five",
        "free for 20mph roads",
        "",
    ],
)
def test_no_amount(text: str) -> None:
    assert find_measures(text) == []


def test_spans_are_offsets_of_the_words() -> None:
    text = "We’ll add 300 more officers and £8m."
    assert [text[s:e] for (s, e), _ in find_measures(text)] == ["300 more officers", "£8m"]


@pytest.mark.parametrize(
    ("words", "value"), [("nine hundred and forty", 940), ("1,000", 1000), ("a million", 1e6)]
)
def test_numbers_in_words(words: str, value: float) -> None:
    assert read_number(words) == value


def test_ordinals() -> None:
    assert [read_ordinal(word) for word in ("27th", "twenty-seventh", "first", "thirtieth", "soon")] == [
        27, 27, 1, 30, None,
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_gives_ordered_spans(text: str) -> None:
    spans = [span for span, _ in find_measures(text)]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(0 <= s < e <= len(text) for s, e in spans)
