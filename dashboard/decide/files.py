"""A file that a visitor brings, handed to `said add`: pages read the ledger only, so it is a process."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.decide.commands import said
from ledger.errors import SaidError
from ledger.settings import Settings

MEGABYTES = 50  # of a file
LOOK_SECONDS, ADD_SECONDS = 300, 3_600
_UNSAFE = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True, slots=True)
class Brought:
    """What `said add` says of a file: ``state`` is "added", "known", "changed" or "refused"."""

    name: str
    state: str
    why: str
    notes: tuple[str, ...]
    pages: int
    kind: str | None
    publisher: str | None
    speaker: str | None
    date: str | None
    title: str | None


def look(settings: Settings, name: str, data: bytes) -> list[Brought]:
    """What the file would be added as. Raises SaidError where the command fails."""
    return _said(settings, name, data, ["--look"], LOOK_SECONDS)


def add(settings: Settings, name: str, data: bytes, told: Mapping[str, str]) -> list[Brought]:
    """Add the file, and read it; ``told``: options of `said add` by name. Raises SaidError as above."""
    options = [f"--{option}={value}" for option, value in told.items() if value]
    return _said(settings, name, data, options, ADD_SECONDS)


def _said(settings: Settings, name: str, data: bytes, options: list[str], seconds: int) -> list[Brought]:
    with _kept(name, data) as file:
        try:
            lines, told = said(settings, ["add", str(file), "--json", *options], seconds)
        except TimeoutError:
            raise SaidError(
                f"{name}: it is not read after {seconds // 60} minutes; see `said status`"
            ) from None
    if not lines or not lines[0].startswith("["):
        raise SaidError(told or "it could not be read")
    return [_brought(row) for row in json.loads(lines[0])]


def _brought(row: dict[str, Any]) -> Brought:
    return Brought(**row | {"notes": tuple(row["notes"])})


@contextmanager
def _kept(name: str, data: bytes) -> Iterator[Path]:
    """The file in a folder of its own, under its name, for as long as the command reads it."""
    with tempfile.TemporaryDirectory(prefix="said-add-") as folder:
        file = Path(folder) / (_UNSAFE.sub("_", Path(name).name)[-120:] or "file")
        file.write_bytes(data)
        yield file
