"""What the exported site shows: every pledge in the order of its list, and every pledge's page.

The warehouse is opened once and the pledges are reckoned once, so that all pages tell of the same moment;
rows and pages then come in batches, never all of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.queries import PledgeRow, opened, rows
from ledger.queries_pledge import Journalled, PledgePage, by_subject, journal, pages
from ledger.settings import Settings
from ledger.warehouse import Connection

PARTS = ("overdue", "ahead", "passed", "undated")  # of the list, in its order
_BATCH = 100  # pledges; with the texts of their articles some 10 MB
_LISTED = """CREATE TEMP TABLE listed AS
WITH parted AS (
    SELECT *, CASE WHEN list_contains(flags, 'overdue') THEN 'overdue' WHEN deadline IS NULL THEN 'undated'
        WHEN deadline < getvariable('today')::DATE THEN 'passed' ELSE 'ahead' END AS part
    FROM pledge_view)
SELECT *, row_number() OVER (ORDER BY list_position(?, part),
    CASE WHEN part = 'passed' THEN -epoch(deadline) ELSE epoch(deadline) END, first_stated, id) AS place
FROM parted"""


class SiteReader:
    """The pledges of one moment, by deadline; those past and no longer open the newest first."""

    def __init__(self, connection: Connection, decided: dict[str, list[Journalled]]) -> None:
        self._connection, self._decided = connection, decided
        connection.execute(_LISTED, [list(PARTS)])

    def counts(self, column: str, status: str = "") -> dict[str, int]:
        """How many pledges (with this status, if given) have each value of ``status`` or ``part``."""
        query = f"SELECT {column}, count(*) FROM listed WHERE ? IN ('', status) GROUP BY 1 ORDER BY 1"
        return dict(self._connection.execute(query, [status]).fetchall())

    def listed(self, part: str, status: str = "") -> Iterator[PledgeRow]:
        """The pledges of one of PARTS, in order, with this status if given."""
        query = f"""SELECT * FROM listed WHERE part = ? AND ? IN ('', status)
            ORDER BY place LIMIT {_BATCH} OFFSET ?"""
        begin = 0
        while batch := rows(self._connection, PledgeRow, query, [part, status, begin]):
            yield from batch
            begin += _BATCH

    def pages(self) -> Iterator[PledgePage]:
        """Every pledge's page, in the order of the list."""
        total = self._connection.execute("SELECT count(*) FROM listed").fetchone() or (0,)
        for begin in range(1, int(total[0]) + 1, _BATCH):
            query = "SELECT * FROM listed WHERE place BETWEEN ? AND ? ORDER BY place"
            batch = rows(self._connection, PledgeRow, query, [begin, begin + _BATCH - 1])
            yield from pages(self._connection, batch, lambda _: self._decided)


@contextmanager
def reading(settings: Settings) -> Iterator[SiteReader]:
    """The published pledges, as people's decisions leave them. Raises as `warehouse.reading` does."""
    decided = by_subject(journal(settings))
    with opened(settings) as connection:
        yield SiteReader(connection, decided)
