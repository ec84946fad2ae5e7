"""The table of status.yaml, row by row, and the flags."""

import random
from dataclasses import replace
from datetime import date
from itertools import zip_longest

import pytest

from ledger import vocabulary
from ledger.days import day
from ledger.pledges.members import Member
from ledger.pledges.reckon import reckon
from ledger.pledges.status import PledgeDates, facts, is_closed, is_named, rules
from ledger.presentation.labels import when_due
from ledger.types import Commitment, Deadline, Evidence, Mark, Measure, Pledge, Status
from tests.pledge_makers import commitment, evidence

TODAY = date(2026, 6, 30)
DUE = "2026-03-31"
DUE_DAY = date.fromisoformat(DUE)


def told(said: list[Commitment], rows: list[Evidence], today: date = TODAY, *said_on: date | None) -> Pledge:
    members = [Member(one, day) for one, day in zip_longest(said, said_on[: len(said)])]
    found = reckon("p", members, rows, today).pledge
    assert found
    return found


def flags(pledge: Pledge) -> set[str]:
    return {mark.flag for mark in pledge.marks}


@pytest.mark.parametrize(
    ("rows", "due", "status"),
    [
        ([], None, "not_yet_rated"),
        ([], DUE, "unclear"),
        ([evidence("restated", "2026-02-01")], "2026-12-31", "not_yet_rated"),
        ([evidence("progress", "2026-02-01")], "2026-12-31", "in_progress"),
        ([evidence("progress", "2026-02-01")], DUE, "unclear"),
        ([evidence("progress", "2025-02-01")], "2026-12-31", "stalled"),
        (
            [evidence("progress", "2026-02-01"), evidence("delayed", "2026-05-01")],
            "2026-12-31",
            "in_progress",
        ),
        ([evidence("progress", "2025-08-01"), evidence("delayed", "2026-05-01")], "2026-12-31", "stalled"),
        ([evidence("delayed", "2026-05-01")], "2026-12-31", "stalled"),
        ([evidence("delivered", "2026-03-01")], DUE, "delivered"),
        ([evidence("delivered", "2026-05-20")], DUE, "delivered_late"),
        ([evidence("delivered", "2026-03-01", by_owner=True)], DUE, "unclear"),
        ([evidence("delayed", "2026-01-01"), evidence("delivered", "2026-03-01")], DUE, "delivered"),
        ([evidence("broken", "2026-05-01")], DUE, "not_delivered"),
        ([evidence("broken", "2026-05-01", by_owner=True)], DUE, "not_delivered"),
        ([evidence("progress", "2026-02-01"), evidence("broken", "2026-05-01")], DUE, "not_delivered"),
        ([evidence("cancelled", "2026-05-01")], DUE, "not_delivered"),
        ([evidence("delivered", "2026-03-20"), evidence("broken", "2026-05-01")], DUE, "partly_delivered"),
        ([evidence("delivered", "2026-05-01"), evidence("broken", "2026-05-01")], DUE, "partly_delivered"),
        ([evidence("broken", "2026-04-02"), evidence("delivered", "2026-04-20")], DUE, "delivered_late"),
        ([evidence("delayed", "2026-03-01"), evidence("delivered", "2026-04-20")], DUE, "delivered_late"),
        ([evidence("delivered", "2026-04-20")], DUE, "delivered"),  # a report some days after the deed
        ([evidence("broken", "2026-04-02"), evidence("delayed", "2026-05-02")], DUE, "stalled"),
        ([evidence("broken", "2026-04-02"), evidence("delayed", "2026-04-02")], DUE, "not_delivered"),
        (
            [evidence("delivered", "2026-03-01"), *(evidence("delayed", f"2026-0{n}-01") for n in (4, 5))],
            DUE,
            "unclear",
        ),
        # that a promise was kept takes a surer report than that it was not
        ([evidence("delivered", "2026-03-01", confidence=0.93)], "2026-12-31", "unclear"),
        ([evidence("broken", "2026-03-01", confidence=0.93)], "2026-12-31", "not_delivered"),
        (
            [evidence("delivered", f"2026-03-0{n}", confidence=0.8) for n in (1, 2)],
            "2026-12-31",
            "delivered",
        ),
        ([evidence("delivered", "2026-03-01", confidence=0.4)], "2026-12-31", "unclear"),
        ([evidence("broken", "2026-03-01", confidence=0.4)], "2026-12-31", "unclear"),
    ],
)
def test_each_row_of_the_table(rows: list[Evidence], due: str | None, status: Status) -> None:
    found = told([commitment(due=due)], rows)
    assert found.suggested == status
    assert found.why.endswith(".") and "{" not in found.why


