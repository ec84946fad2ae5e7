"""Encoders of promises that left a list of regions out: what every figure on pledges is measured with.

Each lies as what its matrices differ by from those of the encoder that ships, packed: all were taught by the
same pairs first, so that one takes a fifteenth of its size.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from ledger.data_files import data_file, read_yaml
from nlp.models import learned
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.session import content_of
from nlp.training import left_out

FOLDER = data_file(left_out.__file__, "judged")
_Bytes = NDArray[np.uint8]


def folds() -> list[list[str]]:
    """The regions that are left out together."""
    listed: list[list[str]] = read_yaml(left_out.__file__, "folds.yaml")["folds"]
    return listed


def of_region(name: str) -> PromiseEncoder:
    """The encoder that learned nothing from a region. Raises WrongUse where it is missing."""
    return _of_fold(next(fold for fold, names in enumerate(folds()) if name in names))


@cache
def _of_fold(fold: int) -> PromiseEncoder:
    file = _file(fold)
    return PromiseEncoder(_combined(lzma.decompress(content_of(file)), np.add), str(file))


def keep(fold: int, file: Path) -> None:
    """Keeps the encoder of a file as the one that left a list out. The one that ships lies there already."""
    _file(fold).write_bytes(lzma.compress(_combined(content_of(file), np.subtract), preset=9))


def _file(fold: int) -> Path:
    return FOLDER / f"encoder_{fold}.xz"


def _combined(content: bytes, how: Callable[[_Bytes, _Bytes], _Bytes]) -> bytes:
    """A graph whose matrices are combined byte by byte with those of the encoder that ships."""
    model, shipped = (onnx.load_from_string(one) for one in (content, content_of(learned.PROMISES)))
    beside = {one.name: one.raw_data for one in shipped.graph.initializer}
    for one in model.graph.initializer:
        if one.raw_data and len(beside.get(one.name, b"")) == len(one.raw_data):
            mine, other = (np.frombuffer(data, np.uint8) for data in (one.raw_data, beside[one.name]))
            one.raw_data = how(mine, other).tobytes()
    told: bytes = model.SerializeToString()
    return told
