"""Files that cannot be read as they were written, and disks that take no more."""

from __future__ import annotations

import errno
import os
import sqlite3

from ledger.storage.warehouse import Connection, column

_REFUSING = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
)  # fmt: skip
_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def read_whole(connection: Connection) -> None:
    """Read every block of the published warehouse, attached as ``w``: DuckDB holds each against its checksum.

    Within `published.reading`, which raises BadWarehouse where one is not what was written.
    """
    for table in column(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'w'"):
        connection.execute(f"SELECT bit_xor(hash(t)) FROM w.{table} t").fetchall()


def refused(error: BaseException) -> str:
    """Why the system did not take what was to be written, or did not let it be read; "" for any other error.

    DuckDB and the search index tell the system's reason within their own words.
    """
    met: BaseException | None = error
    while met is not None:
        if isinstance(met, OSError) and met.errno in _REFUSING:
            return os.strerror(met.errno)
        if isinstance(met, sqlite3.Error) and getattr(met, "sqlite_errorcode", 0) & 0xFF in _SQLITE:
            return str(met)
        if said := next((words for words in map(os.strerror, _REFUSING) if words in str(met)), ""):
            return said
        met = met.__cause__ or met.__context__
    return ""
