"""Exports: the same rows in three formats, formulas made harmless, rights kept."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.export import export
from ledger.decisions import journal, published
from ledger.errors import WrongUse
from ledger.outputs.export_rows import TABLES
from ledger.presentation.tabular import cell
from ledger.queries import pledge_list
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision

HOSTILE = '=HYPERLINK("http://x","<script>")\u202e\n"+cmd|\' /C calc\'!A0'


@pytest.fixture
def home(gold_home: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "warehouse.duckdb").write_bytes(gold_home.warehouse.read_bytes())
    return replace(gold_home, home=tmp_path)


def change(home: Settings, query: str, values: list[object] | None = None) -> None:
    with warehouse.run(home) as connection:
        connection.execute(query, values)
    warehouse.publish(home)


def read_json(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_format_holds_the_same_rows(gold_home: Settings, tmp_path: Path) -> None:
    written = export(gold_home, tmp_path)
    numbers = {path.name: number for path, number in written}
    assert len(numbers) == 3 * len(TABLES) == 30
    assert numbers["pledges.csv"] == 65
    assert numbers["evidence.json"] == numbers["evidence.parquet"] == 190
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(numbers)
    for table in TABLES:
        held = read_json(tmp_path / f"{table}.json")
        parquet = pq.read_table(tmp_path / f"{table}.parquet")
        sheet = read_csv(tmp_path / f"{table}.csv")
        first = parquet.column_names[0]
        assert [row[first] for row in held] == parquet[first].to_pylist()
        assert [cell(row[first]) for row in held] == [row[first] for row in sheet]
        assert len(held) == numbers[f"{table}.csv"]
        if held:
            assert list(held[0]) == list(sheet[0]) == parquet.column_names
    assert numbers["officials.csv"] > 20


def test_a_statement_has_its_words_place_context_and_link(gold_home: Settings, tmp_path: Path) -> None:
    export(gold_home, tmp_path, ["statements", "commitments"], ["json", "parquet"])
    rows = read_json(tmp_path / "statements.json")
    row = next(
        r for r in rows if r["words"].startswith("All of the recommendations made to Marlshire Police")
    )
    assert (row["speaker"], row["role"], row["outlet"]) == ("Alastair Bream", "police", "Marlshire Post")
    promised = [r for r in read_json(tmp_path / "commitments.json") if r["statement_id"] == row["id"]]
    assert [r["deadline"] for r in promised] == ["2026-04-10"]
    assert row["words"] in row["context"]
    assert "#:~:text=" in row["link"]
    with published.reading(gold_home) as connection:
        stored = connection.execute(
            "SELECT text FROM w.articles WHERE id = ?", [row["article_id"]]
        ).fetchone()
    assert stored
    assert [stored[0][start:end] for start, end in row["spans"]] == row["words"].split(" […] ")
    typed = {
        name: pq.read_table(tmp_path / f"{name}.parquet").schema for name in ("statements", "commitments")
    }
    assert str(typed["statements"].field("published").type) == "timestamp[us, tz=Europe/London]"
    assert str(typed["commitments"].field("deadline").type) == "date32[day]"


def test_reserved_articles_give_quotations_and_nothing_else(home: Settings, tmp_path: Path) -> None:
    export(home, tmp_path / "free", ["statements", "evidence"], ["json"])
    change(home, "UPDATE articles SET paywalled = true")
    export(home, tmp_path / "kept", ["statements", "evidence"], ["json"])
    statements, before = (read_json(tmp_path / n / "statements.json") for n in ("kept", "free"))
    assert all(now["words"] == row["words"] for now, row in zip(statements, before, strict=True)
               if row["kind"] == "direct")  # fmt: skip
    assert {row["words"] for row in statements if row["kind"] == "indirect"} == {""}
    assert all(row["context"] for row in before)
    assert {row["context"] for row in statements} == {""}
    assert all(row["link"] and row["reserved"] for row in statements)
    evidence, before = (read_json(tmp_path / n / "evidence.json") for n in ("kept", "free"))
    assert {row["context"] for row in evidence} == {""}
    assert all(row["words"] for row in before)
    quoted = sum(bool(row["words"]) for row in evidence)
    assert 0 < quoted < len(evidence)


@pytest.mark.parametrize("rights", ['{"tdm_reserved": true}', '{"noai": true}', '{"noarchive": true}'])
def test_signals_of_the_page_reserve_too(home: Settings, tmp_path: Path, rights: str) -> None:
    change(home, "UPDATE articles SET rights = ?", [rights])
    export(home, tmp_path, ["statements"], ["json"])
    assert {row["context"] for row in read_json(tmp_path / "statements.json")} == {""}


def test_peoples_decisions_are_in_the_export(home: Settings, tmp_path: Path) -> None:
    with published.reading(home) as connection:
        (pledge,) = connection.execute("SELECT min(id) FROM pledge_view").fetchone() or ("",)
    value: dict[str, object] = {"status": "not_delivered", "evidence": [], "reason": "dropped"}
    journal.record(home, Decision("set_status", pledge, value, "Ada", "seen"))
    export(home, tmp_path, ["pledges"], ["json"])
    row = next(r for r in read_json(tmp_path / "pledges.json") if r["id"] == pledge)
    assert (row["status"], row["set_by"], row["set_reason"]) == ("not_delivered", "Ada", "dropped")
    assert row["suggested"] != "delivered"


@pytest.mark.parametrize(("as_of", "soon"), [("2026-02-01", 30), ("2026-02-01", 120), ("2026-04-01", 30)])
def test_flags_are_those_of_the_pages_on_the_day_reckoned_from(
    gold_home: Settings, tmp_path: Path, as_of: str, soon: int
) -> None:
    home = replace(gold_home, as_of=date.fromisoformat(as_of), due_soon_days=soon)
    export(home, tmp_path, ["pledges"], ["json"])
    flags = {row["id"]: tuple(row["flags"]) for row in read_json(tmp_path / "pledges.json")}
    assert flags == {row.id: row.flags for row in pledge_list.pledges(home)}
    assert {"overdue", "due_soon"} <= {flag for some in flags.values() for flag in some}


def test_the_whole_journal_is_in_the_export(home: Settings, tmp_path: Path) -> None:
    value: dict[str, object] = {"status": "delivered", "evidence": ["e1"], "link": "https://council.example/"}
    number = journal.record(home, Decision("set_status", "p1", value, "=Ada()", "-seen it"))
    journal.record(home, Decision("undo", "p1", {"row": number}, "Ben"))
    journal.record(home, Decision("reply", "p1", {"text": "@all: we did it"}, "Ada"))
    export(home, tmp_path, ["decisions"])
    rows = read_json(tmp_path / "decisions.json")
    assert [(row["number"], row["kind"], row["undone"]) for row in rows] == [
        (1, "set_status", True),
        (2, "undo", False),
        (3, "reply", False),
    ]
    assert (rows[0]["who"], rows[0]["why"], json.loads(rows[0]["value"])) == ("=Ada()", "-seen it", value)
    assert rows[0]["what"] == "set the status to Delivered, on 1 report"
    at = journal.history(home)[0].at
    assert at and datetime.fromisoformat(rows[0]["taken"]) == at
    assert pq.read_table(tmp_path / "decisions.parquet")["taken"].to_pylist()[0] == at
    sheet = read_csv(tmp_path / "decisions.csv")
    assert (sheet[0]["who"], sheet[0]["why"], sheet[0]["undone"]) == ("'=Ada()", "'-seen it", "true")


def test_officials_come_with_their_posts(home: Settings, tmp_path: Path) -> None:
    change(home, "UPDATE officials SET aliases = ['=Al', 'Bo']")
    export(home, tmp_path, ["officials", "posts"], ["json", "csv"])
    people = {row["id"]: row for row in read_json(tmp_path / "officials.json")}
    posts = read_json(tmp_path / "posts.json")
    assert {row["official_id"] for row in posts} <= set(people)
    assert all(people[row["official_id"]]["name"] == row["official"] for row in posts)
    assert any(row["first"] for row in posts)
    assert {tuple(row["aliases"]) for row in people.values()} == {("=Al", "Bo")}
    assert {row["aliases"] for row in read_csv(tmp_path / "officials.csv")} == {"'=Al; Bo"}


@pytest.mark.parametrize("paywalled", [False, True])
def test_changed_suggestions_and_edited_quotations(home: Settings, tmp_path: Path, paywalled: bool) -> None:
    change(home, "UPDATE articles SET paywalled = ?", [paywalled])
    change(
        home,
        """INSERT INTO suggestions SELECT id, 'stalled', 'in_progress', '=late', DATE '2026-05-01', now(), 'r'
        FROM (SELECT id FROM pledges UNION SELECT 'gone');
        INSERT INTO quotation_edits
        SELECT s.id, article_id, now(), '=what it was', words, speaker, '', role, body, 'r'
        FROM statements s JOIN articles a ON a.id = s.article_id AND contains(a.text, s.words);
        INSERT INTO quotation_edits SELECT 'out', id, now(), 'taken out', '', 'Ann', '', 'mp', '', 'r'
        FROM articles LIMIT 1""",
    )
    export(home, tmp_path, ["suggestions", "edits"])
    held = read_json(tmp_path / "suggestions.json")
    assert {row["pledge_id"] for row in held} == {row.id for row in pledge_list.pledges(home)}
    assert {(row["was"], row["suggested"], row["as_of"]) for row in held if row["why"] == "=late"} == {
        ("in_progress", "stalled", "2026-05-01")
    }
    assert "'=late" in {row["why"] for row in read_csv(tmp_path / "suggestions.csv")}
    edits = {row["id"]: row for row in read_json(tmp_path / "edits.json")}
    gone = edits.pop("out")
    assert (gone["context"], gone["spans"]) == ("", []) and "#" not in gone["link"] and len(edits) > 100
    for row in edits.values():
        assert row["reserved"] == paywalled and "#:~:text=" in row["link"]
        assert row["context"] == "" if paywalled else row["after"] in row["context"]
    assert {row["before"] for row in read_csv(tmp_path / "edits.csv")} == {"'=what it was", "taken out"}


def test_hostile_text_is_no_formula_and_stays_whole(home: Settings, tmp_path: Path) -> None:
    change(home, "UPDATE pledges SET title = ?, owner = ?", [HOSTILE, "@SUM(1)"])
    export(home, tmp_path, ["pledges"])
    sheet = read_csv(tmp_path / "pledges.csv")
    assert {(row["title"], row["owner"]) for row in sheet} == {("'" + HOSTILE, "'@SUM(1)")}
    assert {row["title"] for row in read_json(tmp_path / "pledges.json")} == {HOSTILE}
    assert set(pq.read_table(tmp_path / "pledges.parquet")["title"].to_pylist()) == {HOSTILE}
    # another reader of the same file sees the same cells
    found = duckdb.read_csv(str(tmp_path / "pledges.csv"), all_varchar=True).project("title").fetchall()
    assert {title for (title,) in found} == {"'" + HOSTILE}


def test_an_empty_warehouse_gives_files_with_columns_and_no_rows(home: Settings, tmp_path: Path) -> None:
    change(home, "DELETE FROM statements; DELETE FROM pledges; DELETE FROM evidence")
    written = export(home, tmp_path, [table for table in TABLES if table not in ("officials", "posts")])
    assert {number for _, number in written} == {0}
    assert json.loads((tmp_path / "statements.json").read_text(encoding="utf-8")) == []
    header = (tmp_path / "statements.csv").read_bytes()
    assert header.startswith(b"\xef\xbb\xbfid,article_id,")
    assert header.endswith(b"context,link\r\n")
    assert pq.read_table(tmp_path / "evidence.parquet").num_rows == 0


def test_what_cannot_be_exported_is_named_and_leaves_nothing(gold_home: Settings, tmp_path: Path) -> None:
    with pytest.raises(
        WrongUse, match="cannot export 'vectors'; known are pledges, statements, commitments, evidence"
    ):
        export(gold_home, tmp_path, ["vectors"])
    with pytest.raises(WrongUse, match="cannot export 'xls'"):
        export(gold_home, tmp_path, formats=["xls"])
    (tmp_path / "file").touch()
    with pytest.raises(WrongUse, match="cannot write to"):
        export(gold_home, tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (-1.5, "-1.5"),
        (date(2026, 6, 30), "2026-06-30"),
        (["a", "b"], "a; b"),
        (["=a", "b"], "'=a; b"),
        ([[1, 2]], "[[1, 2]]"),
        ("plain", "plain"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("a\x00b\x1bc", "abc"),
        ("", ""),
    ],
)
def test_cells(value: object, shown: str) -> None:
    assert cell(value) == shown


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    shown = cell(text)
    assert shown.strip(' \t\r\n\u00a0\u200b\ufeff"')[:1] not in set("=+-@＝＋－＠|%")
