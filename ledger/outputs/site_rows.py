"""What the exported site shows: the overview, lists of pledges by deadline, and every pledge's page.

The warehouse is opened once and the pledges are reckoned once, so that all pages tell of the same moment;
rows and pages then come in pieces, never all of them at a time.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

from ledger.decisions import published
from ledger.queries import overview_page
from ledger.queries.overview_page import Minor, Overview, Tally
from ledger.queries.owners import OWNERS, WHOSE
from ledger.queries.pledge_list import Filter, PledgeRow, clause_of, rows
from ledger.queries.pledge_page import Decided, PledgePage, by_subject, journal, pages
from ledger.queries.topics import patterns
from ledger.settings import Settings
from ledger.storage.warehouse import Connection, column
from ledger.types import content_id

OneRow = TypeVar("OneRow", bound=PledgeRow)
ListKind = Literal["all", "status", "short", "owner", "topic"]
PARTS = ("overdue", "ahead", "passed", "undated")  # of the list, in its order
SHORT = ("headline", "month", "newly", "moved")  # of the overview's lists those that are lists of the site
ALL = "pledges"  # the list of all
_BATCH = 100  # pledges; with the texts of their articles some 10 MB
# Each pledge once for each list that it is in, with its place there. The rows lie in the order in which they
# are asked for, so that a piece of a list is read without the rest of it.
_LISTED = """CREATE TEMP TABLE listed AS
WITH parted AS (
    SELECT *, CASE WHEN list_contains(flags, 'overdue') THEN 'overdue' WHEN deadline IS NULL THEN 'undated'
        WHEN deadline < getvariable('today')::DATE THEN 'passed' ELSE 'ahead' END AS part
    FROM p)
SELECT parted.*, list, row_number() OVER (PARTITION BY list ORDER BY list_position(?, part),
    CASE WHEN part = 'passed' THEN -epoch(deadline) ELSE epoch(deadline) END, first_stated, id) AS place
FROM parted JOIN in_list USING (id) ORDER BY list, place"""


@dataclass(frozen=True, slots=True)
class Listed(PledgeRow):
    """A pledge with the part of the list that it stands in."""

    part: str


@dataclass(frozen=True, slots=True)
class SiteList:
    """One list of the site. ``name``: of its files; ``key``: a status, the name of a short list, an owner's
    id or name, a topic; ``words``: of the owner or topic."""

    name: str
    kind: ListKind
    key: str = ""
    words: str = ""


class SiteReader:
    """The pledges of one moment, by deadline; those past and no longer open the newest first."""

    def __init__(self, connection: Connection, decided: Decided, settings: Settings) -> None:
        self._connection, self._decided, self._settings = connection, decided, settings
        self.overview: Overview = overview_page.overview_of(connection, settings)
        self.topics: tuple[Tally, ...] = overview_page.by_topic_of(connection)
        connection.execute("CREATE TEMP TABLE in_list (list VARCHAR, id VARCHAR)")
        listed = [*self._fill()]
        connection.execute(_LISTED, [list(PARTS)])
        query = "SELECT list, count(*), count(set_status) FROM listed GROUP BY 1 ORDER BY 1"
        self._numbers = {row[0]: (row[1], row[2]) for row in connection.execute(query).fetchall()}
        self.lists = [one for one in listed if one.kind == "all" or one.name in self._numbers]

    def _fill(self) -> Iterator[SiteList]:
        """Note which pledges are in which list."""
        execute = self._connection.execute
        execute("INSERT INTO in_list SELECT ?, id FROM p", [ALL])
        yield SiteList(ALL, "all")
        execute("INSERT INTO in_list SELECT 'status-' || status, id FROM p")
        for status in column(self._connection, "SELECT DISTINCT status FROM p ORDER BY 1"):
            yield SiteList(f"status-{status}", "status", status)
        for name in SHORT:
            self._put(name, self.overview.lists[name].wanted)
            yield SiteList(name, "short", name)
        for topic, slug in slugs({topic: topic for topic in patterns()}).items():
            self._put(f"topic-{slug}", Filter(topic=topic))
            yield SiteList(f"topic-{slug}", "topic", topic, topic)
        owners = dict(execute(f"SELECT key, words FROM ({OWNERS}) ORDER BY key").fetchall())
        named = slugs(owners)
        if named:
            pairs = [{"key": key, "list": f"official-{slug}"} for key, slug in named.items()]
            execute(
                f"""INSERT INTO in_list SELECT DISTINCT o.list, w.id FROM ({WHOSE}) w JOIN (
                    SELECT unnest($pairs, recursive := true)) o USING (key)""",
                {"pairs": pairs},
            )
        for key, slug in named.items():
            yield SiteList(f"official-{slug}", "owner", key, owners[key])

    def _put(self, name: str, wanted: Filter) -> None:
        clause, given = clause_of(self._settings, wanted)
        self._connection.execute(f"INSERT INTO in_list SELECT ?, id FROM p WHERE {clause}", [name, *given])

    def numbers(self, name: str = ALL) -> tuple[int, int]:
        """How many pledges a list has, and of how many a person set the status."""
        return self._numbers.get(name, (0, 0))

    def parts(self, name: str = ALL) -> dict[str, int]:
        """How many pledges of a list stand in each of PARTS that has any."""
        query = "SELECT part, count(*) FROM listed WHERE list = ? GROUP BY 1"
        found = dict(self._connection.execute(query, [name]).fetchall())
        return {part: found[part] for part in PARTS if part in found}

    def listed(self, first: int, most: int, name: str = ALL) -> list[Listed]:
        """At most ``most`` pledges of a list from place ``first`` on; the first of all is 1."""
        return self._piece(Listed, first, most, name)

    def minor(self, first: int, most: int) -> tuple[Minor, ...]:
        """At most ``most`` of the commitments that no list has, from ``first`` on, which is 1 or more."""
        return overview_page.minor_of(self._connection, most, first - 1)

    def pages(self) -> Iterator[PledgePage]:
        """Every pledge's page, in the order of the list."""
        for first in range(1, self.numbers()[0] + 1, _BATCH):
            some = self._piece(PledgeRow, first, _BATCH, ALL)
            yield from pages(self._connection, some, lambda _: self._decided)

    def _piece(self, kind: type[OneRow], first: int, most: int, name: str) -> list[OneRow]:
        query = "SELECT * FROM listed WHERE list = ? AND place BETWEEN ? AND ? ORDER BY place"
        return rows(self._connection, kind, query, [name, first, first + most - 1])


def slugs(names: dict[str, str]) -> dict[str, str]:
    """A part of a file's name for each key, made of its name, and of its key where names are alike."""
    plain = {key: _slug(name) for key, name in names.items()}
    many = Counter(plain.values())
    return {
        key: slug if slug and many[slug] == 1 else f"{slug}-{content_id('slug', key)}".lstrip("-")
        for key, slug in plain.items()
    }


def _slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")


@contextmanager
def reading(settings: Settings) -> Iterator[SiteReader]:
    """The published pledges, as people's decisions leave them. Raises as `published.reading` does."""
    decided = by_subject(journal(settings))
    with published.reading(settings) as connection:
        yield SiteReader(connection, decided, settings)
