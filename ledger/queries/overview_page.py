"""The numbers and short lists of the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledger.decisions import published
from ledger.queries.owners import KEY, OWNERS
from ledger.queries.pledge_list import PledgeRow, first_of
from ledger.settings import Settings
from ledger.storage import warehouse

RECENT_DAYS = 7
_MOST_OWNERS = 12
_SHORT = 5  # pledges of each short list


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers and short lists of the first page. ``day`` is the day that is reckoned from.

    ``by_owner``: (an official's id or a name, the name in words, status, number) of the owners with most
    pledges. ``latest``: what the newest day of reading brought, as {"day", "articles", "statements",
    "commitments", "pledges"}. ``minor``: undertakings that nobody would track, in no list nor other
    number.
    """

    day: date
    total: int
    owners: int
    reviewed: int
    statements: int
    articles: int
    minor: int
    by_status: tuple[tuple[str, int], ...]
    by_owner: tuple[tuple[str, str, str, int], ...]
    by_flag: dict[str, int]
    changed: int
    latest: dict[str, Any]
    due: tuple[PledgeRow, ...]
    overdue: tuple[PledgeRow, ...]
    moved: tuple[PledgeRow, ...]


def overview(settings: Settings) -> Overview:
    """All of the first page, in one opening of the warehouse."""
    with published.reading(settings) as connection:
        # one pass over commitments and evidence, read from many times below
        connection.execute("CREATE TEMP TABLE p AS SELECT * FROM pledge_view")
        (totals,) = warehouse.fetch(connection, _TOTALS, [settings.today - timedelta(days=RECENT_DAYS)])
        return Overview(
            day=settings.today,
            **totals,
            by_status=tuple(connection.execute(_BY_STATUS).fetchall()),
            by_owner=tuple(connection.execute(_BY_OWNER).fetchall()),
            by_flag=dict(connection.execute(_BY_FLAG).fetchall()),
            latest=warehouse.fetch(connection, _LATEST)[0],
            due=first_of(connection, "awaited AND deadline >= getvariable('today')", "deadline, id", _SHORT),
            overdue=first_of(connection, "list_contains(flags, 'overdue')", "first_due, id", _SHORT),
            moved=first_of(connection, "changed_on IS NOT NULL", "changed_on DESC, id", _SHORT),
        )


_TOTALS = f"""
SELECT count(*) AS total, count(DISTINCT {KEY}) AS owners, count(set_status) AS reviewed,
    count(*) FILTER (changed_on > ?) AS changed,
    (SELECT coalesce(sum(statements), 0)::BIGINT FROM w.statements_by_day) AS statements,
    (SELECT coalesce(sum(articles), 0)::BIGINT FROM w.articles_by_day) AS articles,
    (SELECT count(*) FROM w.commitments WHERE minor AND id NOT IN (FROM rejected)) AS minor FROM p"""
_BY_STATUS = "SELECT status, count(*) FROM p GROUP BY 1 ORDER BY 2 DESC, 1"
_BY_OWNER = f"""
WITH o AS (SELECT * FROM ({OWNERS}) ORDER BY n DESC, words, key LIMIT {_MOST_OWNERS})
SELECT key, o.words, status, count(*) FROM p JOIN o ON key = {KEY}
GROUP BY key, o.words, status, n ORDER BY n DESC, o.words, key, status"""
_BY_FLAG = "SELECT flag, count(*) FROM (SELECT unnest(flags) AS flag FROM p) GROUP BY 1"
_LATEST = """
WITH newest AS (SELECT max(day) AS day FROM w.articles_by_day)
SELECT newest.day,
    (SELECT coalesce(sum(n.articles), 0)::BIGINT FROM w.articles_by_day n WHERE n.day = newest.day)
        AS articles,
    (SELECT coalesce(sum(n.statements), 0)::BIGINT FROM w.statements_by_day n
        WHERE n.day = newest.day) AS statements,
    (SELECT count(*) FROM w.commitment_said c
        WHERE c.came = newest.day AND c.commitment_id NOT IN (FROM rejected)) AS commitments,
    (SELECT count(*) FROM p WHERE came = newest.day) AS pledges,
    (SELECT max(finished) FROM w.runs) AS finished
FROM newest"""
