"""The warehouse's door: transactions, one writer, publishing by rename, readers beside a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime

import duckdb
import pytest

from ledger import forgotten
from ledger.counts import Counts
from ledger.decisions import journal, published
from ledger.errors import BadWarehouse, Locked, WrongUse
from ledger.settings import Settings
from ledger.storage import records, rows, warehouse
from ledger.types import Article, Commitment, Deadline, Decision, Measure, Official, Post, Statement
from tests.reading_home import copy_home

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
ARTICLE = Article(
    "a1", "Outlet", "https://a.example/1", "T", "Hello “we will” said X", published=NOW, first_seen=NOW
)


def put(home: Settings, *articles: Article) -> None:
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(connection, articles, "r1")


def titles(home: Settings) -> list[object]:
    with published.reading(home) as connection:
        return [
            row["title"] for row in warehouse.fetch(connection, "SELECT title FROM w.articles ORDER BY title")
        ]


def test_what_is_written_comes_back(home: Settings) -> None:
    official = Official(
        "o1", "Jo Shaw", ("Cllr Shaw",), (Post("Leader", "council_leader", "B", "", date(2024, 5, 3)),)
    )
    statement = Statement(
        "s1", "a1", "direct", ((7, 14),), ((16, 20),), ((21, 22),), "X", "Jo Shaw", "o1", "mp", "B", 0.9
    )
    commitment = Commitment(
        "c1",
        "s1",
        "firm",
        "do it",
        Measure(300, "officers", "300 officers", "more"),
        Deadline("by 2030", None, date(2030, 12, 31)),
    )
    with warehouse.run(home) as connection:
        with warehouse.transaction(connection):
            for _ in range(2):  # the second time replaces, and adds nothing
                records.put_articles(connection, [ARTICLE], "r1")
                records.put_officials(connection, [official])
                records.put_statements(connection, [(ARTICLE, [statement], [(0, 5)])], "r1")
                records.put_commitments(connection, [commitment], "r1")
        assert rows.get_articles(connection, ["a1"]) == [ARTICLE]
        assert warehouse.fetch(connection, "SELECT name, aliases FROM officials") == [
            {"name": "Jo Shaw", "aliases": ["Cllr Shaw"]}
        ]
        assert warehouse.fetch(connection, "SELECT official_id, office, body, first, last FROM posts") == [
            {"official_id": "o1", "office": "Leader", "body": "B", "first": date(2024, 5, 3), "last": None}
        ]
        stored = warehouse.fetch(connection, "FROM statements")
        assert [rows.statement_of(row) for row in stored] == [statement]
        assert stored[0]["words"] == "we will"
        assert [rows.commitment_of(row) for row in warehouse.fetch(connection, "FROM commitments")] == [
            commitment
        ]


def test_a_failed_transaction_leaves_nothing(home: Settings) -> None:
    put(home)
    with pytest.raises(RuntimeError), warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(connection, [ARTICLE], "r1")
        raise RuntimeError
    warehouse.publish(home)
    assert titles(home) == []


def test_readers_keep_the_last_good_file_until_the_next_is_published(home: Settings) -> None:
    put(home, ARTICLE)
    warehouse.publish(home)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET title = 'new'")
        assert titles(home) == ["T"]
    assert titles(home) == ["T"]
    warehouse.publish(home)
    assert titles(home) == ["new"]
    assert not warehouse.publish(home)


def test_a_decision_is_seen_at_once_while_a_run_writes(
    gold_home: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = copy_home(gold_home, tmp_path_factory.mktemp("decided"))
    with published.reading(home) as connection:
        pledge = warehouse.fetch(
            connection, "SELECT id, suggested FROM pledge_view WHERE suggested = 'stalled'"
        )[0]
    with warehouse.run(home) as writer, warehouse.transaction(writer):
        writer.execute("UPDATE pledges SET title = 'being written'")
        row = journal.record(
            home, Decision("set_status", str(pledge["id"]), {"status": "delivered"}, "Ed", "seen")
        )
        with published.reading(home) as connection:
            seen = warehouse.fetch(connection, "SELECT * FROM pledge_view WHERE id = ?", [pledge["id"]])[0]
    assert (seen["status"], seen["suggested"], seen["set_by"]) == ("delivered", "stalled", "Ed")
    journal.record(home, Decision("undo", str(pledge["id"]), {"row": row}, "Ed"))
    with published.reading(home) as connection:
        seen = warehouse.fetch(connection, "SELECT * FROM pledge_view WHERE id = ?", [pledge["id"]])[0]
    assert (seen["status"], seen["set_status"]) == ("stalled", None)


def test_another_process_is_kept_out(home: Settings) -> None:
    script = f"""
        import sys
        from ledger import settings
        from ledger.storage import warehouse
        with warehouse.run(settings.load({str(home.home)!r})):
            print("held", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(Locked, match="another run"), warehouse.run(home):
            pass
        other.send_signal(signal.SIGKILL)
    put(home, ARTICLE)  # the lock went with its holder


def test_a_killed_run_is_gone_on_with(home: Settings) -> None:
    script = f"""
        import os
        from ledger import settings
        from ledger.storage import records, warehouse
        from tests.test_warehouse import ARTICLE
        with warehouse.run(settings.load({str(home.home)!r})) as connection:
            with warehouse.transaction(connection):
                records.put_articles(connection, [ARTICLE], "r1")
            connection.begin()
            connection.execute("UPDATE articles SET title = 'half done'")
            os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    put(home)
    warehouse.publish(home)
    assert titles(home) == ["T"]


def test_a_corrupt_file_is_one_clear_error(home: Settings) -> None:
    home.warehouse.write_bytes(b"this is no database" * 1000)
    with pytest.raises(BadWarehouse, match="said rebuild"), published.reading(home):
        pass
    with pytest.raises(BadWarehouse, match="said rebuild"), warehouse.run(home):
        pass


@pytest.mark.parametrize("lost", ["damaged", "moved away"])
def test_what_the_warehouse_alone_knows_outlives_it(home: Settings, lost: str) -> None:
    with warehouse.run(home) as connection:
        connection.execute("INSERT INTO forgotten VALUES ('a9', now())")
        connection.execute("INSERT INTO succeeded VALUES ('s1', 's2')")
        connection.execute("INSERT INTO former (id, title) VALUES ('p1', 'mend the road')")
    warehouse.publish(home)
    if lost == "damaged":
        home.warehouse.write_bytes(b"this is no database" * 1000)
    else:
        home.warehouse.unlink()
    warehouse.start_afresh(home)
    with warehouse.run(home) as connection:
        kept = [
            warehouse.column(connection, f"SELECT {key} FROM {table}")
            for key, table in (("article_id", "forgotten"), ("now", "succeeded"), ("title", "former"))
        ]
    assert kept == [["a9"], ["s2"], ["mend the road"]]


def test_what_was_forgotten_since_is_not_taken_up_again(home: Settings) -> None:
    with warehouse.run(home) as connection:
        connection.executemany(
            "INSERT INTO former (id, owner, title, articles) VALUES (?, ?, ?, ?)",
            [["p1", "Ada Orr", "mend the road", ["a8"]], ["p2", "Bea Lunn", "plant trees", ["a9"]]],
        )
    warehouse.publish(home)
    home.warehouse.unlink()
    forgotten.bury(home.home, "article", ["a8"])
    forgotten.bury(home.home, "person", ["bea lunn"])
    warehouse.start_afresh(home)
    put(home, ARTICLE)
    warehouse.publish(home)
    kept = (home.data / "carried" / "former.parquet").read_bytes()
    assert b"plant trees" in kept
    assert not [word for word in (b"Ada Orr", b"mend the road", b"Bea", b"Lunn") if word in kept]
    with published.reading(home) as connection:
        assert warehouse.column(connection, "SELECT id FROM w.former") == ["p2"]


def test_a_damaged_file_beside_the_warehouse_is_named(home: Settings) -> None:
    put(home, ARTICLE)
    warehouse.publish(home)
    (home.data / "carried" / "former.parquet").write_bytes(b"no table")
    warehouse.start_afresh(home)
    with pytest.raises(BadWarehouse, match=r"former\.parquet cannot be read .*: move it away"):
        put(home, ARTICLE)


def test_no_warehouse_says_what_to_do(home: Settings) -> None:
    with pytest.raises(WrongUse, match="said run"), published.reading(home):
        pass


def test_counts_are_kept_once(home: Settings) -> None:
    counts = Counts("load")
    counts.skip("seen")
    counts.problem("https://a.example/", "not_html", "application/pdf")
    with warehouse.run(home) as connection:
        for _ in range(2):
            records.put_counts(connection, counts, "r1")
        assert connection.execute("SELECT count(*) FROM problems").fetchall() == [(1,)]
        assert connection.execute("SELECT reason, number FROM skipped").fetchall() == [("seen", 1)]


@pytest.mark.parametrize(
    ("change", "lacking", "query"),
    [
        ("DROP TABLE visits", "visits", "SELECT count(*) FROM w.visits"),
        (
            "ALTER TABLE commitments DROP measure_baseline",
            "commitments.measure_baseline",
            "SELECT c.measure_baseline FROM w.commitments c",
        ),
    ],
)
def test_a_warehouse_of_an_earlier_version_says_what_to_do(
    home: Settings, change: str, lacking: str, query: str
) -> None:
    with warehouse.run(home) as connection:
        connection.execute(change)
    warehouse.publish(home)
    with (
        pytest.raises(WrongUse, match=rf"earlier version \(it has no {lacking}\): `said publish`"),
        published.reading(home) as connection,
    ):
        connection.execute(query)
    with warehouse.run(home):
        pass  # brings the tables up to date
    warehouse.publish(home)
    with published.reading(home) as connection:
        connection.execute(query)
    with pytest.raises(duckdb.CatalogException, match="no_such"), published.reading(home) as connection:
        connection.execute("SELECT * FROM w.no_such")


def test_tables_of_an_earlier_version_go_with_the_next_publishing(home: Settings) -> None:
    earlier = ["pledge_shown", "pledge_stated", "standings", "withheld_title"]
    with warehouse.run(home) as connection:
        for table in earlier:
            connection.execute(f"CREATE TABLE {table} AS SELECT 'p1' AS pledge_id, 'We will.' AS words")
    warehouse.publish(home)
    assert set(earlier) <= set(tables(home))
    put(home)
    warehouse.publish(home)
    assert not set(earlier) & set(tables(home))


def tables(home: Settings) -> list[str]:
    with published.reading(home) as connection:
        found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'w'")
        return [name for (name,) in found.fetchall()]
