"""Fits the votes on pledges: which commitments are one promise, what bears on it, and what that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.annotate import read_promises
from nlp.models.learned import EvidenceModels, Learned, promise_encoder
from nlp.models.regions import Region
from nlp.models.votes import Trees
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.text.embeddings import Embedder
from nlp.training.promises import evidence_rows, same_promise
from nlp.training.promises.labelled_pledges import labelled_pledges
from nlp.training.rows import VoteRows


@dataclass(frozen=True)
class PledgeRows:
    """A region's pairs of commitments, labelled and found, and passages held against labelled pledges."""

    pairs: Sequence[VoteRows]
    evidence: evidence_rows.EvidenceRows


def pledge_rows(region: Region, reads: Learned) -> PledgeRows:
    """``reads``: weights that learned nothing from the region."""
    labelled = same_promise.pair_rows(*same_promise.labelled_items(region))
    read = read_promises(region.articles, Register.load(region.officials), MODEL, learned=reads)
    found = same_promise.pair_rows(*same_promise.found_items(region, read.items))
    embedder, encoder = Embedder(), promise_encoder()
    followed = labelled_pledges(region, embedder, encoder)
    return PledgeRows([labelled, found], evidence_rows.evidence_rows(region, followed, encoder))


def fitted_on(rows: Sequence[PledgeRows]) -> tuple[Trees, EvidenceModels]:
    """The votes on these regions' rows: on pairs, and on passages."""
    same = same_promise.fitted_on(pairs for one in rows for pairs in one.pairs)
    return same, evidence_rows.fitted_on([one.evidence for one in rows], promise_encoder())


def left_out(rows: Mapping[str, PledgeRows], judged: Mapping[str, Learned]) -> dict[str, Learned]:
    """The judged weights with votes on pledges that learned nothing from their region."""
    made = {}
    for name, learned in judged.items():
        same, evidence = fitted_on([one for other, one in rows.items() if other != name])
        made[name] = replace(learned, same=same, evidence=evidence)
    return made
