"""The numbers and short lists of the first page, and what is so small that no list has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.decisions import published
from ledger.presentation.passages import link_to_words
from ledger.queries.owners import OWNERS, WHOSE
from ledger.queries.pledge_list import Filter, PledgeRow, clause_of, first_of, rows
from ledger.queries.topics import patterns
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rows import spans_of
from ledger.storage.warehouse import Connection

RECENT_DAYS = 7  # of a changed status
LATELY = 30  # days in which a date was missed or moved
_MOST_OWNERS = 12
_SHORT = 5  # pledges of each short list


@dataclass(frozen=True, slots=True)
class Tally:
    """How the pledges stand that count with one official or body (`owners.WHOSE`), or are about one topic.

    ``key``: an official's id, a name, a topic.
    """

    key: str
    words: str
    pledges: int
    kept: int
    not_kept: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ShortList:
    """What a list is narrowed to, how many pledges fit, and the first of them."""

    wanted: Filter
    total: int
    pledges: tuple[PledgeRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers and short lists of the first page. ``day`` is the day that is reckoned from.

    ``by_status``: (status, its outcome, number, how many of these people set) of each that some pledge has.
    ``latest``: what the newest day of reading brought, as {"day", "articles", "statements", "commitments",
    "pledges"}. ``minor``: commitments that nobody would track, in no list nor other number. ``lists``: those
    of `_lists` by name.
    """

    day: date
    total: int
    owners: int
    reviewed: int
    statements: int
    articles: int
    minor: int
    by_status: tuple[tuple[str, str | None, int, int], ...]
    by_owner: tuple[Tally, ...]
    by_flag: dict[str, int]
    latest: dict[str, Any]
    lists: dict[str, ShortList]


@dataclass(frozen=True, slots=True)
class Minor:
    """A commitment that nobody would track, with its statement."""

    id: str
    statement_id: str
    type: str
    words: str  # of the clause; "" where the outlet reserves its rights
    speaker: str | None
    source_name: str | None
    role: str | None
    body: str | None
    outlet: str
    published: datetime | None
    link: str  # opens the article at the statement


def overview(settings: Settings) -> Overview:
    """All of the first page but the topics, in one opening of the warehouse."""
    with published.reading(settings) as connection:
        return overview_of(connection, settings)


def overview_of(connection: Connection, settings: Settings) -> Overview:
    """The same from an opening of one's own, with the pledges of that moment left in the table ``p``."""
    today = settings.today
    # one pass over commitments and evidence, read from many times below
    connection.execute("CREATE TEMP TABLE p AS SELECT * FROM pledge_view")
    (totals,) = warehouse.fetch(connection, _TOTALS)
    lists = {}
    for name, (wanted, order) in _lists(today).items():
        clause, given = clause_of(settings, wanted)
        (total,) = warehouse.column(connection, f"SELECT count(*) FROM p WHERE {clause}", given)
        lists[name] = ShortList(wanted, total, first_of(connection, clause, order, _SHORT, given))
    return Overview(
        day=today,
        **totals,
        by_status=tuple(connection.execute(_BY_STATUS).fetchall()),
        by_owner=tuple(rows(connection, Tally, f"{_BY_OWNER} LIMIT {_MOST_OWNERS}")),
        by_flag=dict(connection.execute(_BY_FLAG).fetchall()),
        latest=warehouse.fetch(connection, _LATEST)[0],
        lists=lists,
    )


def _lists(today: date) -> dict[str, tuple[Filter, str]]:
    """Each short list by name: what it is narrowed to, and its order."""
    return {
        "headline": (Filter(headline=True), "deadline NULLS LAST, id"),
        "month": (Filter(due=f"{today:%Y-%m}"), "deadline, id"),
        "due": (Filter(due="ahead"), "deadline, id"),
        "newly": (Filter(due=f"-{LATELY}d"), "first_due DESC, id"),
        "overdue": (Filter(flag="overdue"), "first_due, id"),
        "moved": (Filter(moved=LATELY), "moved_on DESC, id"),
        "changed": (Filter(changed=RECENT_DAYS), "changed_on DESC, id"),
    }


