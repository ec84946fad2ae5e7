"""What each stage's present version is: a hash over the code and data it works with.

A change of rules, lexicon or model therefore works everything through again by itself, and nothing
else does.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

# Stage -> files of the packages (patterns) whose content decides what it gives.
DEPENDS = {
    "load": ("crawlers:*.py", "crawlers:*.yaml", "crawlers:layouts/*"),
    "extract": tuple(
        f"nlp:{name}.*"
        for name in (
            "cues", "layout", "quotations", "attribution", "indirect*", "officials", "mentions", "speakers*",
            "pipeline",
        )
    ),
    "flag": tuple(
        f"nlp:{name}.*" for name in ("commitments*", "deadlines*", "measures", "classifier*", "textside")
    ),
    "group": tuple(f"nlp:{name}.*" for name in ("embedding", "grouping", "drift", "textside")),
    "track": tuple(f"nlp:{name}.*" for name in ("evidence*", "status", "embedding", "textside")),
}  # fmt: skip


@cache
def version(stage: str, *more: str) -> str:
    """First 16 hex digits of SHA-256 over the stage's files and ``more`` (a register's fingerprint, say)."""
    found = hashlib.sha256()
    for pattern in DEPENDS[stage]:
        package, glob = pattern.split(":")
        for file in sorted(Path(str(files(package))).glob(glob)):
            if file.is_file():
                found.update(file.name.encode() + b"\0" + file.read_bytes())
    for part in more:
        found.update(part.encode() + b"\0")
    return found.hexdigest()[:16]
