"""The schedule: times of day, and once with a real Prefect server, its scheduler and a real flow run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from flows.schedule.serve import cron, every, serve
from ledger.errors import Locked, WrongUse
from ledger.settings import load
from tests.gold_home import make_home

SERVE = "from flows.cli.app import main; main()"


@pytest.mark.parametrize(
    ("at", "line"), [("02:30", "30 2 * * *"), ("7:05", "5 7 * * *"), ("23:59", "59 23 * * *")]
)
def test_a_time_of_day_becomes_a_cron_line(at: str, line: str) -> None:
    assert cron(at, "run_at") == line


@pytest.mark.parametrize("at", ["", "24:00", "2.30", "02:60", "02:30:00", "٠٢:٣٠", "02:30\n"])
def test_a_time_that_is_none_is_named(at: str) -> None:
    with pytest.raises(WrongUse, match="run_at must be a time of day"):
        cron(at, "run_at")


def test_a_watch_divides_the_hour() -> None:
    assert (every(15), every(60)) == ("*/15 * * * *", "0 * * * *")
    with pytest.raises(WrongUse, match=r"watch_minutes must be 0 \(never\) or one of 5, 10"):
        every(7)


def call(api: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(api + path, data, {"Content-Type": "application/json"})
    for _ in range(20):  # a server whose database is busy says 503; Prefect's own client asks again too
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            time.sleep(0.5)
    pytest.fail(f"{path}: the server is busy")


def until(what: str, seconds: float, condition: Any) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.3)
    pytest.fail(f"{what}: not within {seconds} s")


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`said serve` in a process of its own; gives it and the address of the Prefect server it started."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment["PREFECT_RUNNER_POLL_FREQUENCY"] = "1"
    log = home / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "--home", str(home), "serve"],
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:

        def address() -> str:
            said = log.read_text(encoding="utf-8")
            assert process.poll() is None, said
            return said.partition("server: ")[2].partition(". Interrupt")[0]

        yield process, until("a Prefect server", 150, address)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.mark.slow
def test_a_scheduled_digest_is_run_by_a_real_server(tmp_path: Path) -> None:
    make_home(tmp_path)
    with serving(tmp_path) as (process, api):
        deployments = until(
            "the deployments", 30, lambda: len(found := call(api, "/deployments/filter", {})) == 3 and found
        )
        lines = {d["name"]: [s["schedule"] for s in d["schedules"]] for d in deployments}
        assert {name: (s["cron"], s["timezone"]) for name, (s,) in lines.items()} == {
            "nightly": ("30 2 * * *", "Europe/London"),
            "digest": ("0 7 * * *", "Europe/London"),
            "watch": ("*/15 * * * *", "Europe/London"),
        }
        digest = next(d["id"] for d in deployments if d["name"] == "digest")

        with pytest.raises(Locked, match="at work in"):
            serve(load(tmp_path), *[cast(Any, None)] * 3)

        # the server's own scheduler plans the days ahead
        planned = until(
            "planned runs",
            60,
            lambda: call(
                api, "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
            ),
        )
        london = {datetime.fromisoformat(run["expected_start_time"]).minute for run in planned}
        assert london <= {0, 15, 30, 45}

        # and a run that falls due now is found, run and kept
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        scheduled = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": soon}}}
        run = call(api, f"/deployments/{digest}/create_flow_run", scheduled)
        state = until(
            "the end of the run",
            60,
            lambda: (
                (s := call(api, f"/flow_runs/{run['id']}")["state"])["type"]
                not in ("SCHEDULED", "PENDING", "RUNNING")
                and s
            ),
        )
        assert (state["type"], state["name"]) == ("COMPLETED", "Completed")
        assert (tmp_path / "data/digests/2026-06-30.html").is_file()
        nightly = next(d["id"] for d in deployments if d["name"] == "nightly")
        runs = call(api, "/flow_runs/filter", {"flow_runs": {"deployment_id": {"any_": [nightly]}}})
        assert {r["state"]["type"] for r in runs} <= {"SCHEDULED"}  # the nightly run was not due

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, (tmp_path / "serve.log").read_text(encoding="utf-8")
        with pytest.raises(OSError, match="refused"):
            call(api, "/health")
    assert "Traceback" not in (tmp_path / "serve.log").read_text(encoding="utf-8")
