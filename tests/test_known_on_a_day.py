"""How a pledge stood on a day of its past: in the rules, in the warehouse, on its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ledger.decisions import journal
from ledger.pledges.reckon import reckon
from ledger.queries import pledge_list, pledge_page
from ledger.settings import Settings
from ledger.types import Decision
from nlp.pledges.core import members_of
from tests.pledge_makers import evidence, item
from tests.reading_home import copy_home, reckoned_home

WORDS = "We will open the Mill Lane library"


def test_each_day_knows_only_what_was_reported_by_then() -> None:
    said = members_of([item(WORDS, "2025-01-10", due="2025-06-30")])
    reports = [evidence("progress", "2025-03-01"), evidence("delivered", "2025-08-15")]
    days = {"2025-02-28": "not_yet_rated", "2025-03-01": "in_progress", "2025-08-14": "unclear"}
    for day, status in (days | {"2025-08-15": "delivered_late"}).items():
        found = reckon("p", said, reports, date.fromisoformat(day)).pledge
        assert found and found.suggested == status
        assert found.evidence == sum(e.day is not None and e.day.isoformat() <= day for e in reports)


@pytest.fixture(scope="module")
def reckoned(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The labelled home with its pledges as the rules have them, so that they have a past."""
    return reckoned_home(gold_home, tmp_path_factory.mktemp("reckoned"))


def test_today_is_the_last_of_the_days_that_were(reckoned: Settings) -> None:
    for row in pledge_list.pledges(reckoned)[::4]:
        past = pledge_page.pledge(reckoned, row.id, reckoned.today)
        assert past is not None and past.pledge == row


def test_a_page_stands_as_it_stood(reckoned: Settings) -> None:
    row = next(
        row for row in pledge_list.pledges(reckoned) if row.suggested == "not_delivered" and row.evidence
    )
    page = pledge_page.pledge(reckoned, row.id)
    assert page is not None
    day = min(shown.day for shown in page.shown if shown.stance != "restated" and shown.day)
    before = pledge_page.pledge(reckoned, row.id, day - timedelta(days=1))
    assert before is not None and before.pledge.suggested != "not_delivered" and not before.pledge.evidence
    assert all(shown.day is None or shown.day < day for shown in before.shown)
    assert all(stated.published and stated.published.date() < day for stated in before.stated)
    assert before.pledge.restatements == len(before.stated)
    assert pledge_page.pledge(reckoned, row.id, date(1990, 1, 1)) is None


def test_what_was_decided_later_was_not_known(gold_home: Settings, tmp_path: Path) -> None:
    home = replace(copy_home(gold_home, tmp_path), as_of=datetime.now(UTC).date() + timedelta(days=400))
    row = pledge_list.pledges(home)[0]
    journal.record(home, Decision("set_status", row.id, {"status": "stalled"}, "Ann", "nothing was built"))
    page = pledge_page.pledge(home, row.id, datetime.now(UTC).date() + timedelta(days=1))
    assert page is not None and page.pledge.set_status == "stalled" and len(page.journal) == 1
    page = pledge_page.pledge(home, row.id, datetime.now(UTC).date() - timedelta(days=2))
    assert page is not None and page.pledge.set_status is None and page.journal == ()
