"""The full-text index of statements: brought up to date by a run, read by the dashboard and `said search`.

A tantivy index under ``data/index``. It holds no text, only where words stand: what is shown is read
from the warehouse. Beside the statements it holds one marker for each article, with a print of all that
was indexed of it; statements and marker go in by the same commit. So an update is the difference
between the warehouse's prints and the markers, and a killed one is finished by the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import tantivy

from ledger import search_query, warehouse
from ledger.errors import WrongUse
from ledger.passages import Passage, link_to_words, passage
from ledger.rows import spans_of
from ledger.search_query import Query
from ledger.search_words import Matcher, analyzers, exact_tokens, stem_tokens
from ledger.settings import Settings
from ledger.types import Counts, Span

Order = Literal["relevance", "date"]
_FORMAT = "1"  # a change of the fields below needs a new number: the index is then built anew
_HEAP = 64_000_000  # bytes of memory for writing
_BATCH = 2_000  # articles to a commit
_FAR = 1_000_000  # more hits than anybody pages through


@dataclass(frozen=True, slots=True)
class Hit:
    """One statement found. ``context.marks`` is the quotation in its paragraph, ``terms`` the words sought."""

    id: str
    article_id: str
    score: float
    kind: str
    words: str
    content: tuple[Span, ...]
    speaker: str | None
    official_id: str | None
    role: str | None
    body: str | None
    source_name: str
    why: str
    outlet: str
    title: str
    url: str
    published: datetime | None
    link: str
    context: Passage
    terms: tuple[Span, ...]
    commitment: str | None
    pledge_id: str | None


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page of results, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]
    query: Query


def update(settings: Settings) -> Counts:
    """Bring the index up to date with the published warehouse.

    ``read`` counts articles with statements, ``written`` statements indexed, skips ``unchanged`` and
    ``removed`` articles. An index that cannot be read is built anew and counted as a problem.
    """
    counts = Counts("index")
    try:
        index = _open(settings)
    except (ValueError, OSError) as error:
        counts.problem(str(_folder(settings)), "index_unreadable", str(error)[:200])
        shutil.rmtree(settings.data / "index", ignore_errors=True)
        index = _open(settings)
    with warehouse.reading(settings) as connection:
        wanted = dict(connection.execute(warehouse.sql("index.sql")).fetchall())
        counts.read = len(wanted)
        present = _markers(index)
        stale = [key for key in present if present[key] != wanted.get(key)]
        fresh = sorted(key for key in wanted if wanted[key] != present.get(key))
        counts.skipped = {
            "unchanged": len(wanted) - len(fresh),
            "removed": len(present.keys() - wanted.keys()),
        }
        if stale or fresh:
            _write(index, connection, stale, fresh, wanted, counts)
    return counts


def search(
    settings: Settings,
    query: str = "",
    *,
    speaker: str = "",
    role: str = "",
    outlet: str = "",
    area: str = "",
    after: str = "",
    before: str = "",
    order: Order = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """Find statements; the keyword arguments stand for the same fields within the query.

    Days are ISO days, months or years. An empty query finds everything. Raises WrongUse for a day or
    role that cannot be read, and where nothing is indexed yet.
    """
    given = {
        "speaker": speaker,
        "role": role,
        "outlet": outlet,
        "area": area,
        "after": after,
        "before": before,
    }
    asked = search_query.narrow(search_query.parse(query), **given)
    if not tantivy.Index.exists(str(_folder(settings))) if _folder(settings).is_dir() else True:
        raise WrongUse(f"nothing is indexed in {settings.home} yet: `said run` (or `said sample`) does it")
    index = _open(settings)
    with warehouse.reading(settings) as connection:
        links = warehouse.fetch(connection, "SELECT subject, speaker, role, body FROM link_view")
        searcher = index.searcher()
        by_date = order == "date" or not (asked.words or asked.phrases)
        found = searcher.search(
            _build(index.schema, asked, links),
            limit=min(max(limit, 1), _FAR),
            offset=min(max(offset, 0), _FAR),
            order_by_field="published" if by_date else None,
        )
        scored = [
            (searcher.doc(address)["id"][0], 0.0 if by_date else float(score))
            for score, address in found.hits
        ]
        hits = tuple(_hits(connection, scored, Matcher(asked.words, asked.phrases)))
    return Results(int(found.count), hits, asked)


def _folder(settings: Settings) -> Path:
    return settings.data / "index" / _FORMAT


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name, stored in (("marks", True), ("print", True), ("id", True), ("article", False)):
        builder.add_text_field(name, stored=stored, tokenizer_name="raw", index_option="basic")
    for name in ("role", "has"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("exact", tokenizer_name="exact")
    builder.add_text_field("stem", tokenizer_name="stem")
    for name in ("speaker", "outlet", "area"):
        builder.add_text_field(name, tokenizer_name="exact")
    builder.add_integer_field("published", indexed=True, fast=True)  # seconds since 1970
    builder.add_integer_field("day", indexed=True, fast=True)  # proleptic ordinal of the day in London
    builder.add_integer_field("added", indexed=True, fast=True)
    return builder.build()


def _open(settings: Settings) -> Any:
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder))
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def _markers(index: Any) -> dict[str, str]:
    """Article id to the print under which it is indexed."""
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "has", "marker")
    found = searcher.search(query, limit=max(1, searcher.num_docs), count=False)
    documents = (searcher.doc(address) for _, address in found.hits)
    return {document["marks"][0]: document["print"][0] for document in documents}


def _write(
    index: Any,
    connection: warehouse.Connection,
    stale: Sequence[str],
    fresh: Sequence[str],
    prints: dict[str, str],
    counts: Counts,
) -> None:
    writer = index.writer(_HEAP, 1)
    gone = sorted(set(stale) - set(fresh))
    for start in range(0, max(len(fresh), 1), _BATCH):
        batch = fresh[start : start + _BATCH]
        for key in [*batch, *(gone if start == 0 else ())]:
            writer.delete_documents_by_term("article", key)
        for row in _statements(connection, batch):
            writer.add_document(tantivy.Document.from_dict(_document(row), index.schema))
            counts.written += 1
        for key in batch:
            marker = {"marks": key, "article": key, "print": prints[key], "has": "marker"}
            writer.add_document(tantivy.Document.from_dict(marker, index.schema))
        writer.commit()
    writer.wait_merging_threads()


def _statements(connection: warehouse.Connection, articles: Sequence[str]) -> list[dict[str, Any]]:
    return warehouse.fetch(
        connection,
        """SELECT s.id, s.article_id, s.words, s.machine_speaker, s.role, s.body, s.area, s.region, s.outlet,
            s.published, s.first_seen::DATE AS added, c.type AS commitment
        FROM statement_view s LEFT JOIN w.commitments c ON c.statement_id = s.id
        WHERE s.article_id IN (SELECT unnest(?)) ORDER BY s.article_id, s.seq""",
        [list(articles)],
    )


def _document(row: dict[str, Any]) -> dict[str, Any]:
    published = row["published"]
    areas = [str(row[name]) for name in ("body", "area", "region") if row[name]]
    fields = {
        "id": row["id"],
        "article": row["article_id"],
        "exact": row["words"],
        "stem": row["words"],
        "speaker": row["machine_speaker"],
        "role": row["role"],
        "outlet": row["outlet"],
        "area": areas,
        "published": int(published.timestamp()) if published else 0,
        "day": published.date().toordinal() if published else None,
        "added": row["added"].toordinal() if row["added"] else None,
        "has": [
            "statement",
            "commitment" if row["commitment"] else "none",
            *([] if row["machine_speaker"] else ["unresolved"]),
        ],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _build(schema: Any, asked: Query, links: Sequence[dict[str, Any]]) -> Any:
    """The query as tantivy's: every part must match, and what people linked replaces what is indexed."""
    must, must_not, should = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
    parts = [(must, _term(schema, "has", "statement"))]
    for word in asked.words:
        # a word of two tokens (twenty-mile, mayor's) is sought as a phrase of them
        forms = _phrase(schema, "stem", stem_tokens(word))
        parts.append(
            (
                must,
                tantivy.Query.boolean_query(
                    [(must, forms), (should, _phrase(schema, "exact", exact_tokens(word)))]
                ),
            )
        )
    parts += [(must, _phrase(schema, "exact", exact_tokens(said))) for said in asked.phrases]
    parts += [(must_not, _phrase(schema, "exact", exact_tokens(said))) for said in asked.without]
    for name in ("outlet", "area"):
        if value := getattr(asked, name):
            parts.append(
                (must, tantivy.Query.const_score_query(_phrase(schema, name, exact_tokens(value)), 0.0))
            )
    if asked.speaker:
        indexed = (
            _term(schema, "has", "unresolved")
            if asked.speaker.lower() == "unresolved"
            else _phrase(schema, "speaker", exact_tokens(asked.speaker))
        )
        fits = [row["subject"] for row in links if _fits(asked.speaker, row["speaker"])]
        parts.append((must, _with_links(schema, indexed, fits, links)))
    if asked.role:
        fits = [row["subject"] for row in links if row["role"] == asked.role]
        parts.append((must, _with_links(schema, _term(schema, "role", asked.role), fits, links)))
    if asked.commitment is not None:
        parts.append((must, _term(schema, "has", "commitment" if asked.commitment else "none")))
    if asked.after or asked.before:
        parts.append((must, _days(schema, "day", asked.after, asked.before)))
    if asked.added:
        parts.append(
            (must, _days(schema, "added", asked.added, date.fromordinal(asked.added.toordinal() + 1)))
        )
    return tantivy.Query.boolean_query(parts)


