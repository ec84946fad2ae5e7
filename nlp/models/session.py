"""Opens a learned part's ONNX graph for onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
)

from ledger.errors import WrongUse

REMEDY: Final = "install Said & Done again, or from a clone make them anew with: make train"


def content_of(file: Path) -> bytes:
    """The bytes of a shipped graph. Raises WrongUse, with the remedy, where it is missing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise WrongUse(f"the learned weights are missing: {file}; {REMEDY}") from None


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
