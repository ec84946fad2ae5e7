"""The journal for readers: what each decision is about in words, so that no row says only "rejected it"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger.queries import opened, rows
from ledger.queries_pledge import Journalled, journal, sides
from ledger.rights import QUOTED, RESERVED
from ledger.settings import Settings
from ledger.showing import decided


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about, in words. ``pledge_id`` is None where people rejected all of the pledge.

    ``whose``: the speaker, of a report the outlet, of an official the post.
    """

    id: str
    kind: Literal["statement", "report", "official"]
    words: str
    whose: str
    pledge_id: str | None
    statement_id: str | None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row of the journal to take along."""

    number: int
    at: datetime | None
    who: str
    kind: str
    decided: str
    why: str
    undone: bool
    about: str
    subject: str
    value: str  # JSON


def subjects(settings: Settings, entries: Iterable[Journalled]) -> dict[str, Subject]:
    """What these rows are about, by id; what is no longer stored is left out."""
    ids = sorted({one for entry in entries for one in sides(entry.decision)})
    if not ids:
        return {}
    with opened(settings) as connection:
        return {row.id: row for row in rows(connection, Subject, _SUBJECTS, [ids])}


def written(settings: Settings) -> Sequence[JournalRow]:
    """The whole journal, newest first."""
    entries = journal(settings)
    about = subjects(settings, entries)
    return [
        JournalRow(
            (d := entry.decision).row,
            d.at,
            d.who,
            d.kind,
            decided(d),
            d.why,
            entry.undone,
            " / ".join(f"{s.whose}: {s.words}" for one in sides(d) if (s := about.get(one))),
            d.subject,
            json.dumps(d.value, ensure_ascii=False),
        )
        for entry in entries
    ]


_SUBJECTS = f"""
WITH asked AS (SELECT unnest(?::VARCHAR[]) AS id),
kept AS (SELECT DISTINCT pledge_id FROM place_view WHERE commitment_id NOT IN (FROM rejected)),
stated AS (
    SELECT s.id AS statement_id, c.id AS commitment_id, s.words,
        coalesce(link.speaker, s.speaker, nullif(s.source_name, ''), 'unresolved') AS whose, kept.pledge_id
    FROM w.statements s
    LEFT JOIN w.commitments c ON c.statement_id = s.id
    LEFT JOIN link ON link.subject = s.id
    LEFT JOIN place_view place ON place.commitment_id = c.id
    LEFT JOIN kept ON kept.pledge_id = place.pledge_id
    WHERE s.id IN (FROM asked)
        OR s.id IN (SELECT statement_id FROM w.commitments WHERE id IN (FROM asked)))
SELECT commitment_id AS id, 'statement' AS kind, words, whose, pledge_id, statement_id FROM stated
WHERE commitment_id IN (FROM asked)
UNION ALL SELECT DISTINCT statement_id, 'statement', words, whose, pledge_id, statement_id FROM stated
WHERE statement_id IN (FROM asked)
UNION ALL SELECT e.id, 'report', CASE WHEN {QUOTED} OR NOT {RESERVED} THEN e.words ELSE a.title END, a.outlet,
    kept.pledge_id, NULL
FROM w.evidence e JOIN w.articles a ON a.id = e.article_id
LEFT JOIN gone ON gone.pledge_id = e.pledge_id
LEFT JOIN kept ON kept.pledge_id = coalesce(gone.into_id, e.pledge_id)
WHERE e.id IN (FROM asked)
UNION ALL SELECT o.id, 'official', o.name, coalesce(any_value(p.office), ''), NULL, NULL
FROM w.officials o LEFT JOIN w.posts p ON p.official_id = o.id WHERE o.id IN (FROM asked) GROUP BY ALL"""
