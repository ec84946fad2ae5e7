"""Commands that write: the whole run, its stages alone, rebuilding, forgetting, the schedule."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from flows import backup as backups
from flows.cli.app import COMMANDS, home_option, json_flag
from flows.delivery.publish import publish as send_digest
from flows.pipeline.progress import finish, show
from flows.pipeline.report import summary_text
from flows.pipeline.runner import new_run, run_stage, run_stages, sources_for
from flows.pipeline.runner import rebuild as rebuild_all
from flows.pipeline.sources import Sources, home_sources, load_sources, sample_web
from flows.schedule.environment import prepare
from flows.schedule.printed import KINDS, printed
from flows.schedule.sharing import shared
from ledger import settings as home_settings
from ledger.counts import Counts
from ledger.days import day
from ledger.errors import WrongUse
from ledger.settings import Settings

SHARED = ("extract", "flag")  # stages that workers share
SAMPLE_DAY = date(2026, 6, 30)  # the last day that the invented county's coverage knows of

sample_flag = click.option("--sample", is_flag=True, help="On the bundled sample web, served meanwhile.")
port_option = click.option(
    "--base-port",
    type=click.IntRange(0, 65000),
    default=8801,
    show_default=True,
    help="First of the sample web's ports; 0 takes free ones.",
)
workers_option = click.option(
    "--workers",
    metavar="N|ADDRESS",
    help="So many processes read the texts, or those of the Dask scheduler there (tcp://scheduler:8786).",
)


@click.command()
@workers_option
@home_option
def run(settings: Settings, workers: str | None) -> None:
    """Do everything once: crawl the outlets, find pledges, publish, write the digest."""
    home_settings.fix_day(settings, None)
    settings = home_settings.with_workers(home_settings.load(settings.home), workers)
    _sum_up(settings, _run_all(settings, sample=False))


@click.command()
@click.option(
    "--edition",
    type=click.Choice(["1", "2"]),
    default="1",
    help="2: a later visit, on which one article was edited.",
)
@port_option
@home_option
def sample(settings: Settings, edition: str, base_port: int) -> None:
    """Do the same on the bundled sample web, the invented county of Marlshire; nothing to set up.

    The county stands still on 30 June 2026: what is due or overdue is reckoned from that day.
    """
    home_settings.fix_day(settings, SAMPLE_DAY)
    settings = home_settings.load(settings.home)
    with sample_web(settings, base_port, int(edition)) as address:
        click.echo(f"The sample web of Marlshire is up for this run, its first outlet at {address}")
        done = _run_all(settings, sample=True)
    _sum_up(settings, done)


def _run_all(settings: Settings, sample: bool) -> list[Counts]:
    sources = sources_for(settings, sample)  # a list that cannot be used is told before anything starts
    click.echo(f"Working in {settings.home}, as of {day(settings.today)}.")
    with shared(settings, sources) as sources:
        return run_stages(settings, sources, lambda name, run_id: run_stage(name, settings, sources, run_id))


def _sum_up(settings: Settings, done: list[Counts]) -> None:
    page, sent = send_digest(settings)
    click.echo("")
    click.echo(summary_text(settings, page))
    finish([*done, sent])


def _stage(name: str) -> click.Command:
    @click.command(name=name, help=COMMANDS[name][1])
    @sample_flag
    @json_flag
    @home_option
    def command(settings: Settings, sample: bool, as_json: bool, workers: str | None = None) -> None:
        if sample:
            home_settings.fix_day(settings, SAMPLE_DAY)
            settings = home_settings.load(settings.home)
        settings = home_settings.with_workers(settings, workers)
        web_needed = sample and name == "crawl"
        with (
            sample_web(settings, base_port=8801, edition=1) if web_needed else nullcontext(),
            shared(settings, sources_for(settings, sample)) as sources,
        ):
            show([run_stage(name, settings, sources, new_run(settings))], as_json)

    return workers_option(command) if name in SHARED else command


crawl = _stage("crawl")
load = _stage("load")
extract = _stage("extract")
flag = _stage("flag")
group = _stage("group")
track = _stage("track")
publish = _stage("publish")


@click.command()
@sample_flag
@json_flag
@workers_option
@home_option
def rebuild(settings: Settings, sample: bool, as_json: bool, workers: str | None) -> None:
    """Make the warehouse again from data/archive and the decisions; the web is not asked."""
    settings = home_settings.with_workers(settings, workers)
    with shared(settings, sources_for(settings, sample)) as sources:
        show(rebuild_all(settings, sources), as_json)


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--person", "people", multiple=True, metavar="NAME", help="Somebody's name, in each writing of it."
)
@click.option("--outlet", default="", metavar="NAME", help="An outlet with all its articles.")
@click.option("--old", "aged", is_flag=True, help="What is older than keep_days of settings.toml.")
@home_option
def forget(
    settings: Settings, urls: tuple[str, ...], people: tuple[str, ...], outlet: str, aged: bool
) -> None:
    """Take out articles, a person's name, an outlet, or what is old; a tombstone keeps it away.

    Exit status 1 when it still stands somewhere: the files are listed.
    """
    from flows.forget import forget as forgetting  # noqa: PLC0415  # Jinja: 0.1 s

    def sources() -> Sources:
        return home_sources(settings)

    if (bool(urls) + bool(people) + bool(outlet) + aged) != 1:
        raise WrongUse("give one of them: the addresses of articles, --person, --outlet or --old")
    if urls:
        done = forgetting.articles(settings, sources, urls)
    elif people:
        done = forgetting.person(settings, sources, people)
    elif outlet:
        done = forgetting.outlet(settings, sources, outlet)
    else:
        done = forgetting.old(settings, sources)
    for line in done.told:
        click.echo(line)
    for file in done.left:
        click.echo(f"said: it still stands in {file}: take it out there", err=True)
    raise click.exceptions.Exit(1 if done.left else 0)


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@home_option
def backup(settings: Settings, folder: Path | None) -> None:
    """Keep decisions, deliveries, subscribers and settings in one file, for eight weeks.

    It goes to FOLDER, else to data/backups of the home folder.
    """
    made = backups.backup(settings, folder)
    click.echo(f"{made.path}: {', '.join(made.contents)}")
    for old in made.removed:
        click.echo(f"removed {old}, older than eight weeks")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
def restore(settings: Settings, file: Path) -> None:
    """Put what the backup FILE holds in the place of what is there, which is backed up first."""
    names, before = backups.restore(settings, file)
    click.echo(f"restored from {file}: {', '.join(names)}")
    if before:
        click.echo(f"what was there is in {before}")


@click.command()
@click.option(
    "--print",
    "kind",
    type=click.Choice(KINDS),
    help="Only print a systemd unit, or lines for cron without Prefect.",
)
@home_option
def serve(settings: Settings, kind: str | None) -> None:
    """Look for what is new, run every night and send the digest, scheduled by Prefect, until interrupted."""
    if kind:
        click.echo(printed(settings, kind), nl=False)
        return
    load_sources(settings)  # a list that cannot be used is told before anything starts
    prepare(settings)
    from flows.schedule.flow import planned  # noqa: PLC0415  # Prefect: 2 s, and after that
    from flows.schedule.serve import serve as serve_flows  # noqa: PLC0415

    serve_flows(settings, planned(settings))
