"""Encoders of promises that left a third of the regions out: what every figure on pledges is measured with.

They lie where training keeps its steps. That of the regions whose votes are kept lies beside these, without
the matrices that it has in common with the one that ships: the word embeddings, which nothing changes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import onnx

from ledger.data_files import data_file, read_yaml
from ledger.errors import WrongUse
from nlp.models import learned
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.session import content_of
from nlp.training import left_out

KEPT = data_file(left_out.__file__, "judged") / "encoder.onnx"
WORK = Path("build/training")


def folds() -> list[list[str]]:
    """The regions that are left out together."""
    listed: list[list[str]] = read_yaml(left_out.__file__, "folds.yaml")["folds"]
    return listed


def file_of(fold: int, work: Path = WORK) -> Path:
    """Where the encoder that left a third out lies."""
    return work / f"encoder_{fold}.onnx"


def there(work: Path = WORK) -> bool:
    """True where all of them have been trained."""
    return all(file_of(fold, work).is_file() for fold in range(len(folds())))


def by_region(work: Path = WORK) -> dict[str, PromiseEncoder]:
    """The encoder that learned nothing from a region, for each. Raises WrongUse where one is not there."""
    if not there(work):
        raise WrongUse(f"the encoders of {work} are missing; train them with: python -m nlp.training encoder")
    return {
        name: encoder
        for fold, names in enumerate(folds())
        for encoder in [PromiseEncoder(content_of(file_of(fold, work)), str(file_of(fold, work)))]
        for name in names
    }


@cache
def kept() -> PromiseEncoder:
    """The encoder that left out the regions whose votes are kept. Raises WrongUse where it is missing."""
    model, shared = onnx.load_from_string(content_of(KEPT)), _matrices()
    for one in model.graph.initializer:
        if one.doc_string == learned.PROMISES.name:
            one.raw_data, one.doc_string = shared[one.name], ""
    return PromiseEncoder(model.SerializeToString(), str(KEPT))


def keep(file: Path) -> None:
    """Writes a file's encoder to where `kept` reads it."""
    model, shared = onnx.load_from_string(content_of(file)), _matrices()
    for one in model.graph.initializer:
        if one.raw_data and one.raw_data == shared.get(one.name):
            one.raw_data, one.doc_string = b"", learned.PROMISES.name
    KEPT.write_bytes(model.SerializeToString())


def _matrices() -> dict[str, bytes]:
    """The numbers of the encoder that ships, by name."""
    model = onnx.load_from_string(content_of(learned.PROMISES))
    return {one.name: one.raw_data for one in model.graph.initializer}
