"""What each stage still has to do, and the rows it works on: the run's own queries.

A stage's ``version`` is a hash over the code, data and register it works with; what another version
did counts as not done, and is replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from ledger.quotation_edits import Revision
from ledger.storage.own_word import WHOSE, own_words
from ledger.storage.pledge_index import drop_of_article
from ledger.storage.warehouse import Connection, column, fetch

Row = dict[str, object]


def articles(connection: Connection, stage: str, version: str) -> list[str]:
    """Ids of the articles whose present text this version of a stage has not worked through."""
    query = """SELECT a.id FROM articles a
        ANTI JOIN (SELECT item FROM done WHERE stage = ? AND version = ?) d
            ON d.item = a.id || ':' || a.sha256
        WHERE a.id NOT IN (SELECT article_id FROM forgotten)
        ORDER BY a.published NULLS LAST, a.id"""
    return column(connection, query, [stage, version])


def items_of(connection: Connection, ids: Sequence[str]) -> list[str]:
    """The ``done`` items of these articles' present texts."""
    query = "SELECT id || ':' || sha256 FROM articles WHERE id IN (SELECT unnest(?))"
    return column(connection, query, [list(ids)])


def states(connection: Connection, ids: Sequence[str]) -> dict[str, list[Revision]]:
    """The states of those of the articles that have more than one, oldest first: by the times in the names of
    the archive's files, which go on though the clock was set back, else by when each was fetched."""
    query = """SELECT article_id, fetched, sha256, text FROM revisions
        WHERE article_id IN (SELECT unnest(?))
        QUALIFY count(*) OVER (PARTITION BY article_id) > 1
        ORDER BY article_id, CASE WHEN regexp_matches(archive, '^\\d{8}T\\d{6}Z-[0-9a-f]+\\.warc')
            THEN archive[:16] ELSE strftime(timezone('UTC', fetched), '%Y%m%dT%H%M%SZ') END,
            fetched, sha256"""
    found: dict[str, list[Revision]] = {}
    for row in fetch(connection, query, [list(ids)]):
        found.setdefault(row["article_id"], []).append(Revision(**row))
    return found


