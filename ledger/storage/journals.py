"""Append-only records in SQLite: the journal of decisions and that of deliveries, opened and copied.

In WAL mode, so that one process writes while others read, and the other way round.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.errors import WrongUse

PATIENCE = 30.0  # seconds to wait for another who writes


@contextmanager
def opened(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """The journal at ``path``, made where there is none; what is written is on the disk when it is committed.

    Raises WrongUse, naming the file, where it cannot be opened or is no journal.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = sqlite3.connect(path, timeout=PATIENCE)
    except (OSError, sqlite3.Error) as error:
        raise WrongUse(f"{path} cannot be opened ({error})") from error
    with closing(journal):
        try:
            _prepare(journal, schema)
        except sqlite3.DatabaseError as error:
            raise WrongUse(f"{path} is not a readable journal ({error}): restore its backup") from error
        yield journal


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
