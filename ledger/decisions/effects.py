"""What people decided of speakers, undertakings and evidence, as a run takes it in.

A run sees the decisions through the same text as readers do (``sql/decided.sql``), over its side file. Each
stage that works with them keeps in ``done`` what it last worked with: so it finds what was decided or
undone since then, and works nothing else through again.
"""

from __future__ import annotations

import json

import pyarrow as pa

from ledger.decisions import journal
from ledger.settings import Settings
from ledger.storage import warehouse


def take_in(connection: warehouse.Connection, settings: Settings) -> None:
    """Make the tables and views of the decisions in force anew.

    To be read by `pending`: ``said`` (statements with the speakers that stand), ``rejected`` (subjects).
    """
    found = journal.in_force(settings)
    rows = [(d.row, d.at, d.who, d.kind, d.subject, json.dumps(d.value), d.why) for d in found]
    _make(connection, "decided.sql")
    if rows:
        columns = zip(journal.COLUMNS, map(list, zip(*rows, strict=True)), strict=True)
        with warehouse.incoming(connection, pa.table(dict(columns))):
            connection.execute("INSERT INTO recorded FROM incoming")
    _make(connection, "run.sql")
    _make(connection, "members.sql")


def _make(connection: warehouse.Connection, name: str) -> None:
    text = warehouse.sql(name).format(w="")
    connection.execute(text.replace("CREATE ", "CREATE OR REPLACE TEMP "))


def changed(connection: warehouse.Connection, stage: str, file: str = "") -> set[str]:
    """What people decided, or undid, since the stage last worked with it: statements whose speaker is another
    now, and commitments, evidence and officials that are rejected or no longer are.

    ``file``: how the warehouse that the stage worked in is attached ("w."); "" for a run's side file.
    """
    query = f"""SELECT coalesce(v.item, d.item)
        FROM verdict v FULL JOIN (SELECT item, version FROM {file}done WHERE stage = ?) d ON d.item = v.item
        WHERE v.version IS DISTINCT FROM d.version"""
    return set(warehouse.column(connection, query, [_stage(stage)]))


def worked_with(connection: warehouse.Connection, stage: str) -> None:
    """Note that the stage has worked with the decisions as they were taken in."""
    connection.execute("DELETE FROM done WHERE stage = ?", [_stage(stage)])
    connection.execute("INSERT INTO done SELECT ?, item, version FROM verdict", [_stage(stage)])


def articles(connection: warehouse.Connection, items: set[str]) -> set[str]:
    """The articles of those of the items that are statements."""
    query = "SELECT article_id FROM statements WHERE id IN (SELECT unnest(?))"
    return set(warehouse.column(connection, query, [sorted(items)]))


def _stage(stage: str) -> str:
    return f"{stage} with decisions"
