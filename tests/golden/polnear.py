"""Quotations of PolNeAR, where it lies: `make eval`. None of it lies in the repo, nothing learned from it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.annotate import annotate
from nlp.models import regions
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from tests.golden import score_quotes

POLNEAR = Path(__file__).parents[3] / "shared" / "eval" / "polnear" / "dev.jsonl"
BARS = {
    "direct jF1": "direct_span_overlap",
    "indirect and mixed jF1": "indirect_mixed_overlap",
    "any kind jF1": "all_quote_overlap",
}
Rows = Mapping[str, dict[str, Any]]


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


def main() -> int:
    out = sys.stdout.write
    if not POLNEAR.is_file():
        out(f"{POLNEAR} is not there: the figures of PolNeAR are left out\n")
        return 0
    gold = {row["id"]: row for row in regions.lines(POLNEAR)}
    rows_of = annotate(({"id": key, "text": row["text"]} for key, row in gold.items()), Register(()), MODEL)
    out("PolNeAR dev (jF1: content and speaker both right), nothing learned from it\n")
    out(spans(gold, {row["id"]: row for row in rows_of}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
