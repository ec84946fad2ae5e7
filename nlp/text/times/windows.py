"""Where in a text a time can stand at all, so that the patterns are tried nowhere else."""

from __future__ import annotations

from ledger.types import Span
from nlp.text.times.feasts import grammar


def windows(flat: str) -> list[Span]:
    """The stretches of a text that a time can lie in: around each word of time, joined where they meet."""
    found: list[Span] = []
    for match in grammar().cores.finditer(flat):
        start, end = max(0, match.start() - 60), min(len(flat), match.end() + 60)
        while start > 0 and flat[start - 1] != " " and match.start() - start < 120:
            start -= 1
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
