"""Days in words: one form of writing them, in one place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from ledger.days import day, moment

ROOT = Path(__file__).parent.parent
PRODUCT = ("ledger", "crawlers", "nlp", "flows", "dashboard")


def test_a_day_is_the_one_in_london() -> None:
    assert day(date(2026, 3, 5)) == "5 March 2026"
    assert day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert day(None, "no date") == "no date"
    assert moment(datetime(2026, 6, 30, 23, 5, tzinfo=UTC)) == "1 July 2026, 00:05"


def test_nobody_writes_a_day_in_a_form_of_their_own() -> None:
    files = [path for name in PRODUCT for path in (ROOT / name).rglob("*.py")]
    own = [path for path in files if re.search(r"%-?d %B", text := path.read_text("utf-8")) or ":%B" in text]
    assert [path.relative_to(ROOT).as_posix() for path in own] == ["ledger/days.py"]
