"""What is damaged, half-written or refused by the disk: found, named in one line, mended where possible."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from crawlers.archive.lines import Lines, run_time, runs
from crawlers.archive.state import SeenListing, SeenPage
from crawlers.discovery.listing_parsers import Link
from crawlers.discovery.revisit import due
from crawlers.pages.urls import article_id
from flows.backup import backup, restore
from flows.cli.app import main
from flows.digest.archive import name_at
from flows.export import note_written
from flows.forget.forget import articles
from flows.pipeline.sources import Sources
from ledger import forgotten
from ledger.counts import Counts
from ledger.data_files import half_of
from ledger.decisions import journal, published
from ledger.errors import BadWarehouse, WrongUse
from ledger.follows import links
from ledger.quotation_edits import Revision
from ledger.search import statement_search, vectors, word_index
from ledger.settings import Settings, fix_day, load
from ledger.storage import damage, pending, records, warehouse
from ledger.storage.beside import formats
from ledger.types import Article, Commitment, Decision, Statement
from nlp.officials.register import Register
from tests.reading_home import copy_home


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of the texts' bytes alone: no model is needed to find damage."""
    made = np.array([np.bincount(list(text.encode()), minlength=vectors.WIDTH) for text in texts], np.float32)
    unit: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


@pytest.fixture
def own(gold_home: Settings, tmp_path: Path) -> Settings:
    home = copy_home(gold_home, tmp_path / "home")
    vectors.update(home, encode)
    statement_search.update(home)
    return home


def flip(file: Path, at: int) -> None:
    """Change a byte as a worn disk does, the file's times left as they were."""
    times = file.stat()
    with file.open("r+b") as opened:
        opened.seek(at)
        (byte,) = opened.read(1)
        opened.seek(at)
        opened.write(bytes([byte ^ 8]))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def said(home: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(home.home), *arguments])
    told = capsys.readouterr()
    return ended.value.code, told.out + told.err


