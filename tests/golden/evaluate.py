"""Figures on the labelled sets, with bootstrap intervals: `make eval`.

First what ships is tried on regions that nothing learned from. Every further figure of a region is
leave-one-region-out: the tagger that read it and the votes that judged it learned from other regions. Rules
were fitted to the county's articles, whose figures are no measure and are printed with that said. PolNeAR may
not lie in the repo; it is read from ``../shared/eval`` where it lies.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from nlp.annotate import Text, annotate, read_texts, written
from nlp.models import regions
from nlp.models.learned import Learned
from nlp.models.regions import Region
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.pledge_lines import pledge_lines
from nlp.pledges.pair_features import Item
from nlp.training import votes
from tests.golden import score_promises, score_quotes
from tests.golden.calibration import judged, table

POLNEAR = Path(__file__).parents[3] / "shared" / "eval" / "polnear" / "dev.jsonl"
ROUNDS = 200  # of a bootstrap
DUE_SOON = 14  # days
Rows = Mapping[str, dict[str, Any]]
# Name, and where `score_promises` has it; those of COUNTS are counts, all others shares of one.
MEASURES = {
    "statements F1": ("statements", "f1"),
    "statements of officials F1": ("statements_of_officials", "f1"),
    "speaker right": ("speaker", "right"),
    "speaker wrong": ("speaker", "wrong"),
    "role same": ("role", "same"),
    "body right": ("body", "right"),
    "body wrong": ("body", "wrong"),
    "commitments by clause F1": ("commitments", "f1"),
    "commitments by half of either F1": ("commitments", "loose_f1"),
    "commitment type": ("commitments", "type"),
    "tracked F1": ("tracked", "f1"),
    "deadline to the day": ("deadline", "right"),
    "deadlines where there is none": ("deadline", "false"),
    "pledges pair-F1": ("pledges", "pair_f1"),
    "pledges pure": ("pledges", "pure"),
    "evidence taken: precision": ("evidence", "p"),
    "evidence taken: recall": ("evidence", "r"),
    "evidence F1": ("evidence", "f1"),
    "evidence stance": ("evidence", "stance"),
    "evidence for and against swapped": ("evidence", "opposite"),
    "evidence claimed": ("evidence", "claimed"),
    "reading list: articles in the first five": ("reading", "articles"),
    "reading list: passages in the first fifteen": ("reading", "passages"),
    "evidence, any pledge, F1": ("evidence", "span_f1"),
    "evidence direction": ("evidence", "direction"),
    "status right": ("status", "right"),
    "outcome right": ("status", "outcome"),
    "owner right": ("status", "owner"),
    "first date right": ("status", "first_due"),
    "newest date right": ("status", "due"),
    "called kept that is not": ("status", "said_kept"),
}
COUNTS = ("deadlines where there is none", "called kept that is not")
ACROSS = (
    *("pledges pair-F1", "pledges pure", "status right", "outcome right", "called kept that is not"),
    *("owner right", "first date right", "newest date right"),
)  # an article drawn twice joins itself
FRESH = "what ships: nothing learned from it"
HELD_OUT = "leave-one-region-out: nothing learned from it"
OVERALL = (
    "statements F1",
    "statements of officials F1",
    "speaker right",
    "speaker wrong",
    "role same",
    "body right",
    "body wrong",
    "commitments by clause F1",
    "commitment type",
    "tracked F1",
    "deadline to the day",
    "pledges pair-F1",
    "pledges pure",
    "evidence taken: precision",
    "evidence taken: recall",
    "evidence stance",
    "evidence for and against swapped",
    "evidence claimed",
    "reading list: articles in the first five",
    "reading list: passages in the first fifteen",
    "status right",
    "outcome right",
    "owner right",
    "first date right",
    "newest date right",
)
FALLS = frozenset(
    ("speaker wrong", "body wrong", "evidence for and against swapped")
)  # measures whose worst is the highest
BARS = {
    "direct jF1": "direct_span_overlap",
    "indirect and mixed jF1": "indirect_mixed_overlap",
    "any kind jF1": "all_quote_overlap",
}


@dataclass(frozen=True)
class Answers:
    """What the text side says of a region: as it is, as annotated lines by id, as pledges by id."""

    text: Text
    lines: Rows
    pledges: Rows


def answers(region: Region, learned: Learned | None, register: Register | None = None) -> Answers:
    """The text side on a region, with its register unless another is given; statuses as of the day of the
    labelled ones. ``learned``: weights that never saw the region; None: those that ship.
    """
    text = read_texts(
        region.articles,
        Register.load(region.officials) if register is None else register,
        MODEL,
        learned=learned,
    )
    day = date.fromisoformat(max(row["as_of"] for row in region.pledges.values()))
    return Answers(text, by_id(text), {row["pledge_id"]: row for row in pledge_lines(text, day, DUE_SOON)})


def by_id(text: Text) -> Rows:
    return {line["id"]: line for line in written(text)}


def figures(labels: Rows, lines: Rows, wanted: Rows, pledges: Rows) -> dict[str, float]:
    """Every one of MEASURES, from labels and answers by article and the followed pledges of both."""
    scores = score_promises.score(labels, lines, wanted, pledges, [])
    return {name: float(scores[section][key]) for name, (section, key) in MEASURES.items()}


def intervals(region: Region, given: Answers) -> dict[str, tuple[float, float]]:
    """95 % intervals by name, articles drawn with replacement; none for what is counted across articles."""
    chance = random.Random(0)  # a bootstrap, not a secret
    keys = sorted(region.labels)
    values: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        drawn = dict(enumerate(chance.choices(keys, k=len(keys))))
        labels = {f"{place}": region.labels[key] for place, key in drawn.items()}
        lines = {f"{place}": given.lines[key] for place, key in drawn.items()}
        for name, value in figures(labels, lines, region.pledges, given.pledges).items():
            values[name].append(value)
    low, high = int(0.025 * ROUNDS), int(0.975 * ROUNDS)
    return {n: (sorted(mine)[low], sorted(mine)[high]) for n, mine in values.items() if n not in ACROSS}


def communities(items: Sequence[Item], threshold: float) -> dict[str, str]:
    """sentence-transformers' community detection, within each owner; what is in none stands alone."""
    from sentence_transformers.util import community_detection

    by_owner: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_owner[item.owner].append(item)
    pledge_of = {item.id: item.id for item in items}
    for mine in by_owner.values():
        vectors = np.stack([item.vector for item in mine])
        for members in community_detection(vectors, threshold=threshold, min_community_size=2):
            pledge_of.update((mine[m].id, mine[members[0]].id) for m in members)
    return pledge_of


