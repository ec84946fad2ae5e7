"""The schedule: times of day, and once with a real Prefect server, its scheduler and a real flow run."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.schedule.printed import printed
from flows.schedule.serve import serve
from flows.schedule.times import cron, every, weekly
from ledger.days import LONDON
from ledger.errors import Locked, WrongUse
from ledger.settings import Settings, load
from tests.gold_home import make_home
from tests.servers import HookServer, running

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


def test_a_week_has_a_day_and_a_time() -> None:
    assert weekly("Sunday 04:00", "weekly_at") == "0 4 * * 0"
    assert weekly("saturday 23:15", "weekly_at") == "15 23 * * 6"
    for wrong in ("04:00", "Sonday 04:00", "Sunday", "Sunday 4", ""):
        with pytest.raises(WrongUse, match="weekly_at must be"):
            weekly(wrong, "weekly_at")


@pytest.mark.parametrize(
    ("first", "hours"),
    [
        (datetime(2026, 3, 28, tzinfo=LONDON), ["28 06:30", "29 05:30", "30 05:30"]),  # into summer time
        (datetime(2026, 10, 24, tzinfo=LONDON), ["24 05:30", "25 06:30", "26 06:30"]),  # and out of it
    ],
)
def test_the_digest_comes_once_a_day_at_the_same_hour_across_both_clock_changes(
    first: datetime, hours: list[str]
) -> None:
    def due(line: str, zone: str, number: int) -> list[datetime]:
        found = asyncio.run(CronSchedule(cron=line, timezone=zone).get_dates(number, first))
        return [one.astimezone(UTC) for one in found]

    assert Settings(home=Path()).digest_at == "06:30"
    digests = due(cron("06:30", "digest_at"), "Europe/London", 3)
    assert [f"{one:%d %H:%M}" for one in digests] == hours
    assert [one.astimezone(LONDON).hour for one in digests] == [6, 6, 6]
    doubtful = due(cron("01:30", "run_at"), "Europe/London", 4)  # an hour that comes twice, or never
    assert [one.astimezone(LONDON).day - first.day for one in doubtful] == [0, 1, 2, 3]
    looks = due(every(15), "UTC", 4 * 72)
    assert {(after - before).seconds for before, after in pairwise(looks)} == {900}


def test_a_machines_own_scheduler_is_given_the_same_times(tmp_path: Path) -> None:
    home = replace(Settings(home=tmp_path / "our home"), run_at="01:15", weekly_at="Monday 05:00")
    unit = ConfigParser(interpolation=None, strict=False)
    unit.read_string(printed(home, "systemd"))
    said, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert arguments == ["--home", str(home.home), "serve"]
    assert Path(said).is_file()
    lines = printed(home, "crontab").splitlines()
    assert "CRON_TZ=Europe/London" in lines and f"SAID_HOME={home.home}" in lines
    timed = [line.split(" ", 5) for line in lines if line[0].isdigit() or line[0] == "*"]
    times = ["*/15 * * * *", "15 1 * * *", "30 6 * * *", "0 5 * * 1"]
    assert [" ".join(line[:5]) for line in timed] == times
    never = printed(replace(home, watch_minutes=0), "crontab").splitlines()
    assert [line for line in lines if line not in never] == [line for line in lines if line[0] == "*"]
    environment = {"SAID": "echo", "PATH": os.environ["PATH"]}  # what the lines would have run, in order
    told = [subprocess.check_output(["/bin/sh", "-c", line[5]], env=environment, text=True) for line in timed]
    stages = ["crawl", "load", "extract", "flag", "group", "track", "publish"]
    assert [one.split() for one in told] == [
        stages,
        stages,
        ["digest"],
        ["verify", "backup", "forget", "--old"],
    ]
    with pytest.raises(WrongUse, match="cannot stand in a systemd file"):
        printed(Settings(home=tmp_path / "50%"), "systemd")


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


def run_now(api: str, deployment: str) -> tuple[str, str]:
    """Have a deployment run at once, as if it fell due; gives its id and the type of state it ended in."""
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    scheduled = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": soon}}}
    run = call(api, f"/deployments/{deployment}/create_flow_run", scheduled)["id"]

    def ended() -> str:
        kind = str(call(api, f"/flow_runs/{run}")["state"]["type"])
        return "" if kind in ("SCHEDULED", "PENDING", "RUNNING") else kind

    return run, until("the end of the run", 90, ended)


def tables(api: str, run: str) -> dict[str, list[dict[str, Any]]]:
    """What a run left on Prefect's page, by key."""
    found = call(api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
    return {one["key"]: json.loads(one["data"]) for one in found if one["type"] == "table"}


def another_home_is_served_by_a_server_that_is_there(home: Path, api: str) -> None:
    """By its setting; its runs are told from the first home's, and the server outlives it."""
    (home / "data" / "prefect").mkdir(parents=True)
    pages = api.removesuffix("/api")
    with temporary_settings({PREFECT_API_URL: pages}), pytest.raises(WrongUse, match="/api at the end"):
        serve(load(home), [])
    (home / "settings.toml").write_text(f'prefect_api = "{api}/"\nwatch_minutes = 0\n', encoding="utf-8")
    with serving(home) as (process, named):
        assert named == api
        found = until(
            "its deployments", 60, lambda: len(all_ := call(api, "/deployments/filter", {})) == 9 and all_
        )
        (own,) = [d for d in found if d["name"].startswith("backup-other-")]
        run, kind = run_now(api, own["id"])
        assert kind == "COMPLETED"
        assert tables(api, run)["said-backup-counts"][0]["written"] == 1
        assert len(list((home / "data/backups").glob("said-backup-*.tar.gz"))) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, (home / "serve.log").read_text(encoding="utf-8")
    assert call(api, "/health") is True
    assert not (home / "data/prefect/server.log").exists()


@pytest.mark.slow
def test_what_is_scheduled_is_run_shown_and_told_by_a_real_server(tmp_path: Path) -> None:
    make_home(tmp_path)
    hook, alarm = HookServer(500), HookServer()
    with (tmp_path / "settings.toml").open("a") as file:
        file.write(f'[failures]\nchannel = "webhook"\nurl = "{alarm.url}"\n')
    subscribed = [{"channel": "webhook", "url": hook.url}]
    (tmp_path / "subscriptions.yaml").write_text(yaml.safe_dump(subscribed), encoding="utf-8")
    with running(hook), running(alarm), serving(tmp_path) as (process, api):
        deployments = until(
            "the deployments", 30, lambda: len(found := call(api, "/deployments/filter", {})) == 5 and found
        )
        ids = {d["name"]: d["id"] for d in deployments}
        lines = {d["name"]: [s["schedule"] for s in d["schedules"]] for d in deployments}
        assert {name: (s["cron"], s["timezone"]) for name, (s,) in lines.items()} == {
            "nightly": ("30 2 * * *", "Europe/London"),
            "digest": ("30 6 * * *", "Europe/London"),
            "verify": ("0 4 * * 0", "Europe/London"),
            "backup": ("0 4 * * 0", "Europe/London"),
            "watch": ("*/15 * * * *", "UTC"),
        }
        with pytest.raises(Locked, match="at work in"):
            serve(load(tmp_path), [])
        with urllib.request.urlopen(api.removesuffix("/api"), timeout=30) as page:
            assert b"<title>Prefect" in page.read()

        # the server's own scheduler plans the days ahead
        scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        planned = until("planned runs", 60, lambda: call(api, "/flow_runs/filter", scheduled))
        minutes = {datetime.fromisoformat(run["expected_start_time"]).minute for run in planned}
        assert minutes <= {0, 15, 30, 45}

        # a digest whose letter is not taken is written, shown without its reader, and told to who listens
        run, kind = run_now(api, ids["digest"])
        assert kind == "FAILED"
        assert (tmp_path / "data/digests/2026-06-30.html").is_file()
        shown = tables(api, run)
        assert shown["said-digest-counts"] == [
            {"stage": "digest", "read": 1, "written": 0, "skipped": "", "problems": 1}
        ]
        assert shown["said-digest-problems"][0]["problem"] == "refused by the server"
        assert "127.0.0.1" not in json.dumps(shown)
        ((_, _, body),) = until("the alarm", 30, lambda: alarm.taken)
        told = json.loads(body)
        assert (told["flow"], told["run"]) == ("said-digest", run)
        assert "1 problem, the first: refused by the server" in told["what"]

        # and what falls due otherwise is run too
        run, kind = run_now(api, ids["backup"])
        assert kind == "COMPLETED"
        assert len(list((tmp_path / "data/backups").glob("said-backup-*.tar.gz"))) == 1
        runs = call(api, "/flow_runs/filter", {"flow_runs": {"deployment_id": {"any_": [ids["nightly"]]}}})
        assert {r["state"]["type"] for r in runs} <= {"SCHEDULED"}  # the nightly run was not due

        another_home_is_served_by_a_server_that_is_there(tmp_path / "other", api)

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, (tmp_path / "serve.log").read_text(encoding="utf-8")
        with pytest.raises(OSError, match="refused"):
            call(api, "/health")
    assert len(alarm.taken) == 1
    assert "Traceback" not in (tmp_path / "serve.log").read_text(encoding="utf-8")
