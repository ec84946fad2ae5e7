"""Mutated pages, lists, robots files and papers, served by a server that lies, through the real commands.

Held afterwards: how each command ended; that nothing was told as a fault of ours; that of every address
there is a line, and of every page that was kept an article or a problem by its name; what each took of a
processor; and how the memory of each process went.
"""

from __future__ import annotations

import os
import random
import select
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.faults.forks import Ended, Forks
from benchmarks.faults.report import Measured, TrialOutcome
from benchmarks.fuzz.attempt import LIMIT, say
from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.planted import Took, flat, read_times
from benchmarks.fuzz.seeds import feeds, files, page_seeds, papers, robots, sitemaps
from benchmarks.fuzz.server import LIES, SLOW, FuzzAnswer, LyingServer, lying
from crawlers.archive.lines import read_lines, runs
from crawlers.pages.urls import fold
from ledger.decisions.published import reading
from ledger.presentation.remedies import in_words
from ledger.settings import load
from ledger.storage.warehouse import column
from sample.stories import FOLDER

SHARES = {"pages": 0.70, "feeds": 0.10, "sitemaps": 0.08, "robots": 0.06, "papers": 0.06}
STAGES = ("crawl", "load", "extract", "flag", "group", "track", "publish")
_WITH_FAULT = ("crawl", "load", "publish")  # the faults that are put in lie in the first two
_LIED = 0.15  # of the pages and papers: how they are served is wrong, too
_SLOW = 0.01  # are not served at all in the time that is waited
_AN_OUTLET = 60  # pages
_LISTS = 10  # mutated lists of an outlet
_FILES = 0.01  # of the inputs: so many are brought by `said add`
_LONG = 25_000  # characters of an article; one that is longer may take longer in proportion
_PATIENCE = 900.0  # seconds of a command, and two for each input
_OURS = ("Traceback", "an error of ours", "panicked at")


@dataclass(frozen=True, slots=True)
class Input:
    """``group``: its row of the table; ``url``: where it is served; ``told``: how it was made."""

    group: str
    url: str
    told: str


