"""Batches of texts shared out among worker processes of this machine, or of a Dask cluster, as Prefect tasks.

Dask's task runner serves both. Prefect's pool of processes was left: where one of them is killed, the pool is
broken and every batch at work is lost; Dask does the killed one's batch again.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import dask
from distributed.client import ClosedClientError, wait
from distributed.protocol.serialize import deserialize_bytes, serialize_bytes
from distributed.scheduler import KilledWorker
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings
from prefect_dask.task_runners import DaskTaskRunner

from flows.pipeline.sources import Over
from flows.pipeline.versions import CALLS, version
from flows.schedule.serve import prefect_server
from ledger.errors import WorkersLost, WrongUse
from ledger.settings import Settings

A = TypeVar("A")
B = TypeVar("B")
_AHEAD = 2  # batches a worker: one at work, one at hand
_LOOK_SECONDS = 15  # between looks whether anybody is at work
_ABSENT_SECONDS = 300  # without any worker, after which a run ends; a busy machine takes long to start one
_LOCAL = {"127.0.0.1", "localhost"}


@contextmanager
def shared_out(settings: Settings) -> Iterator[Over]:
    """Goes over batches by ``workers`` of the settings, which start with the first two batches.

    Raises WrongUse where they cannot be used, WorkersLost where they are gone; what a function raises in a
    worker is raised here.
    """
    workers = _Workers(settings)
    try:
        yield workers.over
    finally:
        workers.close()


@dataclass
class _Ahead:
    """A batch that is given out: Dask's future of it, then the state of Prefect's with its answer."""

    future: Any
    state: Any = None


class _Workers:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._runner: DaskTaskRunner | None = None

    def over(self, function: Callable[[A], B], batches: Iterable[A], /) -> Iterator[B]:
        """What the function makes of each batch, in their order; a bounded number of them is ahead."""
        rest = iter(batches)
        first = list(islice(rest, 2))
        if len(first) < 2:  # nothing to share
            yield from map(function, first)
            return
        runner = self._started()
        packed, rules = serialize_bytes(function), _rules()
        ahead: deque[_Ahead] = deque()
        for one in chain(first, rest):
            while len(ahead) >= _AHEAD * self._at_work():
                yield self._oldest(ahead)
            given = {"function": packed, "batch": serialize_bytes(one), "rules": rules}
            with self._reached():
                ahead.append(_Ahead(runner.submit(work_through, given).wrapped_future))
        while ahead:
            yield self._oldest(ahead)

    def close(self) -> None:
        self._runner = None
        self._stack.close()

    def _started(self) -> DaskTaskRunner:
        if self._runner is None:
            where = self._settings.workers
            if isinstance(where, str) and urlsplit(where).hostname not in _LOCAL and not _server_set():
                raise WrongUse(
                    f"the workers of {where} report to Prefect: set prefect_api in settings.toml to the"
                    " address of a Prefect server that they reach"
                )
            url = self._stack.enter_context(prefect_server(self._settings))
            if not _server_set():
                self._stack.enter_context(temporary_settings({PREFECT_API_URL: url}))
            self._stack.enter_context(dask.config.set({"distributed.comm.timeouts.tcp": "10 minutes"}))
            runner = self._stack.enter_context(_runner(self._settings))
            try:
                runner.client.wait_for_workers(1, timeout=_ABSENT_SECONDS)
            except OSError as error:  # a time-out is one too
                self._lost("nobody answers, or there is no worker", error)
            self._runner = runner
        return self._runner

    def _at_work(self) -> int:
        """How many workers there are now, 1 where none is for the moment."""
        with self._reached():
            threads = self._client.ncores()
        if (most := max(threads.values(), default=1)) > 1:
            raise WrongUse(
                f"a worker of {self._settings.workers} has {most} threads: start it with --nthreads 1, and"
                " more of them"
            )
        return max(len(threads), 1)

    def _oldest(self, ahead: deque[_Ahead]) -> Any:
        """The answer to the batch that was given out first.

        What ends meanwhile is fetched at once: with its worker killed, it would have to be done again.
        """
        first, absent = ahead[0], 0
        while first.state is None:
            open_ = {one.future: one for one in ahead if one.state is None}
            with self._reached():
                try:
                    ended = wait(list(open_), _LOOK_SECONDS, "FIRST_COMPLETED")  # type: ignore[no-untyped-call]
                    for future in ended.done:
                        open_[future].state = future.result(timeout=_LOOK_SECONDS)
                        open_[future].future = None  # or Dask would do it again to keep it
                except TimeoutError:
                    absent = 0 if self._client.ncores() else absent + _LOOK_SECONDS
            if absent >= _ABSENT_SECONDS:
                self._lost("no worker is left", None)
        return deserialize_bytes(ahead.popleft().state.result())

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """What Dask raises where it cannot go on, as WorkersLost."""
        try:
            yield
        except KilledWorker as error:
            self._lost("one batch has ended several workers", error)
        except (CancelledError, ClosedClientError, OSError) as error:
            self._lost("the scheduler is gone", error)

    @property
    def _client(self) -> Any:
        assert self._runner is not None
        return self._runner.client

    def _lost(self, what: str, error: Exception | None) -> NoReturn:
        self.close()
        raise WorkersLost(
            f"workers = {self._settings.workers!r}: {what}. What is done is kept; the next run goes on from"
            " there"
        ) from error


def _server_set() -> bool:
    return bool(get_current_settings().api.url)


def _runner(settings: Settings) -> DaskTaskRunner:
    """Dask's task runner: on the scheduler that is named, else on processes of this machine."""
    for name in ("distributed", "distributed.client"):  # a lost worker is no news: its batch is done
        logging.getLogger(name).setLevel(logging.CRITICAL)
    found_by_wait = {"set_as_default": True}
    if isinstance(settings.workers, str):
        return DaskTaskRunner(address=settings.workers, client_kwargs=found_by_wait)
    return DaskTaskRunner(
        client_kwargs=found_by_wait,
        cluster_kwargs={
            "n_workers": settings.workers,
            "threads_per_worker": 1,  # of numpy, torch and the like too: Dask sets that for its processes
            "memory_limit": 0,  # whoever reads this much text has it
            "dashboard_address": "127.0.0.1:0",
            "local_directory": str(settings.data / "workers"),
            "silence_logs": logging.CRITICAL,
            "security": True,  # other users of this machine are kept out
        },
    )


@task(name="batch", cache_policy=NO_CACHE, persist_result=False)
def work_through(function: bytes, batch: bytes, rules: str) -> bytes:
    """What a function makes of a batch, in a worker; all are packed, so that Prefect does not look into them.

    ``rules``: what the texts are to be read by. Raises WrongUse where the worker has others.
    """
    if rules != _rules():
        raise WrongUse("a worker has another version of Said & Done: install the same one everywhere")
    return serialize_bytes(_unpacked(function)(deserialize_bytes(batch)))


@lru_cache(maxsize=2)
def _unpacked(function: bytes) -> Callable[[Any], Any]:
    """A function with what it holds (a register), unpacked once a process."""
    found: Callable[[Any], Any] = deserialize_bytes(function)
    return found


@lru_cache(maxsize=1)
def _rules() -> str:
    return " ".join(map(version, CALLS))
