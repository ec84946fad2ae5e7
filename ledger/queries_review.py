"""What waits for a person's judgement, ordered by what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger import warehouse
from ledger.passages import Passage, link_to_words, passage, quotation_only
from ledger.queries import PledgeRow, opened, rows
from ledger.rights import RESERVED
from ledger.rows import spans_of
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An undertaking whose speaker is not known. ``statement_id`` is what a person links to an official."""

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
class Queue:
    """What waits. ``speakers``: firm promises first. ``statuses``: suggestions that came after what
    people set and differ from it, then those nobody has looked at, most independent evidence first.
    ``silent``: overdue and without any report of what was done, longest first. Each list is cut; the
    totals are in ``totals``.
    """

    speakers: tuple[Unresolved, ...]
    statuses: tuple[PledgeRow, ...]
    silent: tuple[PledgeRow, ...]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """An official to choose from; ``post`` is the latest one, in words."""

    id: str
    name: str
    post: str


_FIRST = "CASE c.type WHEN 'firm' THEN 0 WHEN 'negative' THEN 1 WHEN 'ongoing' THEN 2 ELSE 3 END"
_STATUSES = """(CASE WHEN set_status IS NULL THEN suggested <> 'not_yet_rated'
    ELSE suggested <> set_status AND suggested_on > set_at::DATE END)"""
_SILENT = "list_contains(flags, 'overdue') AND evidence = 0 AND set_status IS NULL"


def queue(settings: Settings, most: int = 50) -> Queue:
    """What waits for judgement, at most ``most`` of each kind."""
    with opened(settings) as connection:
        connection.execute("CREATE TEMP TABLE p AS SELECT * FROM pledge_view")
        unresolved = warehouse.fetch(
            connection,
            f"""SELECT c.id AS commitment_id, c.statement_id, c.pledge_id, c.type, c.words, c.content,
                c.source_name, c.speaker_why AS why, c.outlet, c.headline, c.url, c.published, a.text,
                {RESERVED} AS reserved, count(*) OVER () AS total
            FROM commitment_view c JOIN w.articles a ON a.id = c.article_id
            WHERE c.speaker IS NULL AND NOT c.is_rejected
            ORDER BY {_FIRST}, c.published DESC NULLS LAST, c.id LIMIT ?""",
            [most],
        )
        order = "(set_status IS NULL), independent DESC, evidence DESC, id"
        statuses = rows(
            connection, PledgeRow, f"SELECT * FROM p WHERE {_STATUSES} ORDER BY {order} LIMIT {most}"
        )
        silent = rows(
            connection, PledgeRow, f"SELECT * FROM p WHERE {_SILENT} ORDER BY deadline, id LIMIT {most}"
        )
        counts = warehouse.fetch(
            connection,
            f"""SELECT count(*) FILTER ({_STATUSES}) AS statuses, count(*) FILTER ({_SILENT}) AS silent
            FROM p""",
        )[0]
    totals = {name: int(str(value)) for name, value in counts.items()}
    totals["speakers"] = int(str(unresolved[0]["total"])) if unresolved else 0
    return Queue(tuple(map(_unresolved, unresolved)), tuple(statuses), tuple(silent), totals)


def people(settings: Settings) -> Sequence[Person]:
    """All officials, by name."""
    with opened(settings) as connection:
        return rows(
            connection,
            Person,
            """SELECT o.id, o.name, coalesce(arg_max(
                CASE WHEN contains(p.office, p.body) THEN p.office
                    ELSE concat_ws(', ', nullif(p.office, ''), nullif(p.body, '')) END,
                coalesce(p.first, DATE '0001-01-01')), '') AS post
            FROM w.officials o LEFT JOIN w.posts p ON p.official_id = o.id
            GROUP BY o.id, o.name ORDER BY lower(o.name), o.id""",
        )


def _unresolved(row: dict[str, Any]) -> Unresolved:
    text, spans = row.pop("text"), spans_of(row.pop("content"))
    context = quotation_only(text, spans) if row.pop("reserved") else passage(text, spans)
    row.pop("total")
    return Unresolved(**row, context=context, link=link_to_words(row["url"], text, spans))
