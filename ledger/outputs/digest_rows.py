"""What the digest reads: pledges, what changed about them, and the words behind each.

Everything is asked of the views of ``views.sql``, so that people's decisions hold; ``words`` is "" where the
article's rights leave only quotations and there is none. All functions take
the connection that `published.reading` gives, on which `set_day` was called first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.storage.warehouse import Connection, fetch
from ledger.vocabulary import stances

Row = dict[str, object]


def set_day(connection: Connection, day: date) -> None:
    """Reckon "overdue" and "due soon" from ``day``."""
    connection.execute("SET VARIABLE today = ?::DATE", [day])


def pledge_rows(connection: Connection) -> list[Row]:
    """Every pledge: id, came (day its first article was seen), last_stated, dates, flags, status."""
    query = "SELECT id, came, last_stated, first_due, deadline, flags, status FROM pledge_view ORDER BY id"
    return fetch(connection, query)


def renamed(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of these ids those of pledges that had another one then, each with the pledge's present id."""
    query = """SELECT s.was, place.pledge_id
        FROM w.succeeded s JOIN place_view place ON place.commitment_id = s.now
        WHERE s.was IN (SELECT unnest(?::VARCHAR[]))"""
    return dict(connection.execute(query, [list(ids)]).fetchall())


def suggestion_rows(connection: Connection) -> list[Row]:
    """Suggestions that took another one's place: pledge_id, was, status, why, day, run_id; oldest first."""
    query = """SELECT g.pledge_id, g.was, g.suggested AS status, g.why, g.as_of AS day, g.run_id
        FROM w.suggestions g JOIN pledge_view p ON p.id = g.pledge_id
        WHERE g.was <> '' AND g.was <> g.suggested ORDER BY g.noted, g.run_id, g.pledge_id"""
    return fetch(connection, query)


def decision_rows(connection: Connection) -> list[Row]:
    """Statuses set by people, in force: n, pledge_id, status, who, why, day, suggested; oldest first."""
    query = """SELECT d.n, d.pledge_id, d.status, d.who, coalesce(nullif(d.why, ''), d.reason, '') AS why,
            d.taken::DATE AS day, p.suggested
        FROM set_status d JOIN pledge_view p ON p.id = d.pledge_id ORDER BY d.n"""
    return fetch(connection, query)


def promise_rows(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The pledges ``ids``, each with one statement that stands: who, in what post, the words, where.

    It is the first that names the pledge's deadline, else the first of all.
    """
    query = """WITH said AS (
            SELECT c.*, c.deadline_last IS NOT DISTINCT FROM p.deadline AS names_it
            FROM commitment_view c JOIN stored_pledge p ON p.id = c.pledge_id
            WHERE NOT c.is_rejected AND c.pledge_id IN (SELECT unnest(?))
            QUALIFY row_number() OVER (PARTITION BY c.pledge_id ORDER BY names_it DESC, c.position, c.id) = 1)
        SELECT p.id, p.title, p.owner, p.first_due, p.deadline, p.status, p.set_status, p.suggested,
            p.why AS status_why, p.restatements, p.independent, p.flags,
            CASE WHEN c.names_it THEN coalesce(c.deadline_text, '') ELSE '' END AS deadline_words,
            c.type, c.why AS flagged_why, c.kind, c.words, c.content, c.speaker, c.source_name, c.role,
            c.body, c.outlet, c.headline, c.url, c.published, a.text,
            (SELECT any_value(office ORDER BY first DESC) FROM w.posts o
             WHERE o.official_id = c.official_id AND o.role = c.role AND o.body IS NOT DISTINCT FROM c.body
                AND (o.first IS NULL OR o.first <= c.published::DATE)
                AND (o.last IS NULL OR c.published::DATE <= o.last)) AS office
        FROM pledge_view p
        JOIN said c ON c.pledge_id = p.id
        JOIN w.articles a ON a.id = c.article_id
        ORDER BY p.id"""
    return fetch(connection, query, [list(ids)])


def evidence_rows(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The latest evidence on each of the pledges ``ids`` that is more than a restatement."""
    telling = [name for name, stance in stances().items() if stance.sign != "neither"]
    query = """SELECT e.pledge_id, e.stance, e.day, e.by_owner, e.source, e.why, e.outlet, e.headline, e.url,
            e.published, e.content, a.text, e.words
        FROM evidence_view e JOIN w.articles a ON a.id = e.article_id
        WHERE e.pledge_id IN (SELECT unnest(?)) AND e.stance IN (SELECT unnest(?))
        QUALIFY row_number() OVER (PARTITION BY e.pledge_id
            ORDER BY e.day DESC NULLS LAST, e.words = '', e.confidence DESC, e.article_id, e.first) = 1
        ORDER BY e.pledge_id"""
    return fetch(connection, query, [list(ids), telling])


def lead_rows(connection: Connection) -> list[Row]:
    """What is worth a look on pledges that are not closed, best first: id, pledge_id, title, first, last,
    came (day its article was seen), day, headline, outlet, url, text."""
    query = """SELECT l.id, l.pledge_id, p.title, l.first, l.last, l.first_seen::DATE AS came, l.day,
            l.headline, l.outlet, l.url, a.text
        FROM lead_view l JOIN pledge_view p ON p.id = l.pledge_id JOIN w.articles a ON a.id = l.article_id
        WHERE p.closed IS NOT TRUE ORDER BY l.likely DESC, l.day NULLS LAST, l.id"""
    return fetch(connection, query)


def edit_rows(connection: Connection) -> list[Row]:
    """Officials' quotations that were altered or taken out: the words before and after, who, and where.

    ``first`` and ``last`` bound the words now in the article's text, NULL where they do not stand there.
    """
    query = """SELECT q.id, q.fetched::DATE AS day, q.before, q.after, q.speaker, q.source_name, q.role,
            q.body, '' AS office, a.outlet, a.title AS headline, a.url, a.published, a.text,
            CASE WHEN q.after <> '' AND position(q.after IN a.text) > 0
                THEN position(q.after IN a.text) - 1 END AS first,
            first + length(q.after) AS last
        FROM w.quotation_edits q JOIN w.articles a ON a.id = q.article_id
        ORDER BY q.fetched, q.id"""
    return fetch(connection, query)
