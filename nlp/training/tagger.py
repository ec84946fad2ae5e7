"""Fine-tunes MiniLM to tag statements, their cues and sources, and clauses that promise, piece by piece."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from nlp.models.package import package_folder
from nlp.models.tagger import HEADS, Tagged, tagged
from nlp.models.windows import SHAPES, Window, number_of, windows
from nlp.statements.quotes import quoted
from nlp.text.boilerplate import blanked, page_furniture
from nlp.text.paragraphs import paragraphs

LabelledArticle = Mapping[str, Any]
IGNORED = -100
WEIGHTS = {"content": 1.0, "role": 1.0, "clause": 1.5, "type": 0.3, "minor": 0.3}  # of the heads in the loss
BATCH = 6  # windows
RATE = 1.2e-4
WARM = 100  # steps
DROPOUT = 0.1
OTHER_MARKS = 0.3  # share of windows whose quotation marks are changed for another house's
OTHER_NAMES = 0.2  # share of capitalised words changed for another: no name is learned by heart


@dataclass(frozen=True)
class LabelledWindow:
    window: Window
    labels: Mapping[str, list[int]]


class Net(nn.Module):
    """MiniLM, a table of shapes added to its embeddings, and one linear layer a head.

    The word embeddings stay as published.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            str(package_folder()),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,  # drawn numbers cost a fifth of the time on a processor
            attention_probs_dropout_prob=0.0,
        )
        size = self.body.config.hidden_size
        self.shapes = nn.Embedding(SHAPES, size)
        nn.init.zeros_(self.shapes.weight)
        self.drop = nn.Dropout(DROPOUT)
        self.heads = nn.ModuleList(nn.Linear(size, len(labels)) for labels in HEADS.values())
        for parameter in self.body.embeddings.parameters():
            parameter.requires_grad = False

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        words = self.body.embeddings.word_embeddings(pieces) + self.shapes(shapes)
        hidden = self.drop(self.body(inputs_embeds=words, attention_mask=mask).last_hidden_state)
        return tuple(head(hidden) for head in self.heads)


def tokenizer_of(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def text_windows(tokenizer: Tokenizer, text: str) -> list[Window]:
    """The windows of an article's report, page furniture left out."""
    text = blanked(text, page_furniture(text))
    paras = paragraphs(text)
    inside = [(q.start, q.end) for q in quoted(text, paras)]
    return list(windows(tokenizer, text, ((p.start, p.end) for p in paras if not p.furniture), inside))


def examples(tokenizer: Tokenizer, article: LabelledArticle) -> list[LabelledWindow]:
    """An article's windows with the labels of its statements; pieces that are not asked about are ignored.

    Own words (`nlp.training.promises.sentences`) tell of promises alone.
    """
    text = article["text"]
    whole = {name: [0] * len(text) for name in HEADS}
    begins: dict[str, set[int]] = {name: set() for name in HEADS}

    def mark(head: str, label: str, span: Sequence[int]) -> None:
        value = HEADS[head].index(label)
        whole[head][span[0] : span[1]] = [value] * (span[1] - span[0])
        begins[head].add(span[0])

    for statement in article["statements"]:
        for span in statement["content"]:
            mark("content", "I-" + statement["kind"], span)
        for span in statement.get("source") or []:
            mark("role", "I-source", span)
        for span in statement.get("cue") or []:
            mark("role", "I-cue", span)
        for commitment in statement["commitments"]:
            mark("clause", "I", commitment["span"])
            mark("type", commitment["type"], commitment["span"])
            mark("minor", "minor" if commitment.get("minor") else "tracked", commitment["span"])
    made = []
    for window in text_windows(tokenizer, text):
        labels = {head: _labels(head, window, whole[head], begins[head]) for head in HEADS}
        clause = labels["clause"]
        if article.get("own_words"):
            labels |= {head: [IGNORED] * len(clause) for head in ("content", "role", "minor")}
        for head in ("type", "minor"):
            labels[head] = [
                label if inside > 0 else IGNORED for label, inside in zip(labels[head], clause, strict=True)
            ]
        made.append(LabelledWindow(window, labels))
    return made


def _labels(head: str, window: Window, whole: Sequence[int], begins: set[int]) -> list[int]:
    """One label a piece: that of its characters, its beginning where a span begins in it."""
    names = HEADS[head]
    made = []
    for n, (start, end) in enumerate(window.offsets):
        if n < window.asked or start < 0:
            made.append(IGNORED)
            continue
        label = max(whole[start:end], default=0)
        name = names[label]
        if name.startswith("I") and any(at in begins for at in range(start, end)):
            label = names.index("B" + name[1:])
        made.append(label)
    return made


def batches(
    listed: Sequence[LabelledWindow], change: Callable[[Window], list[int]] | None
) -> Iterator[tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]]:
    """Batches in the order given, padded: pieces, shapes, mask (n, width), labels by head."""
    for at in range(0, len(listed), BATCH):
        part = listed[at : at + BATCH]
        width = max(len(one.window.pieces) for one in part)

        def padded(rows: Sequence[Sequence[int]], fill: int, width: int = width) -> Tensor:
            return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])

        pieces = [change(one.window) if change else one.window.pieces for one in part]
        yield (
            padded(pieces, 0),
            padded([one.window.shapes for one in part], 0),
            padded([[1] * len(one.window.pieces) for one in part], 0),
            {head: padded([one.labels[head] for one in part], IGNORED) for head in HEADS},
        )


