"""Which regions are left out together: what judges one of a list learned from no region of the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Made = TypeVar("Made")
Lists = Sequence[Sequence[str]]


def left_out(lists: Lists, made: Callable[[list[str]], Made]) -> dict[str, Made]:
    """For each region of the lists what is made of the names in all other lists; a list shares it."""
    found: dict[str, Made] = {}
    for together in lists:
        others = [name for one in lists if one is not together for name in one]
        found.update(dict.fromkeys(together, made(others)))
    return found
