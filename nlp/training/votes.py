"""Fits the votes: on all regions for what ships, on all but one for what is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ledger.data_files import data_file, read_yaml
from nlp.annotate import Promises, promises_of
from nlp.models import learned, regions
from nlp.models.learned import Learned
from nlp.models.regions import Region
from nlp.models.votes import FigureRows, Trees
from nlp.officials.register import Register
from nlp.training import apart
from nlp.training.apart import Lists
from nlp.training.left_out import LeftOutReadings
from nlp.training.promises import fold_encoders, pledge_votes
from nlp.training.promises.clause_rows import ClauseRows, clause_rows, fitted_on, left_out, sentence_rows
from nlp.training.promises.pledge_votes import PledgeRows
from nlp.training.rows import NOBODY, Studied, VoteRows, said, speaker_rows, statement_rows, study, together
from nlp.training.trees import fitted, levelled, write

JUDGED = data_file(__file__, "judged")
Tell = Callable[[str], object]


@dataclass(frozen=True)
class SpeakerRows:
    """By region the rows of speakers, and the shares that votes gave them which left the region out."""

    rows: Mapping[str, VoteRows]
    shares: Mapping[str, FigureRows]

    def levelled(self, names: Sequence[str], vote: Trees) -> Trees:
        """A vote on speakers, its confidences levelled on what was given in these regions."""
        return levelled(
            vote,
            np.concatenate([self.shares[name] for name in names]),
            np.concatenate([self.rows[name].right for name in names]),
        )


@dataclass(frozen=True)
class JudgedVotes:
    """``weights``: by region, such as learned nothing from it; ``read``: what they read of it, with its
    register. The rest is what the votes that ship learn from."""

    weights: Mapping[str, Learned]
    read: Mapping[str, Promises]
    spans: Mapping[str, VoteRows]
    people: SpeakerRows
    clauses: Sequence[ClauseRows]
    pledges: PledgeRows


def judging(listed: Sequence[Region], lists: Lists, tell: Tell = lambda text: None) -> JudgedVotes:
    """Votes on these regions, read as by taggers that left them out.

    ``lists``: the regions by whether they are left out together: five lists are fitted in a seventh of the
    time of 34 regions one by one. The confidences of a vote are levelled on what was given in the regions
    that it learned from, by votes that had left those out.
    """
    tagger = LeftOutReadings(listed)
    studied = {}
    for region in listed:
        studied[region.name] = study(region, tagger)
        tell(f"{region.name}: parsed")
    spans = {name: statement_rows(articles) for name, articles in studied.items()}
    keep = apart.left_out(lists, lambda names: _on(spans[name] for name in names))
    tell("votes on statements: fitted")
    rows = {region.name: _people(region, studied[region.name], keep[region.name]) for region in listed}
    link = apart.left_out(lists, lambda names: _on(rows[name] for name in names))
    tell("votes on speakers: fitted")
    people = SpeakerRows(
        rows, {name: link[name].shares(one.names, one.figures) for name, one in rows.items()}
    )
    level = apart.left_out(lists, lambda names: names)
    reads = {
        name: Learned(
            tagger,
            keep[name],
            people.levelled(level[name], link[name]),
            encoder=fold_encoders.of_region(name),
        )
        for name in link
    }
    found = {}
    for region in listed:
        found[region.name] = said(region, studied.pop(region.name), reads[region.name])
        tell(f"{region.name}: statements found")
    clauses = {region.name: clause_rows(region, found[region.name]) for region in listed}
    words = sentence_rows()
    promises = left_out(clauses, words, lists)
    tell("votes on clauses: fitted")
    reads = {name: replace(one, promises=promises[name]) for name, one in reads.items()}
    read = {name: promises_of(found[name], one) for name, one in reads.items()}
    weights, pledges = pledge_votes.judged(listed, reads, read, lists)
    tell("votes on pledges: fitted")
    return JudgedVotes(weights, read, spans, people, [words, *clauses.values()], pledges)


def shipping(judged: JudgedVotes) -> Learned:
    """The votes on all regions: those that ship."""
    same, joins, evidence = pledge_votes.on_all(judged.pledges)
    people = judged.people
    return Learned(
        next(iter(judged.weights.values())).tagger,
        _on(judged.spans.values()),
        people.levelled(list(people.rows), _on(people.rows.values())),
        fitted_on(judged.clauses),
        evidence.encoder,
        same,
        joins,
        evidence,
    )


def fit_all() -> None:
    """Fits and writes the votes that ship, and those that judge the regions of the floors."""
    listed = [regions.load(name) for name in regions.names()]
    made = judging(listed, fold_encoders.folds())
    keep(shipping(made), learned.VOTES)
    for name in read_yaml(__file__, "folds.yaml")["kept"]:
        keep(made.weights[name], files_of(name))


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


def _people(region: Region, articles: Sequence[Studied], keep: Trees) -> VoteRows:
    """With the region's register and without any: both are read."""
    return together(
        speaker_rows(articles, keep, register) for register in (Register.load(region.officials), NOBODY)
    )


def _on(rows: Iterable[VoteRows]) -> Trees:
    whole = together(rows)
    return fitted(whole.names, whole.figures, whole.right)
