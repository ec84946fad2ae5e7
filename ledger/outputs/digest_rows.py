"""What the digest reads: pledges, what changed about them, and the words behind each.

Everything is asked of the views of ``views.sql``, so that people's decisions hold; ``words`` is "" where the
article's rights leave only quotations and there is none. All functions take
the connection that `published.reading` gives, on which `set_day` was called first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.storage.warehouse import Connection, column, fetch
from ledger.vocabulary import stances

Row = dict[str, object]


def set_day(connection: Connection, day: date) -> None:
    """Reckon "overdue" and "due soon" from ``day``."""
    connection.execute("SET VARIABLE today = ?::DATE", [day])


def pledge_rows(connection: Connection) -> list[Row]:
    """Every pledge as `pledge_view` has it: what there is to tell of it, whom it concerns, what it weighs.

    ``came``: the day its first article was seen. ``statements``: the ids of those it was said in.
    """
    query = """SELECT p.id, p.came, p.last_stated, p.first_due, p.deadline, p.flags, p.status, p.set_status,
            p.awaited, p.type, p.owner, p.owner_id, p.person, p.person_id, p.body, p.role, p.area, p.region,
            p.title, p.words, p.independent, p.restatements, p.outlets, s.statements
        FROM pledge_view p LEFT JOIN (
            SELECT place.pledge_id, list(c.statement_id) AS statements
            FROM w.commitment_said c JOIN place_view place ON place.commitment_id = c.commitment_id
            GROUP BY 1) s ON s.pledge_id = p.id
        ORDER BY p.id"""
    return fetch(connection, query)


def moved_rows(connection: Connection) -> list[Row]:
    """Statements that changed a date, number, scope or the firmness of their pledge, oldest first.

    id (of the commitment), pledge_id, changed (in words), day (of publication), came (day its article was
    seen).
    """
    query = """SELECT id, pledge_id, changed, published::DATE AS day, first_seen::DATE AS came
        FROM commitment_view WHERE changed <> '' AND NOT is_rejected ORDER BY published, id"""
    return fetch(connection, query)


def report_rows(connection: Connection) -> list[Row]:
    """Evidence that is more than a restatement, copies of one original as one row, oldest first.

    id (of the first), pledge_id, stance, by_owner, day, came (day an article of it was first seen),
    outlets.
    """
    query = """SELECT arg_min(e.id, (e.published, e.id)) AS id, e.pledge_id, e.stance,
            bool_and(e.by_owner) AS by_owner, min(e.day) AS day, min(a.first_seen)::DATE AS came,
            list(DISTINCT e.outlet ORDER BY e.outlet) AS outlets
        FROM evidence_view e JOIN w.articles a ON a.id = e.article_id
        WHERE e.stance IN (SELECT unnest(?))
        GROUP BY e.pledge_id, e.original, e.stance ORDER BY day NULLS FIRST, id"""
    return fetch(connection, query, [_telling()])


def _telling() -> list[str]:
    return [name for name, stance in stances().items() if stance.sign != "neither"]


def said_rows(connection: Connection, after: date, until: date) -> list[Row]:
    """Officials' statements published after one day and up to another, the newest first.

    id, official_id, speaker, body, area, region, kind, words, day, came (day its article was seen),
    outlet, pledges (the ids of those it was said for).
    """
    query = """SELECT s.id, s.official_id, s.speaker, s.body, s.area, s.region, s.kind, s.words, s.outlet,
            s.published::DATE AS day, s.first_seen::DATE AS came,
            (SELECT list(DISTINCT place.pledge_id) FROM w.commitment_said c
             JOIN place_view place ON place.commitment_id = c.commitment_id
             WHERE c.statement_id = s.id) AS pledges
        FROM statement_view s
        WHERE s.official_id IS NOT NULL AND s.published::DATE > ? AND s.published::DATE <= ?
        ORDER BY s.published DESC, s.id"""
    return fetch(connection, query, [after, until])


def words_of(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """These statements with what is shown of them: who, in what post, the words, where."""
    query = """SELECT s.id, s.kind, s.words, s.content, s.speaker, s.source_name, s.role, s.body, s.outlet,
            s.title AS headline, s.url, s.published, s.article_text AS text, '' AS office
        FROM asked_statement s"""
    connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [list(ids)])
    return fetch(connection, query)


def restatement_rows(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """These commitments with what is shown of them, as `words_of`."""
    query = """SELECT c.id, c.kind, c.words, c.content, c.speaker, c.source_name, c.role, c.body, c.outlet,
            c.headline, c.url, c.published, a.text, '' AS office
        FROM commitment_view c JOIN w.articles a ON a.id = c.article_id
        WHERE c.id IN (SELECT unnest(?))"""
    return fetch(connection, query, [list(ids)])


def last_run(connection: Connection) -> date | None:
    """The day that the last finished run reckoned from."""
    row = connection.execute("SELECT max(as_of) FROM w.runs WHERE finished IS NOT NULL").fetchone()
    return row[0] if row else None


def renamed(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of these ids those of pledges that had another one then, each with the pledge's present id."""
    query = """SELECT asked.id, place.pledge_id FROM (SELECT unnest(?::VARCHAR[]) AS id) asked
        LEFT JOIN w.succeeded s ON s.was = asked.id
        JOIN led_to place ON place.commitment_id = coalesce(s.now, asked.id)
        WHERE asked.id NOT IN (SELECT commitment_id FROM place_view)"""
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