def detected(region: Region, text: Text) -> tuple[float, float]:
    """(pair-F1, threshold) of community detection over the same vectors at its best threshold."""
    found = []
    for threshold in np.arange(0.3, 0.85, 0.05):
        other = by_id(replace(text, pledge_of=communities(text.items, threshold), evidence=()))
        scores = score_promises.score(region.labels, other, {}, {}, [])
        found.append((float(scores["pledges"]["pair_f1"]), float(threshold)))
    return max(found)


def spans(gold: Rows, predicted: Rows) -> str:
    """The bars' three figures with 95 % intervals, and the scorer's whole table."""
    documents = [score_quotes.build_document(row, predicted[key], False) for key, row in gold.items()]
    scores = score_quotes.score(documents, 0.8, 500, 0)
    lines = []
    for name, row in BARS.items():
        low, high = scores[row]["joint_f1_ci95"]
        lines.append(
            f"  {name:<33} {100 * scores[row]['joint_f1']:6.1f}   [{100 * low:.1f}, {100 * high:.1f}]"
        )
    return "\n".join([*lines, score_quotes.format_table(scores)]) + "\n"


def overall(rows: Sequence[Mapping[str, float]]) -> str:
    """Mean over regions, worst and best, of the measures of OVERALL."""
    lines = []
    for name in OVERALL:
        values = sorted((100 * row[name] for row in rows), reverse=name in FALLS)
        mean = sum(values) / len(values)
        lines.append(f"  {name:<33} {mean:6.1f}   worst {values[0]:.1f}, best {values[-1]:.1f}")
    return "\n".join(lines) + "\n"


def report(region: Region, given: Answers, worth: str) -> dict[str, float]:
    """Prints a region's figures with their intervals, and gives the figures."""
    out = sys.stdout.write
    out(f"\n{region.name}, with its register, {worth}\n")
    around = intervals(region, given)
    mine = figures(region.labels, given.lines, region.pledges, given.pledges)
    for measure, value in mine.items():
        scale = 1 if measure in COUNTS else 100
        within = [round(bound * scale, 1) for bound in around.get(measure, ())]
        out(f"  {measure:<33} {value * scale:6.1f}   {within or ''}\n")
    return mine


def main() -> int:
    out = sys.stdout.write
    fresh = [regions.load(name, regions.FRESH) for name in regions.names(regions.FRESH)]
    rows = [report(region, answers(region, None), FRESH) for region in fresh]
    out(f"\nMean over {len(rows)} regions, with its register, {FRESH}\n{overall(rows)}")
    unsure: list[tuple[float, bool]] = []
    found: dict[str, list[dict[str, float]]] = {"with its register": [], "without a register": []}
    listed = [regions.load(name) for name in regions.names()]
    judged_by = votes.fit(listed).judged
    for region in listed:
        fitted = region.name in regions.FITTED
        worth = "rules fitted to it: no measure" if fitted else HELD_OUT
        given = answers(region, judged_by[region.name])
        mine = report(region, given, worth)
        best, threshold = detected(region, given.text)
        out(f"  {f'  of community detection at {threshold:.2f}':<33} {100 * best:6.1f}\n")
        if not fitted:
            alone = answers(region, judged_by[region.name], Register(()))
            found["with its register"].append(mine)
            found["without a register"].append(
                figures(region.labels, alone.lines, region.pledges, alone.pledges)
            )
            unsure += judged(region.labels, alone.lines) + judged(region.labels, given.lines)
    for name, rows in found.items():
        out(f"\nMean over {len(rows)} regions, {name}, {HELD_OUT}\n{overall(rows)}")
    out(f"\nConfidence of the speakers given, with and without a register, {HELD_OUT}\n{table(unsure)}\n")
    if POLNEAR.is_file():
        gold = {row["id"]: row for row in regions.lines(POLNEAR)}
        rows_of = annotate(
            ({"id": key, "text": row["text"]} for key, row in gold.items()), Register(()), MODEL
        )
        out("\nPolNeAR dev (jF1: content and speaker both right), nothing learned from it\n")
        out(spans(gold, {row["id"]: row for row in rows_of}))
    else:
        out(f"\n{POLNEAR} is not there: its figures are left out\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
