"""Which statement names a pledge, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.pledges.members import Member
from ledger.pledges.titles import by_when, title_of
from ledger.types import Commitment, CommitmentType, Deadline

MARCH = date(2026, 3, 31)


def said(act: str, words: str = "", due: str = "", type_: CommitmentType = "firm") -> Member:
    deadline = Deadline(due, MARCH, MARCH) if due else None
    return Member(Commitment(act, "s", type_, act, None, deadline), words=words or act)


def test_the_act_that_stands_alone_is_the_title_with_the_first_date() -> None:
    some = [
        said("do it", "We will do it"),
        said("have the buses back", "the buses will be back"),
        said(
            "run the first franchised buses in Pellbridge", "the first franchised buses will run", "by March"
        ),
        said("open [the depot]", "it will open"),
    ]
    titled, title = title_of(some, MARCH)
    assert title == "Run the first franchised buses in Pellbridge by the end of March 2026"
    assert titled.action == "run the first franchised buses in Pellbridge"


@pytest.mark.parametrize(
    ("act", "title"),
    [
        (
            "“it will not be altered”",
            "“it will not be altered” by 31 March 2026 [in “Free parking stays in Westby”]",
        ),
        ("“we won't be at 90”", "“we won't be at 90” by 31 March 2026 [in “Free parking stays in Westby”]"),
        ("“ferry fares would be frozen”", "“ferry fares would be frozen” by 31 March 2026"),
        ("freeze ferry fares", "Freeze ferry fares by 31 March 2026"),
    ],
)
def test_a_quotation_that_leaves_open_what_it_is_about_has_its_headline(act: str, title: str) -> None:
    one = replace(said(act, due="by 31 March"), headline="Free parking stays in Westby")
    assert title_of([one], MARCH)[1] == title.replace("31 March 2026", "the end of March 2026")


def test_a_headline_behind_a_quotation_is_shortened_between_words() -> None:
    one = replace(said("“it will”"), headline="Parking " * 40)
    title = title_of([one], None)[1]
    assert len(title) <= 130
    assert title.endswith("Parking…”]")


def test_what_no_other_statement_speaks_of_is_no_title() -> None:
    some = [
        said("bring 12 cakes to the opening in Westby", "I will bring cakes"),
        said("reopen the Mill Lane library", "the library will reopen"),
        said("reopen the library on Mill Lane", "Mill Lane library reopens"),
    ]
    assert title_of(some, None)[1].startswith("Reopen the")


def test_where_no_act_can_be_told_the_clause_stands_in_quotation_marks() -> None:
    _, title = title_of([said("“that will be sealed by the end of the week”")], None)
    assert title == "“that will be sealed by the end of the week”"
    _, title = title_of([said("“" + "and so on " * 30 + "”")], MARCH)
    assert len(title) <= 110 and title.endswith("…” by the end of March 2026")


@pytest.mark.parametrize(
    ("member", "due", "words"),
    [
        (said("open it", due="by spring"), date(2026, 3, 31), "by the end of March 2026"),
        (said("open it", due="by Christmas"), date(2025, 12, 25), "by 25 December 2025"),
        (said("open it", due="by 2030"), date(2030, 12, 31), "by the end of 2030"),
        (said("open it", due="from September"), date(2025, 9, 30), "from September 2025"),
        (
            said("not close it", due="before May", type_="negative"),
            date(2027, 4, 30),
            "until the end of April 2027",
        ),
        (said("freeze the fee", due="until April 2027"), date(2027, 3, 31), "until the end of March 2027"),
        (said("hold an open meeting", due="by Christmas"), date(2025, 12, 25), "by 25 December 2025"),
    ],
)
def test_the_first_date_in_words(member: Member, due: date, words: str) -> None:
    assert by_when(member.commitment, due) == words
