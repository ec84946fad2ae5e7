"""The number of a home folder's form, by which a version of the program knows what it must not touch.

A home tells its number in ``data/format`` from the first thing on that is written there. The files that may
come to another home tell it too: the warehouse in ``meta``, the journals in SQLite's ``user_version``, a
backup in its table. Homes of 0.1.0 and 0.2.0 tell none. The search index has a number of its own in the name
of its folder: it is made again.
"""

from __future__ import annotations

import threading
from pathlib import Path

from ledger.data_files import write_whole
from ledger.errors import WrongUse
from ledger.settings import Settings, make_data

FORMAT = 3  # raise it when an earlier version could not work with what this one writes, or would spoil it
UNTOLD = 0  # of homes and files without a number
_one = threading.Lock()  # of the threads of a process, one claims at a time


def of_home(settings: Settings) -> int:
    """The number that the home tells. Raises WrongUse where that cannot be read, or is of a newer version."""
    file = settings.data / "format"
    try:
        number = int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return UNTOLD
    except (OSError, ValueError) as error:
        raise WrongUse(
            f"{file} does not hold the number of a home's form ({error}): write {FORMAT} in it if no newer"
            " version of Said & Done was ever used here"
        ) from error
    check(number, settings.home)
    return number


def check(number: int, what: Path | str) -> None:
    """Raise WrongUse where ``number``, of the file or folder ``what``, is of a newer version."""
    if number > FORMAT:
        raise WrongUse(
            f"{what} was written by a newer version of Said & Done (form {number}; this one knows {FORMAT}):"
            " use that version, or restore a backup from before it into a folder of its own"
        )


def claim(settings: Settings) -> None:
    """Note that this version writes in the home. Raises WrongUse as `of_home` and `make_data` do."""
    with _one:
        if of_home(settings) < FORMAT:
            make_data(settings)
            write_whole(settings.data / "format", f"{FORMAT}\n")
