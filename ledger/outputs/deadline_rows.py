"""The dates that were promised, as events of a calendar: a pledge is one event for as long as it is known.

Nothing is stored of what a calendar was told before. That an event changed, and when, follows from the
pledge's statements and from the journal of decisions, which only ever grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ledger.decisions import journal, published
from ledger.presentation.calendar_text import DueDate
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import UNOWNED

PAST_DAYS = 366  # what was promised for an earlier day is history, and in no calendar


def due_dates(settings: Settings) -> list[DueDate]:
    """Every date promised from a year before the settings' day on, by day. Raises as `published.reading`."""
    with published.reading(settings) as connection:
        found = warehouse.fetch(connection, _DUE, [settings.today - timedelta(days=PAST_DAYS), UNOWNED])
        succeeded = warehouse.fetch(connection, "SELECT was, now FROM w.succeeded")
        now = {row["was"]: row["now"] for row in succeeded}
    decided = _last_decided(settings, now)
    dates = []
    for row in found:
        subjects, moved = row.pop("subjects"), row.pop("moved")
        times = [time for time in (moved, *(decided.get(one) for one in subjects)) if time]
        row["began"] = row["began"].astimezone(UTC)
        dates.append(DueDate(**row, changed=max(times).astimezone(UTC) if times else None))
    return dates


def _last_decided(settings: Settings, now: dict[str, str]) -> dict[str, datetime]:
    """When anybody last decided on each subject, or took back what was decided; by the ids that hold now."""
    entries = journal.history(settings)
    by_row = {entry.row: entry for entry in entries}
    last: dict[str, datetime] = {}
    for entry in entries:
        about = entry
        if entry.kind == "undo":
            row = entry.value.get("row")
            about = by_row.get(row, entry) if isinstance(row, int) else entry
        for subject in _sides(about.subject, about.value.get("with")):
            if entry.at:
                last[now.get(subject, subject)] = entry.at
    return last


def _sides(*subjects: object) -> Iterable[str]:
    return (str(subject) for subject in subjects if subject)


# `member`: which commitments are, or were, in which pledge: as readers see it, as it was published, and as
# the machine grouped. `dated`: those that give a date, each with the date given before it.
_DUE = """
WITH member AS (
    SELECT pledge_id, commitment_id FROM place_view
    UNION SELECT pledge_id, commitment_id FROM w.pledge_commitments
    UNION SELECT by_machine, commitment_id FROM w.pledge_commitments WHERE by_machine IS NOT NULL),
known AS (
    SELECT m.pledge_id, c.id, c.statement_id, c.deadline_last, c.words, c.url, c.published,
        coalesce(nullif(c.speaker, ''), nullif(c.source_name, ''), $2) AS who,
        coalesce(c.first_seen, c.published) AS seen
    FROM member m JOIN commitment_view c ON c.id = m.commitment_id),
dated AS (
    SELECT pledge_id, seen,
        lag(deadline_last) OVER (PARTITION BY pledge_id ORDER BY published NULLS LAST, id) AS before,
        deadline_last
    FROM known WHERE deadline_last IS NOT NULL),
moved AS (SELECT pledge_id, max(seen) AS moved FROM dated WHERE before <> deadline_last GROUP BY 1),
noted AS (
    SELECT pledge_id, max(noted) AS noted FROM w.suggestions WHERE was <> '' AND was <> suggested GROUP BY 1),
said AS (
    SELECT pledge_id, min(seen) AS began, list(id) || list(statement_id) || [pledge_id] AS subjects,
        arg_max(deadline_last, published) FILTER (deadline_last IS NOT NULL) AS last_due,
        arg_min(struct_pack(words, who, url), (published, id)) AS first
    FROM known GROUP BY 1)
SELECT s.pledge_id, coalesce(p.title, '') AS title, coalesce(p.owner, '') AS owner,
    coalesce(p.status, '') AS status, p.set_reason AS reason,
    coalesce(p.deadline, s.last_due) AS day, coalesce(p.first_due, s.last_due) AS first_due,
    coalesce(list_contains(p.flags, 'period'), false) AS period,
    p.deadline IS NULL OR coalesce(p.closed, false) AS cancelled,
    if(p.id IS NULL, '', s.first.words) AS words, if(p.id IS NULL, '', s.first.who) AS who,
    if(p.id IS NULL, '', s.first.url) AS source, s.began,
    greatest(moved.moved, noted.noted) AS moved, s.subjects
FROM said s
LEFT JOIN pledge_view p ON p.id = s.pledge_id
LEFT JOIN moved ON moved.pledge_id = s.pledge_id
LEFT JOIN noted ON noted.pledge_id = s.pledge_id
WHERE coalesce(p.deadline, s.last_due) >= $1
ORDER BY day, s.pledge_id"""
