"""What each stage's present version is: a hash over the code and data it works with.

A change of rules, lexicon or model therefore works everything through again by itself, and nothing
else does.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

# Stage -> the modules of nlp it calls; what these import, and the data files they name, count too.
CALLS = {
    "extract": ("pipeline", "edits"),
    "flag": ("commitments",),
    "group": ("embedding", "grouping", "drift", "doubts"),
    "standings": ("past",),
    "track": ("embedding", "evidence", "status"),
}
JOINTS = "textside.py"  # counts by itself: it imports every stage's types


@cache
def version(stage: str, *more: str) -> str:
    """First 16 hex digits of SHA-256 over the stage's files and ``more`` (a register's fingerprint, say)."""
    found = hashlib.sha256()
    for file in stage_files(stage):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    for part in more:
        found.update(part.encode() + b"\0")
    return found.hexdigest()[:16]


def stage_files(stage: str) -> list[Path]:
    """The code and data files of nlp whose content decides what a stage gives, by name."""
    folder = Path(str(files("nlp")))
    data = [file for file in folder.iterdir() if file.is_file() and file.suffix != ".py"]
    found = {folder / JOINTS}
    waiting = [folder / f"{name}.py" for name in CALLS[stage]]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        code = module.read_text(encoding="utf-8")
        found.update(file for file in data if f'"{file.name}"' in code)
        waiting += [file for name in _imported(code) if (file := folder / f"{name}.py").is_file()]
    return sorted(found)


def _imported(code: str) -> set[str]:
    """Names of the modules of nlp that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "nlp":
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nlp."):
            names.add(str(node.module).split(".")[1])
    return names
