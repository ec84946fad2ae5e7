"""Workers: the same rows as without, on a real Dask scheduler and on processes of this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client
from prefect import flow
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.cli.app import main
from flows.pipeline import stages
from flows.pipeline.runner import run_stage
from flows.pipeline.sources import Over, load_sources
from flows.schedule import workers
from flows.schedule.flow import stage
from flows.schedule.serve import prefect_server
from flows.schedule.workers import shared_out
from ledger import settings
from ledger.errors import WorkersLost, WrongUse
from ledger.settings import Settings
from ledger.storage import warehouse
from tests.test_stages import SCHOOL, TAX, filled
from tests.worked import ended, models_loaded, noted

ROOT = Path(__file__).parent.parent
STAGES = ("extract", "flag")
LEADER = {
    "name": "Ann Carr",
    "office": "Leader of Westby Council",
    "role": "council_leader",
    "body": "Westby Council",
    "area": "Westby",
    "from": "2024-05-01",
    "to": None,
}
TEXTS = [
    f"Council leader Ann Carr said: {SCHOOL}",
    f"Council leader Ann Carr said: {TAX}",
    "Council leader Ann Carr said she would open a library in Westby by May 2027. “We will hire ten nurses.”",
    "The baths at Lime Grove were busy on Monday.",
    "Coun Carr said: “We will plant 500 trees by the end of March 2027.” Residents said: “It is late.”",
    f"Westby Council leader Ann Carr told the meeting: {SCHOOL} She added: {TAX}",
]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prefect server, used by every test here."""
    home = tmp_path_factory.mktemp("prefect")
    (home / "data" / "prefect").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        url = stack.enter_context(prefect_server(settings.load(home)))
        stack.enter_context(temporary_settings({PREFECT_API_URL: url}))
        yield url


