"""How far a speaker's confidence can be believed: what is given and what is wrong at each point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.golden.score_regional import match, name_key, same_name

Row = dict[str, Any]
SAME = 0.5  # overlap from which a statement counts as found, as in the regional scorer
POINTS = (0.0, 0.5, 0.75, 0.8, 0.9, 0.95, 0.98)
BINS = ((0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01))


def judged(gold: dict[str, Row], predicted: dict[str, Row]) -> list[tuple[float, bool]]:
    """(confidence, right) of every matched statement that was given a speaker and has one in gold."""
    found = []
    for key, row in gold.items():
        mine = predicted[key]["statements"]
        for g, p in match(row["statements"], mine, SAME):
            wanted, given = row["statements"][g].get("speaker"), mine[p]
            if wanted and given["speaker"]:
                found.append(
                    (float(given["confidence"]), same_name(name_key(wanted), name_key(given["speaker"])))
                )
    return found


def table(rows: Iterable[tuple[float, bool]]) -> str:
    """Lines of the curve (point, share given, share wrong of those) and of the bins (said, was)."""
    listed = list(rows)
    lines = ["  point   given   wrong"]
    for point in POINTS:
        given = [right for sure, right in listed if sure >= point]
        wrong = given.count(False) / max(1, len(given))
        lines.append(f"  {point:5.2f}  {100 * len(given) / max(1, len(listed)):5.1f}   {100 * wrong:5.1f}")
    lines.append("  said          was right")
    for low, high in BINS:
        mine = [(sure, right) for sure, right in listed if low <= sure < high]
        if mine:
            mean = sum(sure for sure, _ in mine) / len(mine)
            was = sum(right for _, right in mine) / len(mine)
            lines.append(f"  {100 * mean:5.1f}         {100 * was:5.1f}   ({len(mine)})")
    return "\n".join(lines)
