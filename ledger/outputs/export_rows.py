"""What `said export` gives away: pledges, statements, commitments, evidence and what belongs to them,
as people decided, and the decisions themselves.

Tables come in Arrow batches, so that a million rows need no million rows of memory. Of a reserved
article (`ledger.storage.rights`) no text is given but the quotations: ``context`` is empty, and so are
``words`` that nobody is quoted with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ledger.days import LONDON
from ledger.decisions import journal
from ledger.presentation.labels import decided
from ledger.presentation.passages import link_to_words, passage
from ledger.settings import Settings
from ledger.storage.records import row_of
from ledger.storage.rights import RESERVED
from ledger.storage.warehouse import Connection

_BATCH = 2_000  # rows; with their articles' texts some 10 MB
_PLACED = pa.schema([("context", pa.string()), ("link", pa.string())])

# Each query gives `spans` and `text_of` (an article's id) where rows stand in a text, for the link.
_QUERIES = {
    "pledges": """SELECT id, title, machine_title, titled_by, owner, owner_id, body, person, person_id, rule,
            role, area, region, words, type, first_due, deadline, status, outcome,
            suggested, why AS suggested_why, set_status, set_by, set_at,
            set_reason, set_why, headline, flags, first_stated, last_stated,
            restatements, outlets, evidence, independent, last_evidence
        FROM pledge_view ORDER BY first_stated, id""",
    "statements": f"""SELECT s.id, s.article_id, s.outlet, s.url, s.title AS headline, s.published, s.kind,
            s.words, s.content AS spans, s.source_name, s.speaker, s.official_id, s.role, s.body,
            s.confidence, s.why, s.linked_by, a.sha256, a.archive, coalesce({RESERVED}, false) AS reserved
        FROM statement_view s JOIN w.articles a ON a.id = s.article_id
        ORDER BY s.published, s.article_id, s.seq""",
    # several of one statement, each a clause; of the minor ones, which are in no pledge, all is told here too
    "commitments": """SELECT c.id, c.statement_id, place.pledge_id, c.type, c.action, c.clause,
            c.span[1] AS first, c.span[2] AS last, c.minor, c.measure_value, c.measure_unit,
            c.measure_baseline, c.deadline_text, c.deadline_last AS deadline, c.condition, c.place,
            c.confidence, c.why
        FROM given_commitment c JOIN statement_view s ON s.id = c.statement_id
        LEFT JOIN place_view place ON place.commitment_id = c.id
        WHERE c.id NOT IN (FROM rejected)
        ORDER BY s.published, s.article_id, s.seq, c.span, c.id""",
    "evidence": f"""SELECT e.id, e.pledge_id, e.article_id, e.outlet, e.url, e.headline, e.published, e.day,
            e.stance, e.words, e.content AS spans, e.by_owner, e.source, e.confidence, e.why, a.sha256,
            a.archive, coalesce({RESERVED}, false) AS reserved
        FROM evidence_view e JOIN w.articles a ON a.id = e.article_id
        ORDER BY e.pledge_id, e.day, e.id""",
    # what nobody has judged yet: no evidence
    "leads": f"""SELECT l.id, l.pledge_id, l.article_id, l.outlet, l.url, l.headline, l.published, l.day,
            l.words, l.content AS spans, l.stance AS likeliest, l.likely, l.by_owner, l.source, l.why,
            a.sha256, a.archive, coalesce({RESERVED}, false) AS reserved
        FROM lead_view l JOIN w.articles a ON a.id = l.article_id
        WHERE l.pledge_id IN (SELECT id FROM pledge_view) ORDER BY l.pledge_id, l.likely DESC, l.id""",
    "officials": """SELECT id, name, aliases, coalesce(provisional, false) AS provisional
        FROM w.officials ORDER BY name, id""",
    "posts": """SELECT official_id, name AS official, office, role, body, area, first, last
        FROM w.posts JOIN w.officials ON id = official_id
        ORDER BY name, official_id, first NULLS FIRST, office, body""",
    "suggestions": """SELECT pledge_id, as_of, was, suggested, why, noted FROM w.suggestions
        WHERE pledge_id IN (SELECT id FROM pledge_view) ORDER BY pledge_id, as_of, noted, suggested""",
    # both of them stood within quotation marks (flows/pipeline/edit_watch.py), so that reserved articles
    # give them too
    "edits": f"""SELECT q.id, q.article_id, a.outlet, a.url, a.title AS headline, a.published, q.fetched,
            q.before, q.after, q.speaker, q.source_name, q.role, q.body, a.sha256, a.archive,
            CASE WHEN q.after <> '' AND contains(a.text, q.after)
                THEN [[position(q.after IN a.text) - 1, position(q.after IN a.text) - 1 + length(q.after)]]
                ELSE [] END AS spans, coalesce({RESERVED}, false) AS reserved
        FROM w.quotation_edits q JOIN w.articles a ON a.id = q.article_id ORDER BY q.fetched, q.id""",
}
_DECISIONS = pa.schema(
    [
        ("number", pa.int64()),
        ("taken", pa.timestamp("us", LONDON.key)),
        *((name, pa.string()) for name in ("who", "kind", "subject", "what", "value", "why")),
        ("undone", pa.bool_()),
    ]
)
TABLES = (*_QUERIES, "decisions")


def batches(settings: Settings, connection: Connection, table: str) -> Iterator[pa.Table]:
    """One of TABLES in pieces of equal schema, at least one; times with their zone, spans as lists of pairs.

    Statements, evidence, leads and edits have ``context``, the paragraph around the words, and ``link``, the
    article opened at them. Decisions are the whole journal, what was undone and the undos included.
    """
    if table == "decisions":
        yield _decisions(settings)
        return
    reader = connection.execute(_QUERIES[table]).to_arrow_reader(_BATCH)
    texts = connection.cursor()
    given = False
    for batch in reader:
        given = True
        yield _placed(pa.Table.from_batches([batch]), texts)
    if not given:
        yield _placed(reader.schema.empty_table(), texts)


def _decisions(settings: Settings) -> pa.Table:
    entries = [
        row_of(one, leave=("row", "at"), number=one.row, taken=one.at, what=decided(one), undone=undone)
        for one, undone in journal.entries(settings)
    ]
    return pa.Table.from_pylist(entries, _DECISIONS)


def _placed(rows: pa.Table, texts: Connection) -> pa.Table:
    if "spans" not in rows.schema.names:
        return rows
    keys = rows.select(["article_id", "url", "spans", "reserved"]).to_pylist()
    ids = sorted({row["article_id"] for row in keys})
    query = "SELECT id, text FROM w.articles WHERE id IN (SELECT unnest(?))"
    text = dict(texts.execute(query, [ids]).fetchall())
    placed = [_place(row, text[row["article_id"]]) for row in keys]
    more = pa.Table.from_pylist(placed, schema=_PLACED)
    for name in _PLACED.names:
        rows = rows.append_column(name, more[name])
    return rows


def _place(row: dict[str, Any], text: str) -> dict[str, str]:
    spans = [(start, end) for start, end in row["spans"]]
    context = "" if row["reserved"] else passage(text, spans).text
    return {"context": context, "link": link_to_words(row["url"], text, spans)}
