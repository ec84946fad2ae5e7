"""The command `said evaluate`: how accurate the text side is, as it was measured or measured now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.app import home_option, json_flag
from flows.cli.lines import echo_json, flat, table
from flows.pipeline.sources import BODIES_FILE
from ledger.errors import WrongUse
from ledger.outputs.quality import accuracy
from ledger.presentation.labels import number
from ledger.settings import Settings
from nlp.models.learned import weights_hash

if TYPE_CHECKING:
    from nlp.models.regions import Region
    from nlp.officials.register import Register

FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.option(
    "--fresh", is_flag=True, help="Measure what is installed now, on the regions that nothing learned from."
)
@click.option(
    "--input",
    "source",
    type=FILE,
    help="Measure it on a region of your own: a folder as in nlp/models/data/regions, or its gold.jsonl.",
)
@click.option("--officials", type=FILE, help="Register of that region, where it does not lie in the folder.")
@click.option("--pledges", type=FILE, help="Its followed pledges, where they do not lie in the folder.")
@json_flag
@home_option
def evaluate(
    settings: Settings,
    fresh: bool,
    source: Path | None,
    officials: Path | None,
    pledges: Path | None,
    as_json: bool,
) -> None:
    """How accurate the text side is: by region, role, form and kind, with intervals, as it was measured."""
    if (fresh and source) or (not source and (officials or pledges)):
        raise WrongUse("--officials and --pledges go with --input, and --fresh goes alone")
    if source:
        report = _own(settings, source, officials, pledges)
    else:
        report = _fresh() if fresh else accuracy.shipped()
    doubt = accuracy.doubt(report, weights_hash(), version("said-and-done"))
    if as_json:
        echo_json({**report, "doubt": doubt} if doubt else report)
        return
    click.echo(_page(accuracy.accuracy(report, doubt)))


def _page(told: accuracy.Accuracy) -> str:
    """The report for a terminal."""
    parts = [f"NOTE: {told.doubt}"] if told.doubt else []
    parts += ["\n".join(map(flat, told.lead)), flat(told.measured_on)]
    for section in told.sections:
        parts.append("\n".join([section.heading.upper(), *map(flat, section.sentences)]))
        parts += [f"{flat(one.caption)}\n{table(one.columns, one.rows)}" for one in section.figures]
    return "\n\n".join(parts)


def _fresh() -> Mapping[str, Any]:
    from nlp.models import regions  # noqa: PLC0415  # the text side, here and below: seconds

    return _measured(
        "fresh", [(regions.load(name, regions.FRESH), None) for name in regions.names(regions.FRESH)]
    )


def _own(settings: Settings, source: Path, officials: Path | None, pledges: Path | None) -> Mapping[str, Any]:
    from nlp.evaluation.own import own_region  # noqa: PLC0415
    from nlp.officials.register import Register  # noqa: PLC0415

    region, bodies = own_region(source, officials, pledges), settings.own_file(BODIES_FILE)
    listed = region.officials.is_file()
    register = Register.load(region.officials, bodies) if listed else Register((), bodies)
    return _measured("own", [(region, register)])


def _measured(name: str, regions: list[tuple[Region, Register | None]]) -> Mapping[str, Any]:
    """A report of regions that are read now; tells how it goes."""
    from nlp.evaluation.answers import answers  # noqa: PLC0415
    from nlp.evaluation.report import Read, report_of  # noqa: PLC0415

    began, done, all_of_them = time.monotonic(), 0, sum(len(region.articles) for region, _ in regions)
    reads = []
    for region, register in regions:
        click.echo(f"reading {flat(region.name)}, {number(len(region.articles), 'article')} …", err=True)
        reads.append(Read(region, answers(region, register=register)))
        done += len(region.articles)
        spent = time.monotonic() - began
        left = f", some {spent / done * (all_of_them - done):.0f} s to go" if done < all_of_them else ""
        click.echo(f"{done:,} of {number(all_of_them, 'article')} read in {spent:.0f} s{left}", err=True)
    return report_of({name: reads})
