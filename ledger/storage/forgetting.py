"""The warehouse without what was taken out on request: names blanked in it, an outlet's rows, what is old."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime

from ledger.forgotten import blanked
from ledger.storage.pledge_index import drop_of_article
from ledger.storage.warehouse import Connection, column
from ledger.types import text_hash

_COLUMNS = """SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal AND table_name IN (
        SELECT table_name FROM duckdb_tables() WHERE database_name = current_database())
    AND data_type IN ('VARCHAR', 'JSON', 'VARCHAR[]') ORDER BY ALL"""


def texts(connection: Connection) -> Iterator[tuple[str, str]]:
    """All that is stored of each article in words, also of its earlier states, with its id."""
    query = """SELECT id, concat_ws(' | ', title, byline, section, text, authors::VARCHAR, url) FROM articles
        UNION ALL SELECT article_id, text FROM revisions"""
    result = connection.execute(query)
    while rows := result.fetchmany(500):
        yield from rows


def blank(connection: Connection, is_named: Callable[[str], object], names: Collection[str]) -> None:
    """Blank these names (folded) in every column of words. Officials who bear one of them go whole.

    Within the caller's transaction. ``is_named``: whether a text names one of those people.
    """
    for article in {key for key, text in texts(connection) if is_named(text)}:
        drop_of_article(connection, article)
    officials = connection.execute("SELECT id, name FROM officials").fetchall()
    gone = [key for key, name in officials if is_named(name)]
    for table, named in (("posts", "official_id"), ("officials", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {named} IN (SELECT unnest(?))", [gone])
    for table, name, kind in connection.execute(_COLUMNS).fetchall():
        listed = kind == "VARCHAR[]"
        values = column(connection, f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL')
        for value in values:
            if not is_named(" | ".join(value) if listed else value):
                continue
            now = [blanked(one, names) for one in value] if listed else blanked(value, names)
            connection.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE "{name}" = ?', [now, value])


def refer(connection: Connection, references: Mapping[tuple[str, datetime], str]) -> None:
    """Let articles and their states point to the archive records that hold them now (by id and time of
    fetching), each done as far as the one before was; and make the hashes those of the texts as they are
    now, so that articles are read anew."""
    stored = "SELECT article_id, fetched, archive FROM revisions"
    for key, fetched, old in connection.execute(stored).fetchall():
        now = references.get((key, fetched), old)
        if now == old:
            continue
        for table in ("articles", "revisions"):
            connection.execute(f"UPDATE {table} SET archive = ? WHERE archive = ?", [now, old])
        connection.execute(
            "INSERT OR IGNORE INTO done SELECT stage, ?, version FROM done WHERE item = ?", [now, old]
        )
    for table in ("articles", "revisions"):
        for sha256, text in connection.execute(f"SELECT sha256, text FROM {table}").fetchall():
            if (fresh := text_hash(text)) != sha256:
                connection.execute(f"UPDATE {table} SET sha256 = ? WHERE sha256 = ?", [fresh, sha256])


def articles_of(connection: Connection, outlet: str) -> dict[str, str]:
    """The stored articles of an outlet, id to address."""
    return dict(connection.execute("SELECT id, url FROM articles WHERE outlet = ?", [outlet]).fetchall())


def drop_outlet(connection: Connection, outlet: str) -> None:
    """Remove what is kept of an outlet beside its articles: itself, its visits, its problems."""
    connection.execute("DELETE FROM visits WHERE outlet = ?", [outlet])
    connection.execute("DELETE FROM problems WHERE item = ? OR contains(detail, ?)", [outlet, outlet])
    connection.execute("DELETE FROM outlets WHERE name = ?", [outlet])


def unused(connection: Connection, decided: Collection[str], before: date) -> dict[str, str]:
    """Articles of before that day on which no pledge, evidence, passage worth a look or decision rests, and
    of which no other is a copy: id to address. ``decided``: ids that decisions name."""
    query = """WITH named AS (SELECT unnest(?::VARCHAR[]) AS id)
        SELECT id, url FROM articles a
        WHERE CAST(coalesce(published, first_seen) AS DATE) < ?
        AND id NOT IN (SELECT s.article_id FROM statements s JOIN commitments c ON c.statement_id = s.id)
        AND id NOT IN (SELECT article_id FROM evidence) AND id NOT IN (SELECT article_id FROM leads)
        AND id NOT IN (FROM named) AND id NOT IN (SELECT article_id FROM statements WHERE id IN (FROM named))
        AND id NOT IN (SELECT coalesce(copy_of, '') FROM articles)
        AND id NOT IN (SELECT coalesce(prints, '') FROM articles)
        ORDER BY id"""
    return dict(connection.execute(query, [sorted(decided), before]).fetchall())
