"""Files that are written beside their place and put there by one rename, so that nobody reads half of one."""

from __future__ import annotations

import os
from pathlib import Path


def half_of(path: Path) -> Path:
    """Where this process writes what is to come to ``path``; what killed processes left there is removed."""
    for left in path.parent.glob(".*.half"):
        writer = left.name.split(".")[-2]
        if writer.isdecimal() and int(writer) != os.getpid() and not _lives(int(writer)):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.half")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
