"""The encoder of promises: a pledge's vector lies near those of the passages that bear on it.

MiniLM fine-tuned on pairs of both by `nlp.training.promises.encoder`, as int8. It reads one text at a time,
so that what is read never hangs on its neighbours. It has also learned to tell, of both read together, what
the passage says of the pledge: that betters the vectors, and is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.models.package import package_folder
from nlp.models.session import session

INPUTS: Final = ("pieces", "kinds")
OUTPUTS: Final = ("vector", "stances")
NONE: Final = "none"  # does not bear on the pledge
STANCES: Final = (NONE, "restated", "delayed", "progress", "delivered", "cancelled", "broken")
PIECES: Final = 128  # of one text that are read
MOST_KNOWN: Final = 50_000  # vectors kept by a process: about 80 MB
Vectors = NDArray[np.float32]


def pledge_text(owner: str, body: str, words: str, about: str = "") -> str:
    """A pledge as the encoder reads it: whose, in which words, and the headline it stood under."""
    return f"{', '.join(filter(None, (owner, body)))}: {words}{f' ({about})' if about else ''}"


def passage_text(headline: str, before: str, by: str, words: str) -> str:
    """A passage as the encoder reads it: its headline, the sentence before, who says it, its words."""
    return f"{headline}. {before} || {by}: {words}"


class PromiseEncoder:
    """A graph's weights with MiniLM's own tokenizer.

    ``where``: the graph's file. Raises WrongUse, naming it and the remedy, where it is no graph.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self._tokenizer = truncated(Tokenizer.from_file(str(package_folder() / "tokenizer.json")), PIECES)
        self._session = session(content, where)
        self._known: dict[str, NDArray[np.float32]] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, 384), rows of length 1, of pledges and passages alike. What it has read is not read again."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, one in zip(fresh, self._tokenizer.encode_batch(fresh), strict=True):
            self._known[text] = self._read(one.ids, one.type_ids)
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 384), np.float32)

    def _read(self, pieces: list[int], kinds: list[int]) -> NDArray[np.float32]:
        given = {"pieces": np.array([pieces], np.int64), "kinds": np.array([kinds], np.int64)}
        row: NDArray[np.float32] = self._session.run(OUTPUTS[:1], given)[0][0]
        return row


def truncated(tokenizer: Tokenizer, most: int) -> Tokenizer:
    """A tokenizer that reads this many pieces; of a pair the longer text is cut."""
    tokenizer.enable_truncation(most, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def time_told(days: int | None) -> str:
    """How a passage's day stands to the pledge's first date: "4 months after the date"."""
    if days is None:
        return "no date"
    months = round(abs(days) / 30.4)
    length = f"{abs(days)} days" if months < 2 else f"{months} months"
    return f"{length} {'after' if days > 0 else 'before'} the date" if days else "on the date"
