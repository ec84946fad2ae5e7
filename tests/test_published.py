"""Readers share one open warehouse: it is brought up to date, and summing up changes no answer."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ledger.decisions import journal, published, reckoning
from ledger.errors import WrongUse
from ledger.outputs import site_rows
from ledger.queries import official_page, pledge_list, pledge_page
from ledger.settings import Settings, load
from ledger.storage import warehouse
from ledger.types import Decision
from tests.reading_home import reckoned_home
from tests.test_decisions import FOREIGN_ROW

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reckoned(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return reckoned_home(gold_home, tmp_path_factory.mktemp("reckoned"))


@pytest.fixture
def home(reckoned: Settings, tmp_path: Path) -> Settings:
    """A copy to write in."""
    shutil.copytree(reckoned.home, tmp_path, dirs_exist_ok=True)
    return load(tmp_path)


@pytest.fixture(scope="module")
def decided(reckoned: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which much was decided, to be read only."""
    folder = tmp_path_factory.mktemp("decided")
    shutil.copytree(reckoned.home, folder, dirs_exist_ok=True)
    home = load(folder)
    pledge_list.pledges(home)  # a reader who opened it before: the decisions are taken in one by one
    decide_much(home)
    return home


def decide_much(home: Settings) -> None:
    """At least one decision of each kind that changes what a list shows."""
    rows = pledge_list.pledges(home)
    with site_rows.reading(home) as reader:  # asked for together: `test_site` holds that it is the same
        found = {page.pledge.id: page for page in reader.pages()}
    pages = [found[row.id] for row in rows]
    several = next(page for page in pages if len({s.article_id for s in page.stated}) > 2)
    owners = [row.owner for row in rows]
    two = [row for row in rows if row.owner == max(owners, key=owners.count)][:2]
    shown = next(page for page in pages if page.shown)
    with published.reading(home) as connection:
        found = connection.execute("SELECT id, name FROM w.officials ORDER BY id").fetchall()
    named = {"speaker": found[0][1], "official": found[0][0]}
    for decision in (
        Decision("set_status", rows[0].id, {"status": "stalled"}, "Ann", "seen"),
        Decision("reject", shown.shown[0].id, {}, "Ann"),
        Decision("reject", pages[-1].stated[0].id, {}, "Ann"),
        Decision("link_speaker", pages[5].stated[0].statement_id, named, "Ann"),
        Decision("merge", two[1].id, {"with": two[0].id}, "Ann"),
        Decision("split", several.stated[-1].id, {"with": several.stated[0].id}, "Ann"),
        Decision("reject", next(row.person_id for row in rows[::-1] if row.person_id) or "", {}, "Ann"),
    ):
        journal.record(home, decision)


def test_statements_by_day_are_counted_as_they_are_seen(decided: Settings) -> None:
    with published.reading(decided) as connection:
        again = connection.execute(
            "SELECT count(*), (SELECT sum(statements) FROM w.statements_by_day) FROM statement_view"
        ).fetchone()
    assert again and again[0] == again[1]


def test_statements_of_officials_are_counted_as_they_are_seen(decided: Settings) -> None:
    with published.reading(decided) as connection:
        counted = dict(
            connection.execute(
                "SELECT official_id, count(*) FROM statement_view WHERE official_id IS NOT NULL GROUP BY 1"
            ).fetchall()
        )
    assert {row.id: row.statements for row in official_page.officials(decided)} == counted


@pytest.mark.parametrize(
    ("asked", "every", "keys"),
    [
        ("asked_statement", "statement_view", "SELECT id FROM w.statements"),
        (
            "asked_commitment",
            "commitment_view WHERE pledge_id IS NOT NULL",
            "SELECT DISTINCT pledge_id FROM place_view",
        ),
    ],
)
def test_what_is_asked_for_by_key_is_seen_as_in_the_whole(
    decided: Settings, asked: str, every: str, keys: str
) -> None:
    with published.reading(decided) as connection:
        ids = [row[0] for row in connection.execute(keys).fetchall()]
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [[*ids, "no such id"]])
        few = connection.execute(f"FROM {asked} ORDER BY id").fetchall()
        assert few == connection.execute(f"FROM {every} ORDER BY id").fetchall() and few
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [ids[:1]])
        assert 0 < len(connection.execute(f"FROM {asked}").fetchall()) < len(few)


def test_a_reader_sees_what_is_published_and_decided_after_it_opened(home: Settings) -> None:
    row = pledge_list.pledges(home)[0]
    journal.record(home, Decision("set_status", row.id, {"status": "stalled"}, "Ann", "seen"))
    assert next(r for r in pledge_list.pledges(home) if r.id == row.id).set_status == "stalled"
    with published.reading(home) as before:
        with warehouse.run(home) as connection:
            connection.execute("UPDATE pledges SET title = 'Another title' WHERE id = ?", [row.id])
        warehouse.publish(home)
        held = before.execute("SELECT title FROM pledge_view WHERE id = ?", [row.id]).fetchone()
        assert held and held[0] == row.title
        after = next(r for r in pledge_list.pledges(home) if r.id == row.id)
        assert (after.title, after.set_status) == ("Another title", "stalled")


