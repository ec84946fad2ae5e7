"""Several at once: the same command twice in one home, and a run with the dashboard open and editors at
work."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from benchmarks.faults.kills import letters_wrong
from benchmarks.faults.report import TrialOutcome
from benchmarks.faults.scene import DECISIONS, LifeStep, Trial, TrialScene
from benchmarks.faults.state import differences, state_of
from benchmarks.faults.watch import Killer
from ledger.decisions import journal
from ledger.decisions.published import reading
from ledger.settings import load
from ledger.storage.warehouse import column

_TWICE = ("run", "digest")  # always
_ALSO = ("add", "publish", "forget", "export", "backup", "crawl", "extract")
_MORE = 20  # decisions taken while a run works
_PAGES = ("overview", "pledges", "search", "officials", "review", "coverage")
_NOT_HELD = ("bytes", "deliveries.sqlite", "files")  # what letters hold hangs on when each decision was taken


def two_at_once(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome]:
    """A command twice at the same time, then once more, since one of the two may have been refused."""
    names = [*_TWICE, *random.Random(seed).sample(_ALSO, len(_ALSO))]
    for name in scene.lane.mine(names[: max(number, len(_TWICE))]):
        yield twice(scene, scene.step(name))


def twice(scene: TrialScene, step: LifeStep) -> TrialOutcome:
    """One of them."""
    trial = scene.before(step)
    scene.show(step.edition)
    given = scene.arguments(step, trial)
    outs = [trial.folder.with_suffix(f".{n}") for n in (1, 2)]
    both = scene.forks.together([(given, out) for out in outs], scene.environment(trial))
    told = [f"ended with {one.status}: {one.said[-300:]}" for one in both if one.status not in (0, 1, 2)]
    told += [
        f"without a line of its own: {one.said[-300:]}" for one in both if "an error of ours" in one.said
    ]
    again = scene.run(step, trial) if any(one.status for one in both) or step.name == "crawl" else both[0]
    if again.status:
        told.append(f"once more it ended with {again.status}: {again.said[-300:]}")
    told += differences(state_of(scene.after(step)), state_of(trial))
    told += letters_wrong(scene, scene.courses[step.name], trial)
    for out in outs:
        out.unlink()
    scene.drop(trial, bool(told))
    return TrialOutcome(
        "two at once", f"{step.name}: ended with {both[0].status} and {both[1].status}", True, told
    )


def open_dashboard(scene: TrialScene, number: int, seed: int) -> Iterator[TrialOutcome]:
    """Runs with the dashboard asked for pages and an editor at work, every second of them killed on its way
    and begun again: no page fails, no decision is lost, and at rest all is as if the decisions had come
    first."""
    turns, run = scene.lane.mine(range(number)), scene.step("run")
    if not turns:
        return
    publish, late = LifeStep("publish", ("publish",), edition=2), ("{home}", str(_MORE), str(DECISIONS))
    reference = scene.before(run)
    with scene.sound():
        for step in (LifeStep("decide", ("edit", *late)), run, publish):
            scene.run(step, reference)
    wanted = state_of(reference)
    scene.drop(reference)
    for turn in turns:
        trial, chance = scene.before(run), random.Random(f"{seed} {turn}")
        scene.show(run.edition)
        pause = str(chance.randint(100, 400))
        killer = Killer(trial.folder, chance.randint(1, scene.courses[run.name].events) if turn % 2 else 0)
        outs = [trial.folder.with_suffix(f".{n}") for n in (1, 2)]
        edit = scene.arguments(LifeStep("decide", ("edit", *late, pause)), trial)
        with _dashboard(scene, trial) as port, _readers(trial, port) as met:
            both = scene.forks.together(
                [(scene.arguments(run, trial), outs[0]), (edit, outs[1])], scene.environment(trial), killer
            )
            if killed := both[0].status == -9:
                both[0] = scene.run(run, trial)
            published = scene.run(publish, trial)
        told = [f"ended with {one.status}: {one.said[-300:]}" for one in (*both, published) if one.status]
        told += [f"page: {one}" for one in met.wrong[:5]]
        if not met.answers:
            told.append("the dashboard answered nothing")
        acknowledged = [line for line in both[1].said.splitlines() if line.startswith("decision ")]
        kept = [one.why for one in journal.history(load(trial.home))]
        told += [
            f"{one} was recorded {kept.count(one)} times" for one in acknowledged if kept.count(one) != 1
        ]
        found = state_of(trial)
        held = {name for name in wanted | found if not name.startswith(_NOT_HELD)}
        told += differences(
            {name: rows for name, rows in wanted.items() if name in held},
            {name: rows for name, rows in found.items() if name in held},
        )
        for out in outs:
            out.unlink()
        scene.drop(trial, bool(told))
        how = f"killed after event {killer.events}" if killed else "to its end"
        point = f"a run {how}, {met.answers} answers, {len(acknowledged)} decisions"
        yield TrialOutcome("dashboard and editors", point, met.answers > 0, told)


class _Met:
    """What the readers met."""

    def __init__(self) -> None:
        self.answers, self.wrong = 0, list[str]()


@contextmanager
def _readers(trial: Trial, port: int) -> Iterator[_Met]:
    """Ask for pages and feeds until the block ends: one over HTTP, one as a browser does."""
    with reading(load(trial.home)) as connection:
        pledges = column(connection, "SELECT id FROM w.pledges ORDER BY id")
    met, enough = _Met(), threading.Event()

    def ask(one: Iterator[int], get: object) -> None:
        assert callable(get)
        for n in one:
            if enough.is_set():
                return
            wrong = get(port, n, pledges)
            met.answers += 1
            if wrong:
                met.wrong.append(wrong)

    threads = [threading.Thread(target=ask, args=(count(), get)) for get in (_get, _draw)]
    for thread in threads:
        thread.start()
    try:
        yield met
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _get(port: int, n: int, pledges: list[str]) -> str:
    paths = (
        f"pledge.json?id={pledges[n % len(pledges)]}", "feed.atom", "feed.atom?q=council", "deadlines.ics",
        "feed.atom?list=overdue",
    )  # fmt: skip
    path = paths[n % len(paths)]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=120) as answer:
            body = answer.read()
            if path.startswith("pledge.json"):
                json.loads(body)
    except (urllib.error.URLError, ValueError) as error:
        return f"{path}: {error}"
    return ""


def _draw(port: int, n: int, pledges: list[str]) -> str:
    """Have a page drawn over Streamlit's own line, as a browser does."""
    page = _PAGES[n % len(_PAGES)]
    wanted, address = BackMsg(), f"ws://127.0.0.1:{port}/_stcore/stream"
    wanted.rerun_script.page_name = page
    try:
        with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as line:
            line.send(wanted.SerializeToString())
            while True:
                message = ForwardMsg.FromString(line.recv(timeout=120, decode=False))
                if message.delta.new_element.HasField("exception"):
                    return f"page {page!r}: {message.delta.new_element.exception.message}"
                if message.WhichOneof("type") == "script_finished":
                    return ""
    except (OSError, WebSocketException, TimeoutError) as error:
        return f"page {page!r}: {type(error).__name__} {error}"


@contextmanager
def _dashboard(scene: TrialScene, trial: Trial) -> Iterator[int]:
    """`said dashboard` of the trial's home in a process of its own; gives its port."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from flows.cli import main; main()", "dashboard", "--port", str(port)]
    environment = scene.forks.environment | scene.environment(trial)
    with trial.folder.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(60)
        trial.folder.with_suffix(".log").unlink()