def _fits(wanted: str, speaker: str | None) -> bool:
    if not speaker:
        return wanted.lower() == "unresolved"
    said, name = exact_tokens(wanted), exact_tokens(speaker)
    return any(name[n : n + len(said)] == said for n in range(len(name)))


def _with_links(schema: Any, indexed: Any, fits: Sequence[str], links: Sequence[dict[str, Any]]) -> Any:
    must_not, should = tantivy.Occur.MustNot, tantivy.Occur.Should
    if not links:
        return tantivy.Query.const_score_query(indexed, 0.0)
    linked = tantivy.Query.term_set_query(schema, "id", [row["subject"] for row in links])
    machine = tantivy.Query.boolean_query([(tantivy.Occur.Must, indexed), (must_not, linked)])
    people = tantivy.Query.term_set_query(schema, "id", list(fits))
    return tantivy.Query.const_score_query(
        tantivy.Query.boolean_query([(should, machine), (should, people)]), 0.0
    )


def _term(schema: Any, field: str, value: str) -> Any:
    return tantivy.Query.const_score_query(tantivy.Query.term_query(schema, field, value), 0.0)


def _phrase(schema: Any, field: str, tokens: Sequence[str]) -> Any:
    if not tokens:
        return tantivy.Query.empty_query()
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema, field, tokens[0])
    return tantivy.Query.phrase_query(schema, field, list(tokens))


