"""Fits the votes: on all regions for what ships, on all but one for what is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ledger.data_files import data_file, read_yaml
from nlp.models import learned, regions
from nlp.models.learned import Learned
from nlp.models.regions import Region
from nlp.models.votes import Trees
from nlp.officials.register import Register
from nlp.training.left_out import LeftOutReadings
from nlp.training.promises import fold_encoders, pledge_votes
from nlp.training.promises.clause_rows import clause_rows, fitted_on, left_out, sentence_rows
from nlp.training.rows import NOBODY, Studied, VoteRows, speaker_rows, statement_rows, study, together
from nlp.training.trees import fitted, levelled, write

JUDGED = data_file(__file__, "judged")


@dataclass(frozen=True)
class FittedVotes:
    """``judged``: by region, weights that learned nothing from it; ``all``: fitted to all regions."""

    judged: Mapping[str, Learned]
    all: Learned


def fit(listed: Sequence[Region]) -> FittedVotes:
    """Votes on these regions, read as by taggers that left them out. Some ten minutes for seventeen.

    The confidences of a judged vote are levelled on what the others' votes gave in regions left out.
    """
    tagger = LeftOutReadings(listed)
    studied = {region.name: study(region, tagger) for region in listed}
    spans = {name: statement_rows(articles) for name, articles in studied.items()}
    keep = {name: _on(others(spans, name)) for name in spans}
    people = {region.name: _people(region, studied[region.name], keep[region.name]) for region in listed}
    link = {name: _on(others(people, name)) for name in people}
    shares = {name: link[name].shares(rows.names, rows.figures) for name, rows in people.items()}

    def level(names: Sequence[str], vote: Trees) -> Trees:
        return levelled(
            vote,
            np.concatenate([shares[name] for name in names]),
            np.concatenate([people[name].right for name in names]),
        )

    reads = {
        name: Learned(
            tagger,
            keep[name],
            level([other for other in link if other != name], link[name]),
            encoder=fold_encoders.of_region(name),
        )
        for name in link
    }
    clauses = {region.name: clause_rows(region, reads[region.name]) for region in listed}
    words = sentence_rows()
    promises = left_out(clauses, words)
    judged = {name: replace(read, promises=promises[name]) for name, read in reads.items()}
    judged, same, evidence = pledge_votes.fit(listed, judged)
    shipped = Learned(
        tagger,
        _on(spans.values()),
        level(list(link), _on(people.values())),
        fitted_on([words, *clauses.values()]),
        evidence.encoder,
        same,
        evidence,
    )
    return FittedVotes(judged, shipped)


def fit_all() -> None:
    """Fits and writes the votes that ship, and those that judge the regions of the floors."""
    made = fit([regions.load(name) for name in regions.names()])
    keep(made.all, learned.VOTES)
    for name in read_yaml(__file__, "folds.yaml")["kept"]:
        keep(made.judged[name], files_of(name))


def keep(made: Learned, files: Mapping[str, Path]) -> None:
    """Writes the votes into their files; tagger and encoder are apart."""
    for name, vote in learned.votes_of(made).items():
        files[name].parent.mkdir(parents=True, exist_ok=True)
        write(vote, files[name])


def files_of(region: str) -> dict[str, Path]:
    """Where the votes that left a region out are kept."""
    return {name: JUDGED / region / f"{name}.onnx" for name in learned.VOTES}


def judged(name: str) -> Learned:
    """Weights that learned nothing from a region, of those that are kept. Raises WrongUse for another."""
    return learned.with_votes(
        LeftOutReadings([regions.load(name)]), files_of(name), fold_encoders.of_region(name)
    )


def others(rows: Mapping[str, VoteRows], but: str) -> list[VoteRows]:
    """The rows of all regions but one."""
    return [one for name, one in rows.items() if name != but]


def _people(region: Region, articles: Sequence[Studied], keep: Trees) -> VoteRows:
    """With the region's register and without any: both are read."""
    return together(
        speaker_rows(articles, keep, register) for register in (Register.load(region.officials), NOBODY)
    )


def _on(rows: Iterable[VoteRows]) -> Trees:
    whole = together(rows)
    return fitted(whole.names, whole.figures, whole.right)
