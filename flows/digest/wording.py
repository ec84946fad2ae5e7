"""The digest's own words, and how it writes others' words, a day, and how far off a day is."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ledger.data_files import read_yaml

MOST_VERDICT = 2_000  # characters of an editor's paragraph
MOST_WORDS = 600  # characters of a quotation shown; a title or name gets a third of it
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # marks that turn text round


@cache
def words() -> dict[str, Any]:
    """The labels and sections of ``data/wording.yaml``."""
    loaded: dict[str, Any] = read_yaml(__file__, "wording.yaml")
    return loaded


def clean(text: object, most: int = MOST_WORDS // 3) -> str:
    """One line of at most ``most`` characters, without control characters or marks that turn text round."""
    line = " ".join(_CONTROL.sub(" ", _TURNING.sub("", str(text or ""))).split())
    if len(line) <= most:
        return line
    cut = line.rfind(" ", most // 2, most)
    return line[: cut if cut > 0 else most] + " […]"
