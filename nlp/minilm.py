"""The forward pass of all-MiniLM-L6-v2 in plain torch: token ids in, sentence vectors out.

The architecture is BERT's (Devlin et al. 2019) with six layers of width 384; a sentence's vector is the
mean of its tokens' last states, scaled to length 1 (Reimers & Gurevych 2019). Written out because the
general libraries spend more time around the matrix products than in them on short news sentences, and
take seconds to import. The vectors are those of sentence-transformers to within rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12

Weights = Mapping[str, torch.Tensor]


def sentence_vectors(weights: Weights, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """Vectors of one batch of token id lists, each of at least one id: (n, 384), rows of length 1."""
    longest = max(map(len, tokens))
    ids = torch.zeros((len(tokens), longest), dtype=torch.long)
    real = torch.zeros((len(tokens), longest), dtype=torch.bool)
    for row, some in enumerate(tokens):
        ids[row, : len(some)] = torch.tensor(some, dtype=torch.long)
        real[row, : len(some)] = True
    attends = None if bool(real.all()) else real[:, None, None, :]
    with torch.inference_mode():
        states = _embed(weights, ids)
        for layer in range(LAYERS):
            states = _layer(weights, f"encoder.layer.{layer}.", states, attends)
        kept = real.unsqueeze(-1).to(states.dtype)
        pooled = (states * kept).sum(1) / kept.sum(1)
        vectors: NDArray[np.float32] = F.normalize(pooled, dim=1).numpy()
    return vectors


def _embed(weights: Weights, ids: torch.Tensor) -> torch.Tensor:
    words = F.embedding(ids, weights["embeddings.word_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    return _norm(weights, "embeddings.LayerNorm", words + places + kinds)


def _layer(weights: Weights, at: str, states: torch.Tensor, attends: torch.Tensor | None) -> torch.Tensor:
    rows, length, _ = states.shape

    def heads(name: str) -> torch.Tensor:
        turned = _linear(weights, f"{at}attention.self.{name}", states)
        return turned.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)

    seen: Any = F.scaled_dot_product_attention(
        heads("query"), heads("key"), heads("value"), attn_mask=attends
    )
    joined = seen.transpose(1, 2).reshape(rows, length, WIDTH)
    states = _norm(
        weights,
        f"{at}attention.output.LayerNorm",
        states + _linear(weights, f"{at}attention.output.dense", joined),
    )
    inner = F.gelu(_linear(weights, f"{at}intermediate.dense", states))
    return _norm(weights, f"{at}output.LayerNorm", states + _linear(weights, f"{at}output.dense", inner))


def _linear(weights: Weights, name: str, states: torch.Tensor) -> torch.Tensor:
    return F.linear(states, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Weights, name: str, states: torch.Tensor) -> torch.Tensor:
    return F.layer_norm(states, (WIDTH,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)
