"""The one door to the warehouse.

DuckDB lets one process hold a file read-write and then shuts all others out. So a run writes a side
file (``data/work.duckdb``), in transactions, and `publish` puts it in the published file's place with
one rename. Readers attach the published file read-only inside a private in-memory database, and see
it through people's decisions (`ledger.decisions.published`). A killed run leaves its side file; the next one
goes on from there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa

from ledger.errors import BadWarehouse, Locked, WrongUse
from ledger.settings import Settings
from ledger.storage import rights

Connection = duckdb.DuckDBPyConnection
_locks: dict[Path, tuple[IO[str], int]] = {}
_guard = threading.RLock()


def sql(name: str) -> str:
    """The text of one file of ``ledger/storage/sql``."""
    return (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Admit one run to a home folder; within one process it may be taken again.

    Raises Locked when another process runs there. The lock goes with the process that held it.
    """
    path = settings.data / "run.lock"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"{settings.data} cannot be made ({error.strerror}): choose another --home") from error
    with _guard:
        file, depth = _locks.get(path, (None, 0))
        if file is None:
            file = path.open("a+")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.close()
                raise Locked(f"another run is at work in {settings.home}: wait for it to end") from error
        _locks[path] = (file, depth + 1)
    try:
        yield
    finally:
        with _guard:
            file, depth = _locks[path]
            if depth == 1:
                del _locks[path]
                file.close()
            else:
                _locks[path] = (file, depth - 1)


@contextmanager
def run(settings: Settings) -> Iterator[Connection]:
    """The side file, open for writing, in the lock of this home folder.

    It starts as a copy of the published warehouse; a side file that a killed run left is gone on with.
    Raises Locked, BadWarehouse.
    """
    with lock(settings):
        if settings.warehouse.exists() and not settings.work.exists():
            half = settings.work.with_suffix(".copying")
            shutil.copyfile(settings.warehouse, half)
            half.replace(settings.work)
        with _open(settings.work, settings) as connection:
            connection.execute(sql("schema.sql"))
            yield connection


def start_afresh(settings: Settings) -> None:
    """Let the next `run` begin with an empty side file; the published file stays as it is until then.

    What cannot be made again from the archive is carried over where the published file can be read: the
    tombstones of what was taken out on request, the record of runs, and what took the place of what.
    """
    with lock(settings):
        settings.work.unlink(missing_ok=True)
        settings.work.with_name(settings.work.name + ".wal").unlink(missing_ok=True)
        with _open(settings.work, settings) as connection:
            connection.execute(sql("schema.sql"))
            if not settings.warehouse.exists():
                return
            try:
                connection.execute(f"ATTACH '{quoted(settings.warehouse)}' AS old (READ_ONLY)")
                query = """SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'
                    AND table_name IN ('forgotten', 'runs', 'succeeded')"""
                for table in column(connection, query):
                    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM old.{table}")
            except duckdb.IOException as error:  # the published file is no database: nothing to carry
                first = str(error).splitlines()[0]
                connection.execute("INSERT INTO meta VALUES ('rebuilt_without', ?)", [first[:200]])


def stored_articles(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Every published article as (url, outlet, archive reference, sha256 of its text)."""
    return connection.execute("SELECT url, outlet, archive, sha256 FROM w.articles ORDER BY url").fetchall()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def publish(settings: Settings) -> bool:
    """Sum the side file up for readers and put it in the published file's place, by one rename.

    False when there is none.
    """
    with lock(settings):
        if not settings.work.exists():
            return False
        with _open(settings.work, settings) as connection:
            with transaction(connection):
                rights.find_reserved(connection)
                connection.execute(sql("summary.sql"))
            connection.execute("CHECKPOINT")
        with settings.work.open("rb") as file:
            os.fsync(file.fileno())
        settings.work.replace(settings.warehouse)
        return True


@contextmanager
def incoming(connection: Connection, table: pa.Table) -> Iterator[None]:
    """Within the block the table can be asked for as ``incoming``."""
    connection.register("incoming", table)
    try:
        yield
    finally:
        connection.unregister("incoming")


def column(connection: Connection, query: str, parameters: object = None) -> list[Any]:
    """The values of the only column of a query, in order."""
    return [value for (value,) in connection.execute(query, parameters).fetchall()]


def fetch(connection: Connection, query: str, parameters: object = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries, in order."""
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _open(path: Path, settings: Settings) -> Connection:
    try:
        connection = duckdb.connect(str(path))
        connection.execute("SET TimeZone = 'Europe/London'")
    except duckdb.Error as error:
        raise unreadable(path if settings.work != path else settings.warehouse, error) from error
    return connection


def unreadable(path: Path, error: duckdb.Error) -> BadWarehouse:
    first = str(error).splitlines()[0][:200]
    return BadWarehouse(
        f"{path} cannot be read ({first}): move it away and run `said rebuild`, which makes it again from"
        " data/archive and the decisions"
    )


def quoted(path: Path) -> str:
    """A path as it stands between single quotation marks in SQL."""
    return str(path).replace("'", "''")
