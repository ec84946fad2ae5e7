"""What the rules suggest of pledges, in a run's side file: what that rests on, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.storage.pending import Row
from ledger.storage.warehouse import Connection, fetch
from ledger.types import Status


def pledges(connection: Connection) -> list[Row]:
    """The pledges' rows, each with the suggestion that was noted last (``noted``, NULL before the first)."""
    return fetch(
        connection,
        """SELECT p.*,
            (SELECT arg_max(g.suggested, g.noted) FROM suggestions g WHERE g.pledge_id = p.id) AS noted
        FROM pledges p ORDER BY p.id""",
    )


def evidence(connection: Connection) -> list[Row]:
    """All evidence that people have not rejected."""
    return fetch(
        connection,
        """SELECT * FROM evidence WHERE id NOT IN (FROM rejected)
        ORDER BY pledge_id, day, article_id, first""",
    )


def suggest(connection: Connection, pledge_id: str, status: Status, flags: Sequence[str], why: str) -> None:
    """Write the machine's suggestion into a pledge's row."""
    connection.execute(
        "UPDATE pledges SET suggested = ?, flags = ?, why = ? WHERE id = ?",
        [status, list(flags), why, pledge_id],
    )


def clear_standings(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute("DELETE FROM standings WHERE pledge_id IN (SELECT unnest(?))", [list(ids)])


def note_change(
    connection: Connection,
    pledge_id: str,
    status: Status,
    was: str | None,
    why: str,
    as_of: date,
    run_id: str,
) -> None:
    """Keep that a suggestion differs from the one before it."""
    connection.execute(
        "INSERT INTO suggestions VALUES (?, ?, ?, ?, ?, now(), ?)",
        [pledge_id, status, was, why, as_of, run_id],
    )
