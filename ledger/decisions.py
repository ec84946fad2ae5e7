"""The journal of people's decisions: append-only, and the only thing that cannot be made again.

SQLite in WAL mode, so that an editor records a decision while a run reads, and the other way round.
Triggers refuse changes and deletions; an undo is a row of its own.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import get_args

from ledger.errors import WrongUse
from ledger.grouping import Link
from ledger.settings import LONDON, Settings
from ledger.types import Decision, DecisionKind, Status

COLUMNS = ("n", "taken", "who", "kind", "subject", "value", "why")  # of the readers' table ``decision``
_PATIENCE = 30.0  # seconds to wait for another who writes
_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, value TEXT NOT NULL, why TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS decisions_keep BEFORE UPDATE ON decisions
    BEGIN SELECT raise(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER IF NOT EXISTS decisions_stay BEFORE DELETE ON decisions
    BEGIN SELECT raise(ABORT, 'decisions are append-only'); END;
"""


def record(settings: Settings, decision: Decision) -> int:
    """Append one decision; gives its row number.

    Raises WrongUse when it has no editor, no subject, an unknown kind or status, or undoes no row.
    """
    _check(decision)
    at = decision.at or datetime.now(UTC)
    with _open(settings) as journal, journal:
        if (
            decision.kind == "undo"
            and not journal.execute(
                "SELECT 1 FROM decisions WHERE n = ? AND kind <> 'undo'", (decision.value.get("row"),)
            ).fetchone()
        ):
            raise WrongUse(f"there is no decision number {decision.value.get('row')} to undo")
        cursor = journal.execute(
            "INSERT INTO decisions (at, who, kind, subject, value, why) VALUES (?, ?, ?, ?, ?, ?)",
            (
                at.isoformat(),
                decision.who.strip(),
                decision.kind,
                decision.subject,
                json.dumps(decision.value, ensure_ascii=False),
                decision.why,
            ),
        )
        return int(cursor.lastrowid or 0)


def history(settings: Settings, known: date | None = None) -> list[Decision]:
    """Every row recorded (by the end of the day ``known`` in London), oldest first, undos included."""
    if not settings.decisions.exists():
        return []
    with _open(settings) as journal:
        rows = journal.execute(
            "SELECT n, at, who, kind, subject, value, why FROM decisions ORDER BY n"
        ).fetchall()
    made = [
        Decision(kind, subject, json.loads(value), who, why, datetime.fromisoformat(at), n)
        for n, at, who, kind, subject, value, why in rows
    ]
    return made if known is None else [row for row in made if _day(row) <= known]


def last(settings: Settings) -> int:
    """The number of the newest row, 0 where nothing was decided yet."""
    if not settings.decisions.exists():
        return 0
    try:
        with closing(sqlite3.connect(settings.decisions, timeout=_PATIENCE)) as journal:
            row = journal.execute("SELECT max(n) FROM decisions").fetchone()
    except sqlite3.DatabaseError as error:
        if "no such table" in str(error):  # somebody's first decision is being recorded
            return 0
        raise WrongUse(f"{settings.decisions} cannot be read ({error}): restore its backup") from error
    return int(row[0] or 0)


def in_force(settings: Settings, known: date | None = None) -> list[Decision]:
    """The decisions that hold now: what was undone and the undos left out, oldest first.

    ``known``: as they held at the end of that day in London.
    """
    rows = history(settings, known)
    undone = {row.value.get("row") for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind != "undo" and row.row not in undone]


def _day(row: Decision) -> date:
    return row.at.astimezone(LONDON).date() if row.at else date.min


def rows_in_force(settings: Settings, known: date | None = None) -> list[tuple[object, ...]]:
    """`in_force` as rows of the readers' table ``decision``."""
    return [
        (d.row, d.at, d.who, d.kind, d.subject, json.dumps(d.value, ensure_ascii=False), d.why)
        for d in in_force(settings, known)
    ]


def links(settings: Settings, known: date | None = None) -> list[Link]:
    """The merges and splits in force, oldest first, as `ledger.grouping` takes them."""
    return [
        Link(decision.kind, decision.subject, str(decision.value["with"]))
        for decision in in_force(settings, known)
        if decision.kind == "merge" or decision.kind == "split"
    ]


def _check(decision: Decision) -> None:
    if decision.kind not in get_args(DecisionKind):
        raise WrongUse(f"unknown kind of decision: {decision.kind!r}")
    if not decision.who.strip():
        raise WrongUse("a decision needs the name of the person who takes it")
    if not decision.subject:
        raise WrongUse("a decision needs a subject")
    if decision.kind == "set_status" and decision.value.get("status") not in get_args(Status):
        raise WrongUse(f"unknown status: {decision.value.get('status')!r}")
    if decision.kind in ("merge", "split") and not decision.value.get("with"):
        raise WrongUse(f"a {decision.kind} needs the other commitment")


@contextmanager
def _open(settings: Settings) -> Iterator[sqlite3.Connection]:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        journal = sqlite3.connect(settings.decisions, timeout=_PATIENCE)
    except (OSError, sqlite3.Error) as error:
        raise WrongUse(f"{settings.decisions} cannot be opened ({error})") from error
    try:
        try:
            _prepare(journal)
        except sqlite3.DatabaseError as error:
            raise WrongUse(
                f"{settings.decisions} is not a readable journal ({error}): restore its backup"
            ) from error
        yield journal
    finally:
        journal.close()


def _prepare(journal: sqlite3.Connection) -> None:
    """Make the table where there is none. Changing to a log is refused at once, without SQLite's own waiting,
    while another does the same: that happens when several take the first decision of a home together."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            journal.execute("PRAGMA journal_mode = WAL")
            journal.execute("PRAGMA synchronous = FULL")
            journal.executescript(_SCHEMA)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
