"""Figures of counts, with intervals: every figure is a ratio of sums, and is drawn anew from its units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.evaluation.followed import Key
from nlp.evaluation.tally import AnswerTally

ROUNDS = 400  # of a bootstrap (Efron 1979, doi:10.1214/aos/1176344552)
SIDE = 2.5  # per cent left out on either side of an interval
SEED = 0
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class QualityMeasure:
    """``tops`` over ``bottoms``, each a sum of counts. ``unit``: what its counts are kept by, "articles" or
    "pledges", or "whole" where no interval can be drawn. ``falls``: less of it is better."""

    tops: tuple[str, ...]
    bottoms: tuple[str, ...] = ()
    unit: str = "articles"
    falls: bool = False

    @property
    def counted(self) -> bool:
        """Whether it is a number and no share."""
        return not self.bottoms


def f1(hit: str, given: str, wanted: str) -> QualityMeasure:
    """Twice what was hit over what was given and what was wanted."""
    return QualityMeasure((hit, hit), (given, wanted))


MEASURES: Mapping[str, QualityMeasure] = {
    "statements F1": f1("hit", "pred", "gold"),
    "statements: precision": QualityMeasure(("hit",), ("pred",)),
    "statements: recall": QualityMeasure(("hit",), ("gold",)),
    "statements of officials F1": f1("hit_official", "pred_official", "gold_official"),
    "speaker right": QualityMeasure(("speaker_right",), ("speaker_asked",)),
    "speaker wrong": QualityMeasure(("speaker_wrong",), ("speaker_asked",), falls=True),
    "role same": QualityMeasure(("role",), ("hit",)),
    "body right": QualityMeasure(("body_right",), ("body_asked",)),
    "body wrong": QualityMeasure(("body_wrong",), ("body_asked",), falls=True),
    "shown name right": QualityMeasure(("shown_right",), ("shown",)),
    "commitments by clause F1": f1("c_hit", "c_pred", "c_gold"),
    "commitments by half of either F1": f1("l_hit", "l_pred", "c_gold"),
    "commitments: precision": QualityMeasure(("c_hit",), ("c_pred",)),
    "commitments: recall": QualityMeasure(("c_hit",), ("c_gold",)),
    "commitment type": QualityMeasure(("type",), ("c_hit",)),
    "tracked F1": f1("t_hit", "t_pred", "c_gold"),
    "tracked: precision": QualityMeasure(("t_hit",), ("t_pred",)),
    "deadline to the day": QualityMeasure(("due_right",), ("due_asked",)),
    "deadlines where there is none": QualityMeasure(("due_false",), falls=True),
    "pledges pair-F1": QualityMeasure(("pair_both", "pair_both"), ("pair_pred", "pair_gold"), "whole"),
    "pledges pure": QualityMeasure(("pure",), ("several",), "whole"),
    "evidence taken: precision": QualityMeasure(("e_hit",), ("e_pred",)),
    "evidence taken: recall": QualityMeasure(("e_hit",), ("e_gold",)),
    "evidence F1": f1("e_hit", "e_pred", "e_gold"),
    "evidence stance": QualityMeasure(("stance",), ("e_hit",)),
    "evidence for and against swapped": QualityMeasure(("opposite",), ("e_hit",), falls=True),
    "evidence claimed": QualityMeasure(("claimed",), ("claim_asked",)),
    "reading list: articles in the first five": QualityMeasure(("r_pair_hit",), ("r_pairs",)),
    "reading list: passages in the first fifteen": QualityMeasure(("r_row_hit",), ("r_rows",)),
    "status right": QualityMeasure(("p_status",), ("p_all",), "pledges"),
    "outcome right": QualityMeasure(("p_outcome",), ("p_all",), "pledges"),
    "called kept that is not": QualityMeasure(("said_kept",), (), "pledges", falls=True),
    "owner right": QualityMeasure(("p_owner",), ("p_found",), "pledges"),
    "first date right": QualityMeasure(("p_first_due",), ("p_found",), "pledges"),
    "newest date right": QualityMeasure(("p_due",), ("p_found",), "pledges"),
}
# What is asked of a region that is read without its register.
ALONE = (
    *("statements F1", "statements of officials F1", "speaker right", "speaker wrong", "shown name right"),
    *("role same", "body right", "body wrong"),
)


def figures(tally: AnswerTally, names: Iterable[str] = MEASURES) -> dict[str, float]:
    """Every measure of a region; 0 where nothing was asked."""
    return {name: float(np.nan_to_num(values[0])) for name, values in _drawn(tally, names, rounds=0).items()}


def intervals(tally: AnswerTally, names: Iterable[str] = MEASURES) -> dict[str, tuple[float, float]]:
    """95 % intervals of a region's measures, articles and pledges drawn with replacement; those whose counts
    are kept for the whole alone have none."""
    drawn = _drawn(tally, names, ROUNDS)
    units = {"articles": _total(tally.articles), "pledges": _total(tally.pledges)}
    return {
        name: _wider(bounds(values), MEASURES[name], units[MEASURES[name].unit])
        for name, values in drawn.items()
        if MEASURES[name].unit != "whole"
    }


def means(tallies: Sequence[AnswerTally], names: Iterable[str] = MEASURES) -> dict[str, tuple[float, ...]]:
    """(mean over regions, low, high) of each measure, what is inside each region drawn with replacement; the
    mean alone where none can be drawn."""
    plain = [figures(tally, names) for tally in tallies]
    drawn = [_drawn(tally, names, ROUNDS, SEED + n) for n, tally in enumerate(tallies)]
    found: dict[str, tuple[float, ...]] = {}
    for name in names:
        found[name] = (float(np.mean([one[name] for one in plain])),)
        if MEASURES[name].unit != "whole":
            found[name] += bounds(np.mean([one[name] for one in drawn], axis=0))
    return found


def by_facet(
    tallies: Sequence[AnswerTally], facet: str, names: Sequence[str]
) -> dict[str, dict[str, tuple[float, ...]]]:
    """By value of a facet: (share, low, high, of how many) of each measure that is asked there at all, over
    all articles of these regions together, articles drawn within each region."""
    values = sorted({key[1] for tally in tallies for n in tally.articles for key in n if key[0] == facet})
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    for value in values:
        row: dict[str, tuple[float, ...]] = {}
        for name in names:
            measure = MEASURES[name]
            columns = [*measure.tops, *measure.bottoms]
            drawn = np.zeros((ROUNDS + 1, len(columns)))
            for n, tally in enumerate(tallies):
                counts = _table(tally.articles, [(facet, value, what) for what in columns])
                drawn += _sums(counts, ROUNDS, SEED + n)
            tops, bottoms = drawn[:, : len(measure.tops)].sum(1), drawn[:, len(measure.tops) :].sum(1)
            if bottoms[0]:
                shares = _ratio(tops, bottoms)
                counts_of = {("", "", what): round(drawn[0, n]) for n, what in enumerate(columns)}
                within = _wider(bounds(shares[1:]), measure, counts_of)
                row[name] = (float(shares[0]), *within, int(bottoms[0]) // len(measure.tops))
        if row:
            found[value] = row
    return found


def bounds(drawn: Numbers) -> tuple[float, float]:
    """The interval that holds 95 of 100 of what was drawn; draws in which nothing was asked are left out."""
    asked = drawn[~np.isnan(drawn)]
    low, high = np.percentile(asked, [SIDE, 100 - SIDE]) if len(asked) else (0.0, 0.0)
    return float(low), float(high)


def wilson(right: int, asked: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, share = 1.96, right / asked
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    half = z * np.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked)) / (1 + z * z / asked)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _wider(
    drawn: tuple[float, float], measure: QualityMeasure, counts: Mapping[Key, int]
) -> tuple[float, float]:
    """An interval that was drawn, widened to Wilson's where it is of a plain share: where all of few are
    right, no draw holds a wrong one."""
    if len(measure.tops) != 1 or len(measure.bottoms) != 1:
        return drawn
    right, asked = counts.get(("", "", measure.tops[0]), 0), counts.get(("", "", measure.bottoms[0]), 0)
    low, high = wilson(right, asked) if asked else drawn
    return min(low, drawn[0]), max(high, drawn[1])


def _total(rows: Iterable[Counter[Key]]) -> Counter[Key]:
    whole: Counter[Key] = Counter()
    for row in rows:
        whole.update(row)
    return whole


def _drawn(tally: AnswerTally, names: Iterable[str], rounds: int, seed: int = SEED) -> dict[str, Numbers]:
    """By measure its value, or with ``rounds`` its values in as many draws."""
    listed = list(names)
    whats = sorted({what for name in listed for what in (*MEASURES[name].tops, *MEASURES[name].bottoms)})
    keys = [("", "", what) for what in whats]
    units = {"articles": tally.articles, "pledges": tally.pledges, "whole": [tally.whole]}
    sums = {unit: _sums(_table(rows, keys), rounds, seed) for unit, rows in units.items()}
    place = {what: n for n, what in enumerate(whats)}
    found = {}
    for name in listed:
        measure = MEASURES[name]
        mine = sums[measure.unit][1 if rounds else 0 :]
        tops = mine[:, [place[what] for what in measure.tops]].sum(1)
        bottoms = mine[:, [place[what] for what in measure.bottoms]].sum(1)
        found[name] = tops if measure.counted else _ratio(tops, bottoms)
    return found


def _table(rows: Sequence[Counter[Key]], keys: Sequence[Key]) -> Numbers:
    return np.array([[row[key] for key in keys] for row in rows], float).reshape(len(rows), len(keys))


def _sums(counts: Numbers, rounds: int, seed: int) -> Numbers:
    """The sums of the rows, and of as many rows drawn with replacement, ``rounds`` times."""
    many = len(counts)
    if not many or not rounds:
        return np.repeat(counts.sum(0, keepdims=True), rounds + 1, axis=0)
    drawn = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), rounds)
    return np.concatenate([counts.sum(0, keepdims=True), drawn @ counts])


def _ratio(tops: Numbers, bottoms: Numbers) -> Numbers:
    return np.divide(tops, bottoms, out=np.full_like(tops, np.nan), where=bottoms > 0)