class Changes:
    """Other houses' quotation marks, and other names: what a window is read with while learning."""

    def __init__(self, tokenizer: Tokenizer, listed: Sequence[LabelledWindow], seed: int) -> None:
        self._random = random.Random(seed)
        self._marks = {number_of(tokenizer, mark): n for n, mark in enumerate('“”"')}
        self._houses = [
            [number_of(tokenizer, mark) for mark in house] for house in ('“”"', '"""', "‘’'", "'''")
        ]
        self._names: dict[int, list[list[int]]] = {}
        for one in listed:
            for run in _names(one.window):
                self._names.setdefault(len(run), []).append([one.window.pieces[n] for n in run])

    def __call__(self, window: Window) -> list[int]:
        pieces = list(window.pieces)
        if self._random.random() < OTHER_MARKS:
            house = self._random.choice(self._houses)
            pieces = [house[self._marks[p]] if p in self._marks else p for p in pieces]
        for run in _names(window):
            if self._random.random() < OTHER_NAMES:
                for n, piece in zip(run, self._random.choice(self._names[len(run)]), strict=True):
                    pieces[n] = piece
        return pieces


def _names(window: Window) -> list[list[int]]:
    """Runs of pieces that are one capitalised word, not the first of its line."""
    runs: list[list[int]] = []
    for n in range(2, len(window.pieces)):
        start, end = window.offsets[n]
        before = window.offsets[n - 1]
        if start < 0 or before[0] < 0:
            continue
        if runs and runs[-1][-1] == n - 1 and before[1] == start and end > start:
            runs[-1].append(n)
        elif window.shapes[n] % 3 == 1 and before[1] < start:
            runs.append([n])
    return runs


def train(
    articles: Sequence[LabelledArticle], cycles: Sequence[int], tell: Callable[[str], None], seed: int = 0
) -> Net:
    """A net fitted to these articles. The same seed, data and number of threads give the same weights.

    ``cycles``: epochs of each; in each the rate falls from `RATE` to nothing and the next begins anew
    (Loshchilov and Hutter 2017, arXiv:1608.03983).
    """
    random.seed(seed)
    torch.manual_seed(seed)
    tokenizer = tokenizer_of(package_folder())
    listed = [one for article in articles for one in examples(tokenizer, article)]
    change = Changes(tokenizer, listed, seed)
    net = Net()
    for cycle in cycles:
        _cycle(net, listed, change, cycle, tell)
    return net.eval()


def _cycle(
    net: Net, listed: Sequence[LabelledWindow], change: Changes, epochs: int, tell: Callable[[str], None]
) -> None:
    steps = epochs * (len(listed) // BATCH + 1)
    optimizer = torch.optim.AdamW(
        [p for p in net.parameters() if p.requires_grad], lr=RATE, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda t: min(1.0, (t + 1) / WARM) * max(0.01, 1 - t / steps)
    )
    for epoch in range(epochs):
        net.train()
        began, total = time.monotonic(), 0.0
        for pieces, shapes, mask, labels in batches(random.sample(listed, len(listed)), change):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = net(pieces, shapes, mask)
            loss = sum(
                (
                    WEIGHTS[head]
                    * functional.cross_entropy(score.float().flatten(0, 1), labels[head].flatten())
                    for head, score in zip(HEADS, scores, strict=True)
                    if (labels[head] != IGNORED).any()
                ),
                torch.zeros(()),
            )
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        tell(
            f"epoch {epoch + 1} of {epochs}: loss {total / max(1, len(listed) // BATCH):.3f}, "
            f"{time.monotonic() - began:.0f} s"
        )


def read(net: Net, tokenizer: Tokenizer, text: str) -> Tagged:
    """What the net reads in a text."""
    offsets: list[tuple[int, int]] = []
    found: list[list[NDArray[np.float32]]] = [[] for _ in HEADS]
    with torch.inference_mode():
        for window in text_windows(tokenizer, text):
            scores = net(
                torch.tensor([window.pieces]),
                torch.tensor([window.shapes]),
                torch.ones(1, len(window.pieces), dtype=torch.long),
            )
            kept = [n for n in range(window.asked, len(window.pieces)) if window.offsets[n][0] >= 0]
            offsets += [window.offsets[n] for n in kept]
            for rows, score in zip(found, scores, strict=True):
                rows.append(torch.softmax(score[0], -1).numpy()[kept])
    whole = [
        np.concatenate(rows) if rows else np.zeros((0, len(labels)), np.float32)
        for rows, labels in zip(found, HEADS.values(), strict=True)
    ]
    return tagged(np.array(offsets, np.int32).reshape(-1, 2), whole)
