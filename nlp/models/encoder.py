"""all-MiniLM-L6-v2 from its own files: the tokenizer, and the layers as plain functions over the weights.

BERT's six layers (Devlin et al. 2019, doi:10.18653/v1/N19-1423), then the mean over a text's tokens, at
length 1: number for number what sentence-transformers 6.2 gives, without the 5 s that importing it takes.
A module of its own, because torch too takes 2 s: `nlp.text.embeddings` imports it at the first text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

LAYERS, HEADS = 6, 12
EPSILON = 1e-12  # of the layer norms


class MiniLM:
    """The model of a folder that holds ``tokenizer.json`` and ``model.safetensors``.

    ``most``: tokens of a text that are read, its two marks among them.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(most)
        self._tokenizer.no_padding()
        self._weights = load_file(folder / "model.safetensors")

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The texts as numbers of the vocabulary, each between the two marks."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def vectors(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """One batch, padded to its longest text: (n, 384), rows of length 1."""
        with torch.inference_mode():
            padded = pad_sequence([torch.tensor(row) for row in tokens], batch_first=True)
            read = torch.arange(padded.shape[1]) < torch.tensor([[len(row)] for row in tokens])
            seen = None if read.all() else read[:, None, None]
            state = self._embed(padded)
            for layer in range(LAYERS):
                state = self._layer(f"encoder.layer.{layer}.", state, seen)
            share = read[:, :, None].float()
            mean = (state * share).sum(dim=1) / share.sum(dim=1)
            made: NDArray[np.float32] = functional.normalize(mean, dim=-1).numpy()
            return made

    def _embed(self, tokens: Tensor) -> Tensor:
        words, kinds, places = (
            self._weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "token_type", "position")
        )
        return self._norm(
            "embeddings.", functional.embedding(tokens, words) + kinds[0] + places[: tokens.shape[1]]
        )

    def _layer(self, name: str, state: Tensor, seen: Tensor | None) -> Tensor:
        """Attention over the tokens ``seen``, then two dense steps; each is added to what went in."""
        query, key, value = (
            self._dense(f"{name}attention.self.{part}", state)
            .view(*state.shape[:2], HEADS, -1)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        heads = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        told = self._dense(f"{name}attention.output.dense", heads.transpose(1, 2).flatten(2))
        state = self._norm(f"{name}attention.output.", told + state)
        inner = functional.gelu(self._dense(f"{name}intermediate.dense", state))
        return self._norm(f"{name}output.", self._dense(f"{name}output.dense", inner) + state)

    def _dense(self, name: str, state: Tensor) -> Tensor:
        return functional.linear(state, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, name: str, state: Tensor) -> Tensor:
        weight, bias = (self._weights[f"{name}LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(state, weight.shape, weight, bias, EPSILON)
