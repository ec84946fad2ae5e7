"""Small learned votes: gradient-boosted trees over named figures.

Friedman 2001, doi:10.1214/aos/1013203451.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.models.session import content_of, session

FigureRows = NDArray[np.float32]
FIGURES: Final = "figures"  # name of the property that holds the figures' names, one a line
LEVELS: Final = "levels"  # and of that with the steps to which shares are levelled: two lists, from and to
KINDS: Final = "kinds"  # and of that with the names of what a vote tells apart, one a line


class Vote(Protocol):
    """Gives each row of figures the share of such rows that are right, 0 to 1."""

    def shares(self, names: Sequence[str], rows: FigureRows) -> FigureRows:
        """(n,) for rows (n, figures)."""


class Trees:
    """A vote as an ONNX graph, which carries the names of its figures in their order."""

    def __init__(self, content: bytes, where: str = "a vote") -> None:
        self.content = content
        self._session = session(content, where)
        told = self._session.get_modelmeta().custom_metadata_map
        self.names = told[FIGURES].split("\n")
        self._levels = json.loads(told[LEVELS]) if LEVELS in told else None
        self._kinds = told[KINDS].split("\n") if KINDS in told else []

    def shares(self, names: Sequence[str], rows: FigureRows) -> FigureRows:
        """Raises ValueError where the rows have other figures than those it was fitted to."""
        shares = self._run(names, rows)[:, 0]
        return np.interp(shares, *self._levels).astype(np.float32) if self._levels else shares

    def kinds(self, names: Sequence[str], rows: FigureRows) -> list[str]:
        """The likeliest kind of each row, of a vote that tells kinds apart. Raises as `shares` does."""
        return [self._kinds[n] for n in self._run(names, rows).argmax(axis=1)]

    def kind_shares(self, names: Sequence[str], rows: FigureRows) -> list[dict[str, float]]:
        """How likely each kind is, a row each, of a vote that tells kinds apart. Raises as `shares` does."""
        return [dict(zip(self._kinds, map(float, row), strict=True)) for row in self._run(names, rows)]

    def _run(self, names: Sequence[str], rows: FigureRows) -> FigureRows:
        if list(names) != self.names:
            raise ValueError(f"the vote was fitted to other figures: {sorted({*names} ^ {*self.names})}")
        given: FigureRows = self._session.run(None, {"rows": rows})[0]
        return given


@cache
def trees(file: Path) -> Trees:
    """The vote of a file, loaded once a process. Raises WrongUse where it is missing or no vote."""
    return Trees(content_of(file), str(file))
