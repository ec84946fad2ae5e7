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
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa

from ledger.errors import BadWarehouse, Locked, WrongUse
from ledger.forgotten import load as tombstones
from ledger.settings import Settings
from ledger.storage import rights
from ledger.storage.beside import carried
from ledger.storage.beside.carried import quoted
from ledger.storage.beside.formats import FORMAT, UNTOLD, check, claim, of_home

Connection = duckdb.DuckDBPyConnection
_CARRIED = ["forgotten", "runs", "succeeded", "former", "statements", "commitments", "pledge_commitments"]
_MEMORY = "1GB"  # of the side file and of answers in the making
_LATER = ("withheld_commitment", "clause")  # neither 0.1.0 nor 0.2.0 makes this column
_locks: dict[Path, tuple[IO[str], int]] = {}
_guard = threading.RLock()
_formed: dict[Path, set[tuple[int, int]]] = {}  # by lock the files that are in form


def sql(name: str) -> str:
    """The text of one file of ``ledger/storage/sql``."""
    return (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Admit one run to a home folder; within one process it may be taken again.

    Raises Locked when another process runs there, WrongUse where a newer version has written. The lock goes
    with the process that held it.
    """
    path = settings.data / "run.lock"
    told = of_home(settings)
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
        if told < FORMAT:
            _claim(settings)
        yield
    finally:
        with _guard:
            file, depth = _locks[path]
            if depth == 1:
                del _locks[path]
                _formed.pop(path, None)
                file.close()
            else:
                _locks[path] = (file, depth - 1)


@contextmanager
def run(settings: Settings, side: Path | None = None) -> Iterator[Connection]:
    """The side file, open for writing, in the lock of this home folder.

    It starts as a copy of the published warehouse; a side file that a killed run left is gone on with.
    ``side``: another than the runs' own. Raises Locked, BadWarehouse, and WrongUse for a newer version's.
    """
    side = side or settings.work
    with lock(settings):
        if settings.warehouse.exists() and not side.exists():
            half = side.with_suffix(".copying")
            shutil.copyfile(settings.warehouse, half)
            half.replace(side)
        if not _formed.get(settings.data / "run.lock"):  # a killed run may have spilled there
            shutil.rmtree(side.with_name(f"{side.name}.tmp"), ignore_errors=True)
        with damage_named(settings.warehouse), _open(side, settings) as connection:
            formed, file = _formed.setdefault(settings.data / "run.lock", set()), side.stat()
            if (file.st_dev, file.st_ino) not in formed:
                _form(connection, side, settings)
                formed.add((file.st_dev, file.st_ino))
            yield connection


def _form(connection: Connection, side: Path, settings: Settings) -> None:
    """Bring a side file into this version's form. Raises WrongUse for a newer version's."""
    check(number := number_of(connection), side)
    connection.execute(sql("schema.sql"))
    if number < FORMAT:
        with transaction(connection):
            carried.regain(connection, settings)
            for table in (
                "vectors",
                "reckoned",
                "pledge_words",
                "pledge_begun",
            ):  # by other weights and rules
                connection.execute(f"DELETE FROM {table}")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('format', ?)", [str(FORMAT)])


def _claim(settings: Settings) -> None:
    with suppress(BadWarehouse):  # which says nothing of the home; whoever reads it is told
        check(published_number(settings), settings.warehouse)
    claim(settings)


def published_number(settings: Settings) -> int:
    """The number of the published warehouse's form. Raises BadWarehouse when it cannot be read."""
    if not settings.warehouse.exists():
        return UNTOLD
    try:
        with closing(duckdb.connect()) as connection:
            connection.execute(f"ATTACH '{quoted(settings.warehouse)}' AS w (READ_ONLY)")
            return number_of(connection, "w.")
    except duckdb.Error as error:
        raise unreadable(settings.warehouse, error) from error


def number_of(connection: Connection, file: str = "") -> int:
    """The number of a warehouse's form; ``file``: how it is attached ("w."). What an earlier version has
    published over this one's tells none: its tables for readers lack what these have."""
    if not _has(connection, f"{file}meta", "value"):
        return UNTOLD
    told = column(connection, f"SELECT value::INTEGER FROM {file}meta WHERE key = 'format'")
    number = int(told[0]) if told else UNTOLD
    later, added = _LATER
    spoilt = _has(connection, f"{file}{later}") and not _has(connection, f"{file}{later}", added)
    return UNTOLD if spoilt and number <= FORMAT else number


def _has(connection: Connection, table: str, column: str = "*") -> bool:
    try:
        connection.execute(f"SELECT {column} FROM {table} LIMIT 0")
    except (duckdb.CatalogException, duckdb.BinderException):
        return False
    return True


def start_afresh(settings: Settings) -> None:
    """Let the next `run` begin with an empty side file; the published file stays as it is until then.

    What cannot be made again from the archive is carried over where the published file can be read: the
    tombstones of what was taken out on request, the record of runs, and what took the place of what. So are
    statements, commitments and their pledges, until their articles are read again: what is read otherwise
    then stands for them, and pledges keep their ids.
    """
    fresh = settings.work.with_suffix(".fresh")
    with lock(settings):
        _formed.pop(settings.data / "run.lock", None)
        for left in (fresh, settings.work, settings.work.with_name(settings.work.name + ".wal")):
            left.unlink(missing_ok=True)
        with _open(fresh, settings) as connection:
            connection.execute(sql("schema.sql"))
            if settings.warehouse.exists():
                _carry(connection, settings)
            connection.execute("CHECKPOINT")
        fresh.replace(settings.work)  # in one step: no run goes on from half of what is carried


def _carry(connection: Connection, settings: Settings) -> None:
    try:
        connection.execute(f"ATTACH '{quoted(settings.warehouse)}' AS old (READ_ONLY)")
        query = """SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'
            AND table_name IN (SELECT unnest(?))"""
        for table in column(connection, query, [_CARRIED]):
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM old.{table}")
        connection.execute("INSERT INTO meta FROM old.meta WHERE starts_with(key, 'upgraded')")
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


def publish(settings: Settings, side: Path | None = None) -> bool:
    """Sum the side file up for readers and put it in the published file's place, by one rename.

    False when there is none. ``side``: as of `run`.
    """
    side = side or settings.work
    with lock(settings):
        if not side.exists():
            return False
        with damage_named(settings.warehouse), _open(side, settings) as connection:
            with transaction(connection):
                rights.find_reserved(connection)
                connection.execute(sql("summary.sql"))
            # what is no database, or damaged, this one takes the place of
            with suppress(BadWarehouse), damage_named(settings.warehouse):
                if settings.warehouse.exists() and published_number(settings) == FORMAT:
                    connection.execute(sql("former.sql").format(published=quoted(settings.warehouse)))
            connection.execute(sql("former_now.sql"))
            carried.forget(connection, tombstones(settings.home))
            carried.keep(connection, settings)
            connection.execute("CHECKPOINT")
        with side.open("rb") as file:
            os.fsync(file.fileno())
        side.replace(settings.warehouse)
        return True


def compact(settings: Settings) -> None:
    """Write the published file anew: DuckDB leaves what was deleted in a file's free blocks."""
    fresh = settings.work.with_suffix(".fresh")
    with lock(settings):
        fresh.unlink(missing_ok=True)
        with closing(duckdb.connect()) as connection:
            connection.execute(f"ATTACH '{quoted(settings.warehouse)}' AS old (READ_ONLY)")
            connection.execute(f"ATTACH '{quoted(fresh)}' AS fresh")
            connection.execute("COPY FROM DATABASE old TO fresh")
        fresh.replace(settings.warehouse)


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
        connection = duckdb.connect(str(path), config={"memory_limit": _MEMORY})
        connection.execute("SET TimeZone = 'Europe/London'")
    except duckdb.Error as error:
        raise unreadable(path if settings.work != path else settings.warehouse, error) from error
    return connection


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """A block that is not what was written is told as BadWarehouse, which names the published file: side
    files are copies of it."""
    try:
        yield
    except duckdb.IOException as error:
        if "Corrupt" not in str(error):
            raise
        raise unreadable(path, error) from error


def unreadable(path: Path, error: duckdb.Error) -> BadWarehouse:
    first = str(error).splitlines()[0][:200]
    return BadWarehouse(
        f"{path} cannot be read ({first}): move it away and run `said rebuild`, which makes it again from"
        " data/archive and the decisions"
    )
