"""The quality report: figures of the text side as plain values, which a page, a table and JSON show alike.

A report is a mapping of plain values; `ledger.outputs.quality.accuracy` puts it into words. Shares lie
between 0 and 1; a figure is [value], or [value, low, high] with its 95 % interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from ledger.data_files import read_yaml
from nlp.evaluation.answers import Answers
from nlp.evaluation.measures import ALONE, MEASURES, ROUNDS, by_facet, figures, intervals, means, wilson
from nlp.evaluation.tally import AnswerTally, tallied
from nlp.models import learned
from nlp.models.regions import Region

PlainReport = dict[str, Any]
DIGITS = 4
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 1.0)
OTHER = "another reason"
_SAID = ("statements: recall", "speaker right", "speaker wrong", "role same", "body right", "body wrong")
_PROMISED = ("commitments: recall", "commitment type", "deadline to the day")
FACETS: Mapping[str, Sequence[str]] = {
    "role": (*_SAID, "commitments: recall"),
    "body": _SAID,
    "kind": _SAID,
    "form": (
        *("statements: recall", "statements: precision", "speaker right", "speaker wrong", "role same"),
        *("body right", "commitments: recall", "commitments: precision"),
    ),
    "sex": _SAID,
    "promise": _PROMISED,
    "stance": ("evidence taken: recall", "evidence stance"),
}


@dataclass(frozen=True)
class Read:
    """A labelled region and what was answered of it, with its register and without any."""

    region: Region
    given: Answers
    alone: Answers | None = None


def report_of(sets: Mapping[str, Sequence[Read]], names: PlainReport | None = None) -> PlainReport:
    """The whole report. ``sets``: regions by how they were read: "fresh", "left_out" or "own".

    ``names``: what `nlp.evaluation.names_alike` found, where it was asked.
    """
    return {
        "version": version("said-and-done"),
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "weights": learned.weights_hash(),
        "rounds": ROUNDS,
        "sets": {key: set_of(reads) for key, reads in sets.items() if reads},
        **({"names": names} if names else {}),
    }


def set_of(reads: Sequence[Read]) -> PlainReport:
    """What is told of regions that were read in one way: each, all, and by facet."""
    tallies = [_tally(one.region, one.given) for one in reads]
    bare = [one for one in reads if one.alone]
    alone = [_tally(one.region, one.alone) for one in bare if one.alone]
    whole = AnswerTally()
    for tally in tallies:
        whole.add(tally)
    shown = Counter({what: n for (facet, _, what), n in _sum(whole.articles).items() if not facet})
    return {
        "regions": [_region(one.region, tally) for one, tally in zip(reads, tallies, strict=True)],
        "mean": _rounded(means(tallies)),
        "worst": _worst(reads, tallies),
        "shown": {key: shown[key] for key in _SHOWN},
        "without_register": {"mean": _rounded(means(alone, ALONE)), "worst": _worst(bare, alone, ALONE)}
        if alone
        else {},
        "facets": {
            facet: {value: _rounded(row) for value, row in by_facet(tallies, facet, names).items()}
            for facet, names in FACETS.items()
        },
        "speakers": curve(whole.speakers),
        "clauses": curve(whole.clauses),
        "stances": _confusion(whole.stances),
        "unresolved": unresolved(whole.unresolved),
    }


_SHOWN = (
    *("gold", "hit", "gold_official", "hit_official", "speaker_asked", "speaker_right", "speaker_wrong"),
    *("shown", "shown_right", "shown_another", "shown_nobody_named", "shown_no_statement"),
    *("c_gold", "c_hit", "c_pred", "t_hit", "t_pred", "e_gold", "e_hit", "e_pred"),
)


def curve(rows: Iterable[tuple[float, bool]]) -> list[PlainReport]:
    """The calibration curve: by bin of the confidence what was said on average, and what was right of it."""
    listed = list(rows)
    found: list[PlainReport] = []
    for n, low in enumerate(BINS[:-1]):
        high, last = BINS[n + 1], n == len(BINS) - 2
        mine = [(sure, right) for sure, right in listed if low <= sure < high or (last and sure >= high)]
        if mine:
            right = sum(right for _, right in mine)
            said = sum(sure for sure, _ in mine) / len(mine)
            row = (right / len(mine), *wilson(right, len(mine)))
            about = {"from": low, "to": high, "said": round(said, DIGITS), "given": len(mine)}
            found.append({**about, "right": _digits(row)})
    return found


def unresolved(counts: Mapping[tuple[str, bool], int]) -> list[PlainReport]:
    """Found statements without a speaker, by kind of reason, most first; ``named``: the labels name
    somebody."""
    many: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for (why, known), n in counts.items():
        told = next((row["told"] for row in _reasons() if row["holds"] in why), OTHER)
        many[told] += n
        named[told] += n * known
    return [{"why": told, "statements": n, "named": named[told]} for told, n in many.most_common()]


def _tally(region: Region, given: Answers) -> AnswerTally:
    return tallied(region.labels, given.lines, region.pledges, given.pledges)


def _region(region: Region, tally: AnswerTally) -> PlainReport:
    values, around = figures(tally), intervals(tally)
    asked = _sum(tally.articles)
    return {
        "name": region.name,
        "articles": len(region.articles),
        "statements": asked["", "", "gold"],
        "promises": asked["", "", "c_gold"],
        "evidence": asked["", "", "e_gold"],
        "pledges": len(region.pledges),
        "figures": {name: _digits((value, *around.get(name, ()))) for name, value in values.items()},
    }


def _worst(
    reads: Sequence[Read], tallies: Sequence[AnswerTally], names: Iterable[str] = MEASURES
) -> dict[str, tuple[float, str]]:
    """The worst region by each measure."""
    found = {}
    rows = [figures(tally, names) for tally in tallies]
    for name in names:
        ordered = sorted((row[name], one.region.name) for one, row in zip(reads, rows, strict=True))
        value, region = ordered[-1 if MEASURES[name].falls else 0]
        found[name] = (round(value, DIGITS), region)
    return found


def _confusion(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (wanted, given), n in sorted(counts.items()):
        found.setdefault(wanted, {})[given] = n
    return found


def _sum(rows: Iterable[Counter[Any]]) -> Counter[Any]:
    whole: Counter[Any] = Counter()
    for row in rows:
        whole.update(row)
    return whole


@cache
def _reasons() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = read_yaml(__file__, "unresolved.yaml")
    return rows


def _digits(row: Iterable[float]) -> list[float]:
    return [round(value, DIGITS) for value in row]


def _rounded(rows: Mapping[str, Iterable[float]]) -> dict[str, list[float]]:
    return {name: _digits(row) for name, row in rows.items()}