def _days(schema: Any, field: str, first: date | None, end: date | None) -> Any:
    query = tantivy.Query.range_query(
        schema,
        field,
        tantivy.FieldType.Integer,
        lower_bound=(first or date.min).toordinal(),
        upper_bound=(end or date.max).toordinal(),
        include_upper=False,
    )
    return tantivy.Query.const_score_query(query, 0.0)


def _hits(
    connection: warehouse.Connection, scored: Iterable[tuple[str, float]], matcher: Matcher
) -> Iterator[Hit]:
    """The statements of these ids as they are in the warehouse; one that is gone from it is left out."""
    order = dict(scored)
    rows = warehouse.fetch(
        connection,
        """SELECT s.id, s.article_id, s.kind, s.words, s.content, s.speaker, s.official_id, s.role, s.body,
            s.source_name, s.why, s.outlet, s.title, s.url, s.published, a.text, c.type AS commitment, pc.pledge_id
        FROM statement_view s JOIN w.articles a ON a.id = s.article_id
        LEFT JOIN w.commitments c ON c.statement_id = s.id
        LEFT JOIN w.pledge_commitments pc ON pc.commitment_id = c.id
        WHERE s.id IN (SELECT unnest(?))""",
        [list(order)],
    )
    found: dict[str, dict[str, Any]] = {str(row["id"]): row for row in rows}
    for key, score in order.items():
        if row := found.get(key):
            text = row.pop("text")
            content = spans_of(row.pop("content"))
            context = passage(text, content)
            yield Hit(
                **row,
                score=score,
                content=content,
                context=context,
                link=link_to_words(row["url"], text, content),
                terms=matcher.spans(context.text),
            )