def test_a_warehouse_with_a_damaged_block_is_named_and_the_way_out_told(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    size, found = own.warehouse.stat().st_size, 0
    for share in range(1, 12):
        copy = own.warehouse.with_suffix(".whole")
        shutil.copyfile(own.warehouse, copy)
        flip(own.warehouse, size * share // 12)
        published.let_go(own)
        try:
            with published.reading(own) as connection:
                damage.read_whole(connection)
        except BadWarehouse as error:
            found += 1
            assert str(own.warehouse) in str(error) and "said rebuild" in str(error)
        shutil.copyfile(copy, own.work)  # as made again
        assert warehouse.publish(own)
        copy.replace(own.warehouse)
    assert found > 3
    flip(own.warehouse, 4096 + 10)
    flip(own.warehouse, 8192 + 10)  # both of DuckDB's headers
    published.let_go(own)
    code, told = said(own, capsys, "verify")
    assert code == 2 and told.count("\n") == 1 and str(own.warehouse) in told


@pytest.mark.parametrize("pattern", ["*.idx", "*.term", "*.fast", "*.pos", "*.store", "meta.json"])
def test_a_damaged_file_of_the_index_is_named_and_the_next_update_makes_it_anew(
    own: Settings, pattern: str
) -> None:
    (file,) = word_index.folder(own).glob(pattern)
    assert word_index.damaged(own) == []
    for place in (file.stat().st_size // 2, 3, file.stat().st_size - 30):  # the last is in its checksum
        flip(file, place)
        assert word_index.damaged(own) == [file.name]
    counts = statement_search.update(own)
    assert [problem.reason for problem in counts.problems] == ["index_unreadable"]
    assert file.name in counts.problems[0].detail
    assert word_index.damaged(own) == []
    assert statement_search.update(own).problems == []


def test_what_tantivy_cannot_read_or_panics_at_is_told_in_a_line(own: Settings) -> None:
    places = {"*.idx": 161, "*.fast": 170, "*.term": 160, "*.pos": 164, "*.managed.json": -1}  # from the end
    for pattern, place in places.items():
        (file,) = word_index.folder(own).glob(pattern)
        whole = file.read_bytes()
        held = bytearray(whole)
        held[-place] ^= 8 if pattern in ("*.idx", "*.pos") else 255
        for data in (bytes(held), whole):
            file.unlink()  # what is open goes on with what it has
            file.write_bytes(data)
            word_index._read.cache_clear()
            if data == whole:
                assert statement_search.search(own, '"by the end" council').total >= 0
                continue
            with pytest.raises(BadWarehouse, match=r"cannot be read .*said publish"):
                statement_search.search(own, '"by the end" council')


def test_what_a_killed_update_left_of_the_index_is_no_damage(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (word_index.folder(own) / f"{'0a' * 16}.store").write_bytes(b"half")  # of a segment in no list
    assert word_index.damaged(own) == []
    lists = word_index.folder(own) / "meta.json"
    lists.write_text(lists.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # newer than its checksum
    assert word_index.damaged(own) == []

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(Path, "replace", stop)
        statement_search.update(own)
    assert word_index.damaged(own) == []


@pytest.mark.parametrize("name", ["vectors", "signs", "sums", "ids"])
def test_a_damaged_vector_is_found_and_made_anew_alone(own: Settings, name: str) -> None:
    folder = vectors.kept(own).parent
    before = {file.name: sorted(file.read_bytes()) for file in folder.iterdir()}
    assert vectors.damaged(own) == 0
    flip(folder / name, (folder / name).stat().st_size // 2)
    assert vectors.damaged(own) == 1
    counts = vectors.update(own, encode)
    assert counts.written == 1
    assert vectors.damaged(own) == 0
    assert {file.name: sorted(file.read_bytes()) for file in folder.iterdir()} == before


def test_vectors_without_checksums_are_kept_and_get_them(own: Settings) -> None:
    kept = vectors.kept(own).parent / "sums"
    before = kept.read_bytes()
    kept.unlink()
    assert vectors.update(own, encode).written == 0
    assert kept.read_bytes() == before


def test_vectors_set_aside_by_a_killed_update_come_back(own: Settings) -> None:
    folder = vectors.kept(own).parent
    folder.rename(folder.with_name("meaning.old"))
    folder.with_name("meaning.new").mkdir()
    assert vectors.update(own, encode).written == 0
    assert sorted(one.name for one in folder.parent.glob("meaning*")) == ["meaning"]


def test_verify_names_what_is_damaged(own: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = word_index.folder(own).glob("*.term")
    flip(file, 100)
    flip(vectors.kept(own).parent / "vectors", 100)
    code, told = said(own, capsys, "verify")
    assert code == 1
    assert file.name in told and "1 vectors" in told


def test_what_killed_processes_left_half_written_goes(tmp_path: Path) -> None:
    gone, mine = tmp_path / ".a.html.999999999.half", half_of(tmp_path / "b.html")
    for one in (gone, mine, tmp_path / ".hidden", tmp_path / ".other.half"):
        one.touch()
    half_of(tmp_path / "c.html")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([mine.name, ".hidden", ".other.half"])


_WRITERS: dict[str, Callable[[Settings, int], object]] = {  # by the file that they write anew
    "data/format": lambda home, n: formats.claim(home),
    "data/as_of": lambda home, n: fix_day(home, date(2026, 6, n)),
    "data/exported.json": lambda home, n: note_written(home, home.home / str(n), "tables"),
    "forgotten.jsonl": lambda home, n: forgotten.bury(home.home, "article", [str(n)]),
    "link-secret": lambda home, n: links.token(home, "stop", "x"),
}


@pytest.mark.parametrize("name", _WRITERS)
def test_who_is_stopped_while_writing_a_file_leaves_what_was_there(
    home: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file, write, halves = home.home / name, _WRITERS[name], list[str]()
    if name == "data/format":
        home.data.mkdir()
        file.write_text("1\n", encoding="ascii")
    elif name != "link-secret":
        write(home, 1)
    before = file.read_bytes() if file.exists() else b""

    def stop(half: Path, _: Path) -> None:
        halves.append(half.name)
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(Path, "replace", stop)
        write(home, 2)
    assert (file.read_bytes() if file.exists() else b"") == before
    assert halves == [f".{file.name}.{os.getpid()}.half"]  # which the next writer clears away
    write(home, 2)
    assert file.read_bytes() != before
    assert not list(home.home.rglob("*.half"))


def test_a_rebuild_that_is_stopped_at_its_start_leaves_no_half_of_what_it_carries(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(gold_home, tmp_path / "home")

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(warehouse, "column", stop)
        warehouse.start_afresh(home)
    with warehouse.run(home) as connection:
        assert warehouse.column(connection, "SELECT count(*) FROM statements")[0] > 0


def test_a_killed_backup_and_a_killed_restore_leave_nothing_for_good(home: Settings) -> None:
    journal.record(home, Decision("note", "x", {"text": "y"}, "Ann"))
    made = backup(home)
    for left in (home.data / "backups" / ".backup-x", home.data / ".restore-x"):
        left.mkdir()
        (left / "decisions.sqlite").touch()
    restore(home, made.path)
    assert [one.name for one in home.data.rglob("*") if one.name.startswith(".")] == []


def test_a_forgetting_that_was_stopped_before_it_published_is_finished_by_the_next(
    gold_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, sources = copy_home(gold_home, tmp_path / "home"), Sources((), Register(()), "none")
    monkeypatch.setattr("flows.pipeline.ingest.vectors.update", lambda *_: Counts("meaning"))
    url = "https://paper.example/a"  # articles of the labelled home are not named by their addresses
    article = Article(article_id(url), "A paper", url, "A", "We will open the pool.")
    said_there = Statement(
        Statement.make_id(article.id, (article.text,), 0), article.id, "direct", ((0, 22),)
    )
    promised = Commitment(Commitment.make_id(said_there.id), said_there.id, "firm", "open the pool")
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        records.put_articles(connection, [article], "test")
        records.put_statements(connection, [(article, [said_there], [])], "test")
        records.put_commitments(connection, [promised], "test")
        (told_of,) = set(warehouse.column(connection, "SELECT min(pledge_id) FROM evidence"))
        for table in ("pledge_commitments", "evidence"):  # the article's promise names the pledge
            connection.execute(
                f"UPDATE {table} SET pledge_id = ? WHERE pledge_id = ?", [promised.id, told_of]
            )
        link = {"commitment_id": promised.id, "pledge_id": promised.id, "position": 0}
        records.insert(connection, "pledge_commitments", [link])
    warehouse.publish(home)

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("flows.forget.forget.run_stage", stop)
        articles(home, lambda: sources, [url])
    assert url in addresses(home)
    articles(home, lambda: sources, [url])
    assert url not in addresses(home)
    with published.reading(home) as connection:
        there = "(SELECT pledge_id FROM w.pledge_commitments)"
        left = f"SELECT pledge_id FROM w.evidence WHERE pledge_id NOT IN {there}"
        assert warehouse.column(connection, left) == []
    with pytest.raises(WrongUse, match="no stored article"):
        articles(home, lambda: sources, ["https://nowhere.example/a"])


def addresses(home: Settings) -> list[str]:
    with published.reading(home) as connection:
        return [url for url, *_ in warehouse.stored_articles(connection)]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "x"),
        RuntimeError("IO Error: Could not write file: No space left on device"),
        PermissionError(errno.EACCES, "Permission denied", "x"),
    ],
)
def test_what_the_disk_refuses_is_one_line_and_no_fault_of_ours(
    home: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr("flows.cli.run.backups.backup", refuse)
    code, told = said(home, capsys, "backup")
    assert code == 2 and told.count("\n") == 1
    assert str(home.home) in told and os.strerror(getattr(error, "errno", None) or errno.ENOSPC) in told
    assert not (home.data / "errors.log").exists()


def test_sqlite_tells_that_the_disk_is_full_by_its_code(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.sqlite") as full:
        full.execute("CREATE TABLE t (x)")
        full.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as met:
            full.execute("INSERT INTO t VALUES (zeroblob(100000))")
    full.close()
    assert damage.refused(met.value) == "database or disk is full"
    assert damage.refused(ValueError("something else")) == ""


def test_files_are_read_in_their_order_though_the_clock_was_set_back(tmp_path: Path) -> None:
    later = f"{datetime.now(UTC) + timedelta(days=1):%Y%m%dT%H%M%SZ}"
    for name in (f"{later}-ffff", "someones-own"):
        with Lines(tmp_path / f"{name}.jsonl"):
            pass
    with Lines(tmp_path / f"{run_time(tmp_path)}-0000.jsonl"):
        pass
    assert [path.stem[-4:] for path in runs(tmp_path)] == ["ffff", "0000", "-own"]


def test_states_of_an_article_are_in_their_order_though_the_clock_was_set_back(home: Settings) -> None:
    times = [datetime(2026, 6, day, tzinfo=UTC) for day in (9, 8, 7, 10)]
    names = ("20260609T000000Z-aa", "20260609T000001Z-bb", "20260611T000000Z-cc-blanked", "")
    states = [
        Revision("a", fetched, str(n), str(n), f"{name}.warc.gz:0" if name else "")
        for n, (fetched, name) in enumerate(zip(times, names, strict=True))
    ]
    with warehouse.run(home) as connection:
        records.put_revisions(connection, states, "test")
        found = pending.states(connection, ["a"])["a"]
    assert [one.text for one in found] == ["2", "0", "1", "3"]


def test_an_edition_at_once_stands_after_all_there_are(home: Settings) -> None:
    home.digests.mkdir(parents=True)
    for name in ("2031-01-01T235959", "2026-10-25T013000"):
        (home.digests / f"{name}.json").touch()
    assert name_at(load(home.home)) == "2031-01-02T000000"


def test_what_a_clock_that_was_ahead_noted_is_due() -> None:
    now = datetime.now(UTC)
    ahead = now + timedelta(days=300)
    page = SeenPage("0" * 16, "A paper", "https://paper.example/a", 200, now - timedelta(days=9), ahead)
    link = Link("https://paper.example/a")
    assert due(page, link, now, local=False) == ""
    listing = SeenListing("https://paper.example/rss", checked=ahead)
    assert listing.age == timedelta.max
