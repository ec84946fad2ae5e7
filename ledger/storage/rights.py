"""What may be passed on of an article, decided once at each publishing.

An article is reserved when it is paywalled, or when its page or site reserves its rights against text and
data mining or archiving (the signals that `crawlers.pages.head` and `crawlers.site_rules.site_rights` read,
kept in ``articles.rights``). Of a reserved article no text leaves but what stands in quotation marks: no
paragraph around it, nothing that the reporter tells of what somebody said, and no evidence in the reporter's
own words.

What has to be left out is written down in the tables ``withheld…`` of ``summary.sql``; the views leave it
out, so that nobody who reads through them can pass it on.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from ledger.presentation.passages import quotation_only, within_marks

RESERVING = ("tdm_reserved", "noai", "noarchive", "ai_txt")  # keys of articles.rights, true where set

# For a query with articles as `a`.
RESERVED = "(a.paywalled OR {})".format(
    " OR ".join(f"coalesce(a.rights ->> '{key}' = 'true', false)" for key in RESERVING)
)
_BATCH = 1_000  # statements, each with its article's text
_IN_MARKS = pa.schema(
    [("statement_id", pa.string()), ("content", pa.list_(pa.list_(pa.int32()))), ("words", pa.string())]
)


def find_reserved(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that summary.sql reads: ``reserved``, the ids of reserved articles, and
    ``in_marks``, what of the partly quoted statements in them stands within quotation marks."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE reserved AS SELECT a.id FROM articles a WHERE {RESERVED}"
    )
    cursor = connection.execute(
        """SELECT s.id, s.content, a.text FROM statements s
        JOIN reserved ON reserved.id = s.article_id JOIN articles a ON a.id = s.article_id
        WHERE s.kind = 'mixed'"""
    )
    found: list[dict[str, object]] = []
    while batch := cursor.fetchmany(_BATCH):
        for key, content, text in batch:
            spans = within_marks(text, [(start, end) for start, end in content])
            found.append({"statement_id": key, "content": spans, "words": quotation_only(text, spans).text})
    connection.register("incoming", pa.Table.from_pylist(found, schema=_IN_MARKS))
    connection.execute("CREATE OR REPLACE TEMP TABLE in_marks AS FROM incoming")
    connection.unregister("incoming")
