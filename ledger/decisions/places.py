"""Which commitments a run groups: those without a place, those that people linked, what is near to both.

Asked of the side file in few queries, as what is stored is many times what is new.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from ledger.storage.pending import Row
from ledger.storage.warehouse import Connection, column, fetch, incoming, sql

_MACHINE = """SELECT commitment_id AS id, pledge_id, coalesce(by_machine, pledge_id) AS machine_id
    FROM pledge_commitments"""
_TRACKED = "FROM commitments c JOIN statements s ON s.id = c.statement_id WHERE NOT c.minor"
_SPEAKER = ("official_id", "speaker", "body", "role", "block")


def tracked(connection: Connection) -> list[str]:
    """All commitments but the minor ones."""
    return column(connection, f"SELECT c.id {_TRACKED} ORDER BY c.id")


def said_in(connection: Connection, ids: Collection[str]) -> list[str]:
    """Those of the tracked ones that are among these ids, or whose statement is."""
    query = f"""SELECT c.id {_TRACKED}
        AND (c.id IN (SELECT unnest($1)) OR c.statement_id IN (SELECT unnest($1))) ORDER BY c.id"""
    return column(connection, query, [sorted(ids)])


def not_placed(connection: Connection) -> list[str]:
    """The tracked ones that the machine has put into no pledge, or into one that lacks the commitment it is
    named by."""
    query = f"""WITH place AS ({_MACHINE}), named AS (SELECT id FROM place WHERE id = machine_id)
        SELECT c.id {_TRACKED} AND c.id NOT IN (SELECT id FROM place WHERE machine_id IN (FROM named))
        ORDER BY c.id"""
    return column(connection, query)


def linked(connection: Connection, ids: Collection[str]) -> list[Row]:
    """Of the pledges in which people linked one of these commitments, or had linked any: their commitments,
    oldest first, with the pledge as the machine has it and as it is published."""
    query = f"""WITH place AS ({_MACHINE}) SELECT place.* FROM place
        JOIN commitments c ON c.id = place.id
        JOIN statements s ON s.id = c.statement_id JOIN articles a ON a.id = s.article_id
        WHERE machine_id IN (
            SELECT machine_id FROM place WHERE machine_id <> pledge_id OR id IN (SELECT unnest(?)))
        ORDER BY a.published NULLS LAST, s.article_id, s.seq, c.span, c.id"""
    return fetch(connection, query, [sorted(ids)])


def voices(connection: Connection) -> list[Row]:
    """Everyone who speaks where it matters to whose a promise is, once each; what is not known is ""."""
    return fetch(connection, "SELECT DISTINCT official_id, speaker, body, role FROM voice")


def beside(connection: Connection, given: Collection[str], blocks: Sequence[Row]) -> list[str]:
    """These commitments, and those of the pledges that they may come to or be held against, by ``blocks``: a
    row of `voices` with each ``block`` that it belongs to. `effects.take_in` comes first."""
    table = pa.Table.from_pylist(list(blocks), pa.schema([(name, pa.string()) for name in _SPEAKER]))
    with incoming(connection, table):
        return column(connection, sql("beside.sql"), {"given": sorted(given)})