def known(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of these article ids, the stored ones with the hash of their text."""
    query = "SELECT id, sha256 FROM articles WHERE id IN (SELECT unnest(?))"
    return dict(connection.execute(query, [list(ids)]).fetchall())


def forgotten(connection: Connection) -> set[str]:
    return set(column(connection, "SELECT article_id FROM forgotten"))


def done_items(connection: Connection, stage: str, version: str) -> set[str]:
    query = "SELECT item FROM done WHERE stage = ? AND version = ?"
    return set(column(connection, query, [stage, version]))


def done_of_crawls(connection: Connection, stage: str, version: str, crawls: Sequence[str]) -> set[str]:
    """The archive references ("crawl.warc.gz:offset") of these crawls that a stage has worked through."""
    query = """SELECT item FROM done WHERE stage = ? AND version = ?
        AND split_part(item, '.', 1) IN (SELECT unnest(?))"""
    return set(column(connection, query, [stage, version, list(crawls)]))


def done_versions(connection: Connection, stage: str) -> dict[str, str]:
    """The items that a stage has worked through, with the version of each."""
    rows = connection.execute("SELECT item, version FROM done WHERE stage = ?", [stage])
    return dict(rows.fetchall())


def statements_to_flag(connection: Connection, version: str) -> list[Row]:
    """Statements not yet looked at for a commitment, with their article's text, headline, date and kind."""
    query = """SELECT s.*, a.text AS article_text, a.title AS headline,
            CAST(a.published AS DATE) AS day, coalesce(a.kind, 'news') AS article_kind, a.layout
        FROM statements s
        JOIN articles a ON a.id = s.article_id
        ANTI JOIN (SELECT item FROM done WHERE stage = 'flag' AND version = ?) d ON d.item = s.id
        ORDER BY a.published NULLS LAST, s.article_id, s.seq"""
    return fetch(connection, query, [version])


def drop_commitments_of(connection: Connection, statement_ids: Sequence[str]) -> None:
    connection.execute(
        "DELETE FROM commitments WHERE statement_id IN (SELECT unnest(?))", [list(statement_ids)]
    )


def former_commitments(connection: Connection, statement_ids: Sequence[str]) -> list[Row]:
    """These statements (``now``), each with those whose place it took and itself (``was``), and of these the
    commitments that are stored: id, clause and act with its date, NULL where there are none."""
    query = """WITH asked AS (SELECT unnest(?::VARCHAR[]) AS id),
        former AS (
            SELECT id AS now, id AS was FROM asked
            UNION SELECT now, was FROM succeeded WHERE now IN (FROM asked))
        SELECT now, was, c.id, c.clause, concat_ws(' ', c.action, c.deadline_text) AS act
        FROM former LEFT JOIN commitments c ON c.statement_id = was
        ORDER BY now, was, c.span, c.id"""
    return fetch(connection, query, [list(statement_ids)])


def not_succeeded(connection: Connection, ids: set[str]) -> set[str]:
    """Those of the ids of which nothing is noted that took their place."""
    return ids - set(column(connection, "SELECT was FROM succeeded"))


def drop_orphans(connection: Connection) -> None:
    """Take out what hangs on articles, statements or commitments that are no longer there, or are minor now.

    A commitment stays until the statement that took its own's place is flagged: so long nobody can tell which
    clause stands for it.
    """
    connection.execute("DELETE FROM statements WHERE article_id NOT IN (SELECT id FROM articles)")
    connection.execute(
        """DELETE FROM commitments WHERE statement_id NOT IN (SELECT id FROM statements)
        AND statement_id NOT IN (
            SELECT was FROM succeeded JOIN statements s ON s.id = now
            ANTI JOIN done ON done.stage = 'flag' AND done.item = now)"""
    )
    connection.execute(
        """DELETE FROM pledge_commitments WHERE commitment_id NOT IN (
            SELECT c.id FROM commitments c JOIN statements s ON s.id = c.statement_id WHERE NOT c.minor)"""
    )
    connection.execute(
        """DELETE FROM vectors WHERE split_part(id, ':', 1) NOT IN (SELECT id FROM commitments)
            AND id NOT IN (SELECT 'context:' || id || ':' || sha256 FROM articles)"""
    )
    kept = "(SELECT pledge_id FROM pledge_commitments)"
    parts = (("pledges", "id"), ("evidence", "pledge_id"), ("leads", "pledge_id"), ("doubts", "other"))
    for table, key in parts:
        connection.execute(f"DELETE FROM {table} WHERE {key} NOT IN {kept}")
    connection.execute(
        f"DELETE FROM done WHERE stage = 'track' AND NOT contains(item, ':') AND item NOT IN {kept}"
    )
    connection.execute("DELETE FROM doubts WHERE one NOT IN (SELECT commitment_id FROM pledge_commitments)")
    connection.execute("DELETE FROM done WHERE stage = 'flag' AND item NOT IN (SELECT id FROM statements)")


def speakers_in(connection: Connection, article_ids: Sequence[str]) -> list[Row]:
    """Who is known to speak in these articles, as the machine found: a row for each statement."""
    query = """SELECT s.id AS said_id, s.article_id, s.official_id, s.speaker, s.body, s.role
        FROM statements s WHERE s.article_id IN (SELECT unnest(?)) AND coalesce(s.speaker, s.body) IS NOT NULL
        ORDER BY s.article_id, s.seq"""
    return fetch(connection, query, [list(article_ids)])


def commitments(connection: Connection, ids: Sequence[str] | None = None) -> list[Row]:
    """Commitments (all, or of these ids), oldest first, with statement, article and pledge (or NULL).

    `effects.take_in` comes first: the speaker is the one that stands after people's decisions; what the
    machine found is in ``found_speaker`` and so on. ``is_rejected``: a person has found that it is none.
    """
    where = "" if ids is None else "WHERE c.id IN (SELECT unnest(?))"
    query = f"""SELECT c.*, s.id AS said_id, s.article_id, s.kind, s.content, s.cue, s.source, s.source_name,
            s.speaker, s.official_id, s.role, s.body, s.confidence AS said_confidence, s.why AS said_why,
            s.words, a.published, CAST(a.published AS DATE) AS day, a.outlet,
            pc.pledge_id, coalesce(pc.by_machine, pc.pledge_id) AS machine_id, a.title AS title,
            'context:' || a.id || ':' || a.sha256 AS context_id,
            c.id IN (FROM rejected) AS is_rejected, f.speaker AS found_speaker,
            f.official_id AS found_official_id, f.role AS found_role, f.body AS found_body
        FROM commitments c JOIN said s ON s.id = c.statement_id JOIN articles a ON a.id = s.article_id
        JOIN statements f ON f.id = s.id
        LEFT JOIN pledge_commitments pc ON pc.commitment_id = c.id {where}
        ORDER BY a.published NULLS LAST, s.article_id, s.seq, c.span, c.id"""
    return fetch(connection, query, None if ids is None else [list(ids)])


def printed(connection: Connection, article_ids: Collection[str]) -> list[Row]:
    """These articles' texts and the spans of their sentences: id, title, text, spans."""
    query = """SELECT a.id, a.title, a.text, t.spans
        FROM articles a LEFT JOIN sentences t ON t.article_id = a.id WHERE a.id IN (SELECT unnest(?))"""
    return fetch(connection, query, [sorted(article_ids)])


def clear_places(connection: Connection, ids: Sequence[str]) -> None:
    """Take out which commitments these pledges have, and the doubts of them, before both are written anew."""
    connection.execute("DELETE FROM pledge_commitments WHERE pledge_id IN (SELECT unnest(?))", [list(ids)])
    connection.execute(
        "DELETE FROM doubts WHERE one IN (SELECT unnest($1)) OR other IN (SELECT unnest($1))", [list(ids)]
    )


def articles_with_evidence(connection: Connection, pledge_ids: Sequence[str]) -> set[str]:
    """The articles that give evidence on any of these pledges, or are worth a look for them."""
    query = """SELECT article_id FROM evidence WHERE pledge_id IN (SELECT unnest($1))
        UNION SELECT article_id FROM leads WHERE pledge_id IN (SELECT unnest($1))"""
    return set(column(connection, query, [list(pledge_ids)]))


def clear_evidence_in(connection: Connection, article_ids: Sequence[str]) -> None:
    """Take out what these articles give, as evidence or to be looked at, before both are found anew."""
    for table in ("evidence", "leads"):
        connection.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT unnest(?))", [list(article_ids)])


