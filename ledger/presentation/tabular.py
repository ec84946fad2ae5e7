"""Rows as CSV, JSON and Parquet, for files and for downloads.

CSV is made for spreadsheets: UTF-8 with a byte order mark, and text that a spreadsheet would take for a
formula gets an apostrophe in front (OWASP, "CSV Injection"). JSON is one array, a row a line. Parquet
keeps the types.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from typing import IO, Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.presentation.passages import Passage

FORMATS = ("csv", "json", "parquet")
_FORMULA = frozenset("=+-@|%")  # how a formula or a command can begin, in full-width and small forms too
_PASSED_OVER = " \t\r\n\u00a0\u200b\u2060\ufeff'\""  # before it
_DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])  # control characters that break readers


class Writer(Protocol):
    def write(self, rows: pa.Table) -> None: ...


@contextmanager
def writing(file: BinaryIO, kind: str, schema: pa.Schema) -> Iterator[Writer]:
    """A writer of tables of this schema in one of FORMATS; the file is whole when it is left."""
    if kind == "parquet":
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            yield writer
        return
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if kind == "csv" else "utf-8", newline="")
    if kind == "csv":
        yield _Csv(text, schema.names)
    else:
        text.write("[")
        yield _Json(text)
        text.write("\n]\n")
    text.detach()


def as_bytes(rows: Sequence[object], kind: str) -> bytes:
    """Rows (dataclasses) in one of FORMATS; of a passage its text. Places of marks within it are left out."""
    table = pa.Table.from_pylist([_plain(row) for row in rows])
    file = io.BytesIO()
    with writing(file, kind, table.schema) as writer:
        writer.write(table)
    return file.getvalue()


def _plain(row: object) -> dict[str, Any]:
    assert is_dataclass(row)
    values = ((field.name, getattr(row, field.name)) for field in fields(row) if field.name != "terms")
    return {name: _flat(value) for name, value in values}


def _flat(value: object) -> object:
    """Of a passage its text; a pair of a word and its number as words, for a column has one type."""
    if isinstance(value, Passage):
        return value.text
    if isinstance(value, tuple) and any(isinstance(item, tuple) and str in map(type, item) for item in value):
        return [" ".join(map(str, item)) for item in value]
    return value


class _Csv:
    def __init__(self, file: IO[str], names: Sequence[str]) -> None:
        # All in quotation marks: a semicolon, which parts cells elsewhere, begins no other cell either.
        self.rows = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        csv.writer(file, lineterminator="\r\n").writerow(names)

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
    if isinstance(value, list | tuple):
        plain = all(isinstance(item, str) for item in value)
        return cell("; ".join(value) if plain else json.dumps(value))
    text = str(value).translate(_DROPPED)
    begins = unicodedata.normalize("NFKC", text.lstrip(_PASSED_OVER)[:1])
    return f"'{text}" if begins in _FORMULA or text[:1] in ("\t", "\r") else text


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
