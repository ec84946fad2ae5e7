"""What taggers read in regions that they never learned from: the ground of every figure and of the votes.

A region's file holds, for its articles in order, the word pieces and what the tagger trained without it
believed of them, each in steps. So the votes can be fitted and judged in minutes, where the taggers took an
hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.data_files import data_file
from nlp.models.regions import Region
from nlp.models.tagger import Tagged, TextLines

FOLDER = data_file(__file__, "left_out")
STEPS = 40  # in which a belief is kept
_PLACES = ("starts", "ends")
_BELIEFS = tuple(field.name for field in fields(Tagged) if field.name not in _PLACES)


def write(name: str, read: Sequence[Tagged], folder: Path = FOLDER) -> None:
    """Writes what was read in a region's articles, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {place: np.concatenate([getattr(one, place) for one in read]) for place in _PLACES}
    kept |= {
        belief: np.round(np.concatenate([getattr(one, belief) for one in read]) * STEPS).astype(np.uint8)
        for belief in _BELIEFS
    }
    sizes = np.array([len(one.starts) for one in read], np.int32)
    np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, sizes=sizes, **kept)


def read_back(name: str, folder: Path = FOLDER) -> list[Tagged]:
    """What `write` kept under a name. Raises FileNotFoundError, naming the file."""
    with np.load(folder / f"{name}.npz") as kept:
        return _apart(kept)


class LeftOutReadings:
    """Reads the articles of regions as the taggers did that never learned from them."""

    def __init__(self, regions: Sequence[Region], folder: Path = FOLDER) -> None:
        """Raises FileNotFoundError, naming the file, where a region was not left out by any tagger."""
        self._known: dict[int, list[tuple[str, Tagged]]] = {}
        for region in regions:
            for article, one in zip(region.articles, read_back(region.name, folder), strict=True):
                self._known.setdefault(len(article["text"]), []).append((article["text"], one))

    def read(self, texts: Sequence[TextLines]) -> list[Tagged]:
        """What was read in each text; page furniture may be blanked. Raises KeyError for an unknown text."""
        return [self._one(text) for text, _, _ in texts]

    def _one(self, text: str) -> Tagged:
        for known, one in self._known.get(len(text), []):
            if all(a == b or a == " " for a, b in zip(text, known, strict=True)):
                return one
        raise KeyError(text[:80])


def _apart(kept: Mapping[str, NDArray[Any]]) -> list[Tagged]:
    ends = np.cumsum(kept["sizes"])
    arrays = {place: kept[place] for place in _PLACES}
    arrays |= {belief: kept[belief].astype(np.float32) / STEPS for belief in _BELIEFS}
    return [
        Tagged(**{name: array[end - size : end] for name, array in arrays.items()})
        for size, end in zip(kept["sizes"], ends, strict=True)
    ]