class LineScene:
    """The home, its outlets and what they serve. ``inputs``: by address."""

    def __init__(self, folder: Path, server: LyingServer, inputs: int, number: int) -> None:
        self.home, self.server, self.inputs = folder / "home", server, dict[str, Input]()
        self._chance = random.Random(number)
        self._outlets: list[dict[str, object]] = []
        self.home.mkdir()
        counts = {name: round(share * inputs) for name, share in SHARES.items()}
        self._lists = [("feed", n) for n in range(counts["feeds"])] + [
            ("sitemap", n) for n in range(counts["sitemaps"])
        ]
        self._chance.shuffle(self._lists)
        self._pages(counts["pages"], "news")
        self._pages(counts["papers"], "papers")
        while self._lists:
            self._outlet("news", [])
        for _ in range(counts["robots"]):
            self._robots()
        (self.home / "outlets.yaml").write_text(yaml.safe_dump(self._outlets), encoding="utf-8")
        (self.home / "officials.jsonl").write_bytes((FOLDER / "marlshire" / "officials.jsonl").read_bytes())
        (self.home / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")

    def _host(self) -> str:
        return host_of(len(self._outlets))

    def _serve(self, path: str, answer: FuzzAnswer) -> str:
        host = self._host()
        self.server.answers[host, path] = answer
        return f"{self.server.origin(host)}{path}"

    def _pages(self, number: int, what: str) -> None:
        seeds, left = page_seeds(), number
        while left > 0:
            layout = self._chance.choice(("jsonld", "jsonld", "jsonld", "meta", "visible"))
            fitting = [seed for seed in seeds if seed.layout == layout]
            paths = []
            for n in range(min(left, _AN_OUTLET)):
                path, chance = f"/news/a-bench-in-the-rain-{number - left + n}", self._chance.randrange(2**32)
                own = f"{self.server.origin(self._host())}{path}".encode()
                if what == "papers":
                    body, kind = mutated(self._chance.choice(papers()), chance), "application/pdf"
                else:
                    seed = self._chance.choice(fitting)
                    body = seed.body.replace(seed.address.encode(), own) if seed.address else seed.body
                    body, kind = mutated(body, chance), "text/html; charset=utf-8"
                manner = self._manner()
                url = self._serve(path, FuzzAnswer(body, kind, manner))
                group = "PDFs" if what == "papers" else "pages"
                served = "" if manner == "whole" else f", {'lied about' if manner in LIES else 'not served'}"
                self.inputs[url] = Input(group + served, url, f"{manner}, seed {chance}")
                paths.append(path)
            left -= len(paths)
            self._outlet("minutes" if what == "papers" else "news", paths, layout)

    def _manner(self) -> str:
        drawn = self._chance.random()
        if drawn < _SLOW:
            return self._chance.choice(SLOW)
        return self._chance.choice(LIES) if drawn < _SLOW + _LIED else "whole"

    def _outlet(self, kind: str, paths: list[str], layout: str = "jsonld", own_robots: bool = True) -> None:
        origin = self.server.origin(self._host())
        listed = {
            "feed": [self._serve("/feed", FuzzAnswer(feeds(origin, paths)[0], "application/rss+xml"))],
            "sitemap": [],
        }
        for name, n in [self._lists.pop() for _ in range(min(_LISTS, len(self._lists))) if own_robots]:
            made, chance = (
                feeds(origin, paths) if name == "feed" else sitemaps(origin, paths),
                self._chance.randrange(2**32),
            )
            body, manner = mutated(made[n % len(made)], chance), self._manner()
            url = self._serve(f"/{name}/{n}.xml", FuzzAnswer(body, "application/xml", manner))
            self.inputs[url] = Input(f"{name}s", url, f"{manner}, seed {chance}")
            listed[name].append(url)
        if own_robots:
            self._serve("/robots.txt", FuzzAnswer(robots(origin)[2], "text/plain"))
        entry = {
            "name": f"Outlet {len(self._outlets)}", "home": f"{origin}/", "feeds": listed["feed"],
            "sitemaps": listed["sitemap"], "layout": layout, "crawl_delay": 0, "local": True, "kind": kind,
        }  # fmt: skip
        self._outlets.append({name: value for name, value in entry.items() if value != []})

    def _robots(self) -> None:
        origin, chance = self.server.origin(self._host()), self._chance.randrange(2**32)
        made = robots(origin)
        body, manner = mutated(made[chance % len(made)], chance), self._manner()
        url = self._serve("/robots.txt", FuzzAnswer(body, "text/plain", manner))
        self.inputs[url] = Input("robots files", url, f"{manner}, seed {chance}")
        path = f"/news/a-bench-of-an-outlet-{len(self._outlets)}"
        self._serve(path, FuzzAnswer(page_seeds()[chance % 400].body))
        self._outlet("news", [path], own_robots=False)


def host_of(number: int) -> str:
    """An address of this machine for an outlet."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def line(inputs: int, number: int, fault: str = "") -> Iterator[TrialOutcome | Measured]:
    """So many inputs through all commands of a home. ``fault``: of `planted.FAULTS`, put into these."""
    most = (
        inputs // _AN_OUTLET
        + round(inputs * (SHARES["robots"] + (SHARES["feeds"] + SHARES["sitemaps"]) / _LISTS))
        + 20
    )
    with (
        tempfile.TemporaryDirectory(prefix="said-fuzz-") as folder,
        lying([host_of(n) for n in range(most)]) as server,
        Forks(Path(folder) / "shim") as forks,
    ):
        scene = LineScene(Path(folder), server, inputs, number)
        environment = {
            "SAID_HOME": str(scene.home), "CHAOS_ALSO": "benchmarks.fuzz.planted",
            "FUZZ_TIMES": str(Path(folder) / "times"), "FUZZ_FAULT": fault,
        }  # fmt: skip
        for name in _WITH_FAULT if fault else STAGES:
            yield from _command(forks, scene, [name], environment)
        yield from _accounts(scene)
        if not fault:
            yield from _added(forks, scene, environment, inputs, number)
            for arguments in (["verify"], ["status"], ["digest"], ["export", f"{folder}/out", "--site"]):
                yield from _command(forks, scene, arguments, environment)
        yield from _took(read_times(Path(folder) / "times"))
        yield TrialOutcome("the server itself", "errors", False, server.errors[:3])


def _command(
    forks: Forks, scene: LineScene, arguments: list[str], environment: dict[str, str]
) -> Iterator[TrialOutcome]:
    said = scene.home.parent / "said"
    ended = forks.run(arguments, said, environment, _at_most(_PATIENCE + 2 * len(scene.inputs)))
    say(f"{arguments[0]}: {ended.status}: {ended.said.splitlines()[:1]}")
    yield TrialOutcome("commands", arguments[0], ended.status == 1, _wrong(scene, ended))


def _at_most(seconds: float) -> Callable[[int, int], None]:
    """Ends a command that hangs: its group is killed after so many seconds."""

    def watch(group: int, ended: int) -> None:
        ready, _, _ = select.select([ended], [], [], seconds)
        if not ready:
            os.killpg(group, signal.SIGKILL)

    return watch


def _wrong(scene: LineScene, ended: Ended) -> list[str]:
    """What is wrong with how a command ended: with problems is right, with a fault of ours is not."""
    wrong = [] if ended.status in (0, 1) else [f"ended with {ended.status}: {ended.said[-600:]}"]
    wrong += [f"{ours!r} was said: {ended.said[-600:]}" for ours in _OURS if ours in ended.said and not wrong]
    errors = scene.home / "data" / "errors.log"
    if errors.exists():
        wrong.append(errors.read_text(encoding="utf-8")[-2_000:])
        errors.unlink()
    for log in (scene.home / "data" / "crawl").glob("*.log"):
        if "Traceback" in (told := log.read_text(encoding="utf-8", errors="replace")):
            wrong.append(f"the crawl's log: {told[-2_000:]}")
        log.unlink()
    return wrong


def _accounts(scene: LineScene) -> Iterator[TrialOutcome]:
    """Of every input, what became of it: nothing is lost on the way, and each failure has a name."""
    if not load(scene.home).warehouse.exists():
        yield TrialOutcome("commands", "publish", False, ["nothing is published"])
        return
    told: dict[str, list[str]] = {}
    kept: dict[str, tuple[str, str]] = {}  # reference and own address, by the address that was asked for
    for path in runs(scene.home / "data" / "crawl"):
        for _, row in read_lines(path):
            if row is None:
                continue
            for name in ("url", "item", "fetched_url"):
                if row.get(name):
                    told.setdefault(fold(str(row[name])), []).append(str(row.get("reason", "")))
            if row["what"] == "page":
                kept[fold(str(row["fetched_url"]))] = str(row["archive"]), str(row["url"])
            listings = row.get("listings")
            for one in listings if isinstance(listings, list) else ():
                told.setdefault(fold(str(one["url"])), []).append(str(one["reason"]))
            if row["what"] == "outlet":
                host = next(o for o in scene._outlets if o["name"] == row["outlet"])
                told.setdefault(fold("/robots.txt", str(host["home"])), []).append(str(row["robots"]))
    with reading(load(scene.home)) as connection:
        stored = set(
            column(connection, "SELECT archive FROM w.articles UNION SELECT archive FROM w.revisions")
        )
        problems = set(column(connection, "SELECT item FROM w.problems WHERE stage = 'load'"))
        urls = set(column(connection, "SELECT url FROM w.articles"))
    names = Counter[str]()
    for url, one in scene.inputs.items():
        reasons = [reason for reason in told.get(fold(url), []) if reason]
        names.update(reasons[:1])
        wrong = [] if fold(url) in told else [f"nothing is told of it ({one.told})"]
        wrong += [f"{r!r} has no words" for r in reasons if not r.startswith("http_") and in_words(r) == r]
        archive, own = kept.get(fold(url), ("", ""))
        if archive and not (archive in stored or own in problems or own in urls):
            wrong.append(f"kept, and neither article nor problem ({one.told})")
        yield TrialOutcome(one.group, url, bool(reasons) or own in problems, wrong)
    say(f"by name: {dict(names.most_common())}")


def _added(
    forks: Forks, scene: LineScene, environment: dict[str, str], inputs: int, number: int
) -> Iterator[TrialOutcome]:
    """Files that are brought by hand, all in one command: each added or refused by its name."""
    chance, folder = random.Random(number), scene.home.parent / "brought"
    folder.mkdir()
    names = []
    for n in range(max(3, round(inputs * _FILES))):
        body = chance.choice((*papers(), *files())) if n % 2 else chance.choice(files())
        file = folder / f"file-{n}"
        file.write_bytes(mutated(body, chance.randrange(2**32)))
        names.append(str(file))
    arguments = ["add", *names, "--publisher", "A council"]
    ended = forks.run(arguments, scene.home.parent / "said", environment, _at_most(_PATIENCE + 2 * inputs))
    wrong = _wrong(scene, ended)
    for n, name in enumerate(names):
        lines = [one for one in ended.said.splitlines() if f" file-{n}:" in one]
        untold = [] if lines else [f"nothing was said of {name}"]
        yield TrialOutcome(
            "files that are brought",
            name,
            any("refused" in one for one in lines),
            untold + (wrong if not n else []),
        )


def _took(took: list[Took]) -> Iterator[TrialOutcome | Measured]:
    for what in dict.fromkeys(one.what for one in took):
        some = [one for one in took if one.what == what]
        allowed = ((one, LIMIT * max(1.0, one.size / _LONG)) for one in some)
        slow = [
            f"{one.seconds:.1f} s of a processor: {one.name}" for one, most in allowed if one.seconds > most
        ]
        dearest = max(some, key=lambda one: one.seconds)
        yield TrialOutcome("seconds of a processor", what, False, slow)
        grown, words = flat([one.memory for one in some])
        yield TrialOutcome("memory", what, False, [f"{what}: {words}"] if grown else [])
        yield Measured(f"{what}: {len(some):,}, the dearest {dearest.seconds:.2f} s; {words}")
