"""People's merges and splits as readers see them at once, before the next run writes pledges by them.

Both take them as `ledger.decisions.merges` does, over the machine's grouping that is stored beside the
pledges. Where that gives another pledge than the published one, two small tables filled here say so:
``regrouped`` (commitment to the pledge it now belongs to) and ``gone`` (a pledge that went up in another).
"""

from __future__ import annotations

import pyarrow as pa

from ledger.decisions.merges import MergeOrSplit, regroup
from ledger.storage.warehouse import Connection, incoming

# All of the pledges, the machine's and the published, of which people have linked anything, or had.
_MEMBERS = """
WITH place AS (
    SELECT commitment_id, pledge_id, coalesce(by_machine, pledge_id) AS machine_id FROM w.pledge_commitments),
moved AS (FROM place WHERE machine_id <> pledge_id OR commitment_id IN (SELECT unnest(?)))
SELECT place.* FROM place
JOIN w.commitments c ON c.id = place.commitment_id
JOIN w.statements s ON s.id = c.statement_id JOIN w.articles a ON a.id = s.article_id
WHERE pledge_id IN (SELECT pledge_id FROM moved) OR machine_id IN (SELECT machine_id FROM moved)
ORDER BY a.published NULLS LAST, s.article_id, s.seq, c.span, c.id"""


def links(connection: Connection) -> list[MergeOrSplit]:
    """The merges and splits in force, oldest first, of the commitments that now stand for those named."""
    found = connection.execute(
        """SELECT kind, subject, value ->> 'with' FROM decision
        WHERE kind IN ('merge', 'split') ORDER BY n"""
    )
    return [MergeOrSplit(*row) for row in found.fetchall()]


def fill(connection: Connection) -> None:
    """Fill the two tables of a reader anew. Work grows with the pledges that people have linked."""
    connection.execute("DELETE FROM regrouped; DELETE FROM gone")
    linked = links(connection)
    named = sorted({one for link in linked for one in (link.one, link.other)})
    rows = connection.execute(_MEMBERS, [named]).fetchall()
    now = regroup({commitment: machine for commitment, _, machine in rows}, linked)
    moved = [(commitment, now[commitment]) for commitment, pledge, _ in rows if now[commitment] != pledge]
    first: dict[str, str] = {}
    for commitment, pledge, _ in rows:
        first.setdefault(pledge, commitment)
    living = set(now.values())
    gone = [(pledge, now.get(pledge, now[one])) for pledge, one in first.items() if pledge not in living]
    for table, rows in (("regrouped", moved), ("gone", sorted(gone))):
        if rows:
            columns = pa.table(dict(zip(("one", "pledge"), map(list, zip(*rows, strict=True)), strict=True)))
            with incoming(connection, columns):
                connection.execute(f"INSERT INTO {table} FROM incoming")
