"""What the published warehouse holds, in the few numbers that a run ends with and `said status` shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.decisions import published
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.records import words
from ledger.storage.rows import spans_of
from ledger.types import text_hash


@dataclass(frozen=True, slots=True)
class Overdue:
    """A pledge whose first date has passed, and the newest given since."""

    id: str
    title: str
    owner: str
    first_due: date
    deadline: date


@dataclass(frozen=True)
class Summary:
    """Counts of the published warehouse. ``overdue``: the pledges that are, longest late first."""

    outlets: int
    articles: int
    statements: int
    unresolved: int
    officials: int
    commitments: int
    minor: int
    pledges: dict[str, int] = field(default_factory=dict)
    overdue: list[Overdue] = field(default_factory=list)
    runs: int = 0


def summary(settings: Settings) -> Summary:
    """The numbers of the published warehouse. Raises WrongUse when there is none."""
    with published.reading(settings) as connection:
        pledges = connection.execute(
            "SELECT suggested, count(*) FROM pledge_view GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        overdue = warehouse.fetch(
            connection,
            """SELECT id, title, owner, first_due, deadline FROM pledge_view
            WHERE list_contains(flags, 'overdue') ORDER BY first_due, id""",
        )
        numbers = warehouse.fetch(connection, _NUMBERS)[0]
        return Summary(
            **numbers,
            pledges=dict(pledges),
            overdue=[Overdue(**row) for row in overdue],
        )


_NUMBERS = """
SELECT (SELECT count(DISTINCT outlet) FROM w.articles) AS outlets,
    (SELECT count(*) FROM w.articles) AS articles,
    (SELECT count(*) FROM w.statements) AS statements,
    (SELECT count(*) FROM statement_view WHERE speaker IS NULL) AS unresolved,
    (SELECT count(DISTINCT official_id) FROM statement_view) AS officials,
    (SELECT count(*) FROM commitment_view WHERE NOT is_rejected) AS commitments,
    (SELECT count(*) FROM minor_commitment) AS minor,
    (SELECT count(*) FROM w.runs WHERE finished IS NOT NULL) AS runs"""


def runs(settings: Settings, most: int) -> list[dict[str, Any]]:
    """The last runs, newest first, each with its problems and what it skipped."""
    with published.reading(settings) as connection:
        query = "SELECT * FROM w.runs ORDER BY started DESC, id DESC LIMIT ?"
        listed = warehouse.fetch(connection, query, [most])
        for run in listed:
            for name, table in (("problem_list", "problems"), ("skip_list", "skipped")):
                query = f"SELECT * EXCLUDE (run_id) FROM w.{table} WHERE run_id = ?"
                run[name] = warehouse.fetch(connection, query, [run["id"]])
            run["problems"] = len(run["problem_list"])
        return listed


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
    if words(text, spans_of(content)) != said:
        return "its words are not those at its offsets"
    return ""
