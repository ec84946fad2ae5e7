"""What a list gives to take along: all of its rows, in each format, and no formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ledger.decisions import journal
from ledger.presentation.tabular import FORMATS, as_bytes
from ledger.queries import (
    coverage_page,
    journal_page,
    official_page,
    pledge_list,
    pledge_page,
    review_lists,
    word_use,
)
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision
from tests.reading_home import copy_home, hostile_home


@pytest.fixture(scope="module")
def homes(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[Settings]:
    homes = [copy_home(gold_home, tmp_path_factory.mktemp("gold"))]
    homes.append(hostile_home(tmp_path_factory.mktemp("hostile")))
    for home in homes:
        with_something_in_every_list(home)
    return homes


def with_something_in_every_list(home: Settings) -> None:
    """Doubts, newcomers, silent pledges, problems, edits and decisions, in a home's own words."""
    some = pledge_list.pledges(home)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        pair = [some[0].id, some[1].id]
        connection.execute("INSERT INTO doubts VALUES ('merge', ?, ?, 0.48, 'r')", pair)
        joined = next((row for row in some if row.restatements > 1), None)
        inside = ["x", "y"]
        if joined and (page := pledge_page.pledge(home, joined.id)):
            inside = [page.stated[-1].id, page.stated[0].id]
        else:  # nothing is stated twice: let one statement stand in another's pledge
            connection.execute(
                "UPDATE pledge_commitments SET pledge_id = ?, position = 1 WHERE commitment_id = ?",
                [some[2].id, some[3].id],
            )
            connection.execute("DELETE FROM pledges WHERE id = ?", [some[3].id])
            inside = [some[3].id, some[2].id]
        connection.execute("INSERT INTO doubts VALUES ('split', ?, ?, 0.52, 'r')", inside)
        connection.execute(
            "UPDATE officials SET provisional = true WHERE id = ?",
            [next(row.owner_id for row in some if row.owner_id)],
        )
        connection.execute(
            """UPDATE pledges SET suggested = 'stalled', deadline = DATE '2026-01-01',
            marks = [row('overdue', DATE '2026-01-02', NULL, 'open')]"""
        )
        connection.execute("DELETE FROM evidence WHERE pledge_id = ?", [some[1].id])
        connection.execute("UPDATE pledges SET evidence = 0 WHERE id = ?", [some[1].id])
        connection.execute(
            "INSERT INTO problems SELECT 'r', 'crawl', title, 'not_html', title, now() FROM articles LIMIT 3"
        )
        connection.execute("INSERT INTO skipped VALUES ('r', 'load', 'unchanged', 7)")
        connection.execute(
            """INSERT INTO revisions BY NAME SELECT id AS article_id, now() AS fetched, sha256, text,
            title AS changed FROM articles LIMIT 3"""
        )
        connection.execute(
            """INSERT INTO quotation_edits BY NAME SELECT s.id, article_id, now() AS fetched, words AS before,
            words AS after, speaker, source_name, role, body FROM statements s LIMIT 3"""
        )
    warehouse.publish(home)
    journal.record(home, Decision("note", some[0].id, {"text": some[0].title}, some[0].owner, some[0].words))


LISTS: dict[str, Callable[[Settings], Sequence[object]]] = {
    "pledges": pledge_list.pledges,
    "statements": lambda home: statement_search.search(home, "", limit=1000).hits,
    "officials": official_page.officials,
    "outlets": lambda home: coverage_page.coverage(home).outlets,
    "left_out": lambda home: coverage_page.coverage(home).left_out,
    "problems": lambda home: coverage_page.coverage(home).problems,
    "altered_quotations": lambda home: coverage_page.coverage(home).quotations,
    "edited_articles": lambda home: coverage_page.coverage(home).edited,
    "journal": journal_page.written,
} | {
    name: partial(review_lists.to_take_along, name=name, most=1000)
    for name in ("statuses", "silent", "speakers", "merges", "splits", "newcomers")
}


@pytest.mark.parametrize("name", LISTS)
def test_all_rows_come_in_each_format_and_no_formula(homes: list[Settings], name: str) -> None:
    for home in homes:
        rows = LISTS[name](home)
        made = {kind: as_bytes(rows, kind) for kind in FORMATS}
        cells = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"), newline="")))
        listed = json.loads(made["json"])
        stored = pq.read_table(io.BytesIO(made["parquet"])).to_pylist()
        assert len(cells) - 1 == len(listed) == len(stored) == len(rows) > 0
        assert list(listed[0]) == cells[0] == list(stored[0])
        begun = [cell for row in cells[1:] for cell in row if cell.lstrip(' \t\r\n"')[:1] in tuple("=+@|%")]
        assert begun == []
        for row, given in zip(rows, stored, strict=True):
            for field in ("id", "words", "title", "name"):
                if hasattr(row, field):
                    assert given[field] == getattr(row, field)


def test_what_officials_speak_about_is_taken_along_with_its_words(homes: list[Settings]) -> None:
    spoken = [word_use.spoken(homes[0], row.id) for row in official_page.officials(homes[0])]
    rows = max(spoken, key=lambda rows: sum(len(row.words) for row in rows))
    for kind in FORMATS:
        assert as_bytes(rows, kind)
    listed = json.loads(as_bytes(rows, "json"))
    word, number = next(row for row in rows if row.words).words[0]
    assert f"{word} {number}" in next(row["words"] for row in listed if row["words"])


def test_of_a_reserved_article_no_paragraph_is_taken_along(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET paywalled = true")
    warehouse.publish(home)
    hits = statement_search.search(home, "", limit=1000).hits
    listed = json.loads(as_bytes(hits, "json"))
    assert listed and all(row["context"] == row["words"] for row in listed)