def passages(connection: Connection, article_ids: Sequence[str], since: date | None = None) -> list[Row]:
    """Articles with their sentence spans, for `nlp.evidence`: of these ids, and from a day on all of them,
    those without a day too.

    ``publisher``: the body whose own word an article, or what it is a copy of, is; ``release``: the text that
    an article prints and adds to, ``released_by`` the body."""
    query = f"""WITH whose AS ({WHOSE})
        SELECT a.id, a.title AS title, a.text, CAST(a.published AS DATE) AS day, t.spans,
            a.outlet, whose.publisher, r.text AS release, printed.publisher AS released_by
        FROM articles a JOIN sentences t ON t.article_id = a.id
        LEFT JOIN whose ON whose.id = coalesce(a.copy_of, a.id)
        LEFT JOIN articles r ON r.id = a.prints LEFT JOIN whose printed ON printed.id = a.prints
        WHERE a.id IN (SELECT unnest($ids::VARCHAR[]))
            OR $since::DATE IS NOT NULL AND coalesce(CAST(a.published AS DATE) >= $since::DATE, true)
        ORDER BY a.published NULLS LAST, a.id"""
    return fetch(connection, query, {"ids": list(article_ids), "since": since, "own": own_words()})


def words_of(connection: Connection, article_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The words of the stored statements of these articles, by article and id."""
    query = "SELECT article_id, id, words FROM statements WHERE article_id IN (SELECT unnest(?))"
    rows = connection.execute(query, [list(article_ids)])
    found: dict[str, dict[str, str]] = {key: {} for key in article_ids}
    for article_id, key, words in rows.fetchall():
        found[article_id][key] = words
    return found


def statements_in(connection: Connection, article_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The statements of these articles in their order, by article."""
    query = "SELECT * FROM said WHERE article_id IN (SELECT unnest(?)) ORDER BY article_id, seq"
    found: dict[str, list[Row]] = {}
    for row in fetch(connection, query, [list(article_ids)]):
        found.setdefault(str(row["article_id"]), []).append(row)
    return found


def start_run(connection: Connection, run_id: str, as_of: date) -> None:
    connection.execute("INSERT OR IGNORE INTO runs VALUES (?, now(), NULL, ?, '{}')", [run_id, as_of])


def end_run(connection: Connection, run_id: str, counts: str) -> None:
    connection.execute("UPDATE runs SET finished = now(), counts = ? WHERE id = ?", [counts, run_id])


def forget(connection: Connection, article_id: str) -> list[str]:
    """Remove an article and all that came from it; leaves a tombstone. Gives its archive references."""
    references = drop_article(connection, article_id)
    connection.execute("INSERT OR REPLACE INTO forgotten VALUES (?, now())", [article_id])
    return references


def drop_article(connection: Connection, article_id: str) -> list[str]:
    """Remove an article and all that came from it, to be loaded anew. Gives its archive references."""
    query = """SELECT archive FROM articles WHERE id = $1
        UNION SELECT archive FROM revisions WHERE article_id = $1"""
    references = column(connection, query, [article_id])
    drop_of_article(connection, article_id)
    for table in ("statements", "sentences", "revisions", "quotation_edits", "evidence", "leads"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    connection.execute("DELETE FROM articles WHERE id = ?", [article_id])
    connection.execute(
        """DELETE FROM officials WHERE provisional AND article_id = ?
        AND id NOT IN (SELECT official_id FROM statements WHERE official_id IS NOT NULL)""",
        [article_id],
    )
    connection.execute("DELETE FROM posts WHERE official_id NOT IN (SELECT id FROM officials)")
    drop_orphans(connection)
    return [reference for reference in references if reference]
