"""Page furniture told from report."""

from __future__ import annotations

import pytest

from nlp.text.paragraphs import furniture_spans, paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "Hide Ad",
        "Hide AdAdvertisement",
        "AdvertisementHide Ad",
        "Sign up to our daily newsletter",
        "Thank you for signing up!",
        "Read more: Ten walks to try this weekend",
        "The new bridge. Picture: Jo Bloggs",
        "Image source, Getty",
        "Have your say in the comments below.",
        "Follow our reporters on Facebook and X",
    ],
)
def test_furniture(line: str) -> None:
    assert [para.furniture for para in paragraphs(line)] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "She told the council to advertise the posts again.",
        "“Read more books,” the minister told pupils.",
        "The advertisement was withdrawn, the leader said.",
        "He said the picture was bleak: two in three shops had closed.",
    ],
)
def test_report(line: str) -> None:
    assert [para.furniture for para in paragraphs(line)] == [False]


def test_nothing_after_the_guidelines_is_report() -> None:
    text = "The mayor spoke.\n\nCommunity Guidelines\nBe kind, she said."
    assert [para.furniture for para in paragraphs(text)] == [False, True, True]
    assert [text[s:e] for s, e in furniture_spans(text)] == ["Community Guidelines", "Be kind, she said."]


def test_spans_are_the_lines_without_white_space() -> None:
    text = "  First line.  \r\n\n Second. "
    assert [text[p.start : p.end] for p in paragraphs(text)] == ["First line.", "Second."]
    assert paragraphs("") == []
