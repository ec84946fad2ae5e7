"""A home folder of version 0.1.0 in this version, and one of a newer version refused.

``homes/0.1.0.tar.xz`` was made by 0.1.0 itself, commit 6ea945c: two runs (`flows.running.run_stages`) over 21
stories of its sample web, editions 1 and 2, the second with an altered quotation; decisions of every kind it
had between and after them (`ledger.decisions.record`), by Ann Lee and Bo Marsh, from 5 to 29 June 2026; the
digests of 1 and 29 June, taken by two mailboxes and a hook; lists and settings in its forms.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import click
import duckdb
import pytest

from flows.backup import backup, restore
from flows.cli.app import main, said
from flows.delivery.publish import publish as send_digest
from flows.pipeline.runner import STAGES, run_stage, run_stages, sources_for
from ledger import settings as home_settings
from ledger.decisions import journal, published, upgrade
from ledger.errors import WrongUse
from ledger.outputs import totals
from ledger.outputs.changed_rows import changed
from ledger.queries import coverage_page, overview_page, pledge_list, pledge_page, review_lists
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.beside.formats import FORMAT
from ledger.storage.deliveries import opened_deliveries
from tests.test_cli import leaves

pytestmark = pytest.mark.slow

HOMES = Path(__file__).parent / "homes"
BUSES, WALL, LIBRARY, CALLS = "4193935b467df622", "4b20880437dfc090", "ee2f5fae9e175fce", "c5d1a5c8a846f8b1"
CHECKS, FIGURES, PLAN, OFFICERS = (
    "3634a3ec2a696a4e",
    "060712000400c20f",
    "19097e16095fb172",
    "cee25966697b0b24",
)
TOWN_HALL, OVERSPEND, MOORINGS = "595eaa7b7cd8de12", "f37129253716f724", "8a8471fe24f4d50b"
WALL_REPORT, QADRI = "507c0da820e1b9ef", "d5ae070de8323d1d"  # a statement, and who was named for it
SET = {
    BUSES: "stalled",
    WALL: "delivered_late",
    LIBRARY: "not_delivered",
    CALLS: "delivered",
    CHECKS: "unclear",
}


def unpacked(folder: Path) -> Settings:
    """The home of 0.1.0 in a folder of its own."""
    with tarfile.open(HOMES / "0.1.0.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return home_settings.load(folder)


@pytest.fixture
def earlier(tmp_path: Path) -> Settings:
    return unpacked(tmp_path / "home")


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """After a first run of this version that was stopped and a second that ended; the web is not asked."""
    home = unpacked(tmp_path_factory.mktemp("upgraded"))
    sources = sources_for(home, sample=False)
    after_load = [name for name in STAGES if name not in ("crawl", "load")]

    class _Killed(BaseException):
        pass

    def until_flag(name: str, run_id: str) -> object:
        if name == "group":
            raise _Killed
        return run_stage(name, home, sources, run_id)

    with pytest.raises(_Killed):
        run_stages(home, sources, until_flag, names=after_load)  # type: ignore[arg-type]  # what it gives is not looked at
    assert home.work.exists() and pledge_list.pledges(home)  # readers have what was there, in this form
    run_stages(home, sources, lambda name, run_id: run_stage(name, home, sources, run_id), names=after_load)
    return home


def rows_of(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as found:
        return found.execute("SELECT * FROM decisions ORDER BY n").fetchall()


def written(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that lies there, but for what SQLite keeps beside an open file."""
    return {
        str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(("-shm", "-wal"))
    }


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


def set_statuses(home: Settings) -> dict[str, str | None]:
    return {row.id: row.set_status for row in pledge_list.pledges(home) if row.set_status}


