"""Whose a pledge is, and by which rule; when it falls due."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.pledges.dates import due_dates, is_later
from ledger.pledges.members import Member
from ledger.pledges.owner import ownership
from ledger.types import Commitment, Deadline

COUNCIL = "Westby Council"


def said(
    words: str,
    role: str | None = "councillor",
    office: str = "",
    speaker: str | None = "Ann Carr",
    body: str | None = COUNCIL,
    source: str = "",
) -> Member:
    commitment = Commitment("c", "s", "firm", words)
    who = speaker and f"id of {speaker}"
    return Member(commitment, None, speaker, who, role, body, office=office, source_name=source, words=words)


@pytest.mark.parametrize(
    ("member", "owner", "rule"),
    [
        (said("we will reopen the bridge", "council_leader"), COUNCIL, "said for the body"),
        (said("the council will reopen it", office="Cabinet member for roads"), COUNCIL, "said for the body"),
        (
            said("it will reopen", source="Coun Carr, portfolio holder for roads"),
            COUNCIL,
            "said for the body",
        ),
        (said("all twelve will be in post", "police", "Chief Constable"), COUNCIL, "said for the body"),
        (
            said("we will build it", "minister", "Roads Minister", body="UK Government"),
            "UK Government",
            "said for the body",
        ),
        (said("the bridge will reopen", "other_official", speaker=None), COUNCIL, "said by the body itself"),
        (
            said("I will resign if it is late", "council_leader"),
            "Ann Carr",
            "said in their own voice, in office",
        ),
        (said("I promise that we will reopen it", "council_leader"), COUNCIL, "said for the body"),
        (said("I’ll bring a bill this year", "mp", "MP for Westby"), "Ann Carr", "said in their own voice"),
        (
            said("a government of ours will build it", "mp", "Shadow Roads Secretary"),
            "Ann Carr",
            "said in their own voice",
        ),
        (said("it will be built", "non_official"), "Ann Carr", "said in their own voice"),
        (
            said("we would freeze the charge", office="Leader of the Green group"),
            "Ann Carr",
            "said in opposition, so it is their own",
        ),
        (
            said("we will scrap it", office="Opposition leader, Westby Council"),
            "Ann Carr",
            "said in opposition, so it is their own",
        ),
        (
            said("we will scrap it", source="Coun Carr, leader of the opposition"),
            "Ann Carr",
            "said in opposition, so it is their own",
        ),
        (
            said("we will look after the ward", office="Councillor, Mill ward"),
            "Ann Carr",
            "said in their own voice",
        ),
        (
            said("we will scrap it"),
            "Ann Carr",
            "said by a member whose office is not known, so it is their own",
        ),
        (
            said("if we win in May we will scrap it", "council_leader"),
            "Ann Carr",
            "said of what they would do with power, so it is their own",
        ),
        (
            said("Put us in and it is gone", "mayor"),
            "Ann Carr",
            "said of what they would do with power, so it is their own",
        ),
        (said("if we win the funding we will build it", "council_leader"), COUNCIL, "said for the body"),
        (
            said("we will build it", "council_leader", body=None),
            "Ann Carr",
            "said for a body that is not named",
        ),
        (said("it will be built", None, speaker=None, body=None), "unresolved", "nobody is named"),
    ],
)
def test_the_voice_of_the_first_statement_says_whose_it_is(member: Member, owner: str, rule: str) -> None:
    found = ownership([member])
    assert (found.owner, found.rule) == (owner, rule)
    assert found.person == member.speaker
    assert found.owner_id == (member.official_id if owner == "Ann Carr" else None)


def test_an_opposition_members_words_never_become_the_councils() -> None:
    first = said("we will scrap the charge", office="Leader of the Labour group")
    later = said("the council will scrap the charge", "council_leader", speaker="Bo Lund")
    found = ownership([first, later])
    assert (found.owner, found.body) == ("Ann Carr", None)
    found = ownership([later, first])
    assert (found.owner, found.body, found.person) == (COUNCIL, COUNCIL, "Bo Lund")


def test_beside_a_body_that_spoke_first_stands_who_first_spoke_for_it() -> None:
    release = said("the bridge will reopen", "other_official", speaker=None)
    found = ownership([release, said("we will reopen it", "council_leader")])
    assert (found.owner, found.person, found.person_id) == (COUNCIL, "Ann Carr", "id of Ann Carr")
    other = said("we will reopen it", "minister", body="UK Government")
    assert ownership([release, other]).person is None


def dated(*given: tuple[str, str, str, str]) -> list[Member]:
    """Members of (day said, words, first day, last day)."""
    made = []
    for day, words, first, last in given:
        deadline = Deadline(words, date.fromisoformat(first), date.fromisoformat(last))
        made.append(Member(Commitment("c", "s", "firm", "open it", None, deadline), date.fromisoformat(day)))
    return made


MARCH = ("2025-02-01", "by March 2026", "2025-02-01", "2026-03-31")
SEPTEMBER = ("2026-01-14", "by the end of September", "2026-01-14", "2026-09-30")
STEP = ("2025-09-01", "in November", "2025-11-01", "2025-11-30")
PARLIAMENT = ("2025-02-13", "by the end of this parliament", "2025-02-13", "2029-07-09")


def test_the_first_date_never_changes_and_the_newest_is_the_last_that_came_later() -> None:
    found = due_dates(dated(MARCH, STEP, SEPTEMBER, STEP))
    assert (found.first, found.newest) == (date(2026, 3, 31), date(2026, 9, 30))
    assert found.moved_on == date(2026, 1, 14)
    assert due_dates(dated(SEPTEMBER, STEP)).newest == date(2026, 9, 30)
    assert due_dates([]).first is None


def test_a_coarser_word_for_the_same_date_moves_nothing() -> None:
    coarse = ("2025-11-28", "by 2029", "2025-11-28", "2029-12-31")
    assert due_dates(dated(PARLIAMENT, coarse)).newest == date(2029, 7, 9)
    exact = ("2025-11-28", "by the end of 2029", "2025-11-28", "2029-12-31")
    assert due_dates(dated(PARLIAMENT, exact)).newest == date(2029, 12, 31)
    past = ("2025-07-23", "later this year", "2025-07-23", "2025-12-31")
    recess = ("2025-03-26", "before the recess", "2025-03-26", "2025-07-22")
    assert due_dates(dated(recess, past)).newest == date(2025, 12, 31)


def test_of_two_words_said_on_one_day_the_more_exact_holds() -> None:
    year = ("2025-02-06", "this year", "2025-02-06", "2025-12-31")
    recess = ("2025-02-06", "before the summer recess", "2025-02-06", "2025-07-22")
    found = due_dates(dated(year, recess))
    assert (found.first, found.newest) == (date(2025, 7, 22), date(2025, 7, 22))
    later = ("2025-05-06", *recess[1:])
    assert due_dates(dated(year, later)).newest == date(2025, 12, 31)


def test_later_by_is_later_though_what_it_names_begins_today() -> None:
    march, september = (one.commitment.deadline for one in dated(MARCH, SEPTEMBER))
    assert march and september and is_later(september, march, 31) and not is_later(march, september)
    assert not is_later(september, march, 200)
    assert not is_later(Deadline("soon"), march)
