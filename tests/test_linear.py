"""Texts of one piece again and again: what is quadratic in them takes minutes, and is stopped by the limit of
a test's time."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.commitments.dates import deadline_of
from nlp.names.find import find_names
from nlp.officials.offices import find_offices


@pytest.mark.parametrize("piece", ["1", "é", "a's ", "Ann-", "council "])
def test_names_are_looked_for_in_linear_time(piece: str) -> None:
    assert not [name for name in find_names(piece * 300_000, (), (), frozenset()) if name.titles]


@pytest.mark.parametrize("piece", ["Council ", "deputy ", "senior assistant ", "Commissioner \0\0 "])
def test_offices_are_looked_for_in_linear_time(piece: str) -> None:
    text = piece * 20_000
    assert all(piece.split()[0] in text[slice(*office.span)] for office in find_offices(text, (), ()))


@pytest.mark.parametrize("piece", ["by March ", "if it opens in May and ", "by the end of the year, "])
def test_a_deadline_is_looked_for_in_linear_time(piece: str) -> None:
    text = piece * 10_000
    found = deadline_of(text, (0, len(text)), [(0, len(text))], date(2026, 1, 5))
    assert found is None or found.text in text
