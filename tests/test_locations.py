"""Where a commitment is to be kept: names and unnamed places of its act, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.commitments.locations import place
from nlp.text.temporal import headline_deadline


def _place(text: str) -> str:
    return place(text, headline_deadline(text, date(2026, 3, 2)))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("We will open a new health centre in Oldthorpe by June.", "Oldthorpe"),
        (
            "We will run night buses across Oldthorpe, Newby and Lower Kell.",
            "Oldthorpe, Newby and Lower Kell",
        ),
        ("We will build the link to Newby-on-Sea by 2030.", "Newby-on-Sea"),
        ("Newby Library will reopen by Easter.", "Newby Library"),
        ("I will put lights in every village by the end of the year.", "every village"),
        ("We will repair Oldthorpe's pavements in Oldthorpe's old town.", "Oldthorpe"),
        ("We will open a block at St Anne's in January.", "St Anne's"),
    ],
)
def test_a_place_is_given_in_its_words(text: str, where: str) -> None:
    assert _place(text) == where


@pytest.mark.parametrize(
    "text",
    [
        "We will open the doors again in March.",
        "I will raise it in the House and in Parliament.",
        "We will hand the letter to Mayor Anne Tolley.",
        "We will recruit officers in Kell County Council by May.",
        "If it works in Oldthorpe, we will build another one.",
        "We will put 20 more officers in our neighbourhood teams.",
        "We will publish the plan.",
    ],
)
def test_no_place_is_guessed(text: str) -> None:
    assert _place(text) == ""
