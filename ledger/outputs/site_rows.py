"""What the exported site shows: every pledge in the order of its list, and every pledge's page.

The warehouse is opened once and the pledges are reckoned once, so that all pages tell of the same moment;
rows and pages then come in pieces, never all of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from ledger.decisions import published
from ledger.queries.pledge_list import PledgeRow, rows
from ledger.queries.pledge_page import Decided, PledgePage, by_subject, journal, pages
from ledger.settings import Settings
from ledger.storage.warehouse import Connection

OneRow = TypeVar("OneRow", bound=PledgeRow)
PARTS = ("overdue", "ahead", "passed", "undated")  # of the list, in its order
_BATCH = 100  # pledges; with the texts of their articles some 10 MB
# Each pledge twice: in the list "" of all and in that of its status, with its place there. The rows lie in
# the order in which they are asked for, so that a piece of a list is read without the rest of it.
_LISTED = """CREATE TEMP TABLE listed AS
WITH parted AS (
    SELECT *, CASE WHEN list_contains(flags, 'overdue') THEN 'overdue' WHEN deadline IS NULL THEN 'undated'
        WHEN deadline < getvariable('today')::DATE THEN 'passed' ELSE 'ahead' END AS part
    FROM pledge_view)
SELECT *, row_number() OVER (PARTITION BY list ORDER BY list_position(?, part),
    CASE WHEN part = 'passed' THEN -epoch(deadline) ELSE epoch(deadline) END, first_stated, id) AS place
FROM (SELECT *, unnest(['', status]) AS list FROM parted) ORDER BY list, place"""


@dataclass(frozen=True, slots=True)
class Listed(PledgeRow):
    """A pledge with the part of the list that it stands in."""

    part: str


class SiteReader:
    """The pledges of one moment, by deadline; those past and no longer open the newest first."""

    def __init__(self, connection: Connection, decided: Decided) -> None:
        self._connection, self._decided = connection, decided
        connection.execute(_LISTED, [list(PARTS)])
        query = "SELECT list, count(*), count(set_status) FROM listed GROUP BY 1 ORDER BY 1"
        self._numbers = {row[0]: (row[1], row[2]) for row in connection.execute(query).fetchall()}

    def statuses(self) -> dict[str, tuple[int, int]]:
        """How many pledges have each status, and of how many a person set it."""
        return {status: numbers for status, numbers in self._numbers.items() if status}

    def numbers(self, status: str = "") -> tuple[int, int]:
        """How many pledges there are (with this status, if given), and of how many a person set it."""
        return self._numbers.get(status, (0, 0))

    def parts(self, status: str = "") -> dict[str, int]:
        """How many pledges (with this status, if given) stand in each of PARTS that has any."""
        query = "SELECT part, count(*) FROM listed WHERE list = ? GROUP BY 1"
        found = dict(self._connection.execute(query, [status]).fetchall())
        return {part: found[part] for part in PARTS if part in found}

    def listed(self, first: int, most: int, status: str = "") -> list[Listed]:
        """At most ``most`` pledges of a list from place ``first`` on; the first of all is 1."""
        return self._piece(Listed, first, most, status)

    def pages(self) -> Iterator[PledgePage]:
        """Every pledge's page, in the order of the list."""
        for first in range(1, self.numbers()[0] + 1, _BATCH):
            some = self._piece(PledgeRow, first, _BATCH)
            yield from pages(self._connection, some, lambda _: self._decided)

    def _piece(self, kind: type[OneRow], first: int, most: int, status: str = "") -> list[OneRow]:
        query = "SELECT * FROM listed WHERE list = ? AND place BETWEEN ? AND ? ORDER BY place"
        return rows(self._connection, kind, query, [status, first, first + most - 1])


@contextmanager
def reading(settings: Settings) -> Iterator[SiteReader]:
    """The published pledges, as people's decisions leave them. Raises as `published.reading` does."""
    decided = by_subject(journal(settings))
    with published.reading(settings) as connection:
        yield SiteReader(connection, decided)
