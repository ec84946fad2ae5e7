"""Commands on files of texts and pages, without a warehouse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from crawlers.loading.load import parse_lines
from flows.cli.app import home_option
from flows.pipeline.progress import show
from flows.pipeline.sources import BODIES_FILE
from ledger.counts import Counts
from ledger.data_files import half_of
from ledger.errors import WrongUse
from ledger.settings import Settings
from nlp.annotate import classify as classify_lines
from nlp.annotate import read_texts, written
from nlp.officials.register import Register
from nlp.pledge_lines import pledge_lines

JsonLine = dict[str, Any]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ISO_DAY = click.DateTime(["%Y-%m-%d"])
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
in_option = click.option("--input", "source", required=True, type=FILE, help="JSON lines.")
out_option = click.option("--output", "target", required=True, type=NEW_FILE, help="JSON lines.")


@click.command()
@in_option
@out_option
@click.option("--officials", type=FILE, help="Register: YAML, CSV, Popolo JSON or JSON lines.")
@click.option("--pledges", type=NEW_FILE, help="Also write the pledges, with what is worth a look.")
@click.option(
    "--as-of", type=ISO_DAY, help="Day on which the pledges are told (default: the newest article's)."
)
@home_option
def annotate(
    settings: Settings,
    source: Path,
    target: Path,
    officials: Path | None,
    pledges: Path | None,
    as_of: datetime | None,
) -> None:
    """Statements, speakers, commitments, pledges and evidence of a file of articles."""
    bodies = settings.own_file(BODIES_FILE)
    register = Register.load(officials, bodies) if officials else Register((), bodies)
    model, least = settings.spacy_model, settings.speaker_confidence

    def work(lines: Iterable[JsonLine]) -> Iterator[JsonLine]:
        text = read_texts(lines, register, model, least)
        yield from written(text)
        if pledges:
            day = as_of.date() if as_of else None
            with _written(pledges) as out:
                for line in pledge_lines(text, day, settings.due_soon_days):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")

    _over(source, target, "annotate", work)


@click.command()
@in_option
@out_option
@home_option
def classify(settings: Settings, source: Path, target: Path) -> None:
    """Commitments in texts that are already one speaker's words."""
    _over(source, target, "classify", classify_lines)


@click.command()
@in_option
@out_option
@home_option
def parse(settings: Settings, source: Path, target: Path) -> None:
    """Article fields and text of saved pages: the layouts alone.

    A line of the input is {"id", "file"} and, where known, "url" and "layout"; a file is looked for from the
    input's folder.
    """
    counts = Counts("parse")
    with _written(target) as out, source.open(encoding="utf-8", errors="replace") as lines:
        for answer, problem in parse_lines(_counted(lines, counts), source.parent):
            if problem:
                counts.problems.append(problem)
            if answer:
                counts.written += 1
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    show([counts], kept=False)


def _counted(lines: Iterable[str], counts: Counts) -> Iterator[str]:
    for line in lines:
        counts.read += bool(line.strip())
        yield line


@contextmanager
def _written(target: Path) -> Iterator[TextIO]:
    """A file that stands in ``target``'s place only when it is whole."""
    half = half_of(target)
    try:
        with half.open("w", encoding="utf-8", errors="backslashreplace") as out:  # as JSON writes such, too
            yield out
        half.replace(target)
    except OSError as error:
        raise WrongUse(f"{target} cannot be written ({error.strerror})") from error
    finally:
        half.unlink(missing_ok=True)


def _over(
    source: Path, target: Path, name: str, work: Callable[[Iterable[JsonLine]], Iterable[JsonLine]]
) -> None:
    """Read lines, work on the good ones, write the answers in one rename, and tell the bad ones by number."""
    counts = Counts(name)
    with _written(target) as out:
        for answer in work(_lines(source, counts)):
            if problem := answer.pop("problem", None):
                counts.problem(str(answer.get("id")), str(problem["reason"]), str(problem.get("detail", "")))
            out.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
            counts.written += 1
    show([counts], kept=False)


def _lines(source: Path, counts: Counts) -> Iterator[JsonLine]:
    with source.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            counts.read += 1
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                counts.problem(f"{source}:{number}", "not_json", str(error)[:120])
                continue
            if not isinstance(row, dict) or any(not isinstance(row.get(key), str) for key in ("id", "text")):
                counts.problem(f"{source}:{number}", "missing_field", "a line needs id, text as text")
                continue
            yield row
