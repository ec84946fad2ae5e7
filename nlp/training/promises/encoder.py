"""Fine-tunes MiniLM on pairs of a pledge and a passage: near where it bears on it, and what it says of it."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from ledger.data_files import data_file
from nlp.models import promise_encoder as runtime
from nlp.models.package import package_folder
from nlp.models.promise_encoder import INPUTS, NONE, OUTPUTS, STANCES, passage_text, pledge_text, time_told
from nlp.training.export import OPSET

PAIRS = data_file(runtime.__file__, "pairs")
PAIR_PIECES = 192  # of a pledge and a passage read together
BATCH = 8  # pledges
HARD = 2  # passages a pledge that do not bear on it
TOGETHER = 16  # pairs of a batch that are also read together
RATE = 8e-5
RATE_FURTHER = 6e-5  # of the cycle over regions
OF_REGIONS, OF_PAIRS = 2_800, 800  # passages that bear on a pledge of which it learns further
WARM = 60  # steps
SHARPNESS = 20.0  # by which cosines are multiplied (Henderson et al. 2017, arXiv:1705.00652)
STANCE_SHARE = 1.0  # weight of what the passage says in the loss
UNTITLED = 0.6  # share of pledges that are read without a title, as the product often has none
UNPLACED = 0.15  # share of passages without headline and sentence before


@dataclass(frozen=True)
class PairTexts:
    """A pledge and one passage, as texts; ``when``: of the passage against the pledge's first date."""

    pledge: str
    titled: str
    passage: str
    alone: str
    when: str
    stance: str


