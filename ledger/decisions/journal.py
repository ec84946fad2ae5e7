"""The journal of people's decisions: append-only, and the only thing that cannot be made again.

SQLite in WAL mode, so that an editor records a decision while a run reads, and the other way round.
Triggers refuse changes and deletions; an undo is a row of its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any, get_args

from pydantic import StrictBool, StrictInt, create_model

from ledger import validation, vocabulary
from ledger.days import LONDON
from ledger.errors import WrongUse
from ledger.presentation.links import web_link
from ledger.settings import Settings
from ledger.storage.journals import PATIENCE, opened
from ledger.types import Decision, DecisionKind

COLUMNS = ("n", "taken", "who", "kind", "subject", "value", "why")  # of the readers' table ``decision``
_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, value TEXT NOT NULL, why TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS decisions_keep BEFORE UPDATE ON decisions
    BEGIN SELECT raise(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER IF NOT EXISTS decisions_stay BEFORE DELETE ON decisions
    BEGIN SELECT raise(ABORT, 'decisions are append-only'); END;
CREATE INDEX IF NOT EXISTS decisions_about ON decisions (subject);
CREATE INDEX IF NOT EXISTS decisions_beside ON decisions (json_extract(value, '$.with'))
    WHERE kind IN ('merge', 'split');
CREATE INDEX IF NOT EXISTS decisions_on_passages ON decisions (json_extract(value, '$.pledge'))
    WHERE kind IN ('take', 'strike');
CREATE INDEX IF NOT EXISTS decisions_undone ON decisions (CAST(json_extract(value, '$.row') AS INTEGER))
    WHERE kind = 'undo';
"""
_ALL = "SELECT n, at, who, kind, subject, value, why FROM decisions"
_ABOUT = """d.n IN (
    WITH asked AS (SELECT value AS one FROM json_each(:asked)),
    about AS (
        SELECT n FROM decisions JOIN asked ON subject = one
        UNION SELECT n FROM decisions JOIN asked ON json_extract(value, '$.with') = one
        WHERE kind IN ('merge', 'split')
        UNION SELECT n FROM decisions JOIN asked ON json_extract(value, '$.pledge') = one
        WHERE kind IN ('take', 'strike'))
    SELECT n FROM about
    UNION SELECT u.n FROM decisions u JOIN about ON CAST(json_extract(u.value, '$.row') AS INTEGER) = about.n
    WHERE u.kind = 'undo')"""
_READ = """
SELECT d.n, d.at, d.who, d.kind, d.subject, d.value, d.why, EXISTS (
    SELECT 1 FROM decisions u WHERE u.kind = 'undo' AND CAST(json_extract(u.value, '$.row') AS INTEGER) = +d.n
        AND (:known IS NULL OR london_day(u.at) <= :known))
FROM decisions d WHERE {} AND (:known IS NULL OR london_day(d.at) <= :known) ORDER BY d.n"""

TITLE = 200  # characters of a title that a person gives
VERDICT = 2000  # characters of a verdict
_WORDED = {"note": "text", "reply": "text", "link_speaker": "speaker"}  # kinds that say nothing without
MINOR = "minor"  # as what a commitment is rejected that is one, but that nobody would track
_FIELDS: dict[Any, str] = {  # of a value, whatever the kind (`ledger.types.Decision`), by type
    str: "status reason link text title speaker official pledge article stance source with as",
    list[str]: "evidence links",
    StrictBool: "by_owner headline",
    list[StrictInt]: "span",
    StrictInt: "row",
}
_fields: dict[str, Any] = {
    name: (kind | None, None) for kind, names in _FIELDS.items() for name in names.split()
}
_Held = create_model("_Held", **_fields)
Position = tuple[int, str]  # number and time of a row
DecisionRow = tuple[int, str, str, str, str, str, str]  # as the columns of the table
NOTHING: Position = (0, "")  # of an empty journal


