"""What the fine-tuned MiniLM reads in a text, by word pieces: statements, cues, sources, promises.

Its int8 weights are made by `nlp.training`; onnxruntime runs them on one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.models.package import package_folder
from nlp.models.session import content_of, session
from nlp.models.windows import Span, Window, windows

INPUTS: Final = ("pieces", "shapes")

KINDS = ("direct", "indirect", "mixed")
TYPES = ("firm", "conditional", "intention", "aspiration", "ongoing", "negative")
HEADS: Final = {
    "content": ("O", *(f"{at}-{kind}" for kind in KINDS for at in "BI")),
    "role": ("O", "B-source", "I-source", "B-cue", "I-cue"),
    "clause": ("O", "B", "I"),
    "type": TYPES,
    "minor": ("tracked", "minor"),
}
Array = NDArray[np.float32]
TextLines = tuple[str, Iterable[Span], Sequence[Span]]  # a text, its lines, its quoted spans


@dataclass(frozen=True)
class Tagged:
    """The tagger's probabilities on one text, a row for each word piece in the text's order.

    ``starts``, ``ends``: characters. ``said``, ``begins``: that a piece is within a statement, or its first.
    ``kinds``: (n, 3) of KINDS. ``source``, ``cue``, ``promise``, ``promise_begins``: (n,).
    ``types``: (n, 6) of TYPES; ``minor``: (n,).
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    said: Array
    begins: Array
    kinds: Array
    source: Array
    cue: Array
    promise: Array
    promise_begins: Array
    types: Array
    minor: Array

    def within(self, span: Span) -> slice:
        """The pieces that begin within a span of characters."""
        first, last = np.searchsorted(self.starts, span)
        return slice(int(first), int(last))


def tagged(offsets: NDArray[np.int32], heads: Sequence[Array]) -> Tagged:
    """The heads' probabilities, in the order of HEADS, as what they mean."""
    content, role, clause, types, minor = (np.asarray(head, np.float32) for head in heads)
    return Tagged(
        starts=offsets[:, 0],
        ends=offsets[:, 1],
        said=1 - content[:, 0],
        begins=content[:, 1::2].sum(axis=1),
        kinds=content[:, 1::2] + content[:, 2::2],
        source=role[:, 1] + role[:, 2],
        cue=role[:, 3] + role[:, 4],
        promise=1 - clause[:, 0],
        promise_begins=clause[:, 1],
        types=types,
        minor=minor[:, 1],
    )


class Tagger:
    """The weights of a file with MiniLM's own tokenizer.

    Raises WrongUse, naming file and remedy, where the weights are missing or no graph.
    """

    def __init__(self, file: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(package_folder() / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._session = session(content_of(file), str(file))

    def read(self, texts: Sequence[TextLines]) -> list[Tagged]:
        """What it reads in each text. Linear in the texts' length.

        Windows run one by one: int8 scales are those of all that runs together, so that what is read in an
        article would hang on its neighbours, and a run that goes on after a kill would differ.
        """
        return [
            _joined([(window, self._run(window)) for window in windows(self.tokenizer, *text)])
            for text in texts
        ]

    def _run(self, window: Window) -> list[Array]:
        rows = (window.pieces, window.shapes)
        inputs = {name: np.array([row], np.int64) for name, row in zip(INPUTS, rows, strict=True)}
        return [head[0] for head in self._session.run(list(HEADS), inputs)]


def _joined(parts: Sequence[tuple[Window, Sequence[Array]]]) -> Tagged:
    """A text's windows put together: the pieces that each was asked about."""
    offsets: list[Span] = []
    heads: list[list[Array]] = [[] for _ in HEADS]
    for window, found in parts:
        kept = [n for n in range(window.asked, len(window.pieces)) if window.offsets[n][0] >= 0]
        offsets += [window.offsets[n] for n in kept]
        for rows, head in zip(heads, found, strict=True):
            rows.append(head[kept])
    whole = [
        np.concatenate(rows) if rows else np.zeros((0, len(labels)), np.float32)
        for rows, labels in zip(heads, HEADS.values(), strict=True)
    ]
    return tagged(np.array(offsets, np.int32).reshape(-1, 2), whole)
