"""The table of status.yaml, row by row, and the flags."""

from datetime import date

import pytest

from ledger import vocabulary
from ledger.pledges.members import Member
from ledger.pledges.reckon import reckon
from ledger.pledges.status import facts, is_closed, rules
from ledger.types import Commitment, Evidence, Mark, Pledge, Status
from tests.pledge_makers import commitment, evidence

TODAY = date(2026, 6, 30)
DUE = "2026-03-31"


def told(
    said: list[Commitment], rows: list[Evidence], today: date = TODAY, said_on: date | None = None
) -> Pledge:
    found = reckon("p", [Member(one, said_on) for one in said], rows, today).pledge
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
        ([evidence("progress", "2026-02-01"), evidence("delayed", "2026-05-01")], "2026-12-31", "stalled"),
        ([evidence("delivered", "2026-03-01")], DUE, "delivered"),
        ([evidence("delivered", "2026-05-01")], DUE, "delivered_late"),
        ([evidence("delivered", "2026-03-01", by_owner=True)], DUE, "unclear"),
        ([evidence("delayed", "2026-01-01"), evidence("delivered", "2026-03-01")], DUE, "delivered"),
        ([evidence("broken", "2026-05-01")], DUE, "not_delivered"),
        ([evidence("broken", "2026-05-01", by_owner=True)], DUE, "not_delivered"),
        ([evidence("progress", "2026-02-01"), evidence("broken", "2026-05-01")], DUE, "partly_delivered"),
        ([evidence("cancelled", "2026-05-01")], DUE, "not_delivered"),
    ],
)
def test_each_row_of_the_table(rows: list[Evidence], due: str | None, status: Status) -> None:
    found = told([commitment(due=due)], rows)
    assert found.suggested == status
    assert found.why.endswith(".") and "{" not in found.why


def test_every_row_of_the_table_names_known_facts() -> None:
    every = [
        "cancelled",
        "broken",
        "delivered",
        "delayed",
        "moved",
        "part",
        "claimed",
        "late",
        "silent",
        "due",
        "reviewed",
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
        found = told([commitment()], list(rows), said_on=said)
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
    assert "moved" in facts(None, [undated], TODAY)
    assert told([commitment()], [undated]).suggested == "in_progress"


def test_what_is_rejected_keeps_its_place_and_says_nothing() -> None:
    said = [Member(commitment(due=DUE)), Member(commitment(due="2027-01-01", nth=1), rejected=True)]
    found = reckon("p", said, [], TODAY)
    assert found.pledge and found.pledge.deadline == date(2026, 3, 31)
    assert found.pledge.commitments == ("c0",)
    assert [(v.commitment_id, v.changed) for v in found.versions] == [("c0", ""), ("c1", "")]
    assert reckon("p", said[1:], [], TODAY).pledge is None
