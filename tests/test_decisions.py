"""The journal: append-only, undone by appending, refused when it makes no sense."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from ledger.decisions import journal as decision_journal
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.types import Decision

FOREIGN_ROW = "INSERT INTO decisions (at, who, kind, subject, value, why) VALUES (?, ?, ?, ?, ?, ?)"


def test_rows_stay_and_an_undo_is_a_row_of_its_own(home: Settings) -> None:
    first = decision_journal.record(home, Decision("note", "c1", {"text": "x"}, "Ed", "why"))
    second = decision_journal.record(home, Decision("undo", "c1", {"row": first}, "Flo"))
    assert [d.row for d in decision_journal.history(home)] == [first, second]
    assert decision_journal.in_force(home) == []
    assert decision_journal.history(home)[0].who == "Ed"


@pytest.mark.parametrize("change", ["UPDATE decisions SET who = 'x'", "DELETE FROM decisions"])
def test_the_file_itself_refuses_changes(home: Settings, change: str) -> None:
    decision_journal.record(home, Decision("note", "c1", {"text": "x"}, "Ed"))
    with (
        sqlite3.connect(home.decisions) as journal,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        journal.execute(change)
    journal.close()


@pytest.mark.parametrize(
    "wrong",
    [
        Decision("note", "c1", {}, "  "),
        Decision("note", "", {}, "Ed"),
        Decision("reply", "c1", {"words": "x"}, "Ed"),
        Decision("note", "c1", {"text": "x", "row": float("nan")}, "Ed"),
        Decision("note", "c1", {"text": " "}, "Ed"),
        Decision("link_speaker", "c1", {"official": "x"}, "Ed"),
        Decision("shout", "c1", {}, "Ed"),  # type: ignore[arg-type]  # what is being tested
        Decision("set_status", "c1", {"status": "done"}, "Ed"),
        Decision("set_status", "c1", {"status": "stalled", "evidence": [], "reason": "dropped"}, "Ed", " "),
        Decision("verdict", "c1", {"text": "It was kept."}, "Ed", "a reason is no source"),
        Decision("verdict", "c1", {"text": " ", "evidence": ["e1"]}, "Ed"),
        Decision("verdict", "c1", {"text": "It was kept.", "links": ["javascript:alert(1)"]}, "Ed"),
        Decision("reject", "c1", {"as": "dull"}, "Ed"),
        Decision("set_title", "c1", {"title": " "}, "Ed"),
        Decision("set_title", "c1", {"title": "x" * 201}, "Ed"),
        Decision("headline", "c1", {"headline": "yes"}, "Ed"),
        Decision("merge", "c1", {}, "Ed"),
        Decision("undo", "c1", {"row": 99}, "Ed"),
        Decision("set_status", "c1", {"status": {"a": "stalled"}}, "Ed", "why"),
        Decision("set_status", "c1", {"status": "stalled", "link": 5}, "Ed", "why"),
        Decision("note", "c1", {"text": "x", "by_owner": "1e300"}, "Ed"),
        Decision("verdict", "c1", {"text": "x", "links": [5]}, "Ed"),
    ],
)
def test_nonsense_is_refused(home: Settings, wrong: Decision) -> None:
    with pytest.raises(WrongUse):
        decision_journal.record(home, wrong)
    assert decision_journal.history(home) == []


def test_rows_are_found_by_what_they_are_about_and_by_what_is_new(home: Settings) -> None:
    assert decision_journal.since(home, decision_journal.last(home)) == (True, [])
    rows = [
        decision_journal.record(home, Decision("note", f"c{n % 3}", {"text": "x"}, "Ed")) for n in range(6)
    ]
    mark = decision_journal.last(home)
    undo = decision_journal.record(home, Decision("undo", "c1", {"row": rows[4]}, "Flo"))
    found = [(row.row, undone) for row, undone in decision_journal.entries(home, None, ["c1", "no such"])]
    assert found == [(rows[1], False), (rows[4], True), (undo, False)]
    assert [(row.row, undone) for row, undone in decision_journal.entries(home) if undone] == [
        (rows[4], True)
    ]
    follows, new = decision_journal.since(home, mark)
    assert follows and [(row[0], row[3]) for row in new] == [(undo, "undo")]
    follows, every = decision_journal.since(home, (mark[0], "another time"))
    assert not follows and [row[0] for row in every] == [*rows, undo]


def test_what_was_undone_later_held_on_the_day(home: Settings) -> None:
    first, second = datetime(2026, 5, 1, 22, 30, tzinfo=UTC), datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
    row = decision_journal.record(home, Decision("merge", "c1", {"with": "c2"}, "Ed", at=first))
    decision_journal.record(
        home, Decision("undo", "c1", {"row": row}, "Ed", at=second)
    )  # 0:30 of the 2nd in London
    assert decision_journal.in_force(home) == []
    assert [d.row for d in decision_journal.in_force(home, date(2026, 5, 1))] == [row]
    assert decision_journal.history(home, date(2026, 4, 30)) == []


def test_none_is_lost_between_editors(home: Settings) -> None:
    def edit(who: str) -> None:
        for n in range(25):
            decision_journal.record(home, Decision("note", f"{who}{n}", {"text": "x"}, who))

    editors = [threading.Thread(target=edit, args=(f"editor {n}",)) for n in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert len({d.subject for d in decision_journal.history(home)}) == 100


def test_the_first_of_a_home_waits_for_another_who_takes_it(home: Settings) -> None:
    home.home.mkdir(parents=True, exist_ok=True)
    other = sqlite3.connect(home.decisions, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()
    try:
        row = decision_journal.record(home, Decision("note", "c1", {"text": "x"}, "Ed"))
    finally:
        release.join()
        other.close()
    assert [d.row for d in decision_journal.history(home)] == [row]


def test_a_file_that_is_no_journal_is_a_clear_error(home: Settings) -> None:
    home.decisions.write_bytes(b"not a database at all, by any means" * 50)
    with pytest.raises(WrongUse, match="not a readable journal"):
        decision_journal.history(home)


@pytest.mark.parametrize(
    ("at", "value"),
    [("no day", "{}"), ("2026-06-01", "no JSON"), ("2026-06-01", "[7]"), ("2026-06-01", "[" * 2_000)],
)
def test_a_row_that_no_command_wrote_is_told_in_a_line(home: Settings, at: str, value: str) -> None:
    decision_journal.record(home, Decision("note", "c1", {"text": "x"}, "Ed"))
    with closing(sqlite3.connect(home.decisions)) as journal, journal:
        journal.execute(FOREIGN_ROW, (at, "Ed", "note", "c1", value, ""))
    for known in (None, date(2026, 6, 30)):
        with pytest.raises(WrongUse, match=r"cannot be read .*restore its backup"):
            decision_journal.history(home, known)
