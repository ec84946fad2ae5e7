"""`said export`: pledges, statements and evidence as CSV, JSON and Parquet.

CSV is made for spreadsheets: UTF-8 with a byte order mark, and text that a spreadsheet would take for a
formula gets an apostrophe in front (OWASP, "CSV Injection"). JSON is one array, a row a line. Parquet
keeps the types.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from ledger import export_queries, warehouse
from ledger.errors import WrongUse
from ledger.settings import Settings

FORMATS = ("csv", "json", "parquet")
_FORMULA = frozenset("=+-@＝＋－＠|%")  # how a formula or a command can begin, full-width forms too
_DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])  # control characters that break readers


class _Writer(Protocol):
    def write(self, rows: pa.Table) -> None: ...


def export(
    settings: Settings,
    folder: Path,
    tables: Sequence[str] = export_queries.TABLES,
    formats: Sequence[str] = FORMATS,
) -> list[tuple[Path, int]]:
    """Write the tables to ``folder`` in each format; gives each file with its number of rows.

    Files are replaced whole, by rename, and only when all of a table is written. Raises WrongUse for an
    unknown table or format, when nothing is published, or when the folder cannot be written.
    """
    for given, known in ((tables, export_queries.TABLES), (formats, FORMATS)):
        if unknown := [name for name in given if name not in known]:
            raise WrongUse(f"cannot export {unknown[0]!r}; known are {', '.join(known)}")
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with warehouse.reading(settings) as connection:
            for table in tables:
                pieces = export_queries.batches(connection, table)
                written += _write(pieces, [folder / f"{table}.{kind}" for kind in formats])
    except OSError as error:
        raise WrongUse(f"cannot write to {folder} ({error.strerror or error})") from error
    return written


def _write(pieces: Iterator[pa.Table], paths: Sequence[Path]) -> list[tuple[Path, int]]:
    halves = [path.with_name(f".{path.name}.{os.getpid()}") for path in paths]
    number = 0
    try:
        with ExitStack() as stack:
            first = next(pieces)
            writers = [
                stack.enter_context(_OPENERS[path.suffix](half, first.schema))
                for path, half in zip(paths, halves, strict=True)
            ]
            for rows in _chain(first, pieces):
                number += rows.num_rows
                for writer in writers:
                    writer.write(rows)
        for path, half in zip(paths, halves, strict=True):
            half.replace(path)
    finally:
        for half in halves:
            half.unlink(missing_ok=True)
    return [(path, number) for path in paths]


def _chain(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from rest


class _Csv:
    def __init__(self, file: IO[str], names: Sequence[str]) -> None:
        self.rows = csv.writer(file, lineterminator="\r\n")
        self.rows.writerow(names)

    def write(self, rows: pa.Table) -> None:
        for row in rows.to_pylist():
            self.rows.writerow([cell(value) for value in row.values()])


class _Json:
    def __init__(self, file: IO[str]) -> None:
        self.file, self.comma = file, ""

    def write(self, rows: pa.Table) -> None:
        for row in rows.to_pylist():
            self.file.write(f"{self.comma}\n{json.dumps(row, default=_iso, ensure_ascii=False)}")
            self.comma = ","


class _Parquet:
    def __init__(self, writer: pq.ParquetWriter) -> None:
        self.writer = writer

    def write(self, rows: pa.Table) -> None:
        self.writer.write_table(rows)


@contextmanager
def _open_csv(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield _Csv(file, schema.names)


@contextmanager
def _open_json(path: Path, _schema: pa.Schema) -> Iterator[_Writer]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        yield _Json(file)
        file.write("\n]\n")


@contextmanager
def _open_parquet(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield _Parquet(writer)


_OPENERS: Mapping[str, Any] = {".csv": _open_csv, ".json": _open_json, ".parquet": _open_parquet}


def cell(value: object) -> str:
    """A value as a CSV cell that no spreadsheet takes for a formula; numbers, days and lists as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        plain = all(isinstance(item, str) for item in value)
        return cell("; ".join(value) if plain else json.dumps(value))
    text = str(value).translate(_DROPPED)
    begins = text.lstrip(" \t\r\n\u00a0\u200b\ufeff'\"")[:1]
    return f"'{text}" if begins in _FORMULA or text[:1] in ("\t", "\r") else text


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
