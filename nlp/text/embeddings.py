"""Sentences to vectors by all-MiniLM-L6-v2, from the files an installed package carries, never the network.

The model's file is checked against the published checksum before it is read. Caching by content is the
caller's: the same text always gives the same vector to within rounding (about 1e-6).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ledger.errors import WrongUse
from nlp.models.package import REMEDY, package_folder

if TYPE_CHECKING:
    from nlp.models.encoder import MiniLM

SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH: Final = 384
MAX_TOKENS: Final = 256  # the published model's own limit; what follows is not read
MAX_CHARS: Final = 20_000  # far more than 256 tokens: bounds the work on hostile texts
MAX_KNOWN: Final = 200_000  # vectors kept by the process: about 400 MB
TOKENS_A_BATCH: Final = 2_048  # keeps a batch's states within a core's cache

_known: dict[tuple[Path, str], NDArray[np.float32]] = {}


class Embedder:
    """The model, loaded at the first text and shared by all embedders of the process.

    ``folder`` holds the model as sentence-transformers saves it; default: the installed package's.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = (folder or package_folder()).resolve()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts in their order: (n, 384), rows of length 1. An empty text is a vector too.

        What the process has encoded before is not encoded again. Raises WrongUse, naming the file and the
        remedy, when a file of the model is absent or its checksum differs.
        """
        clean = [text[:MAX_CHARS].encode("utf-8", "replace").decode() for text in texts]
        if len(_known) > MAX_KNOWN:
            _known.clear()
        fresh = [text for text in dict.fromkeys(clean) if (self._folder, text) not in _known]
        if fresh:
            for text, vector in zip(fresh, _vectors(_load(self._folder), fresh), strict=True):
                _known[self._folder, text] = vector
        if not clean:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack([_known[self._folder, text] for text in clean])


def _vectors(model: MiniLM, texts: Sequence[str]) -> NDArray[np.float32]:
    """The texts' vectors in their order, reckoned in batches of like length, with little padding."""
    tokens = model.tokens(texts)
    vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for batch in _batches([len(some) for some in tokens]):
        vectors[batch] = model.vectors([tokens[row] for row in batch])
    return vectors


def check(file: Path) -> None:
    """Compare a model file's SHA-256 with the published one. Raises WrongUse where it differs."""
    if not file.is_file():
        raise WrongUse(f"the embedding model's file {file} is absent: {REMEDY}")
    with file.open("rb") as read:
        found = hashlib.file_digest(read, "sha256").hexdigest()
    if found != SHA256:
        raise WrongUse(f"the embedding model's file {file} has SHA-256 {found}, not {SHA256}: {REMEDY}")


@lru_cache(maxsize=1)
def word_ranks() -> dict[str, int]:
    """English words by their place in the model's vocabulary, which is ordered by frequency."""
    lines = (package_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return {word: rank for rank, word in enumerate(lines) if word.isalpha()}


@lru_cache(maxsize=100_000)
def rarity(word: str) -> float:
    """How rare a lower-case word is in English: 0 for the commonest, 1 for one outside 30,000.

    A plural or past form counts as its commoner stem would. The measure is the logarithm of the
    word's rank (Zipf: frequency falls with rank), so that it needs no corpus and never changes with
    what is stored.
    """
    ranks = word_ranks()
    first, last = 1_996, len(ranks) + 1_996  # whole words begin after the vocabulary's single letters
    best = min((ranks.get(form, last) for form in _forms(word)), default=last)
    return min(1.0, max(0.0, math.log(max(best, first) / first) / math.log(last / first)))


def _forms(word: str) -> list[str]:
    forms = [word]
    for ending in ("s", "es", "ed", "d", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            forms.append(word[: -len(ending)])
    return forms


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Row numbers in batches of like length, longest first: little padding, bounded memory."""
    batches: list[list[int]] = []
    room = 0
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        if not batches or (len(batches[-1]) + 1) * room > TOKENS_A_BATCH:
            batches.append([])
            room = lengths[row]
        batches[-1].append(row)
    return batches


@lru_cache(maxsize=2)
def _load(folder: Path) -> MiniLM:
    check(folder / "model.safetensors")
    if not (folder / "tokenizer.json").is_file():
        raise WrongUse(f"the embedding model's file {folder / 'tokenizer.json'} is absent: {REMEDY}")
    from nlp.models.encoder import MiniLM  # noqa: PLC0415  # torch: 2 s, only where there is text

    return MiniLM(folder, MAX_TOKENS)