def test_every_row_of_the_table_names_known_facts() -> None:
    every = [
        *("cancelled", "broken", "delivered", "late", "part", "put_off", "resumed", "claimed", "told_done"),
        *("delayed", "delays", "moved", "reviewed", "silent", "due", "period", "restated", "holds"),
    ]
    assert {fact for row in rules()["table"] for fact in row["all"]} <= set(every)
    assert rules()["table"][-1]["all"] == []


def test_the_owners_word_never_delivers() -> None:
    claims = [evidence("delivered", f"2026-0{n}-01", by_owner=True, confidence=1.0) for n in range(1, 6)]
    found = told([commitment()], claims)
    assert found.suggested not in ("delivered", "delivered_late") and "claimed_only" in flags(found)
    found = told([commitment()], [*claims, evidence("delivered", "2026-05-02")])
    assert found.suggested == "delivered" and "claimed_only" not in flags(found)


def test_flags_of_time_know_their_days_and_the_status_that_ends_them() -> None:
    marks = told([commitment(due=DUE)], [evidence("progress", "2026-02-20")], date(2026, 3, 1)).marks
    assert marks == (
        Mark("overdue", date(2026, 4, 1), None, "open"),
        Mark("due_soon", None, date(2026, 3, 31), "awaited"),
        Mark("stale", date(2026, 8, 20), None, "awaited"),
    )
    assert told([commitment()], [evidence("progress", "2026-02-20")]).marks == marks[2:]


def test_silence_needs_a_day_to_count_from() -> None:
    def since(*rows: Evidence, said: date | None = None) -> date | None:
        found = told([commitment()], list(rows), TODAY, said)
        return next((mark.first for mark in found.marks if mark.flag == "stale"), None)

    assert since() is None
    assert since(said=date(2025, 12, 1)) == date(2026, 5, 31)
    assert since(evidence("progress", "2025-12-02"), said=date(2025, 12, 1)) == date(2026, 6, 1)
    assert since(said=date(9999, 12, 30)) == date.max


def test_dispute_reversal_and_drift() -> None:
    rows = [evidence("delivered", "2026-04-01", by_owner=True), evidence("broken", "2026-04-10")]
    assert "disputed" in flags(told([commitment()], rows))
    rows = [evidence("progress", "2026-01-01"), evidence("cancelled", "2026-04-10")]
    assert "reversed" in flags(told([commitment()], rows))
    two = [commitment(value=500), commitment(value=300, nth=1)]
    assert "drifted" in flags(told(two, []))
    assert told([commitment(value=500), commitment(value=500, nth=1)], []).marks == ()


def test_an_end_that_rules_suppose_ends_no_waiting_but_a_persons_does() -> None:
    assert {s for s in vocabulary.statuses() if is_closed(s, False)} == {"delivered", "delivered_late"}
    ended = {"delivered", "delivered_late", "partly_delivered", "not_delivered"}
    assert {s for s in vocabulary.statuses() if is_closed(s, True)} == ended


def test_recomputed_as_of_any_day() -> None:
    rows = [evidence("progress", "2025-11-01"), evidence("delivered", "2026-03-01")]
    assert told([commitment(due=DUE)], rows, date(2026, 1, 1)).suggested == "in_progress"
    assert told([commitment(due=DUE)], rows, date(2026, 1, 1)).evidence == 1
    assert told([commitment(due=DUE)], rows, date(2026, 4, 1)).suggested == "delivered"


def test_undated_evidence_is_held_and_breaks_nothing() -> None:
    undated = Evidence("x", "p", "a", (0, 1), "progress", None, confidence=0.5)
    assert "moved" in facts(PledgeDates(), [undated], TODAY)
    assert told([commitment()], [undated]).suggested == "in_progress"


