"""Officials: who they are, what they promised and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.decisions import published
from ledger.presentation.passages import Passage
from ledger.queries.pledge_list import PledgeRow, rows
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rights import RESERVED
from ledger.storage.rows import in_context


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An official as the list shows them. ``delivered`` counts late deliveries; ``judged`` all that ended."""

    id: str
    name: str
    provisional: bool
    role: str | None
    office: str | None
    body: str | None
    statements: int
    pledges: int
    judged: int
    delivered: int
    overdue: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with its days; an open end is None."""

    office: str
    role: str
    body: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Latest:
    """A statement as the page of who made it shows it."""

    id: str
    kind: str
    words: str
    outlet: str
    title: str
    url: str
    published: datetime | None
    link: str
    context: Passage


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """One official. ``aliases`` are the names that articles use; ``latest`` their newest statements;
    ``spoken_for``: pledges that are another's, mostly a body's, and that they stated too."""

    official: OfficialRow
    aliases: tuple[str, ...]
    posts: tuple[PostRow, ...]
    pledges: tuple[PledgeRow, ...]
    spoken_for: tuple[PledgeRow, ...]
    latest: tuple[Latest, ...]


_OFFICIALS = """
WITH latest AS (
    SELECT official_id, arg_max(role, day) AS role, arg_max(office, day) AS office,
        arg_max(body, day) AS body
    FROM (SELECT *, coalesce(first, DATE '0001-01-01') AS day FROM w.posts) GROUP BY official_id),
said AS ( -- the machine's count, less what people took from an official, and what they gave
    SELECT official_id, sum(statements)::BIGINT AS statements FROM (
        FROM w.statements_by_official WHERE official_id NOT IN (FROM rejected)
        UNION ALL SELECT machine_official_id, -1 FROM link
            WHERE is_shown AND machine_official_id NOT IN (FROM rejected)
        UNION ALL SELECT official_id, 1 FROM link WHERE is_shown) GROUP BY 1),
promised AS (
    SELECT person_id, count(*) AS pledges,
        count(*) FILTER (NOT awaited) AS judged, count(*) FILTER (outcome = 'kept') AS delivered,
        count(*) FILTER (list_contains(flags, 'overdue')) AS overdue
    FROM pledge_view WHERE person_id IS NOT NULL GROUP BY 1)
SELECT o.id, o.name, o.provisional AND o.id NOT IN (SELECT subject FROM confirmed) AS provisional,
    latest.role, latest.office, latest.body,
    coalesce(statements, 0) AS statements, coalesce(pledges, 0) AS pledges, coalesce(judged, 0) AS judged,
    coalesce(delivered, 0) AS delivered, coalesce(overdue, 0) AS overdue
FROM w.officials o
LEFT JOIN latest ON latest.official_id = o.id
LEFT JOIN said ON said.official_id = o.id
LEFT JOIN promised ON promised.person_id = o.id"""


def officials(settings: Settings) -> list[OfficialRow]:
    """Everybody who said anything, those with most pledges first."""
    with published.reading(settings) as connection:
        order = "pledges DESC, statements DESC, lower(name), o.id"
        return rows(connection, OfficialRow, f"{_OFFICIALS} WHERE statements > 0 ORDER BY {order}")


def official(settings: Settings, official_id: str) -> OfficialPage | None:
    """One official with posts and pledges, None where the register holds no such id."""
    with published.reading(settings) as connection:
        found = rows(connection, OfficialRow, f"{_OFFICIALS} WHERE o.id = ?", [official_id])
        if not found:
            return None
        (names,) = warehouse.column(connection, "SELECT aliases FROM w.officials WHERE id = ?", [official_id])
        posts = rows(connection, PostRow, _POSTS, [official_id])
        pledges = rows(connection, PledgeRow, _PLEDGES, [official_id])
        spoken_for = rows(connection, PledgeRow, _SPOKEN_FOR, [official_id])
        newest = warehouse.column(connection, _NEWEST, [official_id])
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [newest])
        latest = tuple(Latest(**in_context(row)) for row in warehouse.fetch(connection, _LATEST))
    aliases = tuple(names or ())
    return OfficialPage(found[0], aliases, tuple(posts), tuple(pledges), tuple(spoken_for), latest)


_POSTS = "SELECT * FROM w.posts WHERE official_id = ? ORDER BY first DESC NULLS LAST, office"
_PLEDGES = "SELECT * FROM pledge_view WHERE person_id = ? ORDER BY first_stated DESC NULLS LAST, id"
_SPOKEN_FOR = """
SELECT * FROM pledge_view WHERE person_id IS DISTINCT FROM $1 AND id IN (
    SELECT pledge_id FROM commitment_view WHERE official_id = $1 AND NOT is_rejected)
ORDER BY first_stated DESC NULLS LAST, id"""
_NEWEST = """
SELECT s.id FROM w.statements s JOIN w.articles a ON a.id = s.article_id LEFT JOIN link ON link.subject = s.id
WHERE s.role IS DISTINCT FROM 'non_official'
    AND ((link.subject IS NULL AND s.official_id = $1 AND $1 NOT IN (FROM rejected)) OR link.official_id = $1)
ORDER BY a.published DESC NULLS LAST, s.id LIMIT 5"""
_LATEST = f"""
SELECT a.id, a.kind, a.words, a.content, a.outlet, a.title, a.url, a.published, a.article_text AS text,
    a.pages, {RESERVED} AS reserved
FROM asked_words a ORDER BY a.published DESC NULLS LAST, a.id"""
