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
from ledger.storage import records, warehouse

STAGES = ("group", "track")  # that work with decisions
_MARK = "decided"  # in `meta`: up to which decision the pledges hold what people decided


def take_in(connection: warehouse.Connection, settings: Settings) -> int:
    """Make the tables and views of the decisions in force anew; gives the number of the last decision.

    To be read by `pending`: ``said`` (statements with the speakers that stand), ``rejected`` (subjects).
    """
    last, _ = journal.last(settings)  # one recorded meanwhile is taken in, and again by the next run
    rows = [
        (d.row, d.at, d.who, d.kind, d.subject, json.dumps(d.value), d.why)
        for d in journal.in_force(settings)
    ]
    _make(connection, "decided.sql")
    if rows:
        columns = zip(journal.COLUMNS, map(list, zip(*rows, strict=True)), strict=True)
        connection.register("incoming", pa.table(dict(columns)))
        connection.execute("INSERT INTO recorded FROM incoming")
        connection.unregister("incoming")
    _make(connection, "run.sql")
    return last


def _make(connection: warehouse.Connection, name: str) -> None:
    text = warehouse.sql(name).format(w="")
    connection.execute(text.replace("CREATE ", "CREATE OR REPLACE TEMP "))


def changed(connection: warehouse.Connection, stage: str) -> set[str]:
    """Statements whose speaker, and commitments whose rejection, are not what the stage last worked with."""
    rows = connection.execute(
        """SELECT coalesce(v.item, d.item)
        FROM verdict v FULL JOIN (SELECT item, version FROM done WHERE stage = ?) d ON d.item = v.item
        WHERE v.version IS DISTINCT FROM d.version""",
        [_stage(stage)],
    ).fetchall()
    return {item for (item,) in rows}


def worked_with(connection: warehouse.Connection, stage: str, last: int) -> None:
    """Note that the stage has worked with the decisions up to ``last`` as they were taken in."""
    connection.execute("DELETE FROM done WHERE stage = ?", [_stage(stage)])
    connection.execute("INSERT INTO done SELECT ?, item, version FROM verdict", [_stage(stage)])
    records.insert(connection, "meta", [{"key": f"{_MARK} {stage}", "value": str(last)}])
    marks = [f"{_MARK} {name}" for name in STAGES]
    rows = connection.execute("SELECT value FROM meta WHERE key IN (SELECT unnest(?))", [marks]).fetchall()
    least = min(int(value) for (value,) in rows) if len(rows) == len(STAGES) else 0
    records.insert(connection, "meta", [{"key": _MARK, "value": str(least)}])


def articles(connection: warehouse.Connection, items: set[str]) -> set[str]:
    """The articles of those of the items that are statements."""
    rows = connection.execute(
        "SELECT article_id FROM statements WHERE id IN (SELECT unnest(?))", [sorted(items)]
    )
    return {row[0] for row in rows.fetchall()}


def _stage(stage: str) -> str:
    return f"{stage} with decisions"
