"""Opens a learned part's ONNX graph for onnxruntime."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
)

from ledger.data_files import data_file
from ledger.errors import WrongUse

HASHES: Final = data_file(__file__, "weights.json")
REMEDY: Final = "install Said & Done again, or from a clone make them anew with: make train"


def content_of(file: Path) -> bytes:
    """The bytes of a graph. Raises WrongUse, with the remedy, where it is missing, and where one that ships
    is not the one whose SHA-256 is written down beside it."""
    try:
        content = file.read_bytes()
        if file.parent == HASHES.parent and hashlib.sha256(content).hexdigest() != _hashes().get(file.name):
            raise WrongUse(f"the learned weights were changed: {file} is not what ships; {REMEDY}")
        return content
    except FileNotFoundError as fault:
        raise WrongUse(f"the learned weights are missing: {fault.filename}; {REMEDY}") from None


def _hashes() -> dict[str, str]:
    """The SHA-256 of each graph that ships, by its file's name (written by `nlp.training.manifest`)."""
    loaded: dict[str, str] = json.loads(HASHES.read_text(encoding="utf-8"))
    return loaded


def session(content: bytes, where: str) -> InferenceSession:
    """A graph, run on one thread: the same sums on every machine.

    ``where`` is named when it is no graph: then it raises WrongUse, with the remedy.
    """
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except (InvalidProtobuf, InvalidArgument, InvalidGraph, Fail) as fault:
        told = str(fault).splitlines()[0]
        raise WrongUse(f"the learned weights cannot be read: {where}: {told}; {REMEDY}") from None
