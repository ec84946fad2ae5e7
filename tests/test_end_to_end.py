"""The main job on the sample web, by the real command: web to digest, twice, edited, killed, rebuilt."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from ledger import settings
from ledger.decisions import published
from ledger.queries.coverage_page import coverage
from ledger.storage import warehouse
from sample.hostile import model
from sample.server import serve
from sample.stories import BASE_PORT

pytestmark = pytest.mark.slow
SAID = [sys.executable, "-c", "from flows.cli.app import main; main()"]
SAMPLE = Path(model.__file__).parents[1]
FOLLOWED = ("PellbridgeLive", "Marlshire Police")
HEAVY = ("prefect", "torch", "spacy", "sentence_transformers", "transformers", "sklearn", "scipy", "scrapy")
TABLES = {
    "articles": "SELECT * EXCLUDE (run_id, first_seen, archive) FROM w.articles ORDER BY id",
    "statements": "SELECT * EXCLUDE (run_id) FROM w.statements ORDER BY article_id, seq",
    "officials": "SELECT * FROM w.officials ORDER BY id",
    "commitments": "SELECT * EXCLUDE (run_id) FROM w.commitments ORDER BY id",
    "pledges": "SELECT * EXCLUDE (run_id) FROM w.pledges ORDER BY id",
    "pledge_commitments": "SELECT * FROM w.pledge_commitments ORDER BY commitment_id",
    "evidence": "SELECT * EXCLUDE (run_id) FROM w.evidence ORDER BY id",
    "quotation_edits": "SELECT before, after, speaker FROM w.quotation_edits ORDER BY id",
    "revisions": "SELECT article_id, sha256, changed FROM w.revisions ORDER BY ALL",
}


@dataclass(frozen=True)
class Site:
    """A home folder, and the ports the sample web takes for it."""

    home: Path
    port: int

    def said(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SAID, "--home", str(self.home), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    def sample(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.said("sample", "--base-port", str(self.port), *arguments)

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        with published.reading(settings.load(self.home)) as connection:
            return {name: connection.execute(query).fetchall() for name, query in TABLES.items()}


@pytest.fixture(scope="module")
def port() -> int:
    """The first of a run of ports that nothing holds, below those that the system lends to clients."""
    start = 20_000 + os.getpid() % 400 * 20
    return next(first for first in range(start, 30_000, 20) if all(map(_free, range(first, first + 10))))


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, port: int) -> Site:
    """A home in which the sample was run once, undisturbed."""
    site = Site(tmp_path_factory.mktemp("site"), port)
    first = site.sample()
    assert first.returncode == 0, first.stdout + first.stderr
    for words in (
        "7 outlets",
        "articles",
        "statements",
        "officials",
        "commitments",
        "Overdue",
        "Digest:",
        "Dashboard:",
    ):
        assert words in first.stdout
    assert first.stderr == ""
    return site


@pytest.fixture(scope="module")
def web() -> Iterator[int]:
    """The sample web, served for all runs of the small home; its first port."""
    with serve(base_port=0) as served:
        yield served.base_port


def small_home(folder: Path, web: int) -> Site:
    """A home of the reader's own, which follows two outlets of the sample web."""
    folder.mkdir()
    entries = yaml.safe_load((SAMPLE / "outlets.yaml").read_text("utf-8"))
    written = yaml.safe_dump(
        [one for one in entries if one["name"] in ("PellbridgeLive", "Marlshire Police")]
    )
    for offset in range(10):
        written = written.replace(f":{BASE_PORT + offset}/", f":{web + offset}/")
    (folder / "outlets.yaml").write_text(written, encoding="utf-8")
    (folder / "settings.toml").write_text("as_of = 2026-06-30\n", encoding="utf-8")
    site = Site(folder, web)
    assert site.said("officials", "import", str(SAMPLE / "marlshire" / "officials.jsonl")).returncode == 0
    return site


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, web: int) -> Site:
    """A small home whose first run was killed on its way, and finished by the next."""
    site = small_home(tmp_path_factory.mktemp("small") / "home", web)
    with subprocess.Popen(
        [*SAID, "--home", str(site.home), "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert any(line.startswith("load") for line in process.stdout)  # a crawl is killed in test_crawl
        time.sleep(2)  # into the stages after it
        assert process.poll() is None, "the run was over before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
    finished = site.said("run")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert all(len(rows) > 3 for name, rows in site.contents().items() if name in ("articles", "commitments"))
    return site


def copy_of(site: Site, folder: Path) -> Site:
    shutil.copytree(site.home, folder)
    return Site(folder, site.port)


def test_the_warehouse_holds_the_county(done: Site) -> None:
    found = done.contents()
    assert len(found["articles"]) >= 77
    assert len(found["statements"]) > 500
    assert len(found["commitments"]) > 100
    assert len(found["evidence"]) > 50
    digests = list((done.home / "data" / "digests").glob("*.html"))
    assert digests
    assert "Said &amp; Done" in digests[0].read_text(encoding="utf-8")


def test_every_outlet_was_reached(done: Site) -> None:
    found = coverage(settings.load(done.home)).outlets
    assert len(found) == 7
    for outlet in found:
        assert outlet.reached is not None and outlet.brought is not None
        assert (outlet.wrong, outlet.mute) == ("", [])


def test_every_quotation_is_verbatim_and_in_the_archive(done: Site) -> None:
    verified = done.said("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert " stand word for word " in verified.stdout


def test_a_changed_word_is_found_out(done: Site, tmp_path: Path) -> None:
    site = copy_of(done, tmp_path / "spoilt")
    with warehouse.run(settings.load(site.home)) as connection:
        connection.execute("UPDATE statements SET words = words || '!' WHERE seq = 0")
    warehouse.publish(settings.load(site.home))
    verified = site.said("verify")
    assert verified.returncode == 1
    assert "not verbatim" in verified.stderr


def test_offsets_that_shift_are_found_out(done: Site, tmp_path: Path) -> None:
    site = copy_of(done, tmp_path / "shifted")
    with warehouse.run(settings.load(site.home)) as connection:
        connection.execute(
            """UPDATE statements SET content = [[span[1] + 1, span[2] + 1] FOR span IN content]
            WHERE seq = 0"""
        )
    warehouse.publish(settings.load(site.home))
    verified = site.said("verify")
    assert verified.returncode == 1
    assert "not verbatim" in verified.stderr


def test_a_second_run_finds_nothing_new_loads_no_model_and_ends_its_threads(done: Site) -> None:
    before = done.contents()
    script = (
        "import sys, threading; from flows.cli.app import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: print(end.code)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "print([one.name for one in threading.enumerate()])"
    )
    command = [sys.executable, "-c", script, "--home", str(done.home), "sample"]
    command += ["--base-port", str(done.port)]
    for stages in (("crawl",), ("crawl", "load", "extract", "flag", "group", "track")):
        again = subprocess.run(command, capture_output=True, text=True, check=True, timeout=400)
        told = [line for line in again.stdout.splitlines() if " read; " in line]
        assert [line.split()[0] for line in told if not line.startswith(("publish", "digest"))] == list(
            stages
        )
        assert all(" 0 written" in line for line in told if line.startswith(stages))
        assert again.stdout.splitlines()[-3:] == ["0", "[]", "['MainThread']"], again.stderr
        assert not (done.home / "data" / "prefect").exists()  # a schedule's own
        assert done.contents() == before
        (done.home / "data" / "settled").unlink()  # the next one does not know that nothing has changed


def test_an_edited_article_becomes_a_revision(done: Site, tmp_path: Path) -> None:
    site = copy_of(done, tmp_path / "edited")
    before = site.contents()
    later = site.sample("--edition", "2")
    assert later.returncode == 0, later.stdout + later.stderr
    after = site.contents()
    assert len(after["articles"]) == len(before["articles"])
    assert len(after["revisions"]) == len(before["revisions"]) + 1
    assert any("changed" in str(row[2]) for row in after["revisions"])
    assert before["quotation_edits"] == []
    ((was, now, speaker),) = after["quotation_edits"]
    assert "in October" in str(was) and "before Christmas" in str(now) and speaker == "Paula Grieve"
    digest = site.said("digest", "--since", "2026-03-25")
    assert digest.returncode == 0, digest.stdout + digest.stderr
    page = max((site.home / "data" / "digests").glob("*-since-*.txt")).read_text(encoding="utf-8")
    assert "QUOTATIONS EDITED" in page and "before Christmas" in page
    assert site.said("verify").returncode == 0


def test_a_first_run_over_pages_that_lie_and_break_names_them_and_ends(tmp_path: Path) -> None:
    """In an empty home, over the hostile host: not HTML, empty, too long, a false charset, a script body."""
    home = tmp_path / "first"
    home.mkdir()
    entries = yaml.safe_load((Path(model.__file__).parent / "outlets.yaml").read_text("utf-8"))
    herald = next(entry for entry in entries if entry["name"] == model.HERALD)
    with serve(base_port=0, hostile=True) as web:
        written = yaml.safe_dump([herald])
        for offset in range(10, 20):
            written = written.replace(f":{model.BASE_PORT + offset}/", f":{web.base_port + offset}/")
        (home / "outlets.yaml").write_text(written, encoding="utf-8")
        ran = Site(home, 0).said("run")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert re.search(r"^crawl +\d+ read; [1-9]\d* written.*\d+ problems$", ran.stdout, re.M)
    assert "Traceback" not in ran.stderr and re.match(r"\d+ problems:\n  crawl: ", ran.stderr)
    (outlet,) = coverage(settings.load(home)).outlets
    assert outlet.reached is not None and "redirect loop 1" in outlet.wrong and "not html" in outlet.wrong
    status = Site(home, 0).said("status").stdout
    for reason in (
        "no page",
        "empty",
        "larger than is read",
        "bad charset",
        "broken jsonld",
        "future date",
        "no text",
    ):
        assert reason in status


def test_a_killed_run_that_the_next_finished_is_what_a_rebuilding_makes(small: Site, tmp_path: Path) -> None:
    site = copy_of(small, tmp_path / "rebuilt")
    (site.home / "warehouse.duckdb").write_bytes(b"spoilt")
    unreadable = site.said("pledges")
    assert (unreadable.returncode, unreadable.stderr.count("\n")) == (2, 1)
    rebuilt = site.said("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert site.contents() == small.contents()


def test_what_was_taken_out_does_not_come_back_by_a_rebuilding(small: Site, tmp_path: Path) -> None:
    site = copy_of(small, tmp_path / "without")
    before = site.contents()
    with published.reading(settings.load(site.home)) as connection:
        found = connection.execute(
            "SELECT url, id FROM w.articles ORDER BY published DESC LIMIT 1"
        ).fetchone()
    assert found
    url, article = str(found[0]), str(found[1])
    removed = site.said("forget", url)
    assert removed.returncode == 0, removed.stderr
    slug = url.rpartition("/")[2].encode()
    for kept in [*site.home.glob("data/crawl/*.jsonl"), *site.home.glob("data/crawl/seen.sqlite*")]:
        assert slug not in kept.read_bytes(), kept.name
    rebuilt = site.said("rebuild")
    assert rebuilt.returncode in (0, 1), rebuilt.stdout + rebuilt.stderr
    after = site.contents()
    assert article not in str(after)
    assert after["statements"] == [row for row in before["statements"] if article not in row]
    assert len(after["articles"]) == len(before["articles"]) - 1
