"""Commands on the two lists a reader keeps: officials and outlets."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click
import yaml

from crawlers.outlets import choose
from flows.cli.app import home_option, json_flag
from flows.cli.bodies import update
from flows.pipeline.sources import BODIES_FILE, sample_web
from ledger.days import day
from ledger.settings import Settings
from nlp.officials.register import Register


@click.group()
def officials() -> None:
    """The register of officials."""


@officials.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
def import_officials(settings: Settings, file: Path) -> None:
    """Add the officials of FILE (Popolo JSON, CSV, YAML or JSON lines) to the home folder's register."""
    target = settings.home / "officials.yaml"
    register = Register.load(file)
    there = Register.load(target) if target.is_file() else Register(())
    merged = there.merged(register)
    half = target.with_suffix(".half")
    half.write_text(yaml.safe_dump(merged.rows(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    half.replace(target)
    added = len(merged.officials) - len(there.officials)
    click.echo(f"{target}: {len(merged.officials)} officials, {added} of them new")


@officials.command("update")
@home_option
def update_officials(settings: Settings) -> None:
    """Fetch the list of public bodies and seats anew from its open publishers into the home folder.

    Offices are in it, not who holds them. What cannot be reached stays as it is known.
    """
    target = settings.home / BODIES_FILE
    failed = 0
    for source, problem in update(target, settings.contact):
        failed += bool(problem)
        click.echo(problem or f"{source.name}: taken ({source.licence})", err=bool(problem))
    raise click.exceptions.Exit(1 if failed else 0)


@click.group()
def outlets() -> None:
    """The outlets that a run reads."""


@outlets.command("check")
@click.argument("name", required=False)
@click.option("--sample", is_flag=True, help="Check the bundled sample web's outlets.")
@json_flag
@home_option
def check_outlets(settings: Settings, name: str | None, sample: bool, as_json: bool) -> None:
    """Try one outlet (or all) live: robots.txt, feeds, one article; say what was found."""
    from crawlers.loading.check import check_outlet  # noqa: PLC0415  # trafilatura: 0.2 s
    from flows.pipeline.runner import sources_for  # noqa: PLC0415  # DuckDB and trafilatura: 0.5 s

    good = True
    with sample_web(settings, base_port=0, edition=1) if sample else nullcontext():
        sources = sources_for(settings, sample)
        chosen = [choose(sources.outlets, name)] if name else list(sources.outlets)
        for outlet in chosen:
            report = check_outlet(outlet, settings.contact)
            good = good and report.good and not report.problems
            if as_json:
                click.echo(json.dumps(asdict(report), ensure_ascii=False, default=str))
                continue
            click.echo(f"{outlet.name}: {'good' if report.good else 'NOT GOOD'}")
            for listing in report.listings:
                found = listing.get("reason") or f"{listing.get('links')} links"
                click.echo(f"  {listing.get('url')}: {found}")
            for article in report.articles:
                when = (
                    f"{day(article.published)} {article.published:%H:%M}" if article.published else "no date"
                )
                click.echo(f"  article: {article.title} ({when}, {len(article.text)} characters)")
            for problem in report.problems:
                click.echo(f"  problem: {problem.reason}: {problem.item} {problem.detail}")
    raise click.exceptions.Exit(0 if good else 1)
