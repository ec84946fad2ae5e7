"""`said export`: the tables of `ledger.outputs.export_rows` as CSV, JSON and Parquet
(`ledger.presentation.tabular`), and the dates promised as a calendar."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import pyarrow as pa

from ledger.data_files import half_of, write_whole
from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.outputs import export_rows
from ledger.outputs.deadline_rows import due_dates
from ledger.presentation.calendar_text import calendar_text
from ledger.presentation.tabular import FORMATS, writing
from ledger.settings import Settings, make_data

_NOTED = "exported.json"  # in the data folder: where exports were written


def export(
    settings: Settings,
    folder: Path,
    tables: Sequence[str] = export_rows.TABLES,
    formats: Sequence[str] = FORMATS,
) -> list[tuple[Path, int]]:
    """Write the tables to ``folder`` in each format; gives each file with its number of rows.

    Files are replaced whole, by rename, and only when all of a table is written. Raises WrongUse for an
    unknown table or format, when nothing is published, or when the folder cannot be written.
    """
    for given, known in ((tables, export_rows.TABLES), (formats, FORMATS)):
        if unknown := [name for name in given if name not in known]:
            raise WrongUse(f"cannot export {unknown[0]!r}; known are {', '.join(known)}")
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with published.reading(settings) as connection:
            for table in tables:
                pieces = export_rows.batches(settings, connection, table)
                written += _write(pieces, [folder / f"{table}.{kind}" for kind in formats])
    except OSError as error:
        raise WrongUse(f"cannot write to {folder} ({error.strerror or error})") from error
    return written


def export_calendar(settings: Settings, folder: Path) -> tuple[Path, int]:
    """Write the dates promised to ``folder`` as a calendar; gives the file with its number of dates.

    Raises WrongUse as `export` does.
    """
    path, dates = folder / "deadlines.ics", due_dates(settings)
    base = settings.public_address.rstrip("/")
    page = f"{base}/pledge?id={{}}" if base else ""
    try:
        write_whole(path, calendar_text(dates, page.format))
    except OSError as error:
        raise WrongUse(f"cannot write to {folder} ({error.strerror or error})") from error
    return path, len(dates)


def note_written(settings: Settings, path: Path, what: str) -> None:
    """Remember that ``what`` ("tables", "site" or "labels") was written there, for `said forget`."""
    known = [*_noted(settings), [str(path.resolve()), what]]
    lines = [list(one) for one in dict.fromkeys(map(tuple, known))]
    make_data(settings)
    write_whole(settings.data / _NOTED, json.dumps(lines, indent=0) + "\n")


def written_to(settings: Settings) -> list[tuple[Path, str]]:
    """Where something was written that still lies there, with what it was."""
    ours = {"tables": "pledges.csv", "site": "site/index.html", "labels": ""}
    found = [(Path(path), what) for path, what in _noted(settings)]
    return [(path, what) for path, what in found if (path / ours[what]).is_file() or path.is_file()]


def _noted(settings: Settings) -> list[list[str]]:
    file = settings.data / _NOTED
    loaded: list[list[str]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return loaded


def _write(pieces: Iterator[pa.Table], paths: Sequence[Path]) -> list[tuple[Path, int]]:
    halves = [half_of(path) for path in paths]
    number = 0
    try:
        with ExitStack() as stack:
            first = next(pieces)
            writers = [
                stack.enter_context(
                    writing(stack.enter_context(half.open("wb")), path.suffix[1:], first.schema)
                )
                for path, half in zip(paths, halves, strict=True)
            ]
            for rows in chain([first], pieces):
                number += rows.num_rows
                for writer in writers:
                    writer.write(rows)
        for path, half in zip(paths, halves, strict=True):
            half.replace(path)
    finally:
        for half in halves:
            half.unlink(missing_ok=True)
    return [(path, number) for path in paths]
