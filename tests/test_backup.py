"""Backups of what people made: taken while they work, held against their table, and put back."""

from __future__ import annotations

import fcntl
import io
import stat
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.backup import backup, restore
from flows.cli.app import main
from ledger.decisions import journal
from ledger.errors import Locked, WrongUse
from ledger.queries.pledge_list import pledges
from ledger.settings import Settings, load
from ledger.storage.deliveries import Recipient, opened_deliveries
from ledger.types import Decision

NOW = datetime(2026, 6, 30, 3, tzinfo=UTC)


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "home"
    folder.mkdir()
    for file in (gold_home.warehouse, gold_home.home / "settings.toml"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "subscriptions.yaml").write_text("[]\n", encoding="utf-8")
    return load(folder)


def decide(home: Settings, why: str, status: str = "delivered") -> None:
    subject = pledges(home)[0].id
    journal.record(home, Decision("set_status", subject, {"status": status}, "Desk", why))


def reasons(home: Settings) -> list[str]:
    return [decision.why for decision in journal.history(home)]


def test_a_backup_taken_while_editors_decide_is_whole_and_can_be_put_back(
    home: Settings, tmp_path: Path
) -> None:
    decide(home, "0")
    with opened_deliveries(home) as deliveries:
        deliveries.queue("2026-06-30", Recipient("email", "r", "d…@example.org"))
    end, begun = threading.Event(), threading.Event()

    def editor() -> None:
        for n in range(1, 10_000):
            decide(home, str(n))
            begun.set()
            if end.is_set():
                return

    thread = threading.Thread(target=editor)
    thread.start()
    begun.wait(30)
    made = [backup(home, tmp_path / "kept", NOW + timedelta(seconds=n)) for n in range(3)]
    end.set()
    thread.join()
    assert made[0].contents == (
        "decisions.sqlite",
        "deliveries.sqlite",
        "settings.toml",
        "subscriptions.yaml",
    )
    assert stat.S_IMODE(made[0].path.stat().st_mode) == 0o600

    other = load(tmp_path / "other")
    other.home.mkdir()
    names, before = restore(other, made[2].path)
    assert (names, before) == (made[2].contents, None)
    found = reasons(other)
    assert 2 <= len(found) <= len(reasons(home))
    assert found == [str(n) for n in range(len(found))]
    with opened_deliveries(other) as deliveries:
        assert [one.edition for one in deliveries.outstanding()] == ["2026-06-30"]
    decide_again = Decision("set_status", "x", {"status": "stalled"}, "Desk", "after")
    journal.record(other, decide_again)  # and work goes on there
    assert reasons(other)[-1] == "after"


def test_what_is_put_back_is_seen_at_once_and_what_was_there_is_kept(home: Settings) -> None:
    decide(home, "first", "stalled")
    made = backup(home)
    decide(home, "second", "delivered")
    assert pledges(home)[0].status == "delivered"
    main_said = ["--home", str(home.home), "restore", str(made.path)]
    with pytest.raises(SystemExit, match="0"):
        main(main_said)
    assert reasons(home) == ["first"]
    assert pledges(home)[0].status == "stalled"
    newest = max((home.data / "backups").iterdir())
    assert newest != made.path
    restore(home, newest)
    assert reasons(home) == ["first", "second"]


def test_a_broken_journal_is_set_aside_and_replaced(home: Settings) -> None:
    decide(home, "kept")
    made = backup(home, home.home / "elsewhere")
    home.decisions.write_bytes(b"not SQLite" * 1000)
    with pytest.raises(WrongUse, match=r"decisions\.sqlite cannot be copied"):
        backup(home)
    restore(home, made.path)
    assert reasons(home) == ["kept"]
    assert [file.name for file in home.home.glob("decisions.sqlite.broken-*")]


def test_backups_are_kept_for_eight_weeks(home: Settings, tmp_path: Path) -> None:
    decide(home, "kept")
    folder = tmp_path / "kept"
    (folder / "other.tar.gz").parent.mkdir()
    (folder / "other.tar.gz").touch()
    for week in range(12):
        made = backup(home, folder, NOW + timedelta(weeks=week))
    assert len(made.removed) == 1
    kept = sorted(file.name for file in folder.iterdir())
    assert len(kept) == 1 + 9  # eight weeks back, and the one of today
    assert "other.tar.gz" in kept
    assert "said-backup-20260721T030000Z.tar.gz" in kept


def test_backups_of_one_second_are_all_kept_and_stand_in_their_order(home: Settings, tmp_path: Path) -> None:
    made = []
    for reason in ("first", "second", "third"):
        decide(home, reason)
        made.append(backup(home, tmp_path / "kept", NOW).path)
    assert sorted((tmp_path / "kept").iterdir()) == made
    restore(home, made[1])
    assert reasons(home) == ["first", "second"]


def test_what_is_no_whole_backup_is_refused_and_nothing_is_changed(home: Settings, tmp_path: Path) -> None:
    decide(home, "kept")
    made = backup(home).path
    half = tmp_path / "half.tar.gz"
    half.write_bytes(made.read_bytes()[:-200])
    changed, foreign = tmp_path / "changed.tar.gz", tmp_path / "foreign.tar.gz"
    with tarfile.open(made) as old, tarfile.open(changed, "w:gz") as new:
        for member in old:
            held = old.extractfile(member)
            assert held
            body = held.read().replace(b"[]", b"()")
            new.addfile(member, io.BytesIO(body))
    with tarfile.open(foreign, "w:gz") as new:
        member = tarfile.TarInfo("../outlets.yaml")
        new.addfile(member, io.BytesIO())
    (tmp_path / "text").write_text("no archive", encoding="utf-8")
    for name, told in (
        ("half.tar.gz", "no whole backup"),
        ("changed.tar.gz", r"damaged: subscriptions\.yaml"),
        ("foreign.tar.gz", r"it holds '\.\./outlets\.yaml'"),
        ("text", "no whole backup"),
    ):
        with pytest.raises(WrongUse, match=told):
            restore(home, tmp_path / name)
    assert reasons(home) == ["kept"]
    with pytest.raises(WrongUse, match="nothing to back up"):
        backup(load(tmp_path / "empty"))


def test_nothing_is_put_back_while_a_run_is_at_work(home: Settings) -> None:
    decide(home, "kept")
    made = backup(home).path
    with (home.data / "run.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as a run of another process has it
        with pytest.raises(Locked):
            restore(home, made)
