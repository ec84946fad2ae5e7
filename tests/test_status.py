"""The table of status.yaml, row by row, and the flags."""

from datetime import date

import pytest

from ledger.types import Evidence, Flag, Status
from nlp.pledges.status import facts, rules, suggest
from tests.pledge_makers import commitment, evidence, pledge

TODAY = date(2026, 6, 30)
DUE = "2026-03-31"


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
    given, _, why = suggest(pledge(due), [commitment(due=due)], rows, TODAY)
    assert given == status
    assert why.endswith(".") and "{" not in why


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
    status, flags, _ = suggest(pledge(), [commitment()], claims, TODAY)
    assert status not in ("delivered", "delivered_late") and "claimed_only" in flags
    status, flags, _ = suggest(
        pledge(), [commitment()], [*claims, evidence("delivered", "2026-05-02")], TODAY
    )
    assert status == "delivered" and "claimed_only" not in flags


@pytest.mark.parametrize(
    ("today", "flag"),
    [(date(2026, 3, 1), "due_soon"), (date(2026, 3, 31), "due_soon"), (date(2026, 4, 1), "overdue")],
)
def test_flags_of_time(today: date, flag: Flag) -> None:
    _, flags, _ = suggest(pledge(DUE), [commitment(due=DUE)], [evidence("progress", "2026-02-20")], today)
    assert [f for f in flags if f in ("due_soon", "overdue")] == [flag]


def test_silence_needs_a_day_to_count_from() -> None:
    assert "stale" not in suggest(pledge(), [commitment()], [], TODAY)[1]
    assert "stale" in suggest(pledge(), [commitment()], [], TODAY, date(2025, 12, 1))[1]
    assert "stale" not in suggest(pledge(), [commitment()], [], TODAY, date(2026, 6, 1))[1]
    assert "stale" in suggest(pledge(), [commitment()], [evidence("progress", "2025-12-01")], TODAY)[1]


def test_dispute_reversal_and_drift() -> None:
    rows = [evidence("delivered", "2026-04-01", by_owner=True), evidence("broken", "2026-04-10")]
    assert "disputed" in suggest(pledge(), [commitment()], rows, TODAY)[1]
    rows = [evidence("progress", "2026-01-01"), evidence("cancelled", "2026-04-10")]
    assert "reversed" in suggest(pledge(), [commitment()], rows, TODAY)[1]
    two = [commitment(value=500), commitment(value=300, nth=1)]
    assert "drifted" in suggest(pledge(), two, [], TODAY)[1]
    assert suggest(pledge(), [commitment(value=500), commitment(value=500, nth=1)], [], TODAY)[1] == ()


def test_recomputed_as_of_any_day() -> None:
    rows = [evidence("progress", "2025-11-01"), evidence("delivered", "2026-03-01")]
    assert suggest(pledge(DUE), [commitment()], rows, date(2026, 1, 1))[0] == "in_progress"
    assert suggest(pledge(DUE), [commitment()], rows, date(2026, 4, 1))[0] == "delivered"


def test_evidence_of_other_pledges_counts_for_nothing() -> None:
    other = Evidence("x", "another", "a", (0, 1), "delivered", date(2026, 3, 1))
    assert suggest(pledge(), [commitment()], [other], TODAY)[0] == "not_yet_rated"


def test_undated_evidence_is_held_and_breaks_nothing() -> None:
    undated = Evidence("x", "p", "a", (0, 1), "progress", None, confidence=0.5)
    assert "moved" in facts(pledge(), [undated], TODAY)
    assert suggest(pledge(), [commitment()], [undated], TODAY)[0] == "in_progress"
