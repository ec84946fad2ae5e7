"""The small home that trials begin from, and the commands of its life, each from where the last left it.

Two outlets of the sample web are read over HTTP: 15 articles, one of them corrected later. Letters go to a
real mail server and a real HTTP hook, which this process runs (those of the tests).
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.faults.forks import ROOT, Ended, Forks
from benchmarks.faults.lanes import ALONE, TrialLane
from benchmarks.faults.watch import Killer
from crawlers.archive.lines import read_lines, runs
from sample.server import serve
from sample.web import Web
from tests.servers import HookServer, MailServer, running

OUTLETS = ("PellbridgeLive", "Marlshire Combined Authority")  # the first corrects an article later
AS_OF = "2026-06-30"
FILE = (
    "Statement by the Marlshire Combined Authority\n\n"
    "The authority's chair, Martin Goss, said: “We will open the bus station in Hexley by March 2027.”\n\n"
    "“We will also publish the figures every month,” he said.\n"
)  # as somebody brings it, in a file of its own
DECISIONS = 12
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One command of the home's life. ``{home}``, ``{out}``, ``{backup}`` and ``{url}`` in its arguments are
    filled in. ``edition``: of the sample web while it works."""

    name: str
    arguments: tuple[str, ...]
    edition: int = 1


LIFE = (
    *(LifeStep(name, (name,)) for name in ("crawl", "load", "extract", "flag", "group", "track", "publish")),
    LifeStep("decide", ("edit", "{home}", str(DECISIONS))),
    LifeStep("digest", ("digest",)),
    LifeStep("add", ("add", "{out}/statement.txt", "--publisher", OUTLETS[1], "--date", "2026-06-01")),
    LifeStep("run", ("run",), edition=2),
    LifeStep("export", ("export", "{out}/exported", "--site")),
    LifeStep("backup", ("backup", "{out}")),
    LifeStep("restore", ("restore", "{backup}")),
    LifeStep("forget", ("forget", "{url}"), edition=2),
)


class FakePost:
    """Both servers that take letters, and what they took."""

    def __init__(self, mail: MailServer, hook: HookServer) -> None:
        self.mail, self.hook = mail, hook

    def clear(self) -> None:
        self.mail.taken.clear()
        self.hook.taken.clear()

    def letters(self) -> Counter[str]:
        """How often each letter was taken: by mail by its Message-ID, by the hook by its key, under which a
        second one with the same body is no second letter."""
        taken = Counter(f"mail {message['Message-ID']}" for _, _, message, _ in self.mail.taken)
        taken.update(
            {f"hook {headers['idempotency-key']} {len(body)}" for _, headers, body in self.hook.taken}
        )
        return taken

    def texts(self) -> dict[str, str]:
        """What each reader of mail was told, in one text."""
        told: dict[str, str] = {}
        for _, to, message, _ in self.mail.taken:
            part = message.get_body(("plain",))
            for one in to:
                told[one] = told.get(one, "") + (part.get_content() if part else "")
        return told


@dataclass(frozen=True, slots=True)
class Trial:
    """A folder of one trial: the home, and beside it what commands write elsewhere."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def temporary(self) -> Path:
        """What programs take for the system's folder of temporary files."""
        return self.folder / "tmp"

    @property
    def said(self) -> Path:
        return self.folder.with_suffix(".said")

    def copied_to(self, other: Trial) -> None:
        """Lay all of it there; that something was exported is noted with the place."""
        shutil.copytree(self.folder, other.folder, symlinks=True)
        noted = other.home / "data" / "exported.json"
        if noted.exists():
            lines = [
                [str(other.out / Path(place).name), what] for place, what in json.loads(noted.read_text())
            ]
            noted.write_text(json.dumps(lines))


@dataclass(frozen=True, slots=True)
class Course:
    """What an undisturbed step is like: events seen in its trial's folder, steps told by Python itself,
    seconds, and the letters that were taken, with what each reader was told."""

    events: int
    steps: tuple[str, ...]
    seconds: float
    letters: Counter[str]
    texts: dict[str, str]


