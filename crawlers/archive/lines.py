"""The crawl's record: ``data/crawl/<run>.jsonl``, a line for each thing that happened, flushed one by one.

Lines have ``what``:

``page``     a page fetched and archived: outlet, id, url (canonical), fetched_url, fetched (ISO time),
             archive ("file.warc.gz:offset"), sha256 of the body, rights, title and published of its listing
``same``     a page that has not changed: outlet, url, how ("304", "body" or "duplicate")
``skip``     outlet, url, reason
``problem``  outlet, item (an address), reason, detail
``outlet``   an outlet was asked and is done: outlet, at (ISO time), listings, links, new, seconds, delay
             (seconds that robots.txt asks for) and robots (why it lets nothing be asked, "" where it does)
``end``      the run is complete
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

Line = dict[str, object]
_MOMENT, _TIME = "%Y%m%dT%H%M%SZ", re.compile(r"\d{8}T\d{6}Z")


class Lines:
    """Writes one run's lines; the file is made at once. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: io.TextIOWrapper = path.open("x", encoding="utf-8")

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, what: str, outlet: str, **values: object) -> None:
        self._file.write(json.dumps({"what": what, "outlet": outlet, **values}, ensure_ascii=True) + "\n")
        self._file.flush()


def number(line: Line, name: str) -> int:
    """The number that a line holds under this name, 0 where it holds none."""
    value = line.get(name)
    return value if isinstance(value, int) else 0


def listings(line: Line) -> list[dict[str, object]]:
    """The listings that an ``outlet`` line names."""
    held = line.get("listings")
    return held if isinstance(held, list) else []


def runs(folder: Path) -> list[Path]:
    """The crawl files in a folder, oldest first (their names begin with the time)."""
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def run_time(folder: Path) -> str:
    """The time that a new file's name begins with: now, or just after the newest where the clock was set
    back, so that files are read in the order in which they were written."""
    now = f"{datetime.now(UTC):{_MOMENT}}"
    times = (path.stem.partition("-")[0] for path in runs(folder))
    newest = max((time for time in times if _TIME.fullmatch(time)), default="")
    if now >= newest:
        return now
    return f"{datetime.strptime(newest, _MOMENT) + timedelta(seconds=1):{_MOMENT}}"  # noqa: DTZ007  # UTC, as written


def read_lines(path: Path) -> Iterator[tuple[int, Line | None]]:
    """(number, line) from 1 up; None stands for a line that cannot be read.

    A last line without its line break was being written when the run was killed: it is not given.
    """
    with path.open("rb") as file:
        yield from enumerate(whole_lines(file), 1)


def whole_lines(file: BinaryIO) -> Iterator[Line | None]:
    """The lines from the file's position on; the position is left at the end of the last whole one."""
    while (raw := file.readline()).endswith(b"\n"):
        try:
            line = json.loads(raw)
        except ValueError:
            line = None
        yield line if isinstance(line, dict) and isinstance(line.get("what"), str) else None
    file.seek(-len(raw), io.SEEK_CUR)
