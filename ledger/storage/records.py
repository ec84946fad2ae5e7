"""Types to rows: how a run writes to the warehouse, batch by batch.

Every function works inside the caller's transaction. Replacing is by key, so that doing a batch twice
leaves the same rows as doing it once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from ledger import vocabulary
from ledger.counts import Counts, Visit
from ledger.pledges.leads import Lead
from ledger.quotation_edits import QuotationEdit, Revision
from ledger.storage.warehouse import Connection, incoming
from ledger.types import (
    Article,
    Commitment,
    Evidence,
    Official,
    Outlet,
    Pledge,
    Span,
    Statement,
    text_hash,
)


def insert(connection: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows by column name, replacing rows of the same primary key."""
    if rows:
        with incoming(connection, pa.Table.from_pylist(list(rows))):
            connection.execute(f"INSERT OR REPLACE INTO {table} BY NAME SELECT * FROM incoming")


def append(connection: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows into a table without a key."""
    if rows:
        with incoming(connection, pa.Table.from_pylist(list(rows))):
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")


def row_of(thing: Any, *, leave: Sequence[str] = (), **more: object) -> dict[str, object]:
    """A dataclass as a row: tuples become lists, dictionaries JSON; ``leave`` names fields left out."""
    return {f.name: _plain(getattr(thing, f.name)) for f in fields(thing) if f.name not in leave} | more


def put_outlets(connection: Connection, outlets: Iterable[Outlet]) -> None:
    connection.execute("DELETE FROM outlets")
    unused = ("feeds", "sitemaps", "sections", "crawl_delay", "local", "group", "seen")
    rows = [
        row_of(o, leave=unused, grp=o.group, listings=[*o.feeds, *o.sitemaps, *o.sections]) for o in outlets
    ]
    insert(connection, "outlets", rows)


def put_visits(connection: Connection, visits: Iterable[Visit]) -> None:
    insert(connection, "visits", [row_of(visit) for visit in visits])


def put_articles(connection: Connection, articles: Iterable[Article], run_id: str) -> None:
    """New articles, and new states of known ones: also one that goes back to an earlier state is worked
    through again, for what is stored of it is of the state between."""
    rows = [
        row_of(
            article,
            layout=json.dumps([asdict(laid) for laid in article.layout]),
            sha256=text_hash(article.text),
            run_id=run_id,
        )
        for article in articles
    ]
    insert(connection, "articles", rows)
    states = [f"{row['id']}:{row['sha256']}" for row in rows]
    connection.execute("DELETE FROM done WHERE item IN (SELECT unnest(?::VARCHAR[]))", [states])


def put_plain_title(connection: Connection, article: Article, plain: str) -> None:
    """An article's title as a pledge's may tell it: without the names of people who hold no office."""
    kept = plain if plain != article.title else None
    connection.execute("UPDATE articles SET plain_title = ? WHERE id = ?", [kept, article.id])


def put_revisions(connection: Connection, revisions: Iterable[Revision], run_id: str) -> None:
    insert(connection, "revisions", [row_of(r, run_id=run_id) for r in revisions])


def put_successors(connection: Connection, found: Mapping[str, str]) -> None:
    """Note which statement, or which commitment, now stands for which that is gone."""
    for was, now in found.items():
        connection.execute("UPDATE succeeded SET now = ? WHERE now = ?", [now, was])
        connection.execute("DELETE FROM succeeded WHERE was = ?", [now])  # it stands again
        insert(connection, "succeeded", [{"was": was, "now": now}])


def put_quotation_edits(
    connection: Connection, article_ids: Sequence[str], found: Iterable[QuotationEdit], run_id: str
) -> None:
    """Replace what is known of these articles' altered and removed quotations."""
    gone = "DELETE FROM quotation_edits WHERE article_id IN (SELECT unnest(?))"
    connection.execute(gone, [list(article_ids)])
    insert(connection, "quotation_edits", [row_of(edit, run_id=run_id) for edit in found])


def put_officials(
    connection: Connection, officials: Iterable[Official], article_id: str | None = None
) -> None:
    """Officials with their posts; of an id that is there already, aliases and posts are replaced."""
    listed = list(officials)
    connection.execute("DELETE FROM posts WHERE official_id IN (SELECT unnest(?))", [[o.id for o in listed]])
    insert(connection, "officials", [row_of(o, leave=("posts",), article_id=article_id) for o in listed])
    posts = [
        row_of(p, leave=("start", "end"), official_id=o.id, first=p.start, last=p.end)
        for o in listed
        for p in o.posts
    ]
    append(connection, "posts", posts)


def put_statements(
    connection: Connection,
    told: Sequence[tuple[Article, Sequence[Statement], Sequence[Span]]],
    run_id: str,
) -> None:
    """Replace the statements and sentences of these articles, each once."""
    _known(vocabulary.roles(), (s.role for _, statements, _ in told for s in statements))
    ids = [article.id for article, _, _ in told]
    for table in ("statements", "sentences"):
        connection.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT unnest(?))", [ids])
    rows = [
        row_of(
            s,
            leave=("private",),
            seq=n,
            words=words(article.text, s.content),
            searched=words(_without(article.text, s.private), s.content) if s.private else None,
            run_id=run_id,
        )
        for article, statements, _ in told
        for n, s in enumerate(statements)
    ]
    insert(connection, "statements", rows)
    spans = [{"article_id": article.id, "spans": _plain(tuple(sentences))} for article, _, sentences in told]
    append(connection, "sentences", spans)


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text with blanks at these spans."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def words(text: str, spans: Sequence[Span]) -> str:
    """The words of a split span, its parts joined by an ellipsis in brackets."""
    return " […] ".join(text[start:end] for start, end in spans)