def record(settings: Settings, decision: Decision) -> int:
    """Append one decision; gives its row number.

    Raises WrongUse when it has no editor, no subject, an unknown kind or status, a value of another type than
    its name has, a status or a verdict rests on nothing, or it undoes no row.
    """
    check(decision)
    at = decision.at or datetime.now(UTC)
    try:
        value = json.dumps(decision.value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise WrongUse(f"such a decision cannot be written down ({error})") from error
    with _open(settings) as journal, journal:
        if decision.kind == "undo":
            row = decision.value.get("row")
            known = "SELECT 1 FROM decisions WHERE n = ? AND kind <> 'undo'"
            if not journal.execute(known, (row,)).fetchone():
                raise WrongUse(f"there is no decision number {row} to undo")
        cursor = journal.execute(
            "INSERT INTO decisions (at, who, kind, subject, value, why) VALUES (?, ?, ?, ?, ?, ?)",
            (at.isoformat(), decision.who.strip(), decision.kind, decision.subject, value, decision.why),
        )
        return int(cursor.lastrowid or 0)


def entries(
    settings: Settings, known: date | None = None, subjects: Iterable[str] | None = None
) -> list[tuple[Decision, bool]]:
    """Every row recorded, undos included, oldest first, and whether it was undone.

    ``known``: by the end of that day in London. ``subjects``: only rows about these, of merges and
    splits either side, of passages taken or struck their pledge, and the undos of all these.
    """
    if not settings.decisions.exists():
        return []
    clause, asked = ("true", []) if subjects is None else (_ABOUT, list(subjects))
    with _open(settings) as journal:
        journal.create_function("london_day", 1, lambda at: day_of(at).isoformat(), deterministic=True)
        given = {"known": known and known.isoformat(), "asked": json.dumps(asked)}
        try:
            found = journal.execute(_READ.format(clause), given).fetchall()
        except sqlite3.OperationalError as error:  # no day, or a value that is no JSON
            raise unreadable(settings.decisions, str(error)) from error
    return [(_decision(settings, row), bool(undone)) for *row, undone in found]


def _decision(settings: Settings, row: Sequence[Any]) -> Decision:
    """Raises WrongUse for a row that no command of ours wrote."""
    n, at, who, kind, subject, value, why = row
    try:
        held = dict[str, object](json.loads(value))
        return Decision(kind, subject, held, who, why, datetime.fromisoformat(at), n)
    except (ValueError, TypeError, RecursionError) as error:
        raise unreadable(settings.decisions, f"row {n}: {error}") from error


def unreadable(what: object, why: str) -> WrongUse:
    """Of a journal that holds what no command of ours wrote."""
    return WrongUse(f"{what} cannot be read ({why[:200]}): restore its backup")


def history(settings: Settings, known: date | None = None) -> list[Decision]:
    """The decisions of `entries`."""
    return [decision for decision, _ in entries(settings, known)]


def in_force(settings: Settings, known: date | None = None) -> list[Decision]:
    """The decisions that hold now: what was undone and the undos left out, oldest first.

    ``known``: as they held at the end of that day in London.
    """
    rows = entries(settings, known)
    return [decision for decision, undone in rows if decision.kind != "undo" and not undone]


def subjects(settings: Settings) -> set[str]:
    """All that any row is about: its subject and, where there is one, the other side or the pledge."""
    rows = history(settings)
    others = (row.value.get("with") or row.value.get("pledge") for row in rows)
    return {row.subject for row in rows} | {str(other) for other in others if other}


def last(settings: Settings) -> Position:
    """What tells the newest row from all others."""
    if not settings.decisions.exists():
        return NOTHING
    try:
        with closing(sqlite3.connect(settings.decisions, timeout=PATIENCE)) as journal:
            row = journal.execute("SELECT n, at FROM decisions ORDER BY n DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        if "no such table" in str(error):  # somebody's first decision is being recorded
            return NOTHING
        raise unreadable(settings.decisions, str(error)) from error
    return row or NOTHING


def since(settings: Settings, mark: Position) -> tuple[bool, list[DecisionRow]]:
    """The rows recorded after the one that ``mark`` tells, oldest first, undos included.

    False, with every row, where that row is not there: another journal, such as a backup, lies in its place.
    """
    if not settings.decisions.exists():
        return mark == NOTHING, []
    with _open(settings) as journal:
        rows: list[DecisionRow] = journal.execute(f"{_ALL} WHERE n >= ? ORDER BY n", [mark[0]]).fetchall()
        if mark == NOTHING:
            return True, rows
        if rows and rows[0][:2] == mark:
            return True, rows[1:]
        return False, journal.execute(f"{_ALL} ORDER BY n").fetchall()


def day_of(at: str) -> date:
    """The day of a row in London. Raises WrongUse for a row without one."""
    try:
        return datetime.fromisoformat(at).astimezone(LONDON).date()
    except (ValueError, OverflowError) as error:
        raise unreadable("the journal of decisions", str(error)) from error


def check(decision: Decision) -> None:
    """Raise WrongUse, with the reason in one line, for a decision that cannot be recorded."""
    if decision.kind not in get_args(DecisionKind):
        raise WrongUse(f"unknown kind of decision: {decision.kind!r}")
    if not decision.who.strip():
        raise WrongUse("a decision needs the name of the person who takes it")
    if not decision.subject:
        raise WrongUse("a decision needs a subject")
    validation.check(_Held, decision.value, f"a decision of the kind {decision.kind}")
    if decision.kind == "set_status":
        _check_status(decision)
    if decision.kind == "verdict":
        _check_verdict(decision.value)
    if decision.kind == "reject" and decision.value.get("as") not in (None, MINOR):
        raise WrongUse(f"unknown ground to reject it: {decision.value.get('as')!r}")
    if decision.kind == "set_title" and not 0 < len(str(decision.value.get("title") or "").strip()) <= TITLE:
        raise WrongUse(f"a title has 1 to {TITLE} characters")
    if decision.kind in _WORDED and not str(decision.value.get(_WORDED[decision.kind]) or "").strip():
        raise WrongUse(f"a decision of the kind {decision.kind} needs {_WORDED[decision.kind]}, in words")
    if decision.kind == "headline" and not isinstance(decision.value.get("headline"), bool):
        raise WrongUse("a headline mark is set or taken off: its value is true or false")
    if decision.kind in ("merge", "split") and not decision.value.get("with"):
        raise WrongUse(f"a {decision.kind} needs the other commitment")
    if decision.kind in ("take", "strike"):
        _check_passage(decision)


def _check_status(decision: Decision) -> None:
    value = decision.value
    if value.get("status") not in vocabulary.statuses():
        raise WrongUse(f"unknown status: {value.get('status')!r}")
    if not (decision.why.strip() or value.get("evidence") or value.get("link")):
        raise WrongUse("a status needs a reason: say why, tick the evidence it rests on, or give a link")


def _check_verdict(value: dict[str, object]) -> None:
    if not 0 < len(str(value.get("text") or "").strip()) <= VERDICT:
        raise WrongUse(f"a verdict has 1 to {VERDICT:,} characters")
    links, ids = value.get("links") or [], value.get("evidence") or []
    if not (isinstance(links, list) and isinstance(ids, list) and (links or ids)):
        raise WrongUse("a verdict needs a source: tick the evidence it rests on, or give a link")
    for link in links:
        if not web_link(str(link)):
            raise WrongUse(f"{str(link)[:80]!r} is no whole web address: it begins with https://")


def _check_passage(decision: Decision) -> None:
    value = decision.value
    span = value.get("span")
    placed = isinstance(span, list | tuple) and len(span) == 2 and all(isinstance(n, int) for n in span)
    if not (value.get("pledge") and value.get("article") and placed):
        raise WrongUse(f"a {decision.kind} needs the pledge, the article and the span of the passage")
    if decision.kind == "take" and value.get("stance") not in vocabulary.stances():
        raise WrongUse(f"unknown stance: {value.get('stance')!r}")


@contextmanager
def _open(settings: Settings) -> Iterator[sqlite3.Connection]:
    with opened(settings, settings.decisions, _SCHEMA) as journal:
        yield journal
