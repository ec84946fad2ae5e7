"""Files that lie beside a module, and files that are written beside their place and put there by one rename,
so that nobody reads half of one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # ten times as fast, where PyYAML has been built with it


def data_file(module: str, name: str) -> Path:
    """Where the file ``name`` of a module's package lies; ``module`` is that module's ``__file__``."""
    return Path(module).parent / "data" / name


def read_yaml(module: str, name: str) -> Any:
    """What such a file holds."""
    return yaml_of(data_file(module, name).read_text(encoding="utf-8"))


def yaml_of(text: str) -> Any:
    """What a text of our own holds, by the fastest safe loader."""
    return _LOADER(text).get_single_data()


def half_of(path: Path) -> Path:
    """Where this process writes what is to come to ``path``; what killed processes left there is removed."""
    for left in path.parent.glob(".*.half"):
        writer = left.name.split(".")[-2]
        if writer.isdecimal() and int(writer) != os.getpid() and not _lives(int(writer)):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.half")


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Put ``text`` in the place of the file in one rename: whoever stops this process, the old or the new
    lies there. ``mode``: the file's rights, less the umask. Raises OSError where the folder refuses it."""
    half = half_of(path)
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
