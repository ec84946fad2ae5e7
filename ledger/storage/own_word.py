"""Whose own word an article is, which others print it, and what is a copy of what: kept during a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger import vocabulary
from ledger.storage.warehouse import Connection, column

# Articles that are a body's own word, each with the body: as the outlet's entry says, else its name.
WHOSE = """SELECT a.id, coalesce(nullif(o.publisher, ''), a.outlet) AS publisher
    FROM articles a LEFT JOIN outlets o ON o.name = a.outlet
    WHERE a.kind IN (SELECT unnest($own::VARCHAR[]))"""


def own_words() -> list[str]:
    """The kinds of articles that are their publisher's own word."""
    return [name for name, kind in vocabulary.kinds().items() if kind.own_word]


def releases(connection: Connection) -> set[str]:
    """The ids of all such articles."""
    query = "SELECT id FROM articles WHERE kind IN (SELECT unnest(?::VARCHAR[]))"
    return set(column(connection, query, [own_words()]))


def publishers(connection: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """Of these articles those that are a body's own word, with the body."""
    query = f"SELECT id, publisher FROM ({WHOSE}) WHERE id IN (SELECT unnest($ids::VARCHAR[]))"
    return dict(connection.execute(query, {"own": own_words(), "ids": list(article_ids)}).fetchall())


def texts_near(connection: Connection, ids: Sequence[str], days: int) -> list[tuple[str, str, str | None]]:
    """These articles and those published within ``days`` of them, as (id, text, copy of), oldest first."""
    return connection.execute(
        """WITH fresh AS (SELECT min(published) AS first, max(published) AS last
            FROM articles WHERE id IN (SELECT unnest($ids)))
        SELECT a.id, a.text, a.copy_of FROM articles a, fresh
        WHERE a.id IN (SELECT unnest($ids))
            OR a.published BETWEEN fresh.first - to_days($days) AND fresh.last + to_days($days)
        ORDER BY a.published NULLS LAST, a.first_seen, a.id""",
        {"ids": list(ids), "days": days},
    ).fetchall()


def set_copies(connection: Connection, copies: Mapping[str, str], prints: Mapping[str, str]) -> None:
    """Note what articles are copies of ("" is of none) and which release they print and add to. What they
    tell of pledges is to be found anew."""
    for article_id, original in copies.items():
        connection.execute("UPDATE articles SET copy_of = nullif(?, '') WHERE id = ?", [original, article_id])
    for article_id, release in prints.items():
        connection.execute("UPDATE articles SET prints = ? WHERE id = ?", [release, article_id])
    query = """DELETE FROM done
        WHERE stage = 'track' AND split_part(item, ':', 1) IN (SELECT unnest(?::VARCHAR[]))"""
    connection.execute(query, [[*copies, *prints]])
