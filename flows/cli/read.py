"""Commands that read what is published."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from flows.cli.app import home_option, json_flag
from flows.cli.lines import echo_json, flat
from flows.export import export as write
from flows.export import export_calendar, note_written
from flows.pipeline.progress import counts_json, finish, line
from flows.pipeline.report import summary_text
from ledger.days import day as day_in_words
from ledger.errors import WrongUse
from ledger.outputs import totals
from ledger.outputs.changed_rows import Changed, changed
from ledger.presentation.labels import number
from ledger.presentation.remedies import in_words
from ledger.settings import Settings, child_environment
from ledger.storage.deliveries import outstanding

DAY = click.DateTime(["%Y-%m-%d"])
_ONE, _MANY = "statement or commitment stands", "statements and commitments stand"
_MOST = 20  # lines of a list of what changed


@click.command()
@click.option("--date", "day", type=DAY, help="The day it is of. Default: today.")
@click.option("--since", type=DAY, help="Tell what came after this day. Default: what no digest has told.")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    help="Only to this one, such as email or webhook; file: to nobody. Default: all in subscriptions.yaml.",
)
@click.option("--dry-run", is_flag=True, help="Print it; write and send nothing.")
@json_flag
@home_option
def digest(
    settings: Settings,
    day: datetime | None,
    since: datetime | None,
    channels: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """New pledges, changed statuses, deadlines ahead and missed, each with its reason."""
    from flows.delivery.publish import publish as send  # noqa: PLC0415  # Jinja, here and below: 0.1 s
    from flows.digest.make import make_digest  # noqa: PLC0415
    from flows.digest.render.registry import FORMATS  # noqa: PLC0415

    when, from_day = (day.date() if day else None), since.date() if since else None
    if dry_run:
        click.echo(FORMATS["json" if as_json else "txt"](make_digest(settings, when, from_day)))
        return
    page, counts = send(settings, when, from_day, channels)
    if as_json:
        echo_json({"digest": page, **counts_json(counts)})
    else:
        click.echo(f"digest: {page}")
        if counts.read:
            click.echo(line(counts))
    finish([counts], quiet=as_json)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Its port.")
@home_option
def dashboard(settings: Settings, port: int) -> None:
    """Show the pages in a browser, on this machine only."""
    _free(port)
    click.echo(f"The dashboard is at http://127.0.0.1:{port}/ (stop it with Ctrl-C)")
    sys.stdout.flush()
    command = [sys.executable, "-m", "dashboard", str(port)]  # a program of its own: flows imports no page
    os.execve(sys.executable, command, child_environment(settings))


def _free(port: int) -> None:
    """Refuse a port that another program has, before its address is told."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as error:
            raise WrongUse(
                f"port {port} cannot be had ({error.strerror}): stop what runs there, or give another, "
                f"such as --port {port + 1 if port < 65535 else port - 1}"
            ) from error


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--site", is_flag=True, help="Also FOLDER/site: a page for each pledge, for any web host.")
@click.option(
    "--labels",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What people decided as JSON lines to learn from, without names of private people.",
)
@json_flag
@home_option
def export(settings: Settings, folder: Path | None, site: bool, labels: Path | None, as_json: bool) -> None:
    """Write pledges, statements, evidence, officials and decisions to FOLDER as CSV, JSON and Parquet."""
    if folder is None and (site or labels is None):
        raise WrongUse("give a FOLDER to write to, or --labels FILE")
    made: list[tuple[Path, int, str]] = []
    if labels:
        from flows.labels import export_labels  # noqa: PLC0415  # lists of names: 0.3 s

        number, left_out = export_labels(settings, labels)
        made.append((labels, number, "labels"))
        if not as_json:
            click.echo(f"{labels}: {number} labels, {left_out} left out for their outlet's rights")
        note_written(settings, labels, "labels")
    tables = write(settings, folder) if folder else []
    made += [(path, number, "rows") for path, number in tables]
    if folder:
        made.append((*export_calendar(settings, folder), "dates"))
        note_written(settings, folder, "tables")
    if site and folder:
        from flows.site.build import export_site  # noqa: PLC0415  # Jinja again

        page, number = export_site(settings, folder)
        made.append((page, number, "pledges"))
        note_written(settings, folder, "site")
    if as_json:
        echo_json([{"file": path, "number": number, "of": what} for path, number, what in made])
        return
    for path, number, what in made:
        if what != "labels":
            click.echo(f"{path}: {number} {what}")


