"""What waits for a person's judgement, ordered by what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.decisions import published
from ledger.presentation.passages import Passage
from ledger.queries.owners import POSTS
from ledger.queries.pledge_list import PledgeRow, first_of, rows
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rights import RESERVED
from ledger.storage.rows import in_context
from ledger.vocabulary import types


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A statement that undertakes something and whose speaker is not known. ``statement_id`` is what a person
    links to an official; type, pledge and commitment are those of its firmest undertaking."""

    commitment_id: str
    statement_id: str
    pledge_id: str | None
    type: str
    words: str
    source_name: str
    why: str
    outlet: str
    headline: str
    url: str
    published: datetime | None
    context: Passage
    link: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Two pledges that may be one ("merge"), or a statement that may not belong in its pledge ("split").

    ``one``, ``other``: a commitment's id of either side, for the decision. ``likeness``: 0 to 1, grouping
    joins from 0.5 on.
    """

    kind: str
    one: str
    other: str
    likeness: float
    one_pledge: PledgeRow
    other_pledge: PledgeRow
    words: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A doubt to take along; ``one_words`` of a split is the statement, else the pledge's."""

    kind: str
    likeness: float
    one: str
    one_owner: str
    one_title: str
    one_words: str
    other: str
    other_owner: str
    other_title: str
    other_words: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An official known only from a title in an article."""

    id: str
    name: str
    office: str
    body: str
    role: str
    statements: int
    words: str
    outlet: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits. ``speakers``: the firmest promises first. ``statuses``: suggestions that came after what
    people set and differ from it, then those nobody has looked at, most independent evidence first.
    ``merges``, ``splits``: where the grouping nearly decided otherwise, the closest first. ``newcomers``:
    seen only in a title, most statements first. ``silent``: overdue and without any report of what was done,
    longest first. Each list is cut; the totals are in ``totals``.
    """

    speakers: tuple[Unresolved, ...]
    statuses: tuple[PledgeRow, ...]
    silent: tuple[PledgeRow, ...]
    merges: tuple[Doubtful, ...]
    splits: tuple[Doubtful, ...]
    newcomers: tuple[Newcomer, ...]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class OfficialChoice:
    """An official to choose from; ``post`` is the latest one, in words."""

    id: str
    name: str
    post: str


def to_take_along(settings: Settings, name: str, most: int) -> Sequence[object]:
    """All rows of one of the queue's lists, at most ``most``, each without lists or rows within it."""
    some: Sequence[object] = getattr(queue(settings, most), name)
    return [_flat(row) if isinstance(row, Doubtful) else row for row in some]


def _flat(doubt: Doubtful) -> DoubtRow:
    one, other = doubt.one_pledge, doubt.other_pledge
    words = doubt.words if doubt.kind == "split" else one.words
    sides = (doubt.one, one.owner, one.title, words, doubt.other, other.owner, other.title, other.words)
    return DoubtRow(doubt.kind, doubt.likeness, *sides)


_STATUSES = """(CASE WHEN set_status IS NULL THEN suggested <> 'not_yet_rated'
    ELSE suggested <> set_status AND suggested_noted > set_at END)"""
_SILENT = "list_contains(flags, 'overdue') AND evidence = 0 AND set_status IS NULL"


def queue(settings: Settings, most: int = 50) -> Queue:
    """What waits for judgement, at most ``most`` of each kind."""
    with published.reading(settings) as connection:
        connection.execute("CREATE TEMP TABLE p AS SELECT * FROM pledge_view")
        firmest = sorted(types(), key=lambda name: -types()[name].firmness)
        unresolved = warehouse.fetch(connection, _UNRESOLVED, [firmest, most])
        order = "(set_status IS NULL), independent DESC, evidence DESC, id"
        statuses = first_of(connection, _STATUSES, order, most)
        silent = first_of(connection, _SILENT, "deadline, id", most)
        counted = f"count(*) FILTER ({_STATUSES}) AS statuses, count(*) FILTER ({_SILENT}) AS silent"
        (totals,) = warehouse.fetch(connection, f"SELECT {counted} FROM p")
        merges, splits = (_doubts(connection, kind, most) for kind in ("merge", "split"))
        newcomers = rows(connection, Newcomer, _NEWCOMERS)
    found = [row.pop("total") for row in unresolved]  # the same in each
    totals |= {"merges": merges[0], "splits": splits[0], "newcomers": len(newcomers)}
    totals["speakers"] = found[0] if found else 0
    return Queue(
        tuple(Unresolved(**in_context(row)) for row in unresolved),
        statuses,
        silent,
        merges[1],
        splits[1],
        tuple(newcomers[:most]),
        totals,
    )


