"""Append-only records in SQLite: the journal of decisions and that of deliveries, opened and copied.

In WAL mode, so that one process writes while others read, and the other way round.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage.beside.formats import FORMAT, check, claim

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
PATIENCE = 30.0  # seconds to wait for another who writes


@contextmanager
def opened(
    settings: Settings,
    path: Path,
    schema: str,
    bring_up: Callable[[sqlite3.Connection], None] | None = None,
) -> Iterator[sqlite3.Connection]:
    """The home's journal at ``path``, made where there is none; what is written is on the disk when it is
    committed. ``bring_up``: what a new journal, or one of an earlier version, needs beside its tables.

    Raises WrongUse, naming the file, where it cannot be opened, is no journal or a newer version's.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = sqlite3.connect(path, timeout=PATIENCE)
    except (OSError, sqlite3.Error) as error:
        raise WrongUse(f"{path} cannot be opened ({error})") from error
    with closing(journal):
        try:
            check(number := _number(journal), path)
            if number < FORMAT:
                claim(settings)
            _prepare(journal, schema)
            if number < FORMAT:
                _bring_up(journal, bring_up)
        except sqlite3.DatabaseError as error:
            raise WrongUse(f"{path} is not a readable journal ({error}): restore its backup") from error
        yield journal


def _number(journal: sqlite3.Connection) -> int:
    """The number of its form."""
    return int(journal.execute("PRAGMA user_version").fetchone()[0])


def _bring_up(journal: sqlite3.Connection, bring_up: Callable[[sqlite3.Connection], None] | None) -> None:
    """Note this version's form, with what it needs, once and in one step."""
    with journal:
        journal.execute("BEGIN IMMEDIATE")
        if _number(journal) < FORMAT:
            if bring_up:
                bring_up(journal)
            journal.execute(f"PRAGMA user_version = {FORMAT}")


def _prepare(journal: sqlite3.Connection, schema: str) -> None:
    """Make the tables where there are none. Changing to a log is refused at once, without SQLite's own
    waiting, while another does the same: that happens when several write a home's first row together."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            journal.execute("PRAGMA journal_mode = WAL")
            journal.execute("PRAGMA synchronous = FULL")
            journal.executescript(schema)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def copy(source: Path, target: Path) -> None:
    """Put what ``source`` holds at this moment into ``target``, in one step for all who work there.

    SQLite's own backup: others go on writing to the source meanwhile, and what they commit later is not in
    the copy. Raises WrongUse where either is no whole SQLite file or cannot be read or written.
    """
    try:
        with closing(
            sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
        ) as held:
            _check(held)
            with closing(sqlite3.connect(target, timeout=PATIENCE)) as copied:
                held.backup(copied)
    except sqlite3.Error as error:
        raise WrongUse(f"{source} cannot be copied to {target} ({error})") from error


def check_file(path: Path, shown: str) -> None:
    """Raise WrongUse where the journal at ``path``, ``shown`` under that name, is a newer version's."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as journal:
            check(_number(journal), shown)
    except sqlite3.Error as error:
        raise WrongUse(f"{shown} is not a readable journal ({error})") from error


def blank(path: Path, changed: Callable[[str], str]) -> int:
    """Rewrite the words of a journal as ``changed`` gives them; gives how many were. The one exception from
    append-only: what the law has taken out must not stand there either. No bytes of it stay in the file."""
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as journal:
        journal.execute("PRAGMA secure_delete = ON")
        with journal:
            journal.execute("BEGIN IMMEDIATE")
            found = journal.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            number = 0
            for name, _ in found:
                journal.execute(f'DROP TRIGGER "{name}"')
            for (table,) in journal.execute(_TABLES).fetchall():
                for _, column, kind, *_ in journal.execute(f'PRAGMA table_info("{table}")').fetchall():
                    if kind.upper() != "TEXT":
                        continue
                    rows = journal.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall()
                    new = [(now, row) for row, text in rows if text and (now := changed(text)) != text]
                    journal.executemany(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', new)
                    number += len(new)
            for _, made in found:
                journal.execute(made)
        if number:
            journal.execute("VACUUM")
            journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return number


def is_whole(path: Path) -> bool:
    """Whether SQLite can read all of the file."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as journal:
            _check(journal)
    except sqlite3.Error:
        return False
    return True


def _check(journal: sqlite3.Connection) -> None:
    (told,) = journal.execute("PRAGMA integrity_check(1)").fetchone()
    if told != "ok":
        raise sqlite3.DatabaseError(told)