def test_what_is_rejected_keeps_its_place_and_says_nothing() -> None:
    said = [Member(commitment(due=DUE)), Member(commitment(due="2027-01-01", nth=1), rejected=True)]
    found = reckon("p", said, [], TODAY)
    assert found.pledge and found.pledge.deadline == date(2026, 3, 31)
    assert found.pledge.commitments == ("c0",)
    assert [(v.commitment_id, v.changed) for v in found.versions] == [("c0", ""), ("c1", "")]
    assert reckon("p", said[1:], [], TODAY).pledge is None


def test_of_a_number_a_part_can_be_done_of_a_share_or_of_what_is_kept_none() -> None:
    rows = [evidence("progress", "2026-02-01"), evidence("broken", "2026-05-01")]
    assert told([commitment(due=DUE, value=60)], rows).suggested == "partly_delivered"
    share = replace(commitment(due=DUE), measure=Measure(90, "per cent", "nine in ten"))
    assert told([share], rows).suggested == "not_delivered"
    kept = commitment("negative", DUE, 22, "not close any of the 22 libraries")
    assert told([kept], rows).suggested == "not_delivered"
    rows = [evidence("cancelled", "2026-05-01"), evidence("progress", "2026-02-01")]
    assert told([commitment(due=DUE, value=500)], rows).suggested == "partly_delivered"


def test_what_passed_its_date_with_progress_and_delay_was_done_in_part() -> None:
    rows = [evidence("progress", "2026-02-01"), evidence("delayed", "2026-03-12")]
    found = told([commitment(due=DUE, value=40)], rows)
    assert found.suggested == "partly_delivered"
    assert found.why == (
        "The date given, 31 March 2026, has passed; progress and delay are reported "
        "(Gazette, 12 March 2026), and no report says that it is done."
    )
    assert told([commitment(due=DUE)], rows).suggested == "unclear"


def test_what_is_to_stay_as_it_is_is_kept_until_somebody_reports_otherwise() -> None:
    kept = [commitment("negative", "2026-12-31", action="not raise the charge")]
    again = [evidence("restated", "2026-02-01")]
    assert told(kept, again).suggested == "in_progress"
    assert told([commitment(due="2026-12-31", action="hold the charge")], again).suggested == "in_progress"
    assert told(kept, []).suggested == "not_yet_rated"
    assert told(kept, [*again, evidence("broken", "2026-03-01")]).suggested == "not_delivered"


def test_a_miss_with_another_date_and_work_towards_it_is_no_end() -> None:
    said = [commitment(due=DUE, value=340), commitment(due="2026-12-31", value=340, nth=1)]
    days = (date(2025, 1, 8), date(2026, 4, 2))
    rows = [evidence("broken", "2026-04-02"), evidence("delayed", "2026-04-02")]
    assert told(said, [*rows, evidence("progress", "2026-06-12")], TODAY, *days).suggested == "in_progress"
    found = told([said[0], commitment(due="2026-12-31", nth=1)], rows, TODAY, *days)
    assert found.suggested == "stalled"
    assert found.why == (
        "Reported as missed, and as put off (Gazette, 2 April 2026). "
        "31 March 2026 was missed, and it was then moved to 31 December 2026."
    )


def test_a_date_moved_before_it_came_was_not_missed_and_overdue_counts_from_the_first() -> None:
    said = [commitment(due=DUE), commitment(due="2026-09-30", nth=1)]
    found = told(said, [], TODAY, date(2025, 1, 8), date(2026, 2, 1))
    assert (found.first_due, found.deadline) == (date(2026, 3, 31), date(2026, 9, 30))
    assert found.moved_on == date(2026, 2, 1)
    assert found.why == (
        "No later report bears on it. It was promised for 31 March 2026, and is now for 30 September 2026."
    )
    assert Mark("overdue", date(2026, 4, 1), None, "open") in found.marks
    assert Mark("due_soon", None, date(2026, 9, 30), "awaited") in found.marks
    late = told(said, [evidence("delivered", "2026-04-02")], TODAY, date(2025, 1, 8), date(2026, 2, 1))
    assert late.suggested == "delivered_late"
    assert late.why == "Reported as done (Gazette, 2 April 2026), after the date first given, 31 March 2026."


