"""Commands on the two lists a reader keeps: officials and outlets."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click
import yaml

from crawlers.outlets import choose
from flows.bodies import update
from flows.cli.app import home_option, json_flag
from flows.cli.checked import as_row, check_table
from flows.cli.lines import echo_json
from flows.pipeline.sources import BODIES_FILE, sample_web
from ledger.data_files import write_whole
from ledger.follows.follow import KINDS, RHYTHMS, Follow, Rhythm
from ledger.settings import Settings
from nlp.officials.register import Register


@click.group()
def officials() -> None:
    """The register of officials."""


@officials.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_flag
@home_option
def import_officials(settings: Settings, file: Path, as_json: bool) -> None:
    """Add the officials of FILE (Popolo JSON, CSV, YAML or JSON lines) to the home folder's register."""
    target = settings.home / "officials.yaml"
    register = Register.load(file)
    there = Register.load(target) if target.is_file() else Register(())
    merged = there.merged(register)
    write_whole(target, yaml.safe_dump(merged.rows(), allow_unicode=True, sort_keys=False))
    added = len(merged.officials) - len(there.officials)
    if as_json:
        echo_json({"file": target, "officials": len(merged.officials), "new": added})
    else:
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
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--region", default="", help="Only outlets of this region, or of those whose name holds it.")
@click.option("--group", default="", help="Only outlets of this group.")
@click.option("--sample", is_flag=True, help="Check the bundled sample web's outlets.")
@json_flag
@home_option
def check_some(
    settings: Settings, names: tuple[str, ...], region: str, group: str, sample: bool, as_json: bool
) -> None:
    """Try outlets live, those named or all: robots.txt, listings, three articles of each, rights.

    A NAME that no outlet has stands for all whose name it is a part of. Exit status 1 when one is not good.
    """
    from crawlers.probe.check import check_outlets  # noqa: PLC0415  # trafilatura: 0.2 s
    from flows.pipeline.runner import sources_for  # noqa: PLC0415  # DuckDB and trafilatura: 0.5 s

    with sample_web(settings, base_port=0, edition=1) if sample else nullcontext():
        chosen = choose(sources_for(settings, sample).outlets, names, region, group)
        reports = check_outlets(chosen, settings.contact)
    if as_json:
        for report in reports:
            click.echo(json.dumps(as_row(report), ensure_ascii=False, default=str))
    else:
        click.echo(check_table(reports))
    raise click.exceptions.Exit(0 if all(report.good for report in reports) else 1)


@outlets.command("find")
@click.argument("address")
@click.option("--name", default="", help="What the outlet is to be called, where not as its site says.")
@click.option("--region", default="", help="The region it is of.")
@click.option(
    "--json", "as_json", is_flag=True, help="What was found of each address, for a machine to read."
)
@home_option
def find_listings(settings: Settings, address: str, name: str, region: str, as_json: bool) -> None:
    """Look for the feeds, sitemaps and news pages of the site at ADDRESS; prints an entry for outlets.yaml.

    Exit status 1 when none is found.
    """
    from crawlers.probe.find import find_outlet  # noqa: PLC0415  # Scrapy: 0.3 s

    found = find_outlet(address, settings.contact, name, region)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else found.text(), nl=as_json)
    raise click.exceptions.Exit(0 if found.entry else 1)


@click.group()
def editors() -> None:
    """Who may decide in the dashboard."""


@editors.command("token")
@click.argument("name")
@home_option
def make_token(settings: Settings, name: str) -> None:
    """Make a token by which NAME decides in the dashboard. It is shown once; the settings hold its hash."""
    token = secrets.token_urlsafe(32)
    click.echo(f"Their token, to be given to them alone: {token}")
    click.echo(f"For {settings.home / 'settings.toml'}:\n\n[tokens]")
    quoted = json.dumps(name, ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )  # which TOML does not take as it is
    click.echo(f'{quoted} = "{hashlib.sha256(token.encode()).hexdigest()}"')


@click.command()
@click.option("--email", "address", required=True, help="To whom; - reads it from standard input.")
@click.option(
    "--every",
    type=click.Choice(RHYTHMS),
    default="day",
    show_default=True,
    help="How often a letter comes, where there is something to tell.",
)
@click.option("--official", multiple=True, metavar="NAME", help="A name, or the id in the address of a page.")
@click.option("--body", multiple=True, metavar="NAME", help="A public body.")
@click.option("--area", multiple=True, metavar="NAME", help="An area or region.")
@click.option("--topic", multiple=True, metavar="NAME", help="A topic, or a part of its name.")
@click.option("--pledge", multiple=True, metavar="ID", help="The id in the address of its page.")
@click.option("--search", multiple=True, metavar="QUERY", help="As of `said search`.")
@home_option
def follow(settings: Settings, address: str, every: Rhythm, **given: tuple[str, ...]) -> None:
    """Send somebody letters on what they follow, once they confirm it by the link in a first one."""
    from flows.delivery import following  # noqa: PLC0415  # Jinja: 0.1 s

    address = (sys.stdin.readline() if address == "-" else address).strip()
    wanted = [Follow(kind, " ".join(value.split())) for kind in KINDS for value in given[kind]]
    click.echo(following.follow(settings, address, every, wanted))