@contextmanager
def dask_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's own command line, ended after."""
    patient = {
        f"DASK_DISTRIBUTED__{name}": "600s" for name in ("COMM__TIMEOUTS__TCP", "SCHEDULER__WORKER_TTL")
    }
    environment = {**os.environ, **patient, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def working(address: str, folder: Path, threads: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker of that scheduler that nobody starts again."""
    options = ["--nthreads", threads, "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    return dask_process("worker", address, *options)


@contextmanager
def cluster(folder: Path, number: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and so many workers; gives its address, and the processes, the scheduler's first."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    with ExitStack() as stack:
        processes = [stack.enter_context(dask_process("scheduler", *options))]
        end = time.monotonic() + 120
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end and processes[0].poll() is None, "no scheduler"
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        processes += [stack.enter_context(working(address, folder, "1")) for _ in range(number)]
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=120)
        yield address, processes


def home_of(folder: Path, workers: int | str = 1) -> Settings:
    """A home folder with the texts and a register, and those workers in its settings."""
    folder.mkdir()
    (folder / "settings.toml").write_text(f"workers = {json.dumps(workers)}\n", encoding="utf-8")
    (folder / "officials.jsonl").write_text(json.dumps(LEADER) + "\n", encoding="utf-8")
    home = settings.load(folder)
    filled(home, TEXTS, ())
    return home


def read(home: Settings, over: Over = map) -> None:
    """Extract and flag the texts of that home."""
    for name in STAGES:
        run_stage(name, home, replace(load_sources(home), over=over), "r")


@flow(name="reading", validate_parameters=False)
def scheduled(home: str) -> None:
    """The same, as `said serve` has it done."""
    for name in STAGES:
        stage.with_options(name=name)(name, home, "r")


def rows(home: Settings) -> dict[str, Any]:
    """Every table row by row, in the order it is stored; when a row was noted is left out."""
    with warehouse.run(home) as connection:
        names = warehouse.column(connection, "SELECT table_name FROM duckdb_tables() ORDER BY 1")
        found = {name: warehouse.fetch(connection, f"SELECT * FROM {name}") for name in names}
        return {
            name: [{k: v for k, v in row.items() if k not in ("noted", "first_seen")} for row in all_]
            for name, all_ in found.items()
        }


def after_first(do: Callable[[], object], over: Over) -> Over:
    """As ``over``, but after the first answer of all something is done."""
    pending = [do]

    def wrapped(function: Callable[[Any], Any], batches: Iterable[Any], /) -> Iterator[Any]:
        for answer in over(function, batches):
            yield answer
            if pending:
                pending.pop()()

    return wrapped


def less(function: Callable[[Any], Any], batches: Iterable[Any], /) -> Iterator[Any]:
    """A fault on purpose: of each article with several statements, the last is lost on the way."""
    for answer in map(function, batches):
        yield [replace(e, statements=e.statements[:-1] or e.statements) for e in answer]


@pytest.mark.slow
def test_a_real_scheduler_gives_the_same_rows_also_where_workers_and_scheduler_are_killed(
    tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "ARTICLES_A_BATCH", 1)
    monkeypatch.setattr(stages, "STATEMENTS_A_BATCH", 1)
    alone = home_of(tmp_path / "alone")
    read(alone)
    expected = rows(alone)
    assert len(expected["statements"]) >= 6 and len(expected["commitments"]) >= 4
    wrong = home_of(tmp_path / "wrong")
    run_stage("extract", wrong, replace(load_sources(wrong), over=less), "r")
    run_stage("flag", wrong, load_sources(wrong), "r")
    assert rows(wrong) != expected  # so the comparison can fail

    with cluster(tmp_path) as (address, processes):
        scheduler, one, _ = processes
        together = home_of(tmp_path / "together", address)
        scheduled(str(together.home))
        with Client(address, timeout=60, set_as_default=False) as client:
            assert set(client.run(models_loaded).values()) == {1}
        assert rows(together) == expected

        fewer = home_of(tmp_path / "fewer", address)
        with shared_out(fewer) as over:
            read(fewer, after_first(lambda: one.send_signal(signal.SIGKILL), over))
        assert one.wait() == -signal.SIGKILL
        assert rows(fewer) == expected

        stopped = home_of(tmp_path / "stopped", address)

        def kill() -> None:
            scheduler.kill()
            scheduler.wait()

        with (
            dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
            pytest.raises(WorkersLost, match=r"What is done is kept") as told,
            shared_out(stopped) as over,
        ):
            read(stopped, after_first(kill, over))
        assert "\n" not in str(told.value)
    half = rows(stopped)
    assert half["statements"] == expected["statements"][: len(half["statements"])]  # whole batches of before
    assert 0 < len(half["done"]) < len(TEXTS)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
        pytest.raises(WorkersLost, match="nobody answers"),
        shared_out(stopped) as over,
    ):
        list(over(abs, [1, 2]))
    read(stopped)
    counted = {"skipped": None}  # by the run that ended; this one counts its own
    assert rows(stopped) | counted == expected | counted


@pytest.mark.slow
def test_processes_of_this_machine_do_a_killed_ones_batch_again(tmp_path: Path, api: str) -> None:
    home = home_of(tmp_path / "home", 2)
    asked = tmp_path / "asked"
    asked.mkdir()
    with shared_out(home) as over:
        found = []
        for answer in over(partial(noted, asked), range(8)):
            found.append(answer)
            if answer[0] == 2:
                (asked / "seen").touch()
        assert found == [(n, "1") for n in range(8)]  # in order, and one thread each
        times = [len((asked / str(n)).read_text().split()) for n in range(8)]
        assert times[3] == 2
        assert sum(times) <= 8 + 2  # the killed one's batch, and an answer of it that was not fetched yet
        with pytest.raises(ValueError, match="no such number"):
            list(over(partial(noted, asked), [98, 99, 100]))
        with pytest.raises(WrongUse, match="another version of Said & Done"):
            workers.work_through.fn(b"", b"", "other")
    assert not list((home.data / "workers").glob("*/worker-*"))


@pytest.mark.slow
def test_nobody_at_work_and_a_batch_that_ends_workers_are_told(
    tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_ABSENT_SECONDS", 1)
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with cluster(tmp_path, 1) as (address, _):
        home = Settings(home=tmp_path, workers=address)
        with pytest.raises(WorkersLost, match="one batch has ended"), shared_out(home) as over:
            list(over(ended, [1, 2]))
        with pytest.raises(WorkersLost, match="there is no worker"), shared_out(home) as over:
            list(over(abs, [1, 2]))
        with working(address, tmp_path, "2"), shared_out(home) as over:
            with Client(address, timeout=60, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=120)
            with pytest.raises(WrongUse, match="has 2 threads"):
                list(over(abs, [1, 2]))


def test_a_single_batch_starts_nobody() -> None:
    home = Settings(home=Path(), workers="tcp://127.0.0.1:1")
    with shared_out(home) as over:
        assert list(over(abs, [-1])) == [1]
        assert list(over(abs, [])) == []


def test_workers_elsewhere_need_a_prefect_server_that_they_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_server_set", lambda: False)  # whatever server the tests before have set
    home = Settings(home=Path(), workers="tcp://scheduler.example:8786")
    with pytest.raises(WrongUse, match="set prefect_api"), shared_out(home) as over:
        list(over(abs, [1, 2]))


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5", "http://scheduler:8786", "tcp://scheduler", ""])
def test_workers_that_cannot_be_meant_are_refused_in_a_line(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["run"], ["extract"], ["flag"], ["rebuild"]):
        with pytest.raises(SystemExit) as stop:
            main(["--home", str(tmp_path), *arguments, f"--workers={wrong}"])
        error = capsys.readouterr().err
        assert (stop.value.code, error.count("\n")) == (2, 1)
        assert "workers must be a number of processes from 1 on, or a Dask scheduler" in error
    (tmp_path / "settings.toml").write_text(f"workers = {json.dumps(wrong)}\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"settings\.toml: workers must be"):
        settings.load(tmp_path)


def test_workers_are_a_number_or_an_address(tmp_path: Path) -> None:
    home = settings.load(tmp_path)
    assert home.workers == 1
    assert settings.with_workers(home, None) is home
    assert settings.with_workers(home, "4").workers == 4
    assert settings.with_workers(home, "tls://10.0.0.1:8786").workers == "tls://10.0.0.1:8786"
