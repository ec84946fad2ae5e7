"""What the warehouse alone knows, kept beside it at each publishing: a damaged one is made again with it.

The tombstones of what was taken out on request, what took the place of what, and pledges by their former ids
follow from nothing in the archive or the journal.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

from ledger.data_files import half_of
from ledger.errors import BadWarehouse
from ledger.forgotten import Tombstones, blanked
from ledger.settings import Settings

TABLES = ("forgotten", "succeeded", "former")


def keep(connection: Connection, settings: Settings) -> None:
    """Writes the tables of an open side file into the home, each by one rename; words stand in the files as
    they are, so that `said forget` finds what is left of somebody."""
    _folder(settings).mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        file = _file(settings, table)
        half = half_of(file)
        try:
            connection.execute(f"COPY {table} TO '{quoted(half)}' (FORMAT parquet, COMPRESSION uncompressed)")
            with half.open("rb") as written:
                os.fsync(written.fileno())
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)


def forget(connection: Connection, gone: Tombstones) -> None:
    """Takes out of the former pledges what was forgotten since they were kept: those that a forgotten article
    told of, and people's names."""
    rows = connection.execute("SELECT id, owner, title, articles FROM former").fetchall()
    for key, owner, title, articles in rows:
        if any(gone.holds("article", one) for one in articles or ()):
            connection.execute("DELETE FROM former WHERE id = ?", [key])
        elif names := gone.people_in(f"{owner} | {title}"):
            words = [blanked(one or "", names) for one in (owner, title)]
            connection.execute("UPDATE former SET owner = ?, title = ? WHERE id = ?", [*words, key])


def regain(connection: Connection, settings: Settings) -> None:
    """Puts what was kept into an open side file that lacks it. Raises BadWarehouse for a damaged file."""
    for table in TABLES:
        if not (file := _file(settings, table)).exists():
            continue
        kept = f"SELECT * FROM read_parquet('{quoted(file)}')"
        try:
            connection.execute(f"INSERT OR IGNORE INTO {table} BY NAME {kept}")
        except duckdb.Error as error:
            first = str(error).splitlines()[0][:200]
            raise BadWarehouse(
                f"{file} cannot be read ({first}): move it away, and the run goes on without it"
            ) from error


def _folder(settings: Settings) -> Path:
    return settings.data / "carried"


def _file(settings: Settings, table: str) -> Path:
    return _folder(settings) / f"{table}.parquet"


def quoted(path: Path) -> str:
    """A path as it stands between single quotation marks in SQL."""
    return str(path).replace("'", "''")
