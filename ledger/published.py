"""The published warehouse held open for readers, with people's decisions beside it.

One private in-memory database for each published file: the file attached read-only as ``w``, the views of
``views.sql``, and tables of what people decided, brought up to date when somebody decides. It is
kept from one reading to the next, with what it has read of the file, and let go when a run has published
another. Each reading works on a cursor of its own, so that threads read side by side. What was known on a
date is seen through a database of its own, which goes with its reader.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ledger import decisions, regrouped
from ledger.regrouped import Pairs
from ledger.settings import Settings

_MOST = 2  # home folders held open at a time
_MEMORY = "2GB"  # of the file and of answers in the making; DuckDB's own default is most of the machine
_COLUMNS = ("n", "taken", "who", "kind", "subject", "value", "why")
_SHAPING = ("link_speaker", "confirm", "reject", "merge", "split")  # decisions that change more than a status
_DERIVED = ("parted", "touched", "stated", "shown")  # tables filled from the views named so with _now
_KNOWN = "SET VARIABLE known = ?::DATE"
_held: OrderedDict[Path, Published] = OrderedDict()
_guard = threading.Lock()


class Published:
    """One published file, held open; ``known``: the last day of publication and decision that is seen."""

    def __init__(self, path: Path, known: date | None = None) -> None:
        """Attach the file. Raises duckdb.Error when it cannot be read."""
        self.state = state(path)
        self._known = known
        self._guard = threading.Lock()
        self._shape: list[tuple[object, ...]] = []  # the rows in force of _SHAPING kinds, as last taken in
        self._seen: int | None = None  # the number of the last decision in the tables; None: no tables yet
        self._connection = duckdb.connect(config={"memory_limit": _MEMORY})
        try:
            quoted = str(path).replace("'", "''")
            self._connection.execute(f"ATTACH '{quoted}' AS w (READ_ONLY)")
            self._connection.execute("SET GLOBAL TimeZone = 'Europe/London'")
            self._connection.execute(_KNOWN, [known])
        except duckdb.Error:
            self._connection.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own: what is set or made temporarily there is not seen by others."""
        cursor = self._connection.cursor()
        cursor.execute(_KNOWN, [self._known])
        return cursor

    def bring_up_to_date(self, settings: Settings, views: str) -> None:
        """Make the views, the first time, and take in what was decided since the last."""
        with self._guard:
            if self._seen is None:
                with self._in_one():
                    self._connection.execute(views)
                self._seen = 0
            last = decisions.last(settings)
            if last != self._seen:
                rows = decisions.rows_in_force(settings, self._known)
                self._take_in(rows, *decisions.links(settings, self._known))
                self._seen = last

    def _take_in(self, rows: list[tuple[object, ...]], merges: Pairs, splits: Pairs) -> None:
        columns = zip(*rows, strict=True) if rows else ([] for _ in _COLUMNS)
        incoming = pa.table(dict(zip(_COLUMNS, map(list, columns), strict=True)))
        shape = [row for row in rows if row[3] in _SHAPING]
        self._connection.register("incoming", incoming)
        try:
            with self._in_one():
                self._connection.execute("DELETE FROM decision; INSERT INTO decision FROM incoming")
                if shape != self._shape:
                    self._connection.execute("DELETE FROM link; INSERT INTO link FROM link_now")
                    regrouped.fill(self._connection, merges, splits)
                    for name in _DERIVED:
                        self._connection.execute(f"DELETE FROM {name}; INSERT INTO {name} FROM {name}_now")
        finally:
            self._connection.unregister("incoming")
        self._shape = shape

    @contextmanager
    def _in_one(self) -> Iterator[None]:
        """All of it or none."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def state(path: Path) -> tuple[int, int]:
    """Changes whenever the file is written or another put in its place. Raises OSError when there is none."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns


def mark(path: Path) -> str:
    """`state` in words, "none" where there is no such file."""
    try:
        return ".".join(map(str, state(path)))
    except FileNotFoundError:
        return "none"


def held(settings: Settings, known: date | None = None) -> Published:
    """The published file of this home, opened where it is not open yet. Raises OSError, duckdb.Error."""
    path = settings.warehouse
    if known is not None:
        return Published(path, known)
    with _guard:
        found = _held.pop(path, None)
        if found is None or found.state != state(path):
            found = None  # what goes closes with its last reader, which may be another thread's
            found = Published(path)
        _held[path] = found
        while len(_held) > _MOST:
            _held.popitem(last=False)
        return found