def put_commitments(
    connection: Connection,
    commitments: Sequence[Commitment],
    run_id: str,
    clauses: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Commitments, replacing those of the same ids. ``clauses``: the words at their spans, by id."""
    _known(vocabulary.types(), (c.type for c in commitments))
    rows = []
    for c in commitments:
        m, d = c.measure, c.deadline
        kept = ("value", "unit", "text", "direction", "baseline")
        measure = {f"measure_{k}": getattr(m, k) if m else None for k in kept}
        deadline = {f"deadline_{k}": getattr(d, k) if d else None for k in ("text", "first", "last")}
        row = row_of(c, leave=("measure", "deadline"), run_id=run_id, clause=clauses.get(c.id, ""))
        rows.append(row | measure | deadline)
    insert(connection, "commitments", rows)


def put_pledges(connection: Connection, pledges: Sequence[Pledge], run_id: str) -> None:
    _known(vocabulary.statuses(), (p.suggested for p in pledges))
    _known(vocabulary.flags(), (mark.flag for p in pledges for mark in p.marks))
    insert(connection, "pledges", pledge_rows(pledges, run_id))


def pledge_rows(pledges: Iterable[Pledge], run_id: str = "") -> list[dict[str, object]]:
    """Rows of ``pledges``: of the commitments the first and their number."""
    return [
        row_of(p, leave=("commitments", "marks"), run_id=run_id)
        | {"marks": [row_of(mark) for mark in p.marks]}
        | {"first": p.commitments[0], "restatements": len(p.commitments)}
        for p in pledges
    ]


def put_evidence(connection: Connection, found: Sequence[tuple[Evidence, str]], run_id: str) -> None:
    """Evidence rows, each with its words as they stand in the article."""
    _known(vocabulary.stances(), (e.stance for e, _ in found))
    rows = [
        row_of(e, leave=("span",), first=e.span[0], last=e.span[1], words=said, run_id=run_id)
        for e, said in found
    ]
    insert(connection, "evidence", rows)


def put_leads(connection: Connection, found: Sequence[tuple[Lead, str]], run_id: str) -> None:
    """What is worth a look, each with its words as they stand in the article; those of the same id go."""
    _known(vocabulary.stances(), (lead.stance for lead, _ in found))
    rows = [
        row_of(lead, leave=("span",), first=lead.span[0], last=lead.span[1], words=said, run_id=run_id)
        for lead, said in found
    ]
    insert(connection, "leads", rows)


def mark_done(connection: Connection, stage: str, version: str, items: Iterable[str]) -> None:
    """Note that this version of a stage has worked through these items; an earlier one's note goes."""
    mark_done_by(connection, stage, dict.fromkeys(items, version))


def mark_done_by(connection: Connection, stage: str, versions: Mapping[str, str]) -> None:
    """The same of items that each have a version of their own."""
    rows = [{"stage": stage, "item": item, "version": version} for item, version in versions.items()]
    insert(connection, "done", rows)


def put_counts(connection: Connection, counts: Counts, run_id: str) -> None:
    """Store a stage's problems and skips with its run, once."""
    for table in ("problems", "skipped"):
        connection.execute(f"DELETE FROM {table} WHERE run_id = ? AND stage = ?", [run_id, counts.stage])
    at = datetime.now(UTC)
    append(connection, "problems", [row_of(p, run_id=run_id, noted=at) for p in counts.problems])
    skipped = [{"reason": reason, "number": n} for reason, n in counts.skipped.items()]
    append(connection, "skipped", [{"run_id": run_id, "stage": counts.stage, **one} for one in skipped])


def _known(table: Mapping[str, object], names: Iterable[str | None]) -> None:
    """Refuse what a rule gives and no table has: nothing could show it."""
    if odd := {name for name in names if name is not None} - set(table):
        raise ValueError(f"not in {vocabulary.FILE.name}: {', '.join(sorted(odd))}")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return value
