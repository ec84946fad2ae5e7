"""The journal for readers: what each decision is about in words, so that no row says only "rejected it"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger.decisions import published
from ledger.presentation.labels import decided
from ledger.queries.pledge_list import rows
from ledger.queries.pledge_page import Journalled, journal, sides
from ledger.settings import Settings
from ledger.types import UNOWNED


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
    with published.reading(settings) as connection:
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [ids])
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


# `given`: the id that the journal has; `id`: of what stands for it now.
_SUBJECTS = f"""
WITH asked AS (
    SELECT given, coalesce(now, given) AS id FROM (SELECT unnest(?::VARCHAR[]) AS given)
    LEFT JOIN w.succeeded ON was = given),
kept AS (SELECT DISTINCT pledge_id FROM place_view WHERE commitment_id NOT IN (FROM rejected)),
stated AS (
    SELECT s.id AS statement_id, c.id AS commitment_id, s.words, c.clause, c.span, kept.pledge_id, coalesce(
        as_decided(link.subject, link.speaker, nobody.subject, s.speaker), nullif(s.source_name, ''),
        '{UNOWNED}') AS whose
    FROM given_statement s
    LEFT JOIN given_commitment c ON c.statement_id = s.id
    LEFT JOIN link ON link.subject = s.id
    LEFT JOIN rejected nobody ON nobody.subject = s.official_id
    LEFT JOIN place_view place ON place.commitment_id = c.id
    LEFT JOIN kept ON kept.pledge_id = place.pledge_id
    WHERE s.id IN (SELECT id FROM asked)
        OR s.id IN (SELECT statement_id FROM w.commitments WHERE id IN (SELECT id FROM asked)))
SELECT given AS id, 'statement' AS kind, coalesce(nullif(clause, ''), words) AS words, whose, pledge_id,
    statement_id
FROM asked JOIN stated ON commitment_id = asked.id
UNION ALL SELECT given, 'statement', words, whose, pledge_id, statement_id
FROM asked JOIN stated ON statement_id = asked.id
QUALIFY row_number() OVER (PARTITION BY given ORDER BY pledge_id IS NULL, span, commitment_id) = 1
UNION ALL SELECT given, 'report', coalesce(nullif(e.words, ''), a.title), a.outlet, kept.pledge_id, NULL
FROM asked JOIN evidence_given('named_evidence') e ON e.id = asked.id JOIN w.articles a ON a.id = e.article_id
LEFT JOIN kept ON kept.pledge_id = e.pledge_id
UNION ALL SELECT given, 'report', a.title, a.outlet, kept.pledge_id, NULL -- not taken, or struck
FROM asked JOIN (
    SELECT l.id, coalesce(gone.into_id, l.pledge_id) AS pledge_id, l.article_id
    FROM asked_key JOIN w.leads l ON l.id = asked_key.id LEFT JOIN gone ON gone.pledge_id = l.pledge_id
    WHERE l.id NOT IN (SELECT subject FROM judged)
    UNION ALL SELECT subject, pledge_id, article_id FROM judged WHERE kind = 'strike') l ON l.id = asked.id
JOIN w.articles a ON a.id = l.article_id LEFT JOIN kept ON kept.pledge_id = l.pledge_id
UNION ALL SELECT o.id, 'official', o.name, coalesce(any_value(p.office), ''), NULL, NULL
FROM asked JOIN w.officials o ON o.id = asked.id LEFT JOIN w.posts p ON p.official_id = o.id GROUP BY ALL"""
