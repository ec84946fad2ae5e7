"""What the text side has learned, as one thing: the tagger and the votes over it.

The files lie in ``data`` and are made by `nlp.training`; figures on regions left out are measured with others
of the same kind in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from ledger.data_files import data_file
from nlp.models.tagger import Tagged, Tagger, TextLines
from nlp.models.votes import Vote, trees

TAGGER: Final = data_file(__file__, "tagger.onnx")
STATEMENTS: Final = data_file(__file__, "statements.onnx")
SPEAKERS: Final = data_file(__file__, "speakers.onnx")


class Reads(Protocol):
    """Reads texts piece by piece."""

    def read(self, texts: Sequence[TextLines]) -> list[Tagged]:
        """What it reads in each text, in their order."""


@dataclass(frozen=True)
class Learned:
    """``statements``: which proposed spans stand. ``speakers``: which candidate said a statement."""

    tagger: Reads
    statements: Vote
    speakers: Vote


@cache
def shipped() -> Learned:
    """The weights that ship. Raises WrongUse, naming file and remedy, where one is missing or unreadable."""
    return Learned(Tagger(TAGGER), trees(STATEMENTS), trees(SPEAKERS))
