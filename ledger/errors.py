"""Errors that reach a user as one line. Everything else is a bug."""

import traceback
from pathlib import Path

LONGEST = 2_000  # characters of an error


class SaidError(Exception):
    """Base: the command prints the message and exits with 2. It is one line of at most LONGEST characters,
    without what would drive a terminal, whatever was given to it to tell."""

    def __init__(self, message: str) -> None:
        told = message if len(message) <= LONGEST else f"{message[: LONGEST - 1]}…"
        super().__init__("".join(one if one.isprintable() else " " for one in told))


class WrongUse(SaidError):
    """The settings, arguments or files given cannot be used; the message says what to do."""


class Locked(SaidError):
    """Another run holds the lock of this home folder."""


class WorkersLost(SaidError):
    """Those who read texts for a run are gone; what is done is kept, and the next run goes on from there."""


class BadWarehouse(SaidError):
    """The warehouse file cannot be read; the message says how to make it again."""


def fault_told(error: Exception) -> str:
    """A fault of ours by its kind and place in the code, without its words, which may be a private person's.
    Raises anew what is none: what the system refused, and what tells a user what to do."""
    if isinstance(error, (SaidError, OSError, MemoryError)):
        raise error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
