"""The command `said`. Exit status: 0 done, 1 done with problems listed, 2 wrong use."""

from __future__ import annotations

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
        home_settings.quiet_libraries()
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
