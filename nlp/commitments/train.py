"""Train the commitment model: `python -m nlp.commitments.train` writes
nlp/commitments/data/commitment_model.json.

It learns from the sentences of nlp/commitments/data/training/*.jsonl with "split": "train" and from the
labelled statements of the invented county; the same sentences give the same numbers. `--left-out` trains
nothing that ships: it prints the county's figures, each pledge's thread judged by a model that never saw it,
and those of the sentences kept for testing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from ledger import vocabulary
from ledger.data_files import data_file
from ledger.errors import WrongUse
from ledger.types import CommitmentType
from nlp.commitments.classifier import DATA, Doubles, Model, design
from nlp.commitments.features import features, focus, names, type_of
from nlp.commitments.flag import bar, confidence
from nlp.commitments.lexicon import words
from nlp.commitments.parse import ParsedStatement, Said, read
from nlp.models.regions import lines
from nlp.text.embeddings import Embedder
from nlp.text.spans import JOIN

TRAINING = data_file(__file__, "training")
COUNTY = Path(str(files("sample"))) / "marlshire" / "gold.jsonl"
SCALE = (
    2.0  # of the vectors against the features; found by training on either kind of text, testing on the other
)
STRENGTH = 0.1  # scikit-learn's C
DAY = date(2025, 9, 17)  # the day sentences of our own are read on, for their times


@dataclass(frozen=True)
class Example:
    """A labelled statement; ``type`` None: no commitment. ``thread``: what it must not be split from."""

    said: Said
    type: CommitmentType | None
    thread: str


def sentences(split: str, folder: Path = TRAINING) -> list[Example]:
    """Our own sentences of one split, in the order of the files' names."""
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, row in enumerate(lines(path)):
            if row["split"] == split:
                said = Said(
                    statement_id=f"{path.stem}-{number}",
                    text=row["text"],
                    kind=row.get("kind", "direct"),
                    cue=row.get("cue", ""),
                    published=DAY,
                    role=row.get("role"),
                )
                made.append(Example(said, row["type"], said.statement_id))
    return made


def county(path: Path = COUNTY) -> list[Example]:
    """The statements of officials in a gold file, old promises retold left out; threads are pledges."""
    made = []
    for article in lines(path):
        for number, row in enumerate(article["statements"]):
            if row["role"] != "non_official":
                example = _statement(article, number, row)
                made.append(example)
    return made


def _statement(article: dict[str, Any], number: int, row: dict[str, Any]) -> Example:
    text: str = article["text"]
    start, end = row["content"][0]
    last = text.find("\n", end)
    said = Said(
        statement_id=f"{article['id']}-{number}",
        text=JOIN.join(text[s:e] for s, e in row["content"]),
        kind=row["kind"],
        cue=" ".join(text[s:e] for s, e in row["cue"] or ()),
        published=date.fromisoformat(article["published"][:10]),
        role=row["role"],
        context=text[text.rfind("\n", 0, start) + 1 : last if last >= 0 else len(text)],
    )
    label = row["commitment"]
    thread = (label or {}).get("pledge_id") or article["id"]
    return Example(said, label["type"] if label else None, thread)


@dataclass(frozen=True)
class Prepared:
    """Examples with their readings and rows for the model."""

    examples: Sequence[Example]
    readings: Sequence[ParsedStatement]
    rows: Doubles

    def pick(self, chosen: NDArray[np.bool_]) -> Prepared:
        kept = [int(place) for place in np.flatnonzero(chosen)]
        return Prepared([self.examples[i] for i in kept], [self.readings[i] for i in kept], self.rows[kept])


def prepare(examples: Sequence[Example], embedder: Embedder) -> Prepared:
    readings = [read(example.said) for example in examples]
    pairs = list(zip(examples, readings, strict=True))
    vectors = embedder.encode([focus(example.said, reading) for example, reading in pairs])
    rows = design([features(example.said, reading) for example, reading in pairs], vectors, SCALE)
    return Prepared(examples, readings, rows)


