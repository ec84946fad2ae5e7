"""What a run leaves on Prefect's page: a table of its counts, and one of the problems that it met."""

from __future__ import annotations

from collections.abc import Sequence

from prefect.artifacts import create_table_artifact

from ledger.counts import Counts
from ledger.presentation.labels import cut, number, plain

_MOST = 100  # problems
_LONGEST = 200  # characters of a cell
_PRIVATE = "digest"  # the stage whose items name readers


def show_counts(name: str, counts: Sequence[Counts]) -> None:
    """Leave the tables under the run's name. Of letters it is told why they failed, not to whom."""
    problems = [problem for one in counts for problem in one.problems]
    create_table_artifact(
        [
            {
                "stage": one.stage,
                "read": one.read,
                "written": one.written,
                "skipped": ", ".join(f"{n} {reason}" for reason, n in sorted(one.skipped.items())),
                "problems": len(one.problems),
            }
            for one in counts
        ],
        key=f"{name}-counts",
        description=f"What the run did, with {number(len(problems), 'problem')}.",
    )
    if problems:
        create_table_artifact(
            [
                {
                    "stage": one.stage,
                    "problem": one.reason,
                    "what": "a letter" if one.stage == _PRIVATE else cut(plain(one.item), _LONGEST),
                    "detail": "" if one.stage == _PRIVATE else cut(plain(one.detail), _LONGEST),
                }
                for one in problems[:_MOST]
            ],
            key=f"{name}-problems",
            description=f"{number(len(problems), 'problem')}; `said status` lists all.",
        )
