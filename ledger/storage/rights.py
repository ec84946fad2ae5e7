"""What may be passed on of an article, decided once at each publishing.

An article is reserved when it is paywalled, or when its page or site reserves its rights against text and
data mining or archiving (the signals that `crawlers.pages.head` and `crawlers.site_rules.site_rights` read,
kept in ``articles.rights``). Of a reserved article no text leaves but what stands in quotation marks, or is
set as a quotation or a post: no paragraph around it, nothing that the reporter tells of what somebody said,
no evidence in the reporter's own words, and nothing of a column or a letter, which is its author's words from
end to end and would be the whole article.

What has to be left out is written down in the tables ``withheld…`` of ``summary.sql``; the views leave it
out, so that nobody who reads through them can pass it on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from ledger.presentation.passages import quotation_only, within_marks

RESERVING = ("tdm_reserved", "noai", "noarchive", "ai_txt")  # keys of articles.rights, true where set

# For a query with articles as `a`.
RESERVED = "(a.paywalled OR {})".format(
    " OR ".join(f"coalesce(a.rights ->> '{key}' = 'true', false)" for key in RESERVING)
)
_OPENING = "“\"«‘'"
_NEAR = 2  # characters before words in which their mark stands
_BATCH = 1_000  # statements, each with its article's text
_IN_MARKS = pa.schema(
    [("statement_id", pa.string()), ("content", pa.list_(pa.list_(pa.int32()))), ("words", pa.string())]
)
_UNMARKED = pa.schema([("statement_id", pa.string())])


def find_reserved(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that summary.sql reads: ``reserved``, the ids of reserved articles,
    ``in_marks``, what of the partly quoted statements in them stands within quotation marks, ``unmarked``,
    the ids of those in somebody's own words that nothing shows to be a quotation."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE reserved AS SELECT a.id FROM articles a WHERE {RESERVED}"
    )
    cursor = connection.execute(
        """SELECT s.id, s.kind, s.content, a.text, a.layout FROM statements s
        JOIN reserved ON reserved.id = s.article_id JOIN articles a ON a.id = s.article_id
        WHERE s.kind IN ('mixed', 'direct')"""
    )
    found: list[dict[str, object]] = []
    unmarked: list[dict[str, str]] = []
    while batch := cursor.fetchmany(_BATCH):
        for key, kind, content, text, layout in batch:
            if kind == "direct":
                if not _is_quoted(text, content, json.loads(layout or "[]")):
                    unmarked.append({"statement_id": key})
                continue
            spans = within_marks(text, [(start, end) for start, end in content])
            found.append({"statement_id": key, "content": spans, "words": quotation_only(text, spans).text})
    tables = (("in_marks", found, _IN_MARKS), ("unmarked", unmarked, _UNMARKED))
    for name, listed, schema in tables:
        connection.register("incoming", pa.Table.from_pylist(listed, schema=schema))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM incoming")
        connection.unregister("incoming")


def _is_quoted(text: str, content: Sequence[Sequence[int]], layout: Sequence[Mapping[str, Any]]) -> bool:
    """True for words with a mark before them, or within what the layout sets as a quotation or a post."""
    start = content[0][0] if content else 0
    before = text[max(0, start - _NEAR) : start + 1]
    set_so = (one["span"] for one in layout if one["kind"] in ("quote", "post"))
    return any(mark in before for mark in _OPENING) or any(first <= start < last for first, last in set_so)
