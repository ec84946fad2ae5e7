"""The crawl stage: a Scrapy process for each run, its lines counted here.

A process of its own, because Twisted's reactor can neither be started twice nor in a thread of a flow.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from crawlers.archive.lines import Line, run_time, whole_lines
from crawlers.fetch.job import JSON, Job
from ledger.counts import Counts
from ledger.errors import SaidError, WrongUse
from ledger.types import Outlet

POLL = 0.2  # seconds between looks at the run's lines
STAGE = "crawl"
Progress = Callable[[Line], None]


class CrawlFailed(SaidError):
    """The crawling process ended before its work did; the message names its log."""


def crawl(
    home: Path,
    outlets: Sequence[Outlet],
    *,
    contact: str = "",
    progress: Progress | None = None,
    **limits: Any,
) -> Counts:
    """Fetch what is new or changed at ``outlets`` into the archive and the crawl lines of ``home``.

    ``contact``: an e-mail address or page for webmasters; without one, public outlets are counted as the
    problem ``no_contact``, and WrongUse is raised when no other outlets are left. ``progress`` is given
    every line as it is written. ``limits``: fields of ``crawlers.fetch.job.Job`` (timeout, max_response, …).

    An outlet whose rights note says ``mine: false`` is asked for nothing (skipped as ``not_mined``).

    Counts: read is the number of addresses looked at, written the pages archived, skipped by reason
    (``unchanged``: asked for and the same; ``not_due``, ``gone``, ``too_old``, ``tdm_reserved``, …).
    Raises CrawlFailed when the process dies.
    """
    counts = Counts(STAGE)
    able: list[Outlet] = []
    for outlet in outlets:
        if outlet.rights.get("mine") is False:
            counts.skip("not_mined")
        elif outlet.local or contact:
            able.append(outlet)
        else:
            counts.problem(outlet.name, "no_contact", "set contact in settings.toml")
    if counts.problems and not able:
        raise WrongUse(
            'no contact is set: add contact = "you@example.org" to settings.toml, then crawl again'
        )
    if not able:
        return counts
    name = f"{run_time(home / 'data' / 'crawl')}-{secrets.token_hex(2)}"
    job = replace(Job(name, home, tuple(able), contact), **limits)
    for line in lines_of(job):
        _count(counts, line)
        if progress:
            progress(line)
    return counts


def lines_of(job: Job, program: str = "crawlers.fetch.spider") -> Iterator[Line]:
    """Do the job in a process of its own and give its lines as they come.

    ``program``: the module whose ``main`` does it. Raises CrawlFailed when the process dies.
    """
    log = job.folder / f"{job.run}.log"
    try:
        job.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=job.folder) as given:
            given.write(JSON.dump_json(job))
            given.seek(0)
            errors = TemporaryFile(dir=job.folder)  # noqa: SIM115  # without names: a kill leaves neither
            process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(sys.path), program],
                stdin=given,
                stdout=errors,
                stderr=errors,
            )
    except OSError as error:
        raise SaidError(
            f"{job.folder} cannot be written ({error.strerror}); see its rights and space"
        ) from error
    ended, idle = False, True
    try:
        for line in _follow(job.lines, process):
            ended = ended or line["what"] == "end"
            idle = idle and line["what"] == "end"
            yield line
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        with errors:
            errors.seek(0)
            if told := errors.read():
                log.write_bytes(told)
    if ended and idle:
        job.lines.unlink()  # nothing was due: no file for every look
    if process.returncode != 0 or not ended:
        raise CrawlFailed(
            f"the crawl stopped early (status {process.returncode}); see {log}, then crawl again"
        )


_START = (  # with this process's own import path, so that both run the same code
    "import importlib, json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "importlib.import_module(sys.argv[2]).main()"
)


def _follow(path: Path, process: subprocess.Popen[bytes]) -> Iterator[Line]:
    """The run's lines as they are written, to the last one after the process has ended."""
    alive = True
    while alive and not path.exists():
        alive = _lives(process)
    if not path.exists():
        return
    with path.open("rb") as file:
        while True:
            yield from (line for line in whole_lines(file) if line is not None)
            if not alive:
                return
            alive = _lives(process)


def _lives(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(POLL)
    except subprocess.TimeoutExpired:
        return True
    return False


def _count(counts: Counts, line: Line) -> None:
    what = line["what"]
    if what in {"page", "same", "skip"}:
        counts.read += 1
    if what == "page":
        counts.written += 1
    elif what == "same":
        counts.skip("duplicate" if line.get("how") == "duplicate" else "unchanged")
    elif what == "skip":
        counts.skip(str(line.get("reason", "")))
    elif what == "problem":
        counts.problem(str(line.get("item", "")), str(line.get("reason", "")), str(line.get("detail", "")))