class PromiseNet(nn.Module):
    """MiniLM with mean pooling and one linear layer for stances; its word embeddings stay as published."""

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            str(package_folder()),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(self.body.config.hidden_size, len(STANCES))
        for parameter in self.body.embeddings.parameters():
            parameter.requires_grad = False

    def pooled(self, pieces: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        hidden = self.body(input_ids=pieces, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        share = mask[..., None].to(hidden.dtype)
        mean: Tensor = (hidden * share).sum(1) / share.sum(1)
        return mean


def load(folder: Path = PAIRS) -> list[list[PairTexts]]:
    """The pairs of the files of a folder, those of one pledge together."""
    return [
        _pairs(json.loads(line))
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def _pairs(row: dict[str, Any]) -> list[PairTexts]:
    pledge = row["pledge"]
    due = date.fromisoformat(pledge["first_due"]) if pledge.get("first_due") else None
    made = []
    for one in row["passages"]:
        day = date.fromisoformat(one["day"][:10])
        by = one.get("by") or ""
        made.append(
            PairTexts(
                pledge_text(pledge["owner"] or "", pledge["body"] or "", pledge["text"]),
                pledge_text(pledge["owner"] or "", pledge["body"] or "", pledge["text"], pledge["title"]),
                passage_text(one["title"], one.get("prev") or "", by, one["text"]),
                passage_text("", "", by, one["text"]),
                time_told((day - due).days if due else None),
                one["stance"],
            )
        )
    return made


def train(
    groups: Sequence[Sequence[PairTexts]], cycles: Sequence[int], tell: Callable[[str], None], seed: int = 0
) -> PromiseNet:
    """A net fitted to the pairs of these pledges. The same seed, data and threads give the same weights.

    ``cycles``: epochs of each; the rate falls to nothing in each and begins anew in the next.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    net = PromiseNet()
    near = [(group, pair) for group in groups for pair in group if pair.stance != NONE]
    for epochs in cycles:
        _cycle(net, _tokenizers(), near, epochs, RATE, tell)
    return net.eval()


def train_further(
    net: PromiseNet,
    labelled: Sequence[Sequence[PairTexts]],
    groups: Sequence[Sequence[PairTexts]],
    tell: Callable[[str], None],
    seed: int = 0,
) -> PromiseNet:
    """The net after one more epoch, over some of the groups of labelled regions and some of the others.

    So it learns of clauses as they stand in news, and forgets nothing of the pairs. The net given is changed.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    near: list[tuple[Sequence[PairTexts], PairTexts]] = []
    for source, most in ((labelled, OF_REGIONS), (groups, OF_PAIRS)):
        bearing = [(group, pair) for group in source for pair in group if pair.stance != NONE]
        near += random.sample(bearing, min(most, len(bearing)))
    _cycle(net, _tokenizers(), near, 1, RATE_FURTHER, tell)
    return net.eval()


def _tokenizers() -> tuple[Tokenizer, Tokenizer]:
    """Of one text, and of two read together."""
    one, two = (
        runtime.truncated(Tokenizer.from_file(str(package_folder() / "tokenizer.json")), most)
        for most in (runtime.PIECES, PAIR_PIECES)
    )
    return one, two


def _cycle(
    net: PromiseNet,
    tokenizers: tuple[Tokenizer, Tokenizer],
    near: Sequence[tuple[Sequence[PairTexts], PairTexts]],
    epochs: int,
    rate: float,
    tell: Callable[[str], None],
) -> None:
    one, two = tokenizers
    steps = epochs * (len(near) // BATCH)
    optimizer = torch.optim.AdamW(
        [p for p in net.parameters() if p.requires_grad], lr=rate, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda t: min(1.0, (t + 1) / WARM) * max(0.01, 1 - t / max(1, steps))
    )
    for epoch in range(epochs):
        net.train()
        began, total, right = time.monotonic(), [0.0, 0.0], 0
        order = random.sample(near, len(near))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            part = order[at : at + BATCH]
            hard = [pair for group, _ in part for pair in _hard(group)]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                likeness = _likeness(net, one, part, hard)
                pairs = [pair for _, pair in part] + random.sample(hard, min(len(hard), TOGETHER - BATCH))
                told = _told(net, two, pairs)
            first = functional.cross_entropy(likeness.float(), torch.arange(BATCH))
            second = functional.cross_entropy(
                told.float(), torch.tensor([STANCES.index(p.stance) for p in pairs])
            )
            loss = first + STANCE_SHARE * second
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total = [total[0] + float(first.detach()), total[1] + float(second.detach())]
            right += 1
        tell(
            f"epoch {epoch + 1} of {epochs}: likeness {total[0] / right:.3f}, stance {total[1] / right:.3f}, "
            f"{time.monotonic() - began:.0f} s"
        )


def _likeness(
    net: PromiseNet,
    tokenizer: Tokenizer,
    part: Sequence[tuple[Sequence[PairTexts], PairTexts]],
    hard: Sequence[PairTexts],
) -> Tensor:
    """Cosines of the batch's pledges with its passages, those of one pledge not held against each other."""
    pledges = [pair.pledge if random.random() < UNTITLED else pair.titled for _, pair in part]
    passages = [_placed(pair) for _, pair in part] + [_placed(pair) for pair in hard]
    rows = functional.normalize(net.pooled(*_batch(tokenizer.encode_batch(pledges))), dim=1)
    columns = functional.normalize(net.pooled(*_batch(tokenizer.encode_batch(passages))), dim=1)
    same = torch.zeros(len(part), len(passages))
    for i, (group, _) in enumerate(part):
        for j, (other, _) in enumerate(part):
            if i != j and group is other:
                same[i, j] = -1e4
    return rows @ columns.T * SHARPNESS + same


def _hard(group: Sequence[PairTexts]) -> list[PairTexts]:
    """Some passages of a pledge that do not bear on it, though they share its words."""
    apart = [pair for pair in group if pair.stance == NONE]
    return random.sample(apart, min(HARD, len(apart)))


def _placed(pair: PairTexts) -> str:
    return pair.alone if random.random() < UNPLACED else pair.passage


def _told(net: PromiseNet, tokenizer: Tokenizer, pairs: Sequence[PairTexts]) -> Tensor:
    texts = [
        (pair.pledge if random.random() < UNTITLED else pair.titled, f"{pair.when}. {_placed(pair)}")
        for pair in pairs
    ]
    scores: Tensor = net.head(net.drop(net.pooled(*_batch(tokenizer.encode_batch(texts)))))
    return scores


def _batch(encoded: Sequence[Encoding]) -> Iterator[Tensor]:
    """Pieces, kinds and mask, (n, width), padded."""
    width = max(len(one.ids) for one in encoded)
    for field, fill in (("ids", 0), ("type_ids", 0), ("attention_mask", 0)):
        yield torch.tensor(
            [[*row, *[fill] * (width - len(row))] for row in (getattr(e, field) for e in encoded)]
        )


class _Readings(nn.Module):
    """The net as it is run: a unit vector, and the shares of the stances."""

    def __init__(self, net: PromiseNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, pieces: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        mean = self.net.pooled(pieces, kinds, torch.ones_like(pieces))
        return functional.normalize(mean, dim=1), torch.softmax(self.net.head(mean), dim=1)


def export(net: PromiseNet, file: Path) -> None:
    """Writes the net's weights as int8, each matrix with a scale a column (dynamic quantisation)."""
    like = torch.ones(1, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Readings(net).eval(),
            (like, torch.zeros_like(like)),
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={key: {0: "texts", 1: "pieces"} for key in INPUTS},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
