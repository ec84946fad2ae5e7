"""People's decisions as labels: what is a promise, what is the same one, what bears on it and how.

Only decisions in force; of each thing the last word. What reserved articles do not let pass is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.storage.rows import spans_of
from ledger.storage.warehouse import Connection, column, fetch
from ledger.types import Span

NONE = "none"  # of a passage that does not bear on its pledge


@dataclass(frozen=True, slots=True)
class LabelledWords:
    """Words of an article; no spans where they may not be passed on."""

    article_id: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One label. ``kind``: commitment, same or evidence. ``beside``: the other promise, or the one that a
    passage bears on; ``machine``: what the machine had said, "" where nothing. ``day``: when the words were
    published, ``said``: those beside."""

    kind: str
    label: str
    words: LabelledWords
    beside: LabelledWords | None
    machine: str
    day: date | None
    said: date | None


def labels(connection: Connection) -> Iterator[Label]:
    """All labels that people's decisions give, in the order of the words."""
    for query in (_COMMITMENTS, _SAME, _EVIDENCE):
        for row in fetch(connection, query, {"none": NONE} if "$none" in query else None):
            yield _label(row)


def texts(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, tuple[Span, ...]]]:
    """The text and the sentences of these articles; no sentences where rights are reserved."""
    query = """SELECT a.id, a.text, CASE WHEN r.article_id IS NULL THEN t.spans END AS spans
        FROM w.articles a LEFT JOIN w.sentences t ON t.article_id = a.id
        LEFT JOIN w.reserved_article r ON r.article_id = a.id WHERE a.id IN (SELECT unnest(?::VARCHAR[]))"""
    return {row["id"]: (row["text"], spans_of(row["spans"])) for row in fetch(connection, query, [list(ids)])}


def public_names(connection: Connection) -> list[str]:
    """The names of officials, also those that articles use; without whom a person found to be none."""
    return column(
        connection,
        """SELECT DISTINCT unnest(list_prepend(name, coalesce(aliases, []))) AS name FROM w.officials
        WHERE id NOT IN (FROM rejected) ORDER BY name""",
    )


def _label(row: dict[str, Any]) -> Label:
    beside = row["beside_article"] and LabelledWords(row["beside_article"], spans_of(row["beside_spans"]))
    words = LabelledWords(row["article_id"], spans_of(row["spans"]))
    return Label(
        row["kind"], row["label"], words, beside or None, row["machine"] or "", row["day"], row["said"]
    )


# A commitment's words: its clause, or where it has none the statement's.
_PROMISE = """promise AS (
    SELECT c.id, c.type, s.article_id, s.speaker, a.published::DATE AS day, s.seq, CASE
        WHEN c.span[2] <= c.span[1] THEN s.content WHEN c.clause <> '' THEN [c.span] ELSE [] END AS spans
    FROM given_commitment c JOIN given_statement s ON s.id = c.statement_id
    JOIN w.articles a ON a.id = s.article_id)"""

# To set an undertaking of an unknown speaker aside may mean that no official gave it: that is no label. One
# that was set aside as minor is one all the same.
_COMMITMENTS = f"""
WITH {_PROMISE}
SELECT 'commitment' AS kind,
    CASE WHEN checked.kind = 'confirm' THEN 'promise' WHEN checked.ground = 'minor' THEN 'minor'
        ELSE 'not_a_promise' END AS label, p.article_id, p.spans,
    NULL AS beside_article, NULL AS beside_spans, p.type AS machine, p.day, NULL AS said
FROM checked JOIN promise p ON p.id = checked.subject
WHERE checked.kind = 'confirm' OR p.speaker IS NOT NULL
ORDER BY p.day, p.article_id, p.seq, p.spans, p.id"""

_SAME = f"""
WITH {_PROMISE},
pair AS (
    SELECT n, kind, subject AS one, value ->> 'with' AS other FROM decision WHERE kind IN ('merge', 'split')
    QUALIFY row_number() OVER (PARTITION BY least(one, other), greatest(one, other) ORDER BY n DESC) = 1)
SELECT 'same' AS kind, CASE pair.kind WHEN 'merge' THEN 'same' ELSE 'other' END AS label,
    p.article_id, p.spans, o.article_id AS beside_article, o.spans AS beside_spans, '' AS machine, p.day,
    o.day AS said
FROM pair JOIN promise p ON p.id = pair.one JOIN promise o ON o.id = pair.other
ORDER BY p.day, p.article_id, p.seq, p.spans, p.id, o.id"""

# What a person took stands for what was rejected of the same passage: the sign was wrong.
_EVIDENCE = f"""
WITH {_PROMISE},
told AS (
    SELECT e.id, coalesce(gone.into_id, e.pledge_id) AS pledge_id, e.article_id, e.first, e.last, e.stance,
        h.evidence_id IS NULL AS given
    FROM w.evidence e LEFT JOIN gone ON gone.pledge_id = e.pledge_id
    LEFT JOIN w.withheld_evidence h ON h.evidence_id = e.id),
judgement AS (
    SELECT j.subject AS id, j.pledge_id, j.article_id, j.first, j.last,
        CASE j.kind WHEN 'take' THEN j.stance ELSE $none END AS label,
        coalesce(any_value(told.stance), any_value(l.stance)) AS machine,
        any_value(r.article_id) IS NULL OR any_value(w.lies_in(r.quoted, j.first, j.last)) AS given
    FROM judged j LEFT JOIN told ON told.article_id = j.article_id AND told.pledge_id = j.pledge_id
        AND told.first < j.last AND j.first < told.last
    LEFT JOIN w.leads l ON l.id = j.subject LEFT JOIN w.reserved_article r ON r.article_id = j.article_id
    GROUP BY ALL
    UNION ALL
    SELECT told.id, told.pledge_id, told.article_id, told.first, told.last,
        CASE checked.kind WHEN 'confirm' THEN told.stance ELSE $none END, told.stance, told.given
    FROM checked JOIN told ON told.id = checked.subject
    ANTI JOIN judged j ON j.article_id = told.article_id AND j.pledge_id = told.pledge_id
        AND told.first < j.last AND j.first < told.last)
SELECT 'evidence' AS kind, j.label, j.article_id,
    CASE WHEN j.given THEN [[j.first, j.last]] ELSE [] END AS spans, p.article_id AS beside_article,
    p.spans AS beside_spans, j.machine, a.published::DATE AS day, p.day AS said
FROM judgement j JOIN w.articles a ON a.id = j.article_id JOIN promise p ON p.id = j.pledge_id
ORDER BY day, j.article_id, j.first, j.id"""
