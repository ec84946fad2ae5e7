"""A region that a reader labelled: files like those of `nlp/models/data/regions`, checked before use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger import vocabulary
from ledger.errors import WrongUse
from nlp.evaluation.matching import spans
from nlp.models.regions import Region

JsonLine = dict[str, Any]
KINDS = ("direct", "indirect", "mixed")


def own_region(source: Path, officials: Path | None, pledges: Path | None) -> Region:
    """The region of a folder with gold.jsonl and, where known, articles.jsonl, officials.jsonl and
    pledges.jsonl, or of a file of labels alone; ``officials`` and ``pledges`` go before those of the folder.

    Raises WrongUse, naming file and line, where a label cannot be read or lies outside its text.
    """
    folder, gold = (source, source / "gold.jsonl") if source.is_dir() else (None, source)
    labels = {row["id"]: row for row in (_label(row, where) for row, where in _rows(gold))}
    if not labels:
        raise WrongUse(f"{gold} holds no labelled article")

    def beside(name: str, given: Path | None) -> Path | None:
        return given or (folder / name if folder and (folder / name).is_file() else None)

    articles = beside("articles.jsonl", None)
    told = {str(row.get("id")): row for row, _ in _rows(articles)} if articles else {}
    followed = beside("pledges.jsonl", pledges)
    wanted = (
        {row["pledge_id"]: row for row in (_pledge(r, w) for r, w in _rows(followed))} if followed else {}
    )
    return Region(
        (folder or gold).stem,
        [
            told.get(key, {}) | {n: row[n] for n in ("id", "text", "published") if n in row}
            for key, row in labels.items()
        ],
        labels,
        wanted,
        beside("officials.jsonl", officials) or Path(),
    )


def _rows(file: Path) -> list[tuple[JsonLine, str]]:
    """The rows of a file of JSON lines, each with where it stands."""
    found = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file} cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise WrongUse(f"{file}:{number}: not JSON ({error})") from error
            if not isinstance(row, dict):
                raise WrongUse(f"{file}:{number}: a line is an object, not {type(row).__name__}")
            found.append((row, f"{file}:{number}"))
    return found


def _label(row: JsonLine, where: str) -> JsonLine:
    """A labelled article with what may be left out filled in."""
    _need(row, where, id=str, text=str, statements=list)
    size = len(row["text"])
    said = []
    for one in row["statements"]:
        _need(one, where, kind=str, content=list)
        if one["kind"] not in KINDS:
            raise WrongUse(f"{where}: kind is one of {', '.join(KINDS)}, not {one['kind']!r}")
        _within(one["content"], size, where)
        _among(one.get("role"), vocabulary.roles(), "role", where)
        clauses = one.get("commitments") or []
        for clause in clauses:
            _need(clause, where, span=list, type=str)
            _within(clause["span"], size, where)
            _among(clause["type"], vocabulary.types(), "type", where)
        said.append({"speaker": None, "role": None, "body": None} | one | {"commitments": clauses})
    evidence = row.get("delivery") or []
    for piece in evidence:
        _need(piece, where, pledge_id=str, evidence=list, stance=str)
        _within(piece["evidence"], size, where)
        _among(piece["stance"], vocabulary.stances(), "stance", where)
    return row | {"statements": said, "delivery": evidence}


def _pledge(row: JsonLine, where: str) -> JsonLine:
    _need(row, where, pledge_id=str, final_status=str, as_of=str)
    _among(row["final_status"], vocabulary.statuses(), "final_status", where)
    return row


def _need(row: Any, where: str, **fields: type) -> None:
    if not isinstance(row, dict):
        raise WrongUse(f"{where}: an object is needed, not {row!r}"[:300])
    for name, kind in fields.items():
        if not isinstance(row.get(name), kind):
            raise WrongUse(f"{where}: a label needs {name!r} as {'text' if kind is str else 'a list'}")


def _within(value: list[Any], size: int, where: str) -> None:
    for span in spans(value):
        whole = isinstance(span, list) and len(span) == 2 and all(type(place) is int for place in span)
        if not whole or not 0 <= span[0] < span[1] <= size:
            raise WrongUse(f"{where}: {span!r} does not lie in the text of {size:,} characters")


def _among(value: object, known: Mapping[str, object], name: str, where: str) -> None:
    if value is not None and (not isinstance(value, str) or value not in known):
        raise WrongUse(f"{where}: no {name} is called {value!r}"[:300])
