"""What stages did, told on the terminal: a line a stage, and their problems."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from ledger.counts import Counts
from ledger.presentation.remedies import in_words


def show(counts: Sequence[Counts], as_json: bool = False, kept: bool = True) -> None:
    """Print what stages did, and end with `finish`."""
    if as_json:
        click.echo(json.dumps([counts_json(c) for c in counts], ensure_ascii=False))
    else:
        for one in counts:
            click.echo(line(one))
    finish(counts, quiet=as_json, kept=kept)


def finish(counts: Sequence[Counts], quiet: bool = False, kept: bool = True) -> None:
    """End with exit status 1, problems listed, if there were any; ``kept``: `said status` has them too."""
    if any(one.problems for one in counts):
        if not quiet:
            show_problems(counts, kept)
        raise click.exceptions.Exit(1)


_DOING = {
    "crawl": "asking the outlets for what is new",
    "load": "reading the pages",
    "extract": "finding who said what; of many new articles this takes minutes",
    "flag": "finding what was promised",
    "group": "finding which promises are one pledge",
    "track": "finding what came of them; of many new articles this takes minutes",
    "publish": "publishing",
}


def begins(stage: str) -> None:
    """Say on stderr that a stage begins, for people who look on; nothing where nobody does."""
    if sys.stderr.isatty():
        click.echo(f"{stage:<8} {_DOING[stage]} …", err=True)


def line(counts: Counts) -> str:
    """One stage in one line."""
    parts = [f"{counts.read} read", f"{counts.written} written"]
    if counts.skipped:
        parts.append(
            "skipped: " + ", ".join(f"{n} {in_words(reason)}" for reason, n in sorted(counts.skipped.items()))
        )
    if counts.problems:
        parts.append(f"{len(counts.problems)} problem{'s' if len(counts.problems) > 1 else ''}")
    return f"{counts.stage:<8} {'; '.join(parts)}"


def show_problems(counts: Sequence[Counts], kept: bool, most: int = 10) -> None:
    """Problems on stderr, the first of them in full where `said status` can list the others."""
    problems = [problem for one in counts for problem in one.problems]
    click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}:", err=True)
    for problem in problems[: most if kept else None]:
        detail = f" ({problem.detail})" if problem.detail else ""
        click.echo(f"  {problem.stage}: {in_words(problem.reason)}: {problem.item}{detail}", err=True)
    if kept and len(problems) > most:
        click.echo(f"  … and {len(problems) - most} more: `said status` lists all", err=True)


def counts_json(counts: Counts) -> dict[str, object]:
    """One stage for a machine to read."""
    return {
        "stage": counts.stage,
        "read": counts.read,
        "written": counts.written,
        "skipped": counts.skipped,
        "problems": [{"item": p.item, "reason": p.reason, "detail": p.detail} for p in counts.problems],
    }