@click.command()
@json_flag
@home_option
def verify(settings: Settings, as_json: bool) -> None:
    """Check every stored quotation against the stored text, and the text against the archived page."""
    from flows.pipeline.verify import (  # noqa: PLC0415  # trafilatura: 0.2 s
        verify_archive,
        verify_files,
        verify_quotations,
    )

    files, counts, archived = verify_files(settings), verify_quotations(settings), verify_archive(settings)
    counts.problems += [*files.problems, *archived.problems]
    if as_json:
        report = {
            "checked": counts.read,
            "verbatim": counts.written,
            "articles_from_archive": archived.written,
        }
        click.echo(json.dumps(report | {"problems": [asdict(p) for p in counts.problems]}))
    else:
        click.echo(f"{counts.read} quotations checked, {counts.written} stand word for word at their offsets")
        click.echo(f"{archived.written} of {archived.read} articles are what their archived page gives")
    finish([counts], quiet=as_json)


@click.command()
@click.option(
    "--runs",
    "most",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="Last runs told.",
)
@json_flag
@home_option
def status(settings: Settings, most: int, as_json: bool) -> None:
    """The last runs, what they skipped and met; letters that did not arrive; what is not as it was known."""
    listed, letters, now = totals.runs(settings, most), outstanding(settings), changed(settings)
    if as_json:
        told = [{**asdict(one), "told": one.told} for one in letters]
        former = [{**asdict(one), "told": one.told} for one in now.former]
        echo_json({"runs": listed, "letters": told, "changed": asdict(now) | {"former": former}})
        return
    click.echo(summary_text(settings, None))
    if letters:
        click.echo(f"\n{number(len(letters), 'letter')} not delivered:")
        for letter in letters:
            click.echo(f"  {letter.edition} to {flat(letter.shown)} by {letter.channel}: {flat(letter.told)}")
    _tell_changed(now)
    for one in listed:
        click.echo(f"\nRun {one['id']}: {one['problems']} problems")
        for problem in one["problem_list"]:
            where = f"{flat(problem['item'])} {flat(problem['detail'])}"
            click.echo(f"  {problem['stage']}: {in_words(problem['reason'])}: {where}")
        for skip in one["skip_list"]:
            click.echo(f"  {skip['stage']}: {skip['number']} left out: {in_words(skip['reason'])}")


def _tell_changed(now: Changed) -> None:
    """What is no longer as readers knew it; nothing where all is."""
    if now.upgraded:
        click.echo(
            f"\nAn earlier version's warehouse was brought up to date on {day_in_words(now.upgraded)}; the"
            f" run after that reads all articles again. {number(now.succeeded, _ONE, _MANY)} for others, with"
            " what was decided of them."
        )
        for line in now.settings:
            click.echo(f"  {flat(line)}")
    if now.former:
        pledges = number(len(now.former), "pledge is", "pledges are")
        click.echo(f"\n{pledges} no longer under the id that was known:")
        for one in now.former[:_MOST]:
            click.echo(f"  {one.id} {flat(one.title)} ({flat(one.owner)}): {flat(one.told)}")
            for decision in one.decisions:
                click.echo(f"    {flat(decision)}")
        _more(len(now.former))
    if now.idle:
        decisions = number(len(now.idle), "decision finds", "decisions find")
        click.echo(f"\n{decisions} nothing any more; what they are about may be found again:")
        for line in now.idle[:_MOST]:
            click.echo(f"  {flat(line)}")
        _more(len(now.idle))


def _more(all_of_them: int) -> None:
    if all_of_them > _MOST:
        click.echo(f"  and {all_of_them - _MOST} more: `said status --json` has all")
