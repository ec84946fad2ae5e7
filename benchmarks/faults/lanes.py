"""Several processes that share the trials out, so that no core stands idle: a command keeps one busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

_Trial = TypeVar("_Trial")


@dataclass(frozen=True, slots=True)
class TrialLane:
    """One of them, with a scene of its own."""

    number: int = 0
    of: int = 1

    def mine(self, trials: Iterable[_Trial]) -> list[_Trial]:
        """Those of all trials that are its own."""
        return list(trials)[self.number :: self.of]


ALONE = TrialLane()
