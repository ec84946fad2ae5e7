"""What the shipped weights were made from: hashes of data and code, checked by a test."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from ledger.data_files import data_file
from nlp.models import learned, regions
from nlp.models.session import HASHES
from nlp.training import left_out

FILE = data_file(__file__, "manifest.json")
CODE = ("models/windows.py", "models/tagger.py", "training/tagger.py", "training/export.py")  # makes a tagger
NLP = Path(__file__).parents[1]


def write() -> None:
    """Writes down what the weights that lie there now were made from."""
    FILE.write_text(json.dumps(now(), indent=1) + "\n", encoding="utf-8")
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in learned.WEIGHTS}
    HASHES.write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def written() -> dict[str, str]:
    """What the shipped weights were made from."""
    loaded: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def now() -> dict[str, str]:
    """The hashes of what lies there: labels, code of the tagger, what was read left out, weights."""
    return {
        "labels": _of(regions.FOLDER / name / "gold.jsonl" for name in regions.names()),
        "code": _of_code(),
        "left_out": _of(left_out.FOLDER / f"{name}.npz" for name in regions.names()),
    } | {file.name: _of([file]) for file in learned.WEIGHTS}


def key(without: Sequence[str], cycles: Sequence[int], people: Sequence[object] = ()) -> str:
    """Names a tagger by what it learns from. ``people``: what people decided, if anything."""
    told = [now_of_labels(without), _of_code(), str(list(cycles)), *map(str, people)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def now_of_labels(without: Sequence[str]) -> str:
    """The hash of the labels of all regions but some."""
    return _of(regions.FOLDER / name / "gold.jsonl" for name in regions.names() if name not in without)


def _of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _of_code() -> str:
    """Of the syntax alone: comments and layout do not count."""
    trees = [ast.dump(ast.parse((NLP / name).read_text(encoding="utf-8"))) for name in CODE]
    return hashlib.sha256("\n".join(trees).encode()).hexdigest()
