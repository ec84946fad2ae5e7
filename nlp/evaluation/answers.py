"""What the text side answers on a labelled region: lines of `said annotate`, with its register or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlp.annotate import (
    Promises,
    Text,
    article_of,
    read_promises,
    with_pledges,
    written,
)
from nlp.evidence.find import Found
from nlp.models.learned import Learned
from nlp.models.regions import Region
from nlp.officials.register import Register
from nlp.pipeline import MODEL, extract
from nlp.pledge_lines import pledge_lines

DUE_SOON = 14  # days
NOBODY = Register(())
AnswerRows = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Answers:
    """``lines``: annotated articles by id; ``pledges``: by id, as of the day of the labelled ones."""

    lines: AnswerRows
    pledges: AnswerRows


def answers(
    region: Region,
    learned: Learned | None = None,
    read: Promises | None = None,
    register: Register | None = None,
) -> Answers:
    """The text side on a region, with its register unless another is given. ``learned``: weights that never
    saw it, None: those that ship. ``read``: what these weights read of its articles already.
    """
    register = register or Register.load(region.officials)
    promises = read or read_promises(region.articles, register, MODEL, learned=learned)
    text = with_pledges(promises, register, learned)
    day = max((row["as_of"] for row in region.pledges.values()), default=None)
    last = date.fromisoformat(day) if day else None
    return Answers(by_id(text), {row["pledge_id"]: row for row in pledge_lines(text, last, DUE_SOON)})


def alone(region: Region, learned: Learned | None = None) -> Answers:
    """The text side on a region without a register: statements only."""
    found = list(extract(map(article_of, region.articles), NOBODY, learned=learned))
    return Answers(by_id(Text(found, {}, [], {}, [], Found())), {})


def by_id(text: Text) -> AnswerRows:
    """Annotated lines by their article's id."""
    return {line["id"]: line for line in written(text)}


def keep(given: Answers, file: Path) -> None:
    """Writes answers to a file, whole or not at all."""
    half = file.with_suffix(".half")
    half.write_text(json.dumps(asdict(given), ensure_ascii=False), encoding="utf-8")
    half.replace(file)


def kept(file: Path) -> Answers:
    """What `keep` wrote."""
    return Answers(**json.loads(file.read_text(encoding="utf-8")))