def train(parts: Sequence[Prepared], sha256: str = "") -> Model:
    """Both regressions over everything in ``parts`` that is no retelling.

    Raises WrongUse when there is no example of a type, or an example of none.
    """
    types = list(vocabulary.types())
    rows = np.vstack([part.rows[[not reading.recall for reading in part.readings]] for part in parts])
    kinds = [
        example.type
        for part in parts
        for example, reading in zip(part.examples, part.readings, strict=True)
        if not reading.recall
    ]
    if odd := set(kinds) - {None} ^ set(types):
        raise WrongUse(
            f"types without an example, or examples of no type: {', '.join(sorted(map(str, odd)))};"
            f" mend {TRAINING} or {vocabulary.FILE}"
        )
    flag = LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, [kind is not None for kind in kinds])
    known = np.array([kind is not None for kind in kinds])
    sort = LogisticRegression(C=STRENGTH, max_iter=3000)
    sort.fit(rows[known], [types.index(kind) for kind in kinds if kind is not None])
    return Model(SCALE, flag.coef_[0], float(flag.intercept_[0]), sort.coef_, sort.intercept_, sha256)


def predict(model: Model, part: Prepared) -> list[CommitmentType | None]:
    """What `nlp.commitments.flag.flag` gives with this model, types only."""
    share = float(words().data["model_share"])
    given: list[CommitmentType | None] = []
    for example, reading, likely, learnt in zip(
        part.examples, part.readings, model.flagged(part.rows), model.kinds(part.rows), strict=True
    ):
        sure = share * float(likely) + (1 - share) * confidence(reading)
        flagged = not reading.recall and sure >= bar(example.said)
        given.append(type_of(reading, learnt) if flagged else None)
    return given


def scores(gold: Sequence[CommitmentType | None], given: Sequence[CommitmentType | None]) -> dict[str, float]:
    """Precision, recall and F1 of flagging, F1 of each type and their mean (macro)."""
    hits = sum(bool(g and p) for g, p in zip(gold, given, strict=True))
    wanted, flagged = sum(g is not None for g in gold), sum(p is not None for p in given)
    found = {
        "p": hits / max(flagged, 1),
        "r": hits / max(wanted, 1),
        "f1": 2 * hits / max(wanted + flagged, 1),
    }
    by_type = {}
    for kind in vocabulary.types():
        right = sum(g == p == kind for g, p in zip(gold, given, strict=True))
        by_type[kind] = 2 * right / max(sum(g == kind for g in gold) + sum(p == kind for p in given), 1)
    return found | by_type | {"macro": sum(by_type.values()) / len(by_type)}


def digest(folder: Path = TRAINING, path: Path = COUNTY) -> str:
    """SHA-256 over the files learnt from, in the order of their names."""
    made = hashlib.sha256()
    for file in (*sorted(folder.glob("*.jsonl")), path):
        made.update(file.name.encode() + b"\x00" + file.read_bytes())
    return made.hexdigest()


def left_out(own: Prepared, labelled: Prepared) -> dict[str, float]:
    """Scores over the county, each pledge's thread judged by a model that saw all but it."""
    threads = np.array([example.thread for example in labelled.examples])
    gold: list[CommitmentType | None] = []
    given: list[CommitmentType | None] = []
    for thread in sorted(set(threads)):
        model = train([own, labelled.pick(threads != thread)])
        held = labelled.pick(threads == thread)
        gold += [example.type for example in held.examples]
        given += predict(model, held)
    return scores(gold, given)


def write(model: Model, path: Path = DATA) -> None:
    """The model as JSON, numbers to five places."""

    def rounded(values: Doubles) -> Any:
        return np.round(values, 5).tolist()

    data = {
        "made_by": "python -m nlp.commitments.train",
        "sha256": model.sha256,
        "features": names(),
        "scale": model.scale,
        "flag": rounded(model.flag),
        "flag_bias": round(model.flag_bias, 5),
        "types": rounded(model.types),
        "types_bias": rounded(model.types_bias),
    }
    path.write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Train the commitment model from nlp/commitments/data/training."
    )
    parser.add_argument(
        "--left-out", action="store_true", help="print scores on what was left out, write nothing"
    )
    wanted = parser.parse_args(arguments)
    embedder = Embedder()
    own, labelled = prepare(sentences("train"), embedder), prepare(county(), embedder)
    model = train([own, labelled], digest())
    if not wanted.left_out:
        write(model)
        return 0
    test = prepare(sentences("test"), embedder)
    given = predict(train([own, labelled]), test)
    rows = {
        "county, each thread left out": left_out(own, labelled),
        "own test sentences": scores([example.type for example in test.examples], given),
    }
    for name, row in rows.items():
        sys.stdout.write(f"{name}: " + "  ".join(f"{key} {value:.3f}" for key, value in row.items()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
