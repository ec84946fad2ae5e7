"""The command `said`. Exit status: 0 done, 1 done with problems listed, 2 wrong use."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ledger import settings as home_settings
from ledger.errors import SaidError, WrongUse
from ledger.settings import Settings
from ledger.storage.beside import formats

# Command name -> its module, and what it does: a command's libraries are imported when it is called, not for
# the list of all.
COMMANDS = {
    "run": ("run", "Do everything once: crawl the outlets, find pledges, publish, write the digest."),
    "sample": (
        "run",
        "Do the same on the bundled sample web, the invented county of Marlshire; nothing to set up.",
    ),
    "add": (
        "add",
        "Take in files of your own: PDF, DOCX, TXT, EML, HTML, WARC; kept once, with their pages.",
    ),
    "crawl": ("run", "Fetch what is new into data/archive and data/crawl."),
    "load": ("run", "Make articles and their revisions of what was fetched."),
    "extract": ("run", "Find who said what in the articles that are new."),
    "flag": ("run", "Find the commitments among new statements."),
    "group": ("run", "Join new commitments to pledges."),
    "track": ("run", "Hold later coverage against the pledges."),
    "publish": ("run", "Put the new warehouse in the published one's place."),
    "rebuild": ("run", "Make the warehouse again from data/archive and the decisions; the web is not asked."),
    "forget": (
        "run",
        "Take out articles, a person's name, an outlet, or what is old; a tombstone keeps it away.",
    ),
    "backup": ("run", "Keep decisions, deliveries, subscribers and settings in one file, for eight weeks."),
    "restore": (
        "run",
        "Put what the backup FILE holds in the place of what is there, which is backed up first.",
    ),
    "serve": (
        "run",
        "Look for what is new, run every night and send the digest, scheduled by Prefect, until interrupted.",
    ),
    "digest": ("read", "New pledges, changed statuses, deadlines ahead and missed, each with its reason."),
    "follow": (
        "lists",
        "Send somebody letters on what they follow, once they confirm it by the link in a first one.",
    ),
    "dashboard": ("read", "Show the pages in a browser, on this machine only."),
    "search": (
        "asked",
        'Ask a plain question: pledges first, then statements; "an exact phrase", -not, speaker:, after: …',
    ),
    "pledges": (
        "listed",
        "List pledges with deadline and status; show one; take or strike what is worth a look.",
    ),
    "pledge": (
        "passages",
        "One pledge's page: whose, the words, what came of it, what is worth a look; or all of it as JSON.",
    ),
    "export": (
        "read",
        "Write pledges, statements, evidence, officials and decisions to FOLDER as CSV, JSON and Parquet.",
    ),
    "verify": (
        "read",
        "Check every stored quotation against the stored text, and the text against the archived page.",
    ),
    "status": (
        "read",
        "The last runs, what they skipped and met; letters that did not arrive; what is not as it was known.",
    ),
    "officials": ("lists", "The register of officials."),
    "outlets": ("lists", "The outlets that a run reads."),
    "editors": ("lists", "Who may decide in the dashboard."),
    "annotate": ("text", "Statements, speakers, commitments, pledges and evidence of a file of articles."),
    "classify": ("text", "Commitments in texts that are already one speaker's words."),
    "evaluate": (
        "evaluate",
        "How accurate the text side is: by region, role, form and kind, with intervals, as it was measured.",
    ),
    "parse": ("text", "Article fields and text of saved pages: the layouts alone."),
}
_STOPPED = 128 + 13  # as shells tell an end by SIGPIPE
json_flag = click.option("--json", "as_json", is_flag=True, help="For a machine to read.")


class _ReaderGone(Exception):
    """Who read the output has seen enough."""


class Commands(click.Group):
    """A group whose commands come from COMMANDS, in that order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"flows.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Folder of this installation. Default: SAID_HOME, else the current folder.",
)
@click.version_option(package_name="said-and-done", prog_name="said")
@click.pass_context
def said(ctx: click.Context, home: Path | None) -> None:
    """Read regional news, keep what officials say, and hold their pledges against what was done."""
    ctx.obj = home


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: errors that a user can mend become one line and exit status 2."""
    try:
        code = said.main(arguments, prog_name="said", standalone_mode=False)
        sys.stdout.flush()
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
    except (_ReaderGone, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still to be flushed
        sys.exit(_STOPPED)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--home`` after the command's name too, and the settings of that home as first argument."""

    @click.option("--home", type=click.Path(path_type=Path), help="Folder of this installation.")
    @click.pass_context
    def wrapped(ctx: click.Context, /, home: Path | None, **given: Any) -> Any:
        _check_text(given.values())
        settings = home_settings.load(home or ctx.find_root().obj)
        formats.of_home(settings)  # a newer version's is refused before anything is read or written
        home_settings.quiet_libraries()
        try:
            return command(settings, **given)
        except BrokenPipeError as error:  # click would end with 1, which stands for problems
            raise _ReaderGone from error
        except (SaidError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # the last door: a user gets a line, the log gets the rest
            raise _unexpected(settings, error) from error

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    return wrapped


def _check_text(given: Iterable[object]) -> None:
    """Raises WrongUse for an argument that is no text: Python hands on its bytes as halves of characters."""
    for value in given:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and not one.isascii() and any("\ud800" <= c <= "\udfff" for c in one):
                raise WrongUse(f"{one[:80]!r} is no text: give it as UTF-8")


def _unexpected(settings: Settings, error: Exception) -> SaidError:
    """A fault of ours as one line, its traceback kept in the home folder; what the system refused is none."""
    from ledger.storage.damage import refused  # noqa: PLC0415  # DuckDB: 0.1 s

    if why := refused(error):
        return SaidError(
            f"{settings.home} cannot be read or written ({why}): see its rights and space, then run it again;"
            " what is done is kept"
        )
    log = settings.data / "errors.log"
    kept = f"details are in {log}"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as out:
            out.write(f"{datetime.now(UTC).isoformat()}\n{''.join(traceback.format_exception(error))}\n")
    except OSError as unkept:
        kept = f"details could not be kept in {log} ({unkept.strerror})"
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return SaidError(f"an error of ours: {what}. What is done is kept; {kept}")
