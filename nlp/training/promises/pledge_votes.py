"""Fits the votes on pledges: which commitments are one promise, what bears on it, and what that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.annotate import Promises
from nlp.models.learned import EvidenceModels, Learned, promise_encoder
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.regions import Region
from nlp.models.votes import Trees
from nlp.pledges.pair_features import Item
from nlp.text.embeddings import Embedder
from nlp.training.apart import Lists
from nlp.training.promises import evidence_rows, joined_pledge, same_promise
from nlp.training.promises.evidence_rows import EvidenceRows
from nlp.training.promises.found_pledges import found_pledges
from nlp.training.promises.labelled_pledges import labelled_pledges
from nlp.training.rows import VoteRows


@dataclass(frozen=True)
class PledgeRows:
    """By region what the votes on pledges learn from: pairs of commitments, commitments held against pledges,
    passages held against pledges."""

    pairs: Mapping[str, Sequence[VoteRows]]
    placed: Mapping[str, Sequence[VoteRows]]
    passages: Mapping[str, Sequence[EvidenceRows]]


def judged(
    listed: Sequence[Region], weights: Mapping[str, Learned], read: Mapping[str, Promises], lists: Lists
) -> tuple[dict[str, Learned], PledgeRows]:
    """Weights that left a region out, with votes on pledges that left it out too; and what others learn from.

    ``read``: what the weights read of their region.
    """
    items = {region.name: labelled(region, weights[region.name], read[region.name]) for region in listed}
    pairs = {name: [same_promise.pair_rows(*one) for one in mine] for name, mine in items.items()}
    same = same_promise.left_out(pairs, lists)
    placed = {
        name: [joined_pledge.join_rows(*one, same[name]) for one in mine] for name, mine in items.items()
    }
    joins = joined_pledge.left_out(placed, lists)
    grouping = {name: replace(mine, same=same[name], joins=joins[name]) for name, mine in weights.items()}
    passages = {
        region.name: passage_rows(region, grouping[region.name], read[region.name]) for region in listed
    }
    encoders = {name: _encoder(mine) for name, mine in weights.items()}
    evidence = evidence_rows.left_out(passages, encoders, lists)
    return (
        {name: replace(mine, evidence=evidence[name]) for name, mine in grouping.items()},
        PledgeRows(pairs, placed, passages),
    )


def on_all(rows: PledgeRows) -> tuple[Trees, Trees, EvidenceModels]:
    """The votes on pledges that ship."""
    bears, stances = evidence_rows.fitted_on([one for mine in rows.passages.values() for one in mine])
    return (
        same_promise.fitted_on(one for mine in rows.pairs.values() for one in mine),
        joined_pledge.fitted_on(one for mine in rows.placed.values() for one in mine),
        EvidenceModels(promise_encoder(), bears, stances),
    )


def _encoder(reads: Learned) -> PromiseEncoder:
    return reads.encoder or promise_encoder()


def labelled(region: Region, reads: Learned, read: Promises) -> list[tuple[list[Item], list[str]]]:
    """A region's labelled commitments, and those that are found, by weights that left it out, each with the
    promise that it is."""
    return [
        same_promise.labelled_items(region, _encoder(reads)),
        same_promise.found_items(region, read.items),
    ]


def passage_rows(region: Region, reads: Learned, read: Promises) -> list[EvidenceRows]:
    """Passages held against a region's labelled pledges, and against those that ``reads`` makes of it."""
    encoder = _encoder(reads)
    labelled = labelled_pledges(region, Embedder(), encoder)
    return [
        evidence_rows.evidence_rows(region, followed, encoder)
        for followed in (labelled, found_pledges(region, read, reads.same, reads.joins))
    ]
