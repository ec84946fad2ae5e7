"""A trained tagger as the int8 ONNX file that onnxruntime runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from nlp.models.tagger import HEADS, INPUTS
from nlp.training.tagger import Net

OPSET = 17


class _Probabilities(nn.Module):
    """The net with its scores made probabilities. Windows run one by one, whole: no piece is masked, and
    attention without a mask costs a quarter less."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, pieces: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        return tuple(torch.softmax(score, dim=-1) for score in self.net(pieces, shapes))


def export(net: Net, file: Path) -> None:
    """Writes the net's weights as int8, each matrix with a scale a column (dynamic quantisation)."""
    like = torch.ones(1, 16, dtype=torch.long)
    axes = {0: "windows", 1: "pieces"}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Probabilities(net).eval(),
            (like, torch.zeros_like(like)),
            str(whole),
            input_names=list(INPUTS),
            output_names=list(HEADS),
            dynamic_axes=dict.fromkeys((*INPUTS, *HEADS), axes),
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
