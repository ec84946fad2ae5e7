"""Fits the votes on pledges: which commitments are one promise, what bears on it, and what that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlp.annotate import read_promises
from nlp.models.learned import EvidenceModels, Learned, promise_encoder
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.regions import Region
from nlp.models.votes import Trees
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.text.embeddings import Embedder
from nlp.training.promises import evidence_rows, same_promise
from nlp.training.promises.evidence_rows import EvidenceRows
from nlp.training.promises.found_pledges import found_pledges
from nlp.training.promises.labelled_pledges import labelled_pledges
from nlp.training.rows import VoteRows


def fit(
    listed: Sequence[Region], judged: Mapping[str, Learned]
) -> tuple[dict[str, Learned], Trees, EvidenceModels]:
    """The judged weights with votes on pledges that learned nothing from their region, and those on all."""
    pairs = {region.name: pair_rows(region, judged[region.name]) for region in listed}
    same = same_promise.left_out(pairs)
    grouping = {name: replace(reads, same=same[name]) for name, reads in judged.items()}
    passages = {region.name: passage_rows(region, grouping[region.name]) for region in listed}
    encoders = {name: _encoder(reads) for name, reads in judged.items()}
    evidence = evidence_rows.left_out(passages, encoders)
    return (
        {name: replace(reads, evidence=evidence[name]) for name, reads in grouping.items()},
        same_promise.fitted_on(rows for mine in pairs.values() for rows in mine),
        evidence_rows.fitted_on([rows for mine in passages.values() for rows in mine], promise_encoder()),
    )


def _encoder(reads: Learned) -> PromiseEncoder:
    return reads.encoder or promise_encoder()


def pair_rows(region: Region, reads: Learned) -> list[VoteRows]:
    """Pairs of a region's labelled commitments, and of those that ``reads`` finds, which left it out."""
    found = read_promises(region.articles, Register.load(region.officials), MODEL, learned=reads).items
    return [
        same_promise.pair_rows(*same_promise.labelled_items(region, _encoder(reads))),
        same_promise.pair_rows(*same_promise.found_items(region, found)),
    ]


def passage_rows(region: Region, reads: Learned) -> list[EvidenceRows]:
    """Passages held against a region's labelled pledges, and against those that ``reads`` makes of it."""
    encoder = _encoder(reads)
    labelled = labelled_pledges(region, Embedder(), encoder)
    return [
        evidence_rows.evidence_rows(region, followed, encoder)
        for followed in (labelled, found_pledges(region, reads))
    ]