def by_topic(settings: Settings) -> tuple[Tally, ...]:
    """How the pledges about each topic stand, most first; a pledge may be about several, or none.

    Apart from `overview`, since words are looked for: about a second for a hundred thousand pledges.
    """
    with published.reading(settings) as connection:
        connection.execute("CREATE TEMP TABLE p AS SELECT * FROM pledge_view")
        return by_topic_of(connection)


def by_topic_of(connection: Connection) -> tuple[Tally, ...]:
    """The same of the pledges in the table ``p``."""
    known = patterns()
    about = ", ".join(
        f"CASE WHEN regexp_matches(lower(concat_ws(' ', title, words)), $t{n}) THEN $n{n} END"
        for n in range(len(known))
    )
    given = {f"t{n}": pattern for n, pattern in enumerate(known.values())}
    given |= {f"n{n}": name for n, name in enumerate(known)}
    topics = f"unnest(list_filter([{about}], topic -> topic IS NOT NULL))"
    query = f"""WITH t AS (SELECT outcome, flags, {topics} AS key FROM p)
        SELECT key, key AS words, {_TALLY} FROM t GROUP BY key ORDER BY pledges DESC, key"""
    return tuple(Tally(**row) for row in warehouse.fetch(connection, query, given))


def minor(settings: Settings, most: int, offset: int = 0) -> tuple[Minor, ...]:
    """The commitments that no list has since nobody would track them, the newest first."""
    with published.reading(settings) as connection:
        return minor_of(connection, most, offset)


def minor_of(connection: Connection, most: int, offset: int = 0) -> tuple[Minor, ...]:
    """The same from an opening of one's own."""
    found = warehouse.fetch(connection, _MINOR, [most, offset])
    places = [(row.pop("url"), row.pop("text"), spans_of(row.pop("content"))) for row in found]
    return tuple(Minor(**row, link=link_to_words(*at)) for row, at in zip(found, places, strict=True))


_TALLY = """count(*) AS pledges, count(*) FILTER (outcome = 'kept') AS kept,
    count(*) FILTER (outcome = 'not_kept') AS not_kept,
    count(*) FILTER (list_contains(flags, 'overdue')) AS overdue"""
_TOTALS = f"""
SELECT count(*) AS total, count(set_status) AS reviewed,
    (SELECT count(DISTINCT key) FROM ({WHOSE})) AS owners,
    (SELECT coalesce(sum(statements), 0)::BIGINT FROM w.statements_by_day) AS statements,
    (SELECT coalesce(sum(articles), 0)::BIGINT FROM w.articles_by_day) AS articles,
    (SELECT count(*) FROM minor_commitment) AS minor FROM p"""
_BY_STATUS = """
SELECT status, any_value(outcome), count(*), count(set_status) FROM p GROUP BY 1 ORDER BY 3 DESC, 1"""
_BY_OWNER = f"""
SELECT o.key, any_value(o.words) AS words, {_TALLY}
FROM ({OWNERS}) o JOIN (SELECT DISTINCT id, key FROM ({WHOSE})) USING (key) JOIN p USING (id)
GROUP BY o.key ORDER BY pledges DESC, words, o.key"""
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
_MINOR = """
SELECT c.id, c.statement_id, c.type, c.clause AS words, s.speaker, s.source_name, s.role, s.body, s.outlet,
    s.published, s.url, s.article_text AS text, s.content
FROM given_commitment c JOIN statement_view s ON s.id = c.statement_id
WHERE c.id IN (FROM minor_commitment)
ORDER BY s.published DESC NULLS LAST, s.article_id, s.seq, c.span, c.id LIMIT ? OFFSET ?"""