def test_an_earlier_home_opens_by_itself_with_all_that_was_decided(
    earlier: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(duckdb.connect(str(earlier.warehouse), read_only=True)) as old:
        ids = {key for (key,) in old.execute("SELECT id FROM pledges").fetchall()}
    before = rows_of(earlier.decisions)
    assert call("--home", str(earlier.home), "status") == 0
    told = capsys.readouterr().out
    assert "An earlier version's warehouse was brought up to date" in told
    for line in ("speaker_confidence: that is 0.45", "webhook-signature"):
        assert line in told
    assert "no longer under the id" not in told
    rejected = {"8387fb20d64632da"}  # all of it
    assert {row.id for row in pledge_list.pledges(earlier)} == ids - rejected
    assert set_statuses(earlier) == SET | {OFFICERS: "in_progress"}
    assert rows_of(earlier.decisions) == before and len(before) == 23
    assert not [*earlier.data.glob("upgrade*"), *earlier.data.glob("*.copying")]
    assert statement_search.search(earlier, "buses").total  # the index of its own form is made
    assert coverage_page.coverage(earlier).outlets and review_lists.queue(earlier).totals
    assert overview_page.overview(earlier).total
    assert not call("--home", str(earlier.home), "export", str(earlier.home / "out"), "--site")


def test_decisions_keep_their_meaning_when_all_is_read_again(upgraded: Settings, earlier: Settings) -> None:
    assert rows_of(upgraded.decisions) == rows_of(earlier.decisions)
    rows = {row.id: row for row in pledge_list.pledges(upgraded)}
    kept = {BUSES, WALL, LIBRARY, CALLS, CHECKS, PLAN, TOWN_HALL, OVERSPEND, MOORINGS}
    assert kept <= rows.keys()
    assert SET.items() <= set_statuses(upgraded).items()
    assert rows[BUSES].set_by == "Ann Lee" and rows[LIBRARY].set_by == "Bo Marsh"
    assert "two minutes" in rows[CALLS].title  # what was called delivered, not the statement's first clause
    with published.reading(upgraded) as connection:
        place = dict(connection.execute("SELECT commitment_id, pledge_id FROM place_view").fetchall())
        speaker = connection.execute(
            "SELECT official_id, linked_by FROM statement_view WHERE id = ?", [WALL_REPORT]
        ).fetchone()
    assert place[FIGURES] == place[CHECKS] == CHECKS  # merged
    assert place[PLAN] != place[BUSES] and place[OVERSPEND] != place[LIBRARY]  # split
    assert speaker == (QADRI, "Ann Lee")
    page = pledge_page.pledge(upgraded, TOWN_HALL)
    assert page is not None
    assert {"note", "confirm"} <= {one.decision.kind for one in page.journal}
    with published.reading(upgraded) as connection:
        edits = connection.execute("SELECT before, after FROM w.quotation_edits").fetchall()
    assert ["October" in before and "Christmas" in after for before, after in edits] == [True]


def test_what_was_known_on_a_day_is_still_told(upgraded: Settings) -> None:
    for day, status in ((4, None), (6, "in_progress"), (10, "stalled")):
        page = pledge_page.pledge(upgraded, BUSES, date(2026, 6, day))
        assert page is not None and page.pledge.set_status == status
    undone = pledge_page.pledge(upgraded, "82e5982cc7ce2c7a", date(2026, 6, 19))
    assert undone is not None and undone.pledge.set_status == "partly_delivered"


def test_what_changed_is_listed_with_its_decisions(
    upgraded: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    now = changed(upgraded)
    former = {one.id: one for one in now.former}
    with closing(duckdb.connect(":memory:")) as connection:
        connection.execute(f"ATTACH '{upgraded.warehouse}' AS w (READ_ONLY)")
        places = {
            key for (key,) in connection.execute("SELECT pledge_id FROM w.pledge_commitments").fetchall()
        }
    assert former and not former.keys() & places
    assert [one.split(" set ")[0] for one in former[OFFICERS].decisions] == ["Ann Lee"]
    assert former[OFFICERS].now_id in places
    idle = {int(line.split(",")[0]) for line in now.idle}
    assert idle <= {6, 7, 9}  # rejections of what is not read as a promise, or as evidence, any more
    assert call("--home", str(upgraded.home), "status") == 0
    told = capsys.readouterr().out
    for one in now.former:
        assert f"  {one.id} " in told
    assert totals.runs(upgraded, 9)[-1]["id"] < "20261201"  # the runs of 0.1.0 too


def test_letters_that_went_out_are_not_sent_again(upgraded: Settings) -> None:
    secret = upgraded.home / "hook-secret"
    secret.chmod(0o644)  # which 0.1.0 let pass
    with pytest.raises(WrongUse, match=r"hook-secret can be read by others .* chmod 600"):
        send_digest(upgraded, date(2026, 6, 29))
    secret.chmod(0o600)
    _, counts = send_digest(upgraded, date(2026, 6, 29))
    assert (counts.read, counts.written, counts.problems) == (3, 0, [])
    assert counts.skipped == {"sent before": 3}


def test_letters_are_noted_once_however_often_that_is_stopped(
    earlier: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger.storage import deliveries

    note = deliveries.DeliveryJournal.note_sent
    calls: list[str] = []

    def stopped(self: deliveries.DeliveryJournal, delivery: str, covers: object) -> None:
        calls.append(delivery)
        if len(calls) == 4:
            raise KeyboardInterrupt
        note(self, delivery, ())

    monkeypatch.setattr(deliveries.DeliveryJournal, "note_sent", stopped)
    with pytest.raises(KeyboardInterrupt), opened_deliveries(earlier):
        pass
    for _ in range(2):
        with opened_deliveries(earlier) as found:
            assert len(found.of_edition("2026-06-01")) == len(found.of_edition("2026-06-29")) == 3
            assert {one.step for one in found.of_edition("2026-06-29")} == {"sent"}
    assert len(calls) == 4 + 6  # all six anew, once


def test_an_upgrade_killed_anywhere_is_made_by_the_next_who_opens(earlier: Settings) -> None:
    before, command = earlier.warehouse.read_bytes(), [sys.executable, "-c", _OPEN, str(earlier.home)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        end = time.monotonic() + 60
        while not (earlier.data / "upgrade.duckdb").exists() and time.monotonic() < end:
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
    assert earlier.warehouse.read_bytes() == before
    (earlier.data / "upgrade.copying").write_bytes(before[:9999])
    (earlier.data / "upgrade.duckdb").write_bytes(before[:9999])
    assert set_statuses(earlier) == SET | {OFFICERS: "in_progress"}
    assert not upgrade.upgrade(earlier)
    with closing(sqlite3.connect(earlier.decisions)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    assert not (earlier.data / "upgrade.duckdb").exists()


_OPEN = """import sys
from ledger import settings
from ledger.outputs.totals import summary
summary(settings.load(sys.argv[1]))"""


def _commands() -> Iterator[list[str]]:
    """Every command with as much as it asks for."""
    wants = dict.fromkeys(("officials import", "restore", "add"), __file__)
    wants |= dict.fromkeys(("annotate", "classify", "parse"), f"--input={__file__} --output=out")
    wants["follow"] = "--email=desk@example.org --topic=Buses"
    for name, command in leaves(said):
        needed = [p for p in command.params if p.required]
        given = wants.get(name) or ("x" if any(isinstance(p, click.Argument) for p in needed) else "")
        yield [*name.split(), *given.split()]


@pytest.mark.parametrize("command", list(_commands()), ids=" ".join)
def test_a_newer_home_is_refused_by_every_command(
    home: Settings, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    home.data.mkdir()
    (home.data / "format").write_text(f"{FORMAT + 1}\n")
    (home.data / "as_of").write_text("2026-06-30")
    before = written(home.home)
    assert call("--home", str(home.home), *command) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and f"newer version of Said & Done (form {FORMAT + 1}; this" in error
    assert written(home.home) == before


@pytest.mark.parametrize("newer", ["warehouse", "side file", "decisions", "deliveries", "followers"])
def test_a_newer_file_in_an_older_home_is_refused(earlier: Settings, newer: str) -> None:
    if newer in ("warehouse", "side file"):
        if newer == "side file":
            shutil.copy(earlier.warehouse, earlier.work)
        with closing(
            duckdb.connect(str(earlier.warehouse if newer == "warehouse" else earlier.work))
        ) as file:
            file.execute("INSERT OR REPLACE INTO meta VALUES ('format', ?)", [str(FORMAT + 1)])
    else:
        with closing(sqlite3.connect(getattr(earlier, newer))) as file:
            file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = written(earlier.home)
    works = {
        "warehouse": lambda: pledge_list.pledges(earlier),
        "side file": lambda: warehouse.run(earlier).__enter__(),
        "decisions": lambda: journal.history(earlier),
        "deliveries": lambda: opened_deliveries(earlier).__enter__(),
        "followers": lambda: _followers(earlier),
    }
    with pytest.raises(WrongUse, match=rf"newer version of Said & Done \(form {FORMAT + 1}"):
        works[newer]()
    after = written(earlier.home)
    assert {key for key in after if after[key] != before.get(key)} <= {"data/run.lock", "data/format"}


def _followers(home: Settings) -> object:
    from ledger.follows.followers import followers

    return followers(home)


def test_backups_go_from_version_to_version_but_not_back(upgraded: Settings, tmp_path: Path) -> None:
    made = backup(upgraded, tmp_path / "kept")
    assert {"decisions.sqlite", "officials.jsonl", "data/digests/2026-06-29.json"} <= set(made.contents)
    empty = home_settings.load(tmp_path / "empty")
    empty.home.mkdir()
    restore(empty, made.path)
    assert rows_of(empty.decisions) == rows_of(upgraded.decisions)
    _, counts = send_digest_of(empty, upgraded)
    assert counts.skipped == {"sent before": 3}

    other = unpacked(tmp_path / "other")  # still as 0.1.0 left it
    _, before = restore(other, made.path)
    assert before is not None and set_statuses(other) == SET | {OFFICERS: "in_progress"}
    earliest = backup(unpacked(tmp_path / "as it was"), tmp_path / "early")
    restore(other, earliest.path)
    assert set_statuses(other) == SET | {OFFICERS: "in_progress"}

    newer = unpacked(tmp_path / "newer")
    with closing(sqlite3.connect(newer.decisions)) as file:
        file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    too_new = backup(newer, tmp_path / "new").path
    held = written(other.home)
    with pytest.raises(WrongUse, match=r"decisions\.sqlite in .* newer version"):
        restore(other, too_new)
    assert written(other.home) == held


def send_digest_of(home: Settings, whose: Settings) -> tuple[Path, object]:
    """The digest of 29 June from a home to which only the warehouse of another was brought."""
    shutil.copy(whose.warehouse, home.warehouse)
    (home.home / "hook-secret").write_text("passwords are in no backup")
    (home.home / "hook-secret").chmod(0o600)
    return send_digest(home, date(2026, 6, 29))


def test_lists_alone_are_kept_before_a_backup_takes_their_place(earlier: Settings, tmp_path: Path) -> None:
    made = backup(earlier, tmp_path / "kept")
    other = home_settings.load(tmp_path / "other")
    other.home.mkdir()
    (other.home / "settings.toml").write_text('contact = "own@example.org"\n')
    _, before = restore(other, made.path)
    assert before is not None
    with tarfile.open(before) as archive:
        held = archive.extractfile("settings.toml")
        assert held is not None and b"own@example.org" in held.read()


def test_rebuilding_carries_statements_until_their_articles_are_read_again(upgraded: Settings) -> None:
    """So that what stands for them is found, and nothing stays of an article that is no longer there."""
    copy = upgraded.home.parent / "rebuilt"
    shutil.copytree(upgraded.home, copy)
    home = home_settings.load(copy)
    warehouse.start_afresh(home)
    with warehouse.run(home) as connection:
        counts = "SELECT (SELECT count(*) FROM statements), (SELECT count(*) FROM former)"
        assert min(connection.execute(counts).fetchall()[0]) > 0
        from ledger.storage import pending

        pending.drop_orphans(connection)
        assert connection.execute("SELECT count(*) FROM statements").fetchall() == [(0,)]


def test_what_an_earlier_version_spoils_is_made_good(earlier: Settings) -> None:
    """0.1.0 cannot read a home of this version; told by it to publish, it takes away what readers need."""
    assert pledge_list.pledges(earlier)
    published.let_go(earlier)
    with closing(duckdb.connect(str(earlier.warehouse))) as file:
        file.execute("ALTER TABLE withheld_commitment DROP COLUMN clause")
        file.execute("CREATE TABLE standings (pledge_id VARCHAR)")
    assert set_statuses(earlier) == SET | {OFFICERS: "in_progress"}
