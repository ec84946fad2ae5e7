"""The command `said`. Exit status: 0 done, 1 done with problems listed, 2 wrong use."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ledger import settings as home_settings
from ledger.errors import SaidError
from ledger.settings import Settings
from ledger.types import Counts

# Command name -> module and attribute: a command's libraries are imported when it is called, not before.
COMMANDS = {
    "run": "flows.cli.run:run",
    "sample": "flows.cli.run:sample",
    "crawl": "flows.cli.run:crawl",
    "load": "flows.cli.run:load",
    "extract": "flows.cli.run:extract",
    "flag": "flows.cli.run:flag",
    "group": "flows.cli.run:group",
    "track": "flows.cli.run:track",
    "publish": "flows.cli.run:publish",
    "rebuild": "flows.cli.run:rebuild",
    "forget": "flows.cli.run:forget",
    "serve": "flows.cli.run:serve",
    "digest": "flows.cli.read:digest",
    "dashboard": "flows.cli.read:dashboard",
    "search": "flows.cli.read:search",
    "pledges": "flows.cli.read:pledges",
    "export": "flows.cli.read:export",
    "verify": "flows.cli.read:verify",
    "status": "flows.cli.read:status",
    "officials": "flows.cli.lists:officials",
    "outlets": "flows.cli.lists:outlets",
    "annotate": "flows.cli.text:annotate",
    "classify": "flows.cli.text:classify",
    "parse": "flows.cli.text:parse",
}


class Commands(click.Group):
    """A group whose commands come from COMMANDS, in that order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Folder of this installation. Default: SAID_HOME, else the current folder.",
)
@click.version_option(package_name="said-and-done", prog_name="said")
@click.pass_context
def said(ctx: click.Context, home: Path | None) -> None:
    """Read regional news, keep what officials say, and hold their promises against what was done."""
    ctx.obj = home


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: errors that a user can mend become one line and exit status 2."""
    try:
        code = said.main(arguments, prog_name="said", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        where = getattr(error, "ctx", None)
        more = f" (`{where.command_path} --help` tells how)" if where else ""
        click.echo(f"said: {error.format_message()}{more}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("said: interrupted; the next run goes on from here", err=True)
        sys.exit(130)
    except SaidError as error:
        click.echo(f"said: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--home`` after the command's name too, and the settings of that home as first argument."""

    @click.option("--home", type=click.Path(path_type=Path), help="Folder of this installation.")
    @click.pass_context
    def wrapped(ctx: click.Context, /, home: Path | None, **given: Any) -> Any:
        settings = home_settings.load(home or ctx.find_root().obj)
        home_settings.quiet_libraries(settings)
        try:
            return command(settings, **given)
        except (SaidError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # the last door: a user gets a line, the log gets the rest
            raise _unexpected(settings, error) from error

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    return wrapped


def _unexpected(settings: Settings, error: Exception) -> SaidError:
    """A fault of ours as one line, its traceback kept in the home folder."""
    log = settings.data / "errors.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"{datetime.now(UTC).isoformat()}\n{''.join(traceback.format_exception(error))}\n")
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return SaidError(f"an error of ours: {what}. What is done is kept; details are in {log}")


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


def line(counts: Counts) -> str:
    """One stage in one line."""
    parts = [f"{counts.read} read", f"{counts.written} written"]
    if counts.skipped:
        parts.append("skipped: " + ", ".join(f"{n} {reason}" for reason, n in sorted(counts.skipped.items())))
    if counts.problems:
        parts.append(f"{len(counts.problems)} problem{'s' if len(counts.problems) > 1 else ''}")
    return f"{counts.stage:<8} {'; '.join(parts)}"


def show_problems(counts: Sequence[Counts], kept: bool, most: int = 10) -> None:
    """Problems on stderr, the first of them in full where `said status` can list the others."""
    problems = [problem for one in counts for problem in one.problems]
    click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}:", err=True)
    for problem in problems[: most if kept else None]:
        detail = f" ({problem.detail})" if problem.detail else ""
        click.echo(f"  {problem.stage}: {problem.reason}: {problem.item}{detail}", err=True)
    if kept and len(problems) > most:
        click.echo(f"  … and {len(problems) - most} more: `said status` lists all", err=True)


def counts_json(counts: Counts) -> dict[str, object]:
    return {
        "stage": counts.stage,
        "read": counts.read,
        "written": counts.written,
        "skipped": counts.skipped,
        "problems": [{"item": p.item, "reason": p.reason, "detail": p.detail} for p in counts.problems],
    }


__all__ = ["Settings", "finish", "home_option", "line", "main", "said", "show"]
