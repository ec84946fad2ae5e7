"""Fits the votes: on all regions for what ships, on all but one for what is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ledger.data_files import data_file, read_yaml
from nlp.models import learned, regions
from nlp.models.learned import Learned, PromiseVotes
from nlp.models.regions import Region
from nlp.models.votes import Trees, trees
from nlp.officials.register import Register
from nlp.training.clause_rows import clause_rows, fitted_on, left_out, sentence_rows
from nlp.training.left_out import LeftOutReadings
from nlp.training.rows import NOBODY, Studied, VoteRows, speaker_rows, statement_rows, study, together
from nlp.training.trees import fitted, levelled, write

JUDGED = data_file(__file__, "judged")
PARTS = ("statements", "speakers", "clauses", "types", "minor")  # of what is kept of a region


@dataclass(frozen=True)
class FittedVotes:
    """``judged``: by region, weights that learned nothing from it; the others are fitted to all regions."""

    judged: Mapping[str, Learned]
    statements: Trees
    speakers: Trees
    promises: PromiseVotes


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
        name: Learned(tagger, keep[name], level([other for other in link if other != name], link[name]))
        for name in link
    }
    clauses = {region.name: clause_rows(region, reads[region.name]) for region in listed}
    words = sentence_rows()
    promises = left_out(clauses, words)
    judged = {name: replace(read, promises=promises[name]) for name, read in reads.items()}
    return FittedVotes(
        judged,
        _on(spans.values()),
        level(list(link), _on(people.values())),
        fitted_on([words, *clauses.values()]),
    )


def fit_all() -> None:
    """Fits and writes the votes that ship, and those that judge the regions of the floors."""
    made = fit([regions.load(name) for name in regions.names()])
    write(made.statements, learned.STATEMENTS)
    write(made.speakers, learned.SPEAKERS)
    files = (learned.CLAUSES, learned.TYPES, learned.MINOR)
    for part, file in zip(_parts(made.promises), files, strict=True):
        write(part, file)
    JUDGED.mkdir(parents=True, exist_ok=True)
    for name in read_yaml(__file__, "folds.yaml")["kept"]:
        one = made.judged[name]
        kept = (one.statements, one.speakers, *_parts(one.promises))
        for part_name, vote in zip(PARTS, kept, strict=True):
            write(vote, JUDGED / f"{name}.{part_name}.onnx")


def _parts(votes: PromiseVotes | None) -> tuple[Trees, ...]:
    return (votes.clauses, votes.types, votes.minor) if votes else ()


def judged(name: str) -> Learned:
    """Weights that learned nothing from a region, of those that are kept. Raises WrongUse for another."""
    statements, speakers, *promises = (trees(JUDGED / f"{name}.{part}.onnx") for part in PARTS)
    return Learned(LeftOutReadings([regions.load(name)]), statements, speakers, PromiseVotes(*promises))


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


def judged_same(name: str) -> Trees:
    """The vote on pairs of commitments that learned nothing from a region. Raises as `judged` does."""
    return trees(JUDGED / f"{name}.same.onnx")
