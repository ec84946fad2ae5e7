"""What the text side has learned, as one thing: the tagger and the votes over it.

The files lie in ``data`` and are made by `nlp.training`; figures on regions left out are measured with others
of the same kind in their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from ledger.data_files import data_file
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.session import content_of
from nlp.models.tagger import Tagged, Tagger, TextLines
from nlp.models.votes import Trees, Vote, trees

TAGGER: Final = data_file(__file__, "tagger.onnx")
STATEMENTS: Final = data_file(__file__, "statements.onnx")
SPEAKERS: Final = data_file(__file__, "speakers.onnx")
CLAUSES: Final = data_file(__file__, "clauses.onnx")
TYPES: Final = data_file(__file__, "types.onnx")
MINOR: Final = data_file(__file__, "minor.onnx")
SAME: Final = data_file(__file__, "same.onnx")
JOINS: Final = data_file(__file__, "joins.onnx")
PROMISES: Final = data_file(__file__, "promise_encoder.onnx")
BEARS: Final = data_file(__file__, "bears.onnx")
STANCES: Final = data_file(__file__, "stances.onnx")
VOTES: Final = {
    "statements": STATEMENTS,
    "speakers": SPEAKERS,
    "clauses": CLAUSES,
    "types": TYPES,
    "minor": MINOR,
    "same": SAME,
    "joins": JOINS,
    "bears": BEARS,
    "stances": STANCES,
}
WEIGHTS: Final = (TAGGER, PROMISES, *VOTES.values())


class Reads(Protocol):
    """Reads texts piece by piece."""

    def read(self, texts: Sequence[TextLines]) -> list[Tagged]:
        """What it reads in each text, in their order."""


@dataclass(frozen=True)
class PromiseVotes:
    """``clauses``: which proposed clauses promise. ``types``: how. ``minor``: which nobody would track."""

    clauses: Trees
    types: Trees
    minor: Trees


@dataclass(frozen=True)
class EvidenceModels:
    """``bears``: which passages tell of a pledge. ``stances``: what they tell. Both weigh what ``encoder``,
    that of promises, reads."""

    encoder: PromiseEncoder
    bears: Trees
    stances: Trees


@dataclass(frozen=True)
class Learned:
    """``statements``: which proposed spans stand. ``speakers``: which candidate said a statement.

    ``promises``: what of a statement is a commitment; ``same``: which pairs of them are one promise, by what
    ``encoder`` reads; ``joins``: which pledge each comes to; ``evidence``: what later articles tell of a
    pledge. Who reads no further does without them.
    """

    tagger: Reads
    statements: Vote
    speakers: Vote
    promises: PromiseVotes | None = None
    encoder: PromiseEncoder | None = None
    same: Vote | None = None
    joins: Vote | None = None
    evidence: EvidenceModels | None = None


@cache
def weights_hash() -> str:
    """The hash of all weights that are installed. Raises FileNotFoundError where one is missing."""
    digest = hashlib.sha256()
    for file in WEIGHTS:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


@cache
def tagger() -> Tagger:
    """The tagger that ships. Raises WrongUse like `shipped`."""
    return Tagger(TAGGER)


@cache
def shipped() -> Learned:
    """The weights that ship. Raises WrongUse, naming file and remedy, where one is missing or unreadable."""
    return with_votes(tagger(), VOTES, promise_encoder())


def with_votes(reads: Reads, files: Mapping[str, Path], encoder: PromiseEncoder) -> Learned:
    """A tagger and an encoder of promises with the votes of files, under the names of `VOTES`. Raises
    WrongUse like `shipped`."""
    vote = {name: trees(file) for name, file in files.items()}
    return Learned(
        reads,
        vote["statements"],
        vote["speakers"],
        PromiseVotes(vote["clauses"], vote["types"], vote["minor"]),
        encoder,
        vote["same"],
        vote["joins"],
        EvidenceModels(encoder, vote["bears"], vote["stances"]),
    )


def votes_of(learned: Learned) -> dict[str, Vote]:
    """The votes of weights, by the names of `VOTES`; those that they do without are left out."""
    found: dict[str, Vote | None] = {"statements": learned.statements, "speakers": learned.speakers}
    if (promises := learned.promises) is not None:
        found |= {"clauses": promises.clauses, "types": promises.types, "minor": promises.minor}
    found |= {"same": learned.same, "joins": learned.joins}
    if (evidence := learned.evidence) is not None:
        found |= {"bears": evidence.bears, "stances": evidence.stances}
    return {name: vote for name, vote in found.items() if vote is not None}


@cache
def promise_votes() -> PromiseVotes:
    """The votes on commitments that ship. Raises WrongUse like `shipped`."""
    return PromiseVotes(trees(CLAUSES), trees(TYPES), trees(MINOR))


@cache
def same_promise() -> Trees:
    """The vote that ships on which pairs of commitments are one promise. Raises WrongUse like `shipped`."""
    return trees(SAME)


@cache
def joined_pledge() -> Trees:
    """The vote that ships on which pledge a commitment comes to. Raises WrongUse like `shipped`."""
    return trees(JOINS)


@cache
def promise_encoder() -> PromiseEncoder:
    """The encoder of promises that ships. Raises WrongUse like `shipped`."""
    return PromiseEncoder(content_of(PROMISES), str(PROMISES))


@cache
def evidence_models() -> EvidenceModels:
    """What evidence is found with. Raises WrongUse like `shipped`."""
    return EvidenceModels(promise_encoder(), trees(BEARS), trees(STANCES))
