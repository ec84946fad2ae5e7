"""The letters of three days: one on which much happened, one without news, one after an outage.

Beside each what the dashboard's server gives that day to programs that follow it: feeds and the calendar.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dashboard.feeds import calendar, feed
from flows.digest.archive import DigestRecord, Letter, keep_record, letter_of
from flows.digest.look import Fresh
from flows.digest.make import Edition, Wish, edition_of
from ledger.decisions import journal, published
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.gold_home import make_home

FOLDER = Path(__file__).parent
DAY = date(2026, 6, 30)
FORMATS = ("html", "txt", "json")
# The feeds by the ending of their files: what is asked of the server.
FEEDS = {"overdue.atom": {"list": "overdue"}, "changed.atom": {"list": "changed"}}
CALENDAR = "ics"
FOLLOWED = (*FEEDS, CALENDAR)
_DESK = "https://desk.example"
# Of each section so much is new on the first day; all else was told before.
_NEW = {"missed": 8, "new": 4}
_NEW_REPORTS, _NEW_MOVES, _NEW_LEADS = 4, 3, 2


def letters(folder: Path) -> dict[str, str]:
    """Each letter in each format, each feed and the calendar, by the name of its file."""
    home = make_home(folder)
    _move_two_dates(home)
    rich, empty, outage = DAY, DAY + timedelta(days=1), DAY + timedelta(days=5)
    _tell_before(home)
    _edit_two_quotations(home)
    _set(home, "First franchised buses on the road by March 2026, all routes by the end of 2027", "stalled")
    made = {"rich": _letter(home, rich), "empty": _letter(home, empty)}
    followed = _followed(home, "rich", rich) | _followed(home, "empty", empty)
    _set(home, "Repair a tenant's ceiling", "delivered", datetime(2026, 7, 4, 10, tzinfo=UTC))
    made["outage"] = _letter(home, outage)
    followed |= _followed(home, "outage", outage)
    sent = {f"{name}.{form}": _plain(letter, form) for name, letter in made.items() for form in FORMATS}
    return sent | followed


def _followed(home: Settings, name: str, day: date) -> dict[str, str]:
    """What a feed reader and a calendar are given on a day, by the name of its file."""
    then = replace(home, as_of=day)
    feeds = {f"{name}.{ending}": feed(then, _DESK, asked) for ending, asked in FEEDS.items()}
    return feeds | {f"{name}.{CALENDAR}": calendar(then, _DESK, {})}


def _letter(home: Settings, day: date) -> Letter:
    """The letter of a day on which the run of that day may not have finished; what it tells is told."""
    edition = edition_of(replace(home, as_of=day), day)
    (digest,) = edition.digests([Wish(ending=("To stop these letters, answer this one and say so.", ""))])
    if not digest.trouble:
        keep_record(home.digests, DigestRecord(str(day), day, frozenset(digest.told)))
    return letter_of(digest, str(day))


def _plain(letter: Letter, form: str) -> str:
    text = letter.part(form)
    return json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n" if form == "json" else text


def _tell_before(home: Settings) -> None:
    """Note all that there is as told the day before, but for what is to be new."""
    edition = Edition(home, Fresh(DAY, None, frozenset()), DAY)
    (digest,) = edition.digests([Wish()])
    told, moved, reported = set(digest.told), 0, 0
    for section in digest.sections:
        for item in section.items[: _NEW.get(section.name, 0)]:
            told -= set(item.key.split())
    for key in digest.told:
        moved += key.startswith("moved:")
        reported += key.startswith("report:")
        if (key.startswith("moved:") and moved <= _NEW_MOVES) or (
            key.startswith("report:") and reported <= _NEW_REPORTS
        ):
            told.discard(key)
    keep_record(home.digests, DigestRecord("2026-06-29", DAY - timedelta(days=1), frozenset(told)))


def _set(
    home: Settings, title: str, status: str, at: datetime = datetime(2026, 6, 30, 9, tzinfo=UTC)
) -> None:
    with published.reading(home) as connection:
        row = connection.execute(
            "SELECT id FROM pledge_view WHERE lower(title) = lower(?)", [title]
        ).fetchone()
    assert row
    value: dict[str, object] = {"status": status, "evidence": [], "reason": ""}
    journal.record(home, Decision("set_status", str(row[0]), value, "Ada Desk", "Read in full.", at))


def _move_two_dates(home: Settings) -> None:
    """Say of two restatements that they moved a date: the labels do not."""
    with warehouse.run(home) as connection:
        connection.execute(
            """UPDATE pledge_commitments SET changed = 'the date: by Easter → by the autumn'
            WHERE commitment_id IN (SELECT commitment_id FROM pledge_commitments
                WHERE position = 1 ORDER BY pledge_id LIMIT 2)"""
        )
    warehouse.publish(home)


def _edit_two_quotations(home: Settings) -> None:
    """One quotation altered and one taken out after publication."""
    with warehouse.run(home) as connection:
        rows = connection.execute(
            """SELECT id, article_id, words, speaker, source_name, role, body FROM statements
            WHERE speaker <> '' AND kind = 'direct' AND length(words) BETWEEN 60 AND 160
            ORDER BY id LIMIT 2"""
        ).fetchall()
        for n, (key, article, words, *who) in enumerate(rows):
            before, after = (
                (words.replace(" will ", " shall "), words) if n == 0 else (f"{words} And soon.", "")
            )
            connection.execute(
                "INSERT INTO quotation_edits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'gold')",
                [key, article, datetime(2026, 6, 30, 8, tzinfo=UTC), before, after, *who],
            )
    warehouse.publish(home)