def verdict_rows(connection: Connection) -> list[Row]:
    """Paragraphs that editors wrote on pledges, in force: n, pledge_id, who, text, day; oldest first."""
    query = """SELECT d.n, p.id AS pledge_id, d.who, d.value ->> 'text' AS text, d.taken::DATE AS day
        FROM decision d LEFT JOIN led_to place ON place.commitment_id = d.subject
        JOIN pledge_view p ON p.id = coalesce(place.pledge_id, d.subject)
        WHERE d.kind = 'verdict' ORDER BY d.n"""
    return fetch(connection, query)


def headline_ids(connection: Connection) -> set[str]:
    """The pledges that an editor marked as those that weigh most."""
    return {str(key) for key in column(connection, "SELECT id FROM pledge_view WHERE headline")}


def promise_rows(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The pledges ``ids``, each with one statement that stands: who, in what post, the words, where.

    It is the one that the title is of; where that does not stand, the first that names the pledge's deadline,
    else the first of all.
    """
    query = """WITH said AS (
            SELECT c.*, c.deadline_last IS NOT DISTINCT FROM p.deadline AS names_it
            FROM commitment_view c JOIN stored_pledge p ON p.id = c.pledge_id
            WHERE NOT c.is_rejected AND c.pledge_id IN (SELECT unnest(?))
            QUALIFY row_number() OVER (PARTITION BY c.pledge_id
                ORDER BY c.id = p.titled DESC NULLS LAST, names_it DESC, c.position, c.id) = 1)
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
    query = """SELECT e.pledge_id, e.stance, e.day, e.by_owner, e.source, e.why, e.outlet, e.headline, e.url,
            e.published, e.content, a.text, e.words
        FROM evidence_view e JOIN w.articles a ON a.id = e.article_id
        WHERE e.pledge_id IN (SELECT unnest(?)) AND e.stance IN (SELECT unnest(?))
        QUALIFY row_number() OVER (PARTITION BY e.pledge_id
            ORDER BY e.day DESC NULLS LAST, e.words = '', e.confidence DESC, e.article_id, e.first) = 1
        ORDER BY e.pledge_id"""
    return fetch(connection, query, [list(ids), _telling()])


def reports_shown(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """Evidence by its own ids, as `evidence_rows`."""
    query = """SELECT e.id, e.pledge_id, e.stance, e.day, e.by_owner, e.source, e.why, e.outlet, e.headline,
            e.url, e.published, e.content, a.text, e.words
        FROM evidence_view e JOIN w.articles a ON a.id = e.article_id WHERE e.id IN (SELECT unnest(?))"""
    return fetch(connection, query, [list(ids)])


def lead_rows(connection: Connection) -> list[Row]:
    """What is worth a look on pledges that are not closed, best first: id, pledge_id, title, first, last,
    came (day its article was seen), day, headline, outlet, url."""
    query = """SELECT l.id, l.pledge_id, p.title, l.first, l.last, l.first_seen::DATE AS came, l.day,
            l.headline, l.outlet, l.url
        FROM lead_view l JOIN pledge_view p ON p.id = l.pledge_id
        WHERE p.closed IS NOT TRUE ORDER BY l.likely DESC, l.day NULLS LAST, l.id"""
    return fetch(connection, query)


def texts_of_leads(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The article's text of each of these."""
    query = """SELECT l.id, a.text FROM w.leads l JOIN w.articles a ON a.id = l.article_id
        WHERE l.id IN (SELECT unnest(?))"""
    return dict(connection.execute(query, [list(ids)]).fetchall())


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


def pledges_named(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of these ids those of pledges, as they are named now or were once: with the present id and title."""
    query = """SELECT asked.id, p.id, p.title FROM (SELECT unnest(?::VARCHAR[]) AS id) asked
        LEFT JOIN w.succeeded s ON s.was = asked.id
        JOIN led_to place ON place.commitment_id = coalesce(s.now, asked.id)
        JOIN pledge_view p ON p.id = place.pledge_id"""
    return {was: (now, title) for was, now, title in connection.execute(query, [list(ids)]).fetchall()}
