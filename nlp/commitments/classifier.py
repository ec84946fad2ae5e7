"""The trained part of flagging: a logistic regression over MiniLM vectors and the rules' features.

Its numbers are in commitment_model.json, written by `python -m nlp.commitments.train`, with the SHA-256 of
the sentences they were learnt from. The vectors are scaled down against the features, so that what a
sentence is about weighs less than what the rules see in it: towns and topics change, the grammar of
promising does not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger import vocabulary
from ledger.data_files import data_file
from ledger.errors import WrongUse
from ledger.types import CommitmentType
from nlp.commitments.features import names

DATA = data_file(__file__, "commitment_model.json")
Doubles = NDArray[np.float64]


def design(features: Sequence[Sequence[float]], vectors: NDArray[np.float32], scale: float) -> Doubles:
    """The rows the model reads: features, then the vector times ``scale``; shape (n, features + 384)."""
    return np.hstack([np.asarray(features, dtype=np.float64).reshape(len(vectors), -1), vectors * scale])


@dataclass(frozen=True)
class Model:
    """Weights of both regressions: flagged or not, shape (columns,), and one row for each type."""

    scale: float
    flag: Doubles
    flag_bias: float
    types: Doubles
    types_bias: Doubles
    sha256: str

    def flagged(self, rows: Doubles) -> Doubles:
        """How likely each row is a commitment, 0 to 1."""
        sure: Doubles = 1.0 / (1.0 + np.exp(-(rows @ self.flag + self.flag_bias)))
        return sure

    def kinds(self, rows: Doubles) -> list[CommitmentType]:
        """The likeliest type of each row, given that it is a commitment."""
        kinds = list(vocabulary.types())
        return [kinds[int(best)] for best in np.argmax(rows @ self.types.T + self.types_bias, axis=1)]


def load(path: Path = DATA) -> Model:
    """The model in a JSON file; WrongUse, naming the file, when it is absent or fits another version."""
    data = _read(path)
    if data.get("features") != names():
        raise WrongUse(
            f"the commitment model {path} was made for other features or types;"
            " run: python -m nlp.commitments.train"
        )
    return Model(
        scale=float(data["scale"]),
        flag=np.array(data["flag"]),
        flag_bias=float(data["flag_bias"]),
        types=np.array(data["types"]),
        types_bias=np.array(data["types_bias"]),
        sha256=str(data["sha256"]),
    )


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongUse(
            f"cannot read the commitment model {path}: {error}; remedy: python -m nlp.commitments.train"
        ) from error
    return data
