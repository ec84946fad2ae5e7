"""Who wrote it: a byline as printed, and the authors' names in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ledger.data_files import read_yaml

MAX_BYLINE = 200  # characters; longer texts are no byline
_TRAIL = re.compile(r"\s*(?:[|•·]|\b(?:published|updated|posted|last updated)\b).*$", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:,|;|&|\band\b|\bwith\b|/)\s*")
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,4}")


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(what leads a byline in, what names an office) from ``byline.yaml``."""
    data = read_yaml(__file__, "byline.yaml")
    leads, roles = ("|".join(map(re.escape, data[name])) for name in ("leads", "roles"))
    return re.compile(rf"^(?:{leads})\b:?\s+", re.IGNORECASE), re.compile(rf"\b(?:{roles})\b", re.IGNORECASE)


def tidy_byline(texts: Iterable[str]) -> str:
    """The first text that can be a byline, without "By", date and duplicated words; "" if none can."""
    lead, _ = _words()
    for text in texts:
        line = _TRAIL.sub("", lead.sub("", " ".join(text.split())))
        if line and len(line) <= MAX_BYLINE and re.search(r"[^\W\d_]{2}", line) and "@" not in line[:1]:
            return line
    return ""


def authors_in(byline: str) -> tuple[str, ...]:
    """The people named in a byline: "Gemma Tolliver, Politics Reporter" gives ("Gemma Tolliver",)."""
    _, role = _words()
    parts = dict.fromkeys(_SPLIT.split(byline))
    return tuple(part for part in parts if _NAME.fullmatch(part) and not role.search(part))
