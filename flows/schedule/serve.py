"""The schedule: what is planned as Prefect deployments, served by this process.

The server that keeps the schedule is the one that PREFECT_API_URL, ``prefect_api`` of settings.toml or a
Prefect profile names; where none is named, one is started on a free loopback port for as long as this process
lives. Its database stays in ``data/prefect``.
"""

from __future__ import annotations

import asyncio
import fcntl
import http.client
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
from ledger.types import content_id

_START_SECONDS = 180  # a first start makes the server's database: measured 20 to 30 s on two cores
_END_SECONDS = 10
_PORT = 4200


class _Interruptible(Runner):
    """The runner of `prefect.serve` leaves the event loop on SIGTERM by `sys.exit`, with a traceback; here
    SIGTERM is taken as the interrupt that asyncio ends in order."""

    def handle_sigterm(self, *_args: Any, **_kwargs: Any) -> None:
        signal.raise_signal(signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Planned:
    """A flow that runs at the times of a cron line, in a zone of time. ``told``: when, in words."""

    name: str
    flow: Flow[..., Any]
    line: str
    told: str
    zone: str = str(LONDON)


def serve(settings: Settings, planned: Sequence[Planned]) -> None:
    """Run what is planned until interrupted, one flow at a time.

    The flows must be importable by name and take the home folder as ``home``. Raises WrongUse when no server
    can be started, Locked when another process serves this home folder.
    """
    suffix = _of_home(settings) if get_current_settings().api.url else ""
    with _alone(settings), _ended_by_signals(), prefect_server(settings) as url:
        _serve(settings, planned, url, suffix)


def _serve(settings: Settings, planned: Sequence[Planned], url: str, suffix: str) -> None:
    with temporary_settings({PREFECT_API_URL: url}):
        deployments = [_deployment(settings, one, suffix) for one in planned]
        click.echo(f"Scheduled: {', '.join(one.told for one in planned)} (Europe/London).")
        click.echo(
            f"Runs and what they did: {url.removesuffix('/api')}. Prefect's server: {url}. Interrupt to end."
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


def _of_home(settings: Settings) -> str:
    """What tells the deployments of this home folder from another's on a server that both use."""
    named = re.sub(r"[^\w.-]+", "-", settings.home.name)
    return f"-{named}-{content_id(socket.gethostname(), str(settings.home))[:6]}"


def _deployment(settings: Settings, planned: Planned, suffix: str) -> RunnerDeployment:
    made = planned.flow.to_deployment(
        name=f"{planned.name}{suffix}",
        schedule=Cron(planned.line, timezone=planned.zone),
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
def prefect_server(settings: Settings) -> Iterator[str]:
    """The address of the API: of the server that is set up, else of one started here and ended after."""
    if configured := get_current_settings().api.url:
        url = configured.rstrip("/")
        if not _healthy(url):
            raise WrongUse(
                f"no Prefect server answers at {url} (PREFECT_API_URL, or prefect_api in settings.toml):"
                " start it, and give its address with /api at the end"
            )
        yield url
        return
    port = _free_port()
    log = settings.data / "prefect" / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    if tool := shutil.which("setpriv"):  # of Linux: the server ends also where this process is killed
        command = [tool, "--pdeathsig", "TERM", "--", *command]
    with log.open("ab") as output:
        # in a session of its own: an interrupt at the terminal must reach the runner first, which still
        # talks to the server on its way out
        process = subprocess.Popen(
            [*command, "--log-level", "WARNING"],
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


def _free_port() -> int:
    """Prefect's own port where nobody has it, so that its page keeps its address; else any."""
    for wanted in (_PORT, 0):
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            with suppress(OSError):
                free.bind(("127.0.0.1", wanted))
                return int(free.getsockname()[1])
    raise WrongUse("no port of this machine is free for Prefect's server")


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
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200 and answer.read(10).strip() == b"true")  # its pages answer too
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
