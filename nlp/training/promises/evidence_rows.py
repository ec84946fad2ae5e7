"""What the votes on evidence are fitted to: passages held against pledges, each told by the labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.types import Span
from nlp.evidence.candidates import candidates
from nlp.evidence.figures import Pair, table
from nlp.evidence.profile import profiles
from nlp.models.learned import EvidenceModels
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.regions import JsonLine, Region
from nlp.models.votes import FigureRows, Trees
from nlp.training import apart
from nlp.training.apart import Lists
from nlp.training.promises.labelled_pledges import Followed
from nlp.training.trees import fitted, fitted_kinds

LIKE = 0.3  # characters of both over characters of either, from which a passage is a labelled one


@dataclass(frozen=True)
class EvidenceRows:
    """``figures`` (n, k) by the order of ``names``; of each row whether the passage bears on the pledge, and
    what it says ("" where it does not bear)."""

    pairs: Sequence[Pair]
    names: Sequence[str]
    figures: FigureRows
    bears: NDArray[np.bool_]
    stances: Sequence[str]


def evidence_rows(region: Region, followed: Followed, encoder: PromiseEncoder) -> EvidenceRows:
    """A row for each passage that is held against a pledge of a region, labelled or found."""
    near = candidates(profiles(followed.pledges, followed.items), followed.articles, encoder)
    pairs, names, figures = table(near)
    told = [_label(pair, region, followed) for pair in pairs]
    bears = np.array([label is not None for label in told], bool)
    return EvidenceRows(pairs, names, figures, bears, [label["stance"] if label else "" for label in told])


def _label(pair: Pair, region: Region, followed: Followed) -> JsonLine | None:
    """The labelled evidence on the pair's pledge that its passage is like, the likest."""
    pledge = followed.labelled.get(pair.profile.pledge.id)
    rows = [
        (like, n)
        for n, row in enumerate(region.labels[pair.passage.article_id]["delivery"])
        if row["pledge_id"] == pledge and (like := likeness(pair.passage.span, row["evidence"][0])) >= LIKE
    ]
    return region.labels[pair.passage.article_id]["delivery"][max(rows)[1]] if rows else None


def likeness(one: Span, other: Span) -> float:
    """Characters of both over characters of either; 1 where one holds the other."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    sizes = one[1] - one[0], other[1] - other[0]
    return 1.0 if shared == min(sizes) else shared / (sum(sizes) - shared)


def fitted_on(rows: Sequence[EvidenceRows]) -> tuple[Trees, Trees]:
    """The two votes on these regions' rows: what bears, and what it tells."""
    names, figures = rows[0].names, np.concatenate([one.figures for one in rows])
    bears = np.concatenate([one.bears for one in rows])
    told = [stance for one in rows for stance in one.stances if stance]
    return fitted(names, figures, bears), fitted_kinds(names, figures[bears], told)


def left_out(
    rows: Mapping[str, Sequence[EvidenceRows]], encoders: Mapping[str, PromiseEncoder], lists: Lists
) -> dict[str, EvidenceModels]:
    """For each region the votes that learned nothing from it, over the encoder of its name."""
    votes = apart.left_out(lists, lambda others: fitted_on([one for name in others for one in rows[name]]))
    return {name: EvidenceModels(encoders[name], *mine) for name, mine in votes.items()}
