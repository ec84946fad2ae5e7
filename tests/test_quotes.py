"""Quotation marks paired: styles, paragraphs, apostrophes, and marks that do not match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.statements.quotes import quoted
from nlp.text.paragraphs import paragraphs


def words(text: str) -> list[str]:
    return [text[q.start : q.end] for q in quoted(text, paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We will act,” she said. “Soon.”", ["We will act,", "Soon."]),
        ('"We will act," she said. "Soon."', ["We will act,", "Soon."]),
        ("‘We will act,’ she said. ‘Soon.’", ["We will act,", "Soon."]),
        ("'We will act,' she said. 'Soon.'", ["We will act,", "Soon."]),
        ("«We will act», she said.", ["We will act"]),
        ("'It's the council's job, isn't it?' he asked.", ["It's the council's job, isn't it?"]),
        ("‘It’s the drivers’ fault,’ he said.", ["It’s the drivers’ fault,"]),
        ("The drivers’ union and the nurses’ union met in the '90s.", []),
        ("He said “she told me ‘never again’ twice”.", ["she told me ‘never again’ twice"]),
        ("A “screeching” turn and a 'poor' excuse.", ["screeching", "poor"]),
        ("''We will act,'' she said. ''It isn't a plan.''", ["We will act,", "It isn't a plan."]),
        ("She called it ''completely untrue.'' Nobody's boys' club agreed.", ["completely untrue."]),
        ("It's 6'2\" tall and 5\" wide.", []),
        ("She said: “One mark opens and none closes.", ["One mark opens and none closes."]),
    ],
)
def test_styles(text: str, inside: list[str]) -> None:
    assert words(text) == inside


def test_paragraphs_that_each_open() -> None:
    text = "“First part.\n\n“Second part.\n\n“Third part,” he said."
    assert words(text) == ["First part.", "Second part.", "Third part,"]
    closed = [q.closed for q in quoted(text, paragraphs(text))]
    assert closed == [False, False, True]


def test_a_paragraph_goes_on_without_a_mark_of_its_own() -> None:
    text = "She said: “The first line\nand the second line.”"
    found = quoted(text, paragraphs(text))
    assert [q.continued for q in found] == [False, True]
    assert text[found[1].start : found[1].end] == "and the second line."


def test_advertisements_between_do_not_end_it() -> None:
    text = "“First part.\nAdvertisement\nHide AdAdvertisement\n“Second part,” he said."
    assert words(text) == ["First part.", "Second part,"]


@given(st.text(alphabet="“”‘’\"'«» ab.,\n", max_size=200))
def test_any_marks_give_spans_in_order_within_the_text(text: str) -> None:
    last = 0
    for quote in quoted(text, paragraphs(text)):
        assert last <= quote.left <= quote.start <= quote.end <= quote.right <= len(text) + 1
        last = quote.right


def test_fifty_thousand_marks() -> None:
    for mark in "\"'“‘":
        quoted(mark * 50_000, paragraphs(mark * 50_000))
    text = "“a” " * 25_000
    assert len(quoted(text, paragraphs(text))) == 25_000
