"""What the published warehouse holds, in the few numbers that a run ends with and `said status` shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.decisions import published
from ledger.queries import pledge_list
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import text_hash


@dataclass(frozen=True)
class Summary:
    """Counts of the published warehouse. ``overdue``: (pledge id, title, owner, deadline), longest first."""

    outlets: int
    articles: int
    statements: int
    unresolved: int
    officials: int
    commitments: int
    pledges: dict[str, int] = field(default_factory=dict)
    overdue: list[tuple[str, str, str, date]] = field(default_factory=list)
    runs: int = 0


def summary(settings: Settings) -> Summary:
    """The numbers of the published warehouse. Raises WrongUse when there is none."""
    with pledge_list.opened(settings) as connection:

        def number(query: str) -> int:
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0

        pledges = connection.execute(
            "SELECT suggested, count(*) FROM pledge_view GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        by_status = dict(pledges.fetchall())
        overdue = connection.execute(
            """SELECT id, title, owner, deadline FROM pledge_view
            WHERE list_contains(flags, 'overdue') AND deadline IS NOT NULL ORDER BY deadline, id"""
        ).fetchall()
        return Summary(
            outlets=number("SELECT count(DISTINCT outlet) FROM w.articles"),
            articles=number("SELECT count(*) FROM w.articles"),
            statements=number("SELECT count(*) FROM w.statements"),
            unresolved=number("SELECT count(*) FROM statement_view WHERE speaker IS NULL"),
            officials=number(
                "SELECT count(DISTINCT official_id) FROM statement_view WHERE official_id IS NOT NULL"
            ),
            commitments=number("SELECT count(*) FROM commitment_view WHERE NOT is_rejected"),
            pledges={str(k): int(v) for k, v in by_status.items()},
            overdue=overdue,
            runs=number("SELECT count(*) FROM w.runs WHERE finished IS NOT NULL"),
        )


def runs(settings: Settings, most: int) -> list[dict[str, Any]]:
    """The last runs, newest first, each with its problems and what it skipped."""
    with published.reading(settings) as connection:
        listed = warehouse.fetch(
            connection, "SELECT * FROM w.runs ORDER BY started DESC, id DESC LIMIT ?", [most]
        )
        made: list[dict[str, Any]] = []
        for run in listed:
            found = {
                f"{name}_list": warehouse.fetch(
                    connection, f"SELECT * EXCLUDE (run_id) FROM w.{table} WHERE run_id = ?", [run["id"]]
                )
                for name, table in (("problem", "problems"), ("skip", "skipped"))
            }
            made.append({**run, **found, "problems": len(found["problem_list"])})
        return made


@dataclass(frozen=True)
class Broken:
    """A stored quotation that does not stand at its offsets, and why."""

    statement_id: str
    url: str
    reason: str


def verify(settings: Settings) -> tuple[int, list[Broken]]:
    """Check every stored quotation: its words at its offsets in the stored text, whose hash must hold.

    Gives how many statements were checked, and those that failed. Whether the stored text is what the
    archived page says is `flows.pipeline.verify`'s part of `said verify`.
    """
    broken: list[Broken] = []
    checked = 0
    with published.reading(settings) as connection:
        cursor = connection.execute(
            """SELECT s.id, s.content, s.words, a.url, a.text, a.sha256
            FROM w.statements s LEFT JOIN w.articles a ON a.id = s.article_id ORDER BY s.article_id, s.seq"""
        )
        while batch := cursor.fetchmany(1000):
            for statement_id, content, said, url, text, sha256 in batch:
                checked += 1
                reason = _fault(content, said, text, sha256)
                if reason:
                    broken.append(Broken(statement_id, url or "", reason))
    return checked, broken


def _fault(content: list[list[int]], said: str, text: str | None, sha256: str) -> str:
    if text is None:
        return "its article is not stored"
    if text_hash(text) != sha256:
        return "the stored text is not the one that was hashed"
    if not content or any(not 0 <= start < end <= len(text) for start, end in content):
        return "its offsets lie outside the text"
    if " […] ".join(text[start:end] for start, end in content) != said:
        return "its words are not those at its offsets"
    return ""
