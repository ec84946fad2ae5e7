"""How a pledge stood on a day of its past: in the rules, in the warehouse, on its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.pipeline import ingest, stages
from flows.pipeline.runner import new_run
from flows.pipeline.sources import Sources
from ledger.decisions import journal, published
from ledger.queries import pledge_list, pledge_page
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from nlp.officials.register import Register
from nlp.pledges.history import Standing, standings
from tests.pledge_makers import evidence, item
from tests.reading_home import copy_home

WORDS = "We will open the Mill Lane library"


def on(rows: list[Standing], day: str) -> Standing:
    return [row for row in rows if row.day <= date.fromisoformat(day)][-1]


def test_each_day_knows_only_what_was_said_and_reported_by_then() -> None:
    first = item(WORDS, "2025-01-10", due="2025-06-30")
    later = item(WORDS + " by September", "2025-05-02", due="2025-09-30")
    told = [evidence("progress", "2025-03-01"), evidence("delivered", "2025-08-15")]
    rows = standings("p", [first, later], told)
    assert [row.day for row in rows] == sorted({row.day for row in rows})
    assert rows[0].day == date(2025, 1, 10)
    assert on(rows, "2025-02-28").suggested == "not_yet_rated"
    assert on(rows, "2025-03-01").suggested == "in_progress"
    assert on(rows, "2025-05-01").deadline == date(2025, 6, 30)
    assert on(rows, "2025-05-02").deadline == date(2025, 9, 30)
    assert on(rows, "2025-08-14").suggested == "in_progress"
    assert on(rows, "2025-08-15").suggested == "delivered"


def test_a_deadline_passes_and_silence_sets_in_without_any_news() -> None:
    rows = standings("p", [item(WORDS, "2025-01-10", due="2025-03-31")], [])
    assert "overdue" not in on(rows, "2025-03-31").flags
    assert "overdue" in on(rows, "2025-04-01").flags
    assert "stale" not in on(rows, "2025-07-01").flags and "stale" in rows[-1].flags


@pytest.mark.parametrize("due", [None, "9999-12-31"])
def test_days_at_the_end_of_the_calendar_and_none_at_all(due: str | None) -> None:
    assert standings("p", [item(WORDS, None, due=due)], []) == []
    assert standings("p", [item(WORDS, "9999-12-30", due=due)], [])[0].day == date(9999, 12, 30)


@pytest.fixture(scope="module")
def tracked(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The labelled home after the stage that finds evidence, so that its pledges have a past."""
    home = copy_home(gold_home, tmp_path_factory.mktemp("tracked"))
    track(home)
    return home


def track(home: Settings) -> list[tuple[object, ...]]:
    sources = Sources((), Register(()), "one")
    stages.track(home, sources, run_id := new_run(home))
    ingest.publish(home, sources, run_id)
    with published.reading(home) as connection:
        return connection.execute("SELECT pledge_id, day, run_id FROM w.standings ORDER BY ALL").fetchall()


def test_today_is_the_last_of_the_days_that_were(tracked: Settings) -> None:
    rows = pledge_list.pledges(tracked)
    with published.reading(tracked) as connection:
        seen = connection.execute("SELECT count(DISTINCT pledge_id) FROM w.standings").fetchone()
    assert seen and seen[0] == len(rows)
    for row in rows[::4]:
        past = pledge_page.pledge(tracked, row.id, tracked.today)
        assert past is not None
        named = replace(past.pledge, title=row.title, deadline=row.deadline)  # both are the labels' own here
        assert named == row


def test_a_page_stands_as_it_stood(tracked: Settings) -> None:
    row = next(
        row for row in pledge_list.pledges(tracked) if row.suggested == "not_delivered" and row.evidence
    )
    page = pledge_page.pledge(tracked, row.id)
    assert page is not None
    day = min(shown.day for shown in page.shown if shown.stance != "restated" and shown.day)
    before = pledge_page.pledge(tracked, row.id, day - timedelta(days=1))
    assert before is not None and before.pledge.suggested != "not_delivered" and not before.pledge.evidence
    assert all(shown.day is None or shown.day < day for shown in before.shown)
    assert all(stated.published and stated.published.date() < day for stated in before.stated)
    assert before.pledge.restatements == len(before.stated)
    assert pledge_page.pledge(tracked, row.id, date(1990, 1, 1)) is None


def test_what_was_decided_later_was_not_known(gold_home: Settings, tmp_path: Path) -> None:
    home = replace(copy_home(gold_home, tmp_path), as_of=datetime.now(UTC).date() + timedelta(days=400))
    row = pledge_list.pledges(home)[0]
    journal.record(home, Decision("set_status", row.id, {"status": "stalled"}, "Ann", "nothing was built"))
    page = pledge_page.pledge(home, row.id, datetime.now(UTC).date() + timedelta(days=1))
    assert page is not None and page.pledge.set_status == "stalled" and len(page.journal) == 1
    page = pledge_page.pledge(home, row.id, datetime.now(UTC).date() - timedelta(days=2))
    assert page is not None and page.pledge.set_status is None and page.journal == ()


def test_standings_are_written_anew_for_what_changed_alone(tracked: Settings, tmp_path: Path) -> None:
    home = copy_home(tracked, tmp_path)
    before = track(home)
    with warehouse.run(home) as connection:
        row = connection.execute(
            "UPDATE evidence SET day = day - 1 WHERE id = (SELECT min(id) FROM evidence) RETURNING pledge_id"
        ).fetchone()
    after = track(home)
    assert row and {kept[0] for kept in set(after) - set(before)} == {row[0]}
