"""The schedule: the nightly run, the watch and the digest as Prefect deployments, served by this process.

The server that keeps the schedule is the one that PREFECT_API_URL (or a Prefect profile) names; where
none is named, one is started on a free loopback port for as long as this process lives. Its database
stays in ``data/prefect``.
"""

from __future__ import annotations

import asyncio
import fcntl
import http.client
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings
from prefect.types.entrypoint import EntrypointType

from ledger.days import LONDON
from ledger.errors import Locked, WrongUse
from ledger.settings import Settings

_START_SECONDS = 180  # a first start makes the server's database: measured 20 to 30 s on two cores
_END_SECONDS = 10
_MINUTES = (5, 10, 15, 20, 30, 60)  # fewer than a run takes would pile up


class _Interruptible(Runner):
    """The runner of `prefect.serve` leaves the event loop on SIGTERM by `sys.exit`, with a traceback; here
    SIGTERM is taken as the interrupt that asyncio ends in order."""

    def handle_sigterm(self, *_args: Any, **_kwargs: Any) -> None:
        signal.raise_signal(signal.SIGINT)


def serve(settings: Settings, nightly: Flow[..., Any], digest: Flow[..., Any], watch: Flow[..., Any]) -> None:
    """Run ``nightly`` at ``run_at``, ``digest`` at ``digest_at`` (Europe/London) and ``watch`` every
    ``watch_minutes`` until interrupted.

    The flows must be importable by name and take the home folder as ``home``. One flow runs at a time.
    Raises WrongUse when a time of day cannot be read or no server can be started, Locked when another
    process serves this home folder.
    """
    planned = [
        ("nightly", nightly, cron(settings.run_at, "run_at")),
        ("digest", digest, cron(settings.digest_at, "digest_at")),
    ]
    watching = ""
    if settings.watch_minutes:
        planned.append(("watch", watch, every(settings.watch_minutes)))
        watching = f", a look for what is new every {settings.watch_minutes} minutes"
    with _alone(settings), _ended_by_signals():
        _serve(settings, planned, watching)


def _serve(settings: Settings, planned: Sequence[tuple[str, Flow[..., Any], str]], watching: str) -> None:
    with _server(settings) as url, temporary_settings({PREFECT_API_URL: url}):
        deployments = [_deployment(settings, flow, name, line) for name, flow, line in planned]
        click.echo(
            f"Scheduled: the run at {settings.run_at}, the digest at {settings.digest_at} (Europe/London)"
            f"{watching}. Prefect's server: {url}. Interrupt to end."
        )
        with suppress(KeyboardInterrupt):
            asyncio.run(_poll(deployments))


async def _poll(deployments: Sequence[RunnerDeployment]) -> None:
    """Register the deployments and run what falls due, until cancelled.

    Schedules stay in force: what falls due while nobody serves is run at the next start.
    """
    runner = _Interruptible(limit=1, pause_on_shutdown=False)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    await runner.start()


def cron(at: str, setting: str) -> str:
    """A time of day, HH:MM, as a cron line for every day. Raises WrongUse, naming the setting."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", at, re.ASCII)
    if not found:
        raise WrongUse(f"settings.toml: {setting} must be a time of day like 02:30, not {at!r}")
    return f"{int(found[2])} {int(found[1])} * * *"


def every(minutes: int) -> str:
    """A cron line for every so many minutes of each hour. Raises WrongUse where they do not divide it."""
    if minutes not in _MINUTES:
        listed = ", ".join(map(str, _MINUTES))
        raise WrongUse(f"settings.toml: watch_minutes must be 0 (never) or one of {listed}, not {minutes}")
    return f"*/{minutes} * * * *" if minutes < 60 else "0 * * * *"


def _deployment(settings: Settings, flow: Flow[..., Any], name: str, line: str) -> RunnerDeployment:
    made = flow.to_deployment(
        name=name,
        schedule=Cron(line, timezone=str(LONDON)),
        parameters={"home": str(settings.home)},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs
    return made


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Admit one schedule to a home folder; the lock goes with the process."""
    with (settings.data / "prefect" / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(f"`said serve` is at work in {settings.home} already") from error
        yield


@contextmanager
def _server(settings: Settings) -> Iterator[str]:
    """The address of the API: of the server that is set up, else of one started here and ended after."""
    if configured := get_current_settings().api.url:
        if not _healthy(configured):
            raise WrongUse(f"Prefect's server at {configured} (PREFECT_API_URL) does not answer: start it")
        yield configured
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = settings.data / "prefect" / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("ab") as output:
        # in a session of its own: an interrupt at the terminal must reach the runner first, which still
        # talks to the server on its way out
        process = subprocess.Popen(
            [*command, "--no-ui", "--log-level", "WARNING"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}/api"
        _wait(process, url, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while not _healthy(url):
        if process.poll() is not None:
            raise WrongUse(f"Prefect's server ended with status {process.returncode}: see {log}")
        if time.monotonic() > end:
            raise WrongUse(f"Prefect's server did not answer within {_START_SECONDS} seconds: see {log}")
        time.sleep(0.2)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, http.client.HTTPException):
        return False


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGINT end the block in order, so that no server is left behind.

    SIGINT too is set, for a shell has a job in the background ignore it, and asyncio then would too.
    """

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, end),
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