def _doubts(connection: warehouse.Connection, kind: str, most: int) -> tuple[int, tuple[Doubtful, ...]]:
    """How many doubts of a kind no person has settled yet, and the first of them."""
    listed = warehouse.fetch(connection, _DOUBTS, [kind, most])
    ids = {row[key] for row in listed for key in ("one_id", "other_id")}
    asked = "SELECT * FROM p WHERE id IN (SELECT unnest(?))"
    pledges = {row.id: row for row in rows(connection, PledgeRow, asked, [sorted(ids)])}
    totals = [row.pop("total") for row in listed]  # the same in each
    return totals[0] if totals else 0, tuple(
        Doubtful(one_pledge=pledges[row.pop("one_id")], other_pledge=pledges[row.pop("other_id")], **row)
        for row in listed
    )


_UNRESOLVED = f"""
WITH first AS MATERIALIZED ( -- chosen without carrying the articles' texts along
    SELECT c.id, count(DISTINCT c.statement_id) OVER () AS total, list_position(?::VARCHAR[], c.type) AS rank
    FROM commitment_view c WHERE c.speaker IS NULL AND NOT c.is_rejected
    QUALIFY row_number() OVER (PARTITION BY c.statement_id ORDER BY rank, c.span, c.id) = 1
    ORDER BY rank, c.published DESC NULLS LAST, c.id LIMIT ?)
SELECT c.id AS commitment_id, c.statement_id, c.pledge_id, c.type, c.words, c.content, [c.span] AS focus,
    c.source_name, c.speaker_why AS why, c.outlet, c.headline, c.url, c.published, a.text,
    a.pages, {RESERVED} AS reserved, first.total
FROM first JOIN commitment_view c ON c.id = first.id JOIN w.articles a ON a.id = c.article_id
ORDER BY first.rank, c.published DESC NULLS LAST, c.id"""
_DOUBTS = """
WITH settled AS (
    SELECT subject AS one, value ->> 'with' AS other FROM decision WHERE kind IN ('merge', 'split')
    UNION SELECT value ->> 'with', subject FROM decision WHERE kind IN ('merge', 'split')),
waiting AS MATERIALIZED (
SELECT d.kind, d.one, d.other, d.likeness, place.pledge_id AS one_id, beside.pledge_id AS other_id,
    coalesce(nullif(g.clause, ''), said.words) AS words, said.published
FROM w.doubts d
ANTI JOIN settled ON settled.one = d.one AND settled.other = d.other
JOIN w.commitment_said said ON said.commitment_id = d.one
JOIN given_commitment g ON g.id = d.one
JOIN place_view place ON place.commitment_id = d.one
JOIN place_view beside ON beside.commitment_id = d.other
WHERE d.kind = ? AND (d.kind = 'merge') = (place.pledge_id <> beside.pledge_id)
    AND d.one NOT IN (FROM rejected)
    AND place.pledge_id IN (SELECT id FROM p) AND beside.pledge_id IN (SELECT id FROM p))
SELECT *, (SELECT count(*) FROM waiting) AS total FROM waiting
ORDER BY abs(likeness - 0.5), one, other LIMIT ?"""
_NEWCOMERS = """
SELECT o.id, o.name, coalesce(any_value(p.office), '') AS office, coalesce(any_value(p.body), '') AS body,
    coalesce(any_value(p.role), '') AS role, count(DISTINCT s.id) AS statements,
    arg_max(s.words, s.published) AS words, arg_max(s.outlet, s.published) AS outlet
FROM w.officials o
JOIN newcomers_words s ON s.official_id = o.id
LEFT JOIN w.posts p ON p.official_id = o.id
WHERE o.provisional AND o.id NOT IN (SELECT subject FROM decision WHERE kind IN ('confirm', 'reject'))
GROUP BY o.id, o.name ORDER BY statements DESC, lower(o.name), o.id"""


def people(settings: Settings) -> Sequence[OfficialChoice]:
    """All officials, by name."""
    query = f"""SELECT o.id, o.name, coalesce(post, '') AS post FROM w.officials o
        LEFT JOIN ({POSTS}) p ON p.official_id = o.id ORDER BY lower(o.name), o.id"""
    with published.reading(settings) as connection:
        return rows(connection, OfficialChoice, query)