class TrialScene:
    """All that trials need: the web, the post, forked commands, and the home as it was before each step.

    ``folder``: everything lies in it. ``courses``: how each step goes undisturbed.
    """

    def __init__(
        self,
        folder: Path,
        web: Web,
        post: FakePost,
        forks: Forks,
        outlets: Collection[str],
        life: Sequence[LifeStep],
        lane: TrialLane,
        home: Path | None,
    ) -> None:
        self.folder, self.post, self.forks, self.life = folder, post, forks, tuple(life)
        self.lane, self._home = lane, home
        self._outlets = outlets
        self.courses: dict[str, Course] = {}
        self.rooms: dict[str, int] = {}  # bytes that a step takes at most, where that was measured
        self.fault = ""  # of `points.FAULTS`, in all commands but those within `sound`
        self._web, self._number = web, 0

    def arguments(self, step: LifeStep, trial: Trial) -> list[str]:
        """The step's arguments for a trial."""
        backups = sorted(trial.out.glob("said-backup-*.tar.gz"))
        filled = {
            "{home}": str(trial.home),
            "{out}": str(trial.out),
            "{backup}": str(backups[0]) if backups else "",
            "{url}": min(_pages(self.kept(step.name).home), default=""),
        }
        given = list(step.arguments)
        for name, value in filled.items():
            given = [one.replace(name, value) for one in given]
        return given

    def environment(self, trial: Trial) -> dict[str, str]:
        fault = {"CHAOS_FAULT": self.fault} if self.fault else {}
        return {"SAID_HOME": str(trial.home), "TMPDIR": str(trial.temporary), **fault}

    @contextmanager
    def sound(self) -> Iterator[None]:
        """Within the block no fault is in the product: what is made there is what others are held against."""
        fault, self.fault = self.fault, ""
        try:
            yield
        finally:
            self.fault = fault

    def run(self, step: LifeStep, trial: Trial, more: Mapping[str, str] = _NOTHING) -> Ended:
        """The step, undisturbed but for what ``more`` of its environment does."""
        self.show(step.edition)
        environment = self.environment(trial) | dict(more)
        return self.forks.run(self.arguments(step, trial), trial.said, environment)

    def show(self, edition: int) -> None:
        """Let the web stand as on that visit."""
        self._web.edition = edition

    def before(self, step: LifeStep) -> Trial:
        """A new trial as the home was before the step."""
        return self.copy(self.kept(step.name))

    def kept(self, name: str) -> Trial:
        """The home before the step of that name; "end": after the last."""
        return Trial(self.folder / "life" / name)

    def copy(self, of: Trial) -> Trial:
        self._number += 1
        trial = Trial(self.folder / f"trial-{self._number}")
        of.copied_to(trial)
        self.post.clear()
        self._web.forget()
        return trial

    def drop(self, trial: Trial, keep: bool = False) -> None:
        """Remove a trial, unless it is to be looked at."""
        for one in (trial.said, trial.folder.with_suffix(".tally")):
            if not keep:
                one.unlink(missing_ok=True)
        if not keep:
            shutil.rmtree(trial.folder)

    def step(self, name: str) -> LifeStep:
        """The step of that name."""
        return next(one for one in self.life if one.name == name)

    def after(self, step: LifeStep) -> Trial:
        """The home as the undisturbed step left it."""
        names = [one.name for one in self.life]
        place = names.index(step.name) + 1
        return self.kept(names[place] if place < len(names) else "end")

    def live(self) -> None:
        """The whole life, undisturbed: keeps the home as it is before each step."""
        trial = Trial(self.folder / "living")
        for folder in (trial.home, trial.out, trial.temporary):
            folder.mkdir(parents=True)
        self._found(trial.home)
        (trial.out / "statement.txt").write_text(FILE, encoding="utf-8")
        for step in self.life:
            shutil.copytree(trial.folder, self.kept(step.name).folder)
            self.courses[step.name] = self._watched(step, trial)
        shutil.copytree(trial.folder, self.kept("end").folder)

    def _watched(self, step: LifeStep, trial: Trial) -> Course:
        self.post.clear()
        self.show(step.edition)
        tally, killer = self.folder / "tally", Killer(trial.folder)
        tally.unlink(missing_ok=True)
        environment = self.environment(trial) | counting(trial, tally)
        ended = self.forks.run(self.arguments(step, trial), trial.said, environment, killer)
        if ended.status != 0:
            raise RuntimeError(f"undisturbed, {step.name} ended with {ended.status}: {ended.said[-2000:]}")
        steps = tuple(line.strip() for line in tally.read_text().splitlines())
        return Course(killer.events, steps, killer.took, self.post.letters(), self.post.texts())

    def _found(self, home: Path) -> None:
        """Lay out the files that a reader brings, over those of the home that is begun with."""
        if self._home is not None:
            shutil.copytree(self._home, home, dirs_exist_ok=True)
        (home / "settings.toml").write_text(f"as_of = {AS_OF}\n", encoding="utf-8")
        shutil.copy(ROOT / "sample" / "marlshire" / "officials.jsonl", home / "officials.jsonl")
        listed = yaml.safe_load(self._web.outlets_yaml())
        wanted = [one for one in listed if one["name"] in self._outlets]
        (home / "outlets.yaml").write_text(yaml.safe_dump(wanted), encoding="utf-8")
        mail = {
            "channel": "email", "sender": "digest@example.org", "server": "127.0.0.1",
            "port": self.post.mail.port, "security": "none",
        }  # fmt: skip
        subscriptions = [
            mail | {"to": ["desk@example.org", "ann@example.org"]},
            mail | {"to": ["quick@example.org"], "every": "at once"},
            {"channel": "webhook", "url": self.post.hook.url},
        ]
        (home / "subscriptions.yaml").write_text(yaml.safe_dump(subscriptions), encoding="utf-8")


def _pages(home: Path) -> Iterator[str]:
    """The addresses of the pages that were crawled."""
    for path in runs(home / "data" / "crawl"):
        for _, line in read_lines(path):
            if line is not None and line["what"] == "page" and str(line["url"]).startswith("http"):
                yield str(line["url"])


def counting(trial: Trial, tally: Path, die_at: int = 0) -> dict[str, str]:
    """The environment in which a command's steps are counted, and the one before which it is killed (0:
    none)."""
    return {"CHAOS_TALLY": str(tally), "CHAOS_DIE_AT": str(die_at), "CHAOS_WITHIN": str(trial.folder)}


@contextmanager
def scene(
    folder: Path,
    outlets: Collection[str] = OUTLETS,
    life: Sequence[LifeStep] = LIFE,
    lane: TrialLane = ALONE,
    home: Path | None = None,
) -> Iterator[TrialScene]:
    """The scene in an empty folder, its life lived once. ``home``: one that the life begins with; then no
    step may read texts."""
    mail, hook = MailServer(), HookServer()
    with serve(0) as web, running(mail), running(hook), Forks(folder / "shim", home is None) as forks:
        made = TrialScene(folder, web, FakePost(mail, hook), forks, outlets, life, lane, home)
        made.live()
        yield made