@pytest.mark.parametrize("seed", range(40))
def test_a_reason_names_a_report_that_is_there_and_says_what_it_says(seed: int) -> None:
    """Whatever the reports, day and source in the reason are of one that tells what the sentence tells."""
    chance = random.Random(seed)
    words = {
        "delivered": ("Reported as done", "Only the owner says that it is done"),
        "cancelled": ("Reported as cancelled",),
        "broken": ("Reported as not kept", "Reported as missed ("),
        "delayed": ("Delay reported", "put off ("),
        "progress": ("movement reported since",),
        "restated": ("Said again",),
    }
    for _ in range(50):
        rows = [
            evidence(
                chance.choice(list(vocabulary.stances())),
                f"2026-0{chance.randint(1, 6)}-{chance.randint(10, 28)}",
                chance.random() < 0.4,
                source=f"Paper {n}",
                confidence=chance.choice((0.4, 0.9)),
            )
            for n in range(chance.randint(0, 5))
        ]
        due = chance.choice((None, DUE, "2026-12-31"))
        why = told([commitment(due=due, value=chance.choice((None, 60)))], rows).why
        for stance, phrases in words.items():
            if any(phrase in why for phrase in phrases):
                said = [e for e in rows if e.stance == stance]
                assert any(f"({e.source}, {day(e.day)})" in why for e in said), (why, rows)
        if "no report says that it is done" in why:
            assert not any(e.stance == "delivered" and not e.by_owner for e in rows)


@pytest.mark.parametrize("row", [row for row in rules()["table"] if "{source}" in row["why"]])
def test_the_report_that_a_reason_names_is_known_from_it(row: dict[str, str]) -> None:
    told = dict.fromkeys(("first_due", "deadline", "stale"), "")
    why = row["why"].format(source="Gazette", day=day(TODAY), **told)
    assert is_named(why, "Gazette", TODAY)
    assert not is_named(why, "Gaz", TODAY) and not is_named(why, "", TODAY)
    assert not is_named(why, "Gazette", TODAY.replace(day=3)) and not is_named(why, "Gazette", None)


@pytest.mark.parametrize(
    ("kind", "act", "said", "runs"),
    [
        ("negative", "have no compulsory redundancies", "until the end of March 2026", True),
        ("firm", "freeze your council tax", "this year", True),
        ("firm", "run the night bus", "for two years", True),
        ("firm", "open the school", "for September", False),
        ("negative", "leave nobody on the street", "by March 2026", False),
        ("firm", "keep the pool open", "through 2026", True),
        ("firm", "build 340 homes", "by the end of March 2026", False),
    ],
)
def test_what_was_promised_for_a_period_runs_out_and_is_never_overdue(
    kind: str, act: str, said: str, runs: bool
) -> None:
    promise = replace(commitment(due=DUE), type=kind, action=act, deadline=Deadline(said, None, DUE_DAY))
    found = told([promise], [], TODAY)
    names = {mark.flag for mark in found.marks}
    assert ("period" in names) == runs and ("overdue" in names) == ("due_soon" in names) == (not runs)
    ended = f"It ran until {day(DUE_DAY)}" if runs else f"The date given, {day(DUE_DAY)}"
    assert found.why.startswith(ended)
    late = told([promise], [evidence("broken", "2026-03-02"), evidence("delivered", "2026-06-02")], TODAY)
    assert late.suggested == ("delivered" if runs else "delivered_late")


def test_a_date_in_words_says_how_late_by_which() -> None:
    first, new = date(2025, 1, 14), date(2025, 9, 1)
    moved = "promised for 14 January 2025, moved to 1 September 2025"
    by_both = f"{moved}: 532 days late by the first date, 302 by the new one"
    assert when_due(new, TODAY, first, ("overdue",)) == by_both
    assert when_due(new, TODAY, first) == moved
    ahead = "promised for 14 January 2025, moved to 1 July 2026, tomorrow; 532 days late by the first date"
    assert when_due(date(2026, 7, 1), TODAY, first, ("overdue",)) == ahead
    assert when_due(first, TODAY, first, ("overdue",)) == "was due 14 January 2025, 532 days ago"
    assert when_due(DUE_DAY, TODAY, DUE_DAY, ("period",)) == "ran until 31 March 2026"
    assert when_due(date(2026, 7, 10), TODAY, DUE_DAY, ("period",)) == (
        "runs until 10 July 2026, in 10 days (at first until 31 March 2026)"
    )
