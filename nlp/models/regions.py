"""The labelled regions of nlp/models/data/regions: what learned parts train on, and are judged by one at a
time.

Invented regions in the voices of different papers, our own writing, labelled clause by clause. What
is trained on them is judged leave-one-region-out: trained on the others, measured on the one; what ships is
trained on all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.data_files import data_file

FOLDER = data_file(__file__, "regions")
FRESH = data_file(__file__, "fresh")  # regions that nothing has learned from yet: a measure of what ships
FITTED = frozenset({"marlshire2"})  # the county's articles: rules and weights were fitted to them
JsonLine = dict[str, Any]


@dataclass(frozen=True)
class Region:
    """``articles``: input lines of `said annotate`, in order. ``labels``: by article id, with its text.

    ``pledges``: the promises that are followed, by id, with owner, dates and final status. ``officials``:
    the file of its register.
    """

    name: str
    articles: Sequence[JsonLine]
    labels: Mapping[str, JsonLine]
    pledges: Mapping[str, JsonLine]
    officials: Path


def names(within: Path = FOLDER) -> list[str]:
    """Every region's name, in order. ``within``: FOLDER, those that are learned from, or FRESH."""
    return sorted(folder.name for folder in within.iterdir() if folder.is_dir())


def load(name: str, within: Path = FOLDER) -> Region:
    """One region. Raises FileNotFoundError, naming the file, where there is none of this name."""
    folder = within / name
    return Region(
        name,
        lines(folder / "articles.jsonl"),
        {row["id"]: row for row in lines(folder / "gold.jsonl")},
        {row["pledge_id"]: row for row in lines(folder / "pledges.jsonl")},
        folder / "officials.jsonl",
    )


def lines(path: Path) -> list[JsonLine]:
    """The rows of a file of JSON lines."""
    with path.open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows if row.strip()]
