"""Commands that read what is published."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from flows.cli import passages
from flows.cli.app import home_option, json_flag
from flows.cli.found import found_lines, found_row, minor_lines, print_rows
from flows.cli.lines import flat
from flows.export import export as write
from flows.pipeline.progress import finish, line
from flows.pipeline.report import summary_text
from ledger import days
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.outputs import totals
from ledger.presentation.labels import when_due
from ledger.queries import overview_page, pledge_list
from ledger.search import query_syntax
from ledger.search import statement_search as searching
from ledger.settings import Settings, child_environment
from ledger.validation import did_you_mean
from nlp.text.embeddings import Embedder

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How to print."
)
_ALL = 1_000_000  # rows of a list that is given whole
DAY = click.DateTime(["%Y-%m-%d"])


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
@home_option
def digest(
    settings: Settings, day: datetime | None, since: datetime | None, channels: tuple[str, ...], dry_run: bool
) -> None:
    """New pledges, changed statuses, deadlines ahead and missed, each with its reason."""
    from flows.delivery.publish import publish as send  # noqa: PLC0415  # Jinja, here and below: 0.1 s
    from flows.digest.make import make_digest  # noqa: PLC0415
    from flows.digest.render.text import render  # noqa: PLC0415

    when, from_day = (day.date() if day else None), since.date() if since else None
    if dry_run:
        click.echo(render(make_digest(settings, when, from_day)))
        return
    page, counts = send(settings, when, from_day, channels)
    click.echo(f"digest: {page}")
    if counts.read:
        click.echo(line(counts))
    finish([counts])


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Its port.")
@home_option
def dashboard(settings: Settings, port: int) -> None:
    """Show the pages in a browser, on this machine only."""
    click.echo(f"The dashboard is at http://127.0.0.1:{port}/ (stop it with Ctrl-C)")
    sys.stdout.flush()
    command = [sys.executable, "-m", "dashboard", str(port)]  # a program of its own: flows imports no page
    os.execve(sys.executable, command, child_environment(settings))


@click.command()
@click.argument("query", required=False, default="")
@click.option("--speaker", default="", help="Part of a name.")
@click.option("--role", default="", help="mp, mayor, minister, councillor, council_leader, police, pcc …")
@click.option("--outlet", default="", help="Only from this outlet.")
@click.option("--area", default="", help="Only by officials of this area.")
@click.option("--after", default="", help="ISO day, month or year.")
@click.option("--before", default="", help="ISO day, month or year.")
@click.option(
    "--order",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    help="What comes first.",
)
@click.option("--semantic", is_flag=True, help="By meaning: the words need not occur.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many."
)
@format_option
@home_option
def search(settings: Settings, query: str, form: str, semantic: bool, **given: Any) -> None:
    """Find statements: words, "an exact phrase", -not, speaker:, role:, outlet:, after:, before:."""
    if semantic:
        del given["order"]  # the nearest first, always
        asked = query_syntax.parse(query)
        vector = Embedder().encode([" ".join((*asked.words, *asked.phrases))])[0]
        found = searching.similar(settings, vector, query, **given)
    else:
        found = searching.search(settings, query, **given)
    rows = [found_row(hit) for hit in found.hits]
    if form == "table":
        for row in rows:
            click.echo(f"{found_lines(row)}\n")
        named = [] if found.total else [("owner", found.query.speaker), ("outlet", found.query.outlet)]
        near = "".join(_near(settings, kind, name) for kind, name in named)
        click.echo(f"{len(rows)} of {found.total} statements{near}")
    else:
        print_rows(rows, form)


@click.command()
@click.option("--overdue", is_flag=True, help="Only those past their deadline.")
@click.option("--due", metavar="30d", help="Only those due within so many days.")
@click.option("--owner", default="", help="Only those of this official or body.")
@click.option("--id", "pledge_id", default="", help="One pledge: what came of it, and what is worth a look.")
@click.option(
    "--look", is_flag=True, help="Go through what is worth a look (with --id of one): a key for each."
)
@click.option(
    "--take",
    nargs=2,
    metavar="PASSAGE STANCE",
    help="Take a passage as evidence: progress, delivered, delayed, cancelled, broken or restated.",
)
@click.option(
    "--strike", metavar="PASSAGE", help="Strike a passage off the list: it does not bear on the pledge."
)
@click.option("--headline", is_flag=True, help="Only those that an editor marked as headline pledges.")
@click.option("--minor", is_flag=True, help="Instead of pledges the small ones that nobody would track.")
@click.option(
    "--mark/--unmark",
    default=None,
    help="Mark the pledge of --id as a headline pledge, or take the mark off.",
)
@click.option("--title", default="", help="Name the pledge of --id; the machine's title stays beside it.")
@click.option("--who", default="", help="Your name, as it should stand in the journal.")
@format_option
@home_option
def pledges(
    settings: Settings,
    overdue: bool,
    due: str | None,
    owner: str,
    pledge_id: str,
    look: bool,
    take: tuple[str, str] | None,
    strike: str | None,
    headline: bool,
    minor: bool,
    mark: bool | None,
    title: str,
    who: str,
    form: str,
) -> None:
    """List pledges with deadline and status; show one; take or strike what is worth a look."""
    if take or strike:
        passages.judge(settings, take, strike, who)
        return
    if title:
        passages.name(settings, pledge_id, title, who)
        return
    if mark is not None:
        passages.mark(settings, pledge_id, mark, who)
        return
    if minor:
        small = overview_page.minor(settings, _ALL)
        click.echo(minor_lines(small)) if form == "table" else print_rows(
            [asdict(one) for one in small], form
        )
        return
    if look:
        passages.go_through(settings, pledge_id, who)
        return
    if pledge_id:
        passages.show(settings, pledge_id, form)
        return
    found = pledge_list.pledges(
        settings,
        pledge_list.Filter(owner=owner, due="overdue" if overdue else (due or ""), headline=headline),
    )
    if form != "table":
        print_rows([asdict(pledge) for pledge in found], form)
        return
    for pledge in found:
        when = when_due(pledge.deadline, settings.today, pledge.first_due)
        beside = pledge.person if pledge.person not in (None, pledge.owner) else ""
        who = f"{pledge.owner} ({beside})" if beside else pledge.owner
        by = f"set by {pledge.set_by}" if pledge.set_by else "suggested"
        flags = f"; {', '.join(pledge.flags)}" if pledge.flags else ""
        click.echo(f"{flat(pledge.title)}\n  {flat(who)}; {when}; {pledge.status} ({by}){flags}")
    near = "" if found else _near(settings, "owner", owner, whole=True)
    beside = (
        ""
        if overdue or due or owner or headline
        else f", and {overview_page.overview(settings).minor} minor ones (--minor)"
    )
    click.echo(f"{len(found)} pledges{beside}, as of {days.day(settings.today)}{near}")


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--site", is_flag=True, help="Also FOLDER/site: a page for each pledge, for any web host.")
@click.option(
    "--labels",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What people decided as JSON lines to learn from, without names of private people.",
)
@home_option
def export(settings: Settings, folder: Path | None, site: bool, labels: Path | None) -> None:
    """Write pledges, statements, evidence, officials and decisions to FOLDER as CSV, JSON and Parquet."""
    if folder is None and (site or labels is None):
        raise WrongUse("give a FOLDER to write to, or --labels FILE")
    if labels:
        from flows.labels import export_labels  # noqa: PLC0415  # lists of names: 0.3 s

        number, left_out = export_labels(settings, labels)
        click.echo(f"{labels}: {number} labels, {left_out} left out for their outlet's rights")
    if folder is None:
        return
    for path, number in write(settings, folder):
        click.echo(f"{path}: {number} rows")
    if site:
        from flows.site.build import export_site  # noqa: PLC0415  # Jinja again

        page, number = export_site(settings, folder)
        click.echo(f"{page}: {number} pledges")


@click.command()
@json_flag
@home_option
def verify(settings: Settings, as_json: bool) -> None:
    """Check every stored quotation against the stored text, and the text against the archived page."""
    from flows.pipeline.verify import verify_archive  # noqa: PLC0415  # trafilatura: 0.2 s

    checked, broken = totals.verify(settings)
    archived = verify_archive(settings)
    counts = Counts("verify", read=checked, written=checked - len(broken))
    for one in broken:
        counts.problem(one.url or one.statement_id, "not_verbatim", one.reason)
    counts.problems += archived.problems
    if as_json:
        report = {
            "checked": checked,
            "verbatim": counts.written,
            "articles_from_archive": archived.written,
        }
        click.echo(json.dumps(report | {"problems": [asdict(p) for p in counts.problems]}))
    else:
        click.echo(f"{checked} quotations checked, {counts.written} stand word for word at their offsets")
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
    """The last runs, what they skipped and every problem they met."""
    listed = totals.runs(settings, most)
    if as_json:
        click.echo(json.dumps(listed, default=str, ensure_ascii=False))
        return
    click.echo(summary_text(settings, None))
    for one in listed:
        click.echo(f"\nRun {one['id']}: {one['problems']} problems")
        for problem in one["problem_list"]:
            where = f"{flat(problem['item'])} {flat(problem['detail'])}"
            click.echo(f"  {problem['stage']}: {problem['reason']}: {where}")
        for skip in one["skip_list"]:
            click.echo(f"  {skip['stage']}: {skip['number']} skipped: {skip['reason']}")


def _near(settings: Settings, kind: str, name: str, whole: bool = False) -> str:
    """The end of a line on nothing found: whom or which outlet a name means that is none, nor part of one."""
    known = list(pledge_list.choices(settings)[kind].values()) if name else []
    there = name in known if whole else any(name.casefold() in one.casefold() for one in known)
    return "" if there else did_you_mean(name, known)