def test_what_is_taken_in_bit_by_bit_is_what_is_read_at_once(home: Settings) -> None:
    query = "SELECT * FROM pledge_view ORDER BY id"
    tables = ("decision", "link", "regrouped", "gone", "place_view")

    def seen() -> list[object]:
        with published.reading(home) as connection:
            found: list[object] = list(connection.execute(query).fetchall())
            return found + [sorted(connection.execute(f"FROM {name}").fetchall(), key=str) for name in tables]

    seen()
    decide_much(home)
    taken = journal.in_force(home)
    for one in taken[::2] + taken[1::2]:
        journal.record(home, Decision("undo", one.subject, {"row": one.row}, "Ben"))
        little = seen()
        published._held.clear()
        assert seen() == little
        journal.record(home, Decision(one.kind, one.subject, one.value, "Ben", one.why))
        seen()  # as it is now is where the next goes on from
    little = seen()
    published._held.clear()
    assert seen() == little


def test_a_backup_put_in_the_journals_place_is_noticed(home: Settings) -> None:
    first, second = (row.id for row in pledge_list.pledges(home)[:2])

    def set_by() -> dict[str, str | None]:
        return {row.id: row.set_by for row in pledge_list.pledges(home) if row.set_by}

    journal.record(home, Decision("set_status", first, {"status": "stalled"}, "Ann", "seen"))
    backup = home.decisions.read_bytes()
    journal.record(home, Decision("set_status", second, {"status": "stalled"}, "Ann", "seen"))
    assert set_by() == {first: "Ann", second: "Ann"}
    home.decisions.write_bytes(backup)
    stamp = pledge_list.stamp(home)
    assert set_by() == {first: "Ann"}
    journal.record(home, Decision("set_status", second, {"status": "stalled"}, "Ann", "seen"))
    assert set_by() == {first: "Ann", second: "Ann"}
    home.decisions.write_bytes(backup)  # and before anybody looks, as many rows again
    before = pledge_list.stamp(home)
    journal.record(home, Decision("set_status", first, {"status": "unclear"}, "Ben", "seen"))
    assert set_by() == {first: "Ben"} and len({stamp, before, pledge_list.stamp(home)}) == 2
    home.decisions.unlink()
    assert set_by() == {}


def test_many_readers_and_deciders_at_once(home: Settings) -> None:
    rows = pledge_list.pledges(home)[:8]
    failed: list[BaseException] = []

    def work(row: pledge_list.PledgeRow) -> None:
        try:
            for status in ("stalled", "unclear", "in_progress"):
                journal.record(home, Decision("set_status", row.id, {"status": status}, "Ann", "seen"))
                page = pledge_page.pledge(home, row.id)
                assert page and page.pledge.set_status == status
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=work, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {r.set_status for r in pledge_list.pledges(home) if r.id in {row.id for row in rows}} == {
        "in_progress"
    }


def test_after_a_fault_of_duckdb_itself_the_file_is_opened_anew(home: Settings) -> None:
    pledge_list.pledges(home)
    broken = published._held[home.warehouse]
    with pytest.raises(duckdb.FatalException), published.reading(home):
        raise duckdb.FatalException("this database was invalidated")
    assert pledge_list.pledges(home) and published._held[home.warehouse] is not broken


def test_where_no_run_kept_its_day_the_readers_own_is_reckoned_from(home: Settings) -> None:
    with warehouse.run(home) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'reckoned'")
    warehouse.publish(home)
    with published.reading(home) as connection:
        query = "SELECT max_by(id, deadline) FROM w.pledges WHERE evidence = 0"
        (dated,) = connection.execute(query).fetchone() or ("",)
        reckoning.see_anew(connection, [dated])
        query = "SELECT deadline, suggested FROM again WHERE id = ?"
        ((deadline, suggested),) = connection.execute(query, [dated]).fetchall()
    assert deadline > home.today and suggested == "not_yet_rated"  # "unclear" as of its last day


def test_readers_reckon_from_the_settings_day_and_days_to_come(home: Settings) -> None:
    asked = "SELECT count(*) FROM pledge_view WHERE list_contains(flags, 'due_soon')"
    counts = []
    for settings in (home, replace(home, due_soon_days=400), replace(home, as_of=date(2040, 1, 1))):
        with published.reading(settings) as connection:
            counts += connection.execute(asked).fetchone() or ()
    assert counts[1] > counts[0] and counts[2] == 0


@pytest.mark.parametrize(("at", "value"), [("no day", "{}"), ("2026-06-01", "no JSON")])
def test_a_row_of_the_journal_that_no_command_wrote_is_told_in_a_line(
    gold_home: Settings, tmp_path: Path, at: str, value: str
) -> None:
    shutil.copytree(gold_home.home, tmp_path, dirs_exist_ok=True)
    home = load(tmp_path)
    journal.record(home, Decision("note", "c1", {"text": "x"}, "Ed"))
    with closing(sqlite3.connect(home.decisions)) as held, held:
        held.execute(FOREIGN_ROW, (at, "Ed", "note", "c1", value, ""))
    with (
        pytest.raises(WrongUse, match=r"journal of decisions cannot be read .*backup"),
        published.reading(home),
    ):
        pass
