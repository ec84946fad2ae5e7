"""Fits the votes: on all regions for what ships, on all but one for what is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.data_files import data_file, read_yaml
from nlp.models import learned, regions
from nlp.models.learned import Learned
from nlp.models.regions import Region
from nlp.models.votes import Trees, trees
from nlp.officials.register import Register
from nlp.training.left_out import LeftOutReadings
from nlp.training.rows import NOBODY, Studied, VoteRows, speaker_rows, statement_rows, study, together
from nlp.training.trees import fitted, levelled, write

JUDGED = data_file(__file__, "judged")


@dataclass(frozen=True)
class FittedVotes:
    """``judged``: by region, weights that learned nothing from it; the others are fitted to all regions."""

    judged: Mapping[str, Learned]
    statements: Trees
    speakers: Trees


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

    judged = {
        name: Learned(tagger, keep[name], level([other for other in link if other != name], link[name]))
        for name in link
    }
    return FittedVotes(judged, _on(spans.values()), level(list(link), _on(people.values())))


def fit_all() -> None:
    """Fits and writes the votes that ship, and those that judge the regions of the floors."""
    made = fit([regions.load(name) for name in regions.names()])
    write(made.statements, learned.STATEMENTS)
    write(made.speakers, learned.SPEAKERS)
    JUDGED.mkdir(parents=True, exist_ok=True)
    for name in read_yaml(__file__, "folds.yaml")["kept"]:
        write(made.judged[name].statements, JUDGED / f"{name}.statements.onnx")
        write(made.judged[name].speakers, JUDGED / f"{name}.speakers.onnx")


def judged(name: str) -> Learned:
    """Weights that learned nothing from a region, of those that are kept. Raises WrongUse for another."""
    statements, speakers = (trees(JUDGED / f"{name}.{part}.onnx") for part in ("statements", "speakers"))
    return Learned(LeftOutReadings([regions.load(name)]), statements, speakers)


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
