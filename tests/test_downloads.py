"""What a list gives to take along: all of its rows, in each format, and no formula."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ledger import queries, queries_coverage, queries_officials, search, warehouse
from ledger.settings import Settings
from ledger.tabular import FORMATS, as_bytes
from tests.reading_home import copy_home, hostile_home


@pytest.fixture(scope="module")
def homes(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[Settings]:
    hostile = hostile_home(tmp_path_factory.mktemp("hostile"))
    search.update(hostile)
    return [copy_home(gold_home, tmp_path_factory.mktemp("gold")), hostile]


def lists(home: Settings) -> dict[str, list[object]]:
    return {
        "pledges": list(queries.pledges(home)),
        "statements": list(search.search(home, "", limit=1000).hits),
        "officials": list(queries_officials.officials(home)),
        "outlets": list(queries_coverage.coverage(home).outlets),
    }


@pytest.mark.parametrize("name", ["pledges", "statements", "officials", "outlets"])
def test_all_rows_come_in_each_format_and_no_formula(homes: list[Settings], name: str) -> None:
    for home in homes:
        rows = lists(home)[name]
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


def test_of_a_reserved_article_no_paragraph_is_taken_along(gold_home: Settings, tmp_path: Path) -> None:
    home = copy_home(gold_home, tmp_path)
    with warehouse.run(home) as connection:
        connection.execute("UPDATE articles SET paywalled = true")
    warehouse.publish(home)
    hits = search.search(home, "", limit=1000).hits
    listed = json.loads(as_bytes(hits, "json"))
    assert listed and all(row["context"] == row["words"] for row in listed)
