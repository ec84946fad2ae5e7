"""Search: what a reader typed, asked of the index, and shown from the warehouse word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import tantivy
from numpy.typing import NDArray

from ledger import meaning, queries, search_index, search_query, warehouse
from ledger.errors import WrongUse
from ledger.passages import Passage, link_to_words, passage, quotation_only
from ledger.published import mark
from ledger.rights import RESERVED
from ledger.rows import spans_of
from ledger.search_index import read_index, update
from ledger.search_query import Query
from ledger.search_words import Matcher, exact_tokens, stem_tokens
from ledger.settings import Settings
from ledger.types import Span

__all__ = ["Hit", "Order", "Results", "search", "similar", "stamp", "update"]

Order = Literal["relevance", "date"]
MOST_ALIKE = 500  # statements looked through for those similar in meaning
LEAST_ALIKE = 0.3  # cosine below which two statements have little to do with each other
_FAR = 1_000_000  # more hits than anybody pages through


@dataclass(frozen=True, slots=True)
class Hit:
    """One statement found. ``context.marks`` is the quotation in its paragraph, ``terms`` what was sought."""

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


def stamp(settings: Settings) -> str:
    """Changes whenever answers may: with what `queries.stamp` tells, and with what is indexed."""
    indexed = mark(search_index.committed(settings)), mark(meaning.kept(settings))
    return "|".join((queries.stamp(settings), *indexed))


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
    index = _index(settings)
    with warehouse.reading(settings) as connection:
        total, scored = _find(index, asked, _links(connection), order, limit, offset)
        hits = tuple(_hits(connection, scored, Matcher(asked.words, asked.phrases)))
    return Results(total, hits, asked)


def find(settings: Settings, query: str, limit: int = 20) -> tuple[int, list[tuple[str, float]]]:
    """How many statements fit, and (id, score) of the best; raises as `search` does."""
    index = _index(settings)
    with warehouse.reading(settings) as connection:
        return _find(index, search_query.parse(query), _links(connection), "relevance", limit, 0)


def similar(
    settings: Settings,
    vector: NDArray[np.float32],
    query: str = "",
    *,
    limit: int = 20,
    offset: int = 0,
    **given: str,
) -> Results:
    """Statements similar in meaning to a vector of length 1, (384,): the words need not occur in them.

    The fields of ``query`` and what must not occur narrow the list, its other words do not. Of the MOST_ALIKE
    nearest those with a cosine of at least LEAST_ALIKE; ``Hit.score`` is the cosine. Raises as `search` does.
    """
    asked = search_query.narrow(search_query.parse(query), **given)
    index = _index(settings)
    near = dict(meaning.nearest(settings, vector, MOST_ALIKE))
    with warehouse.reading(settings) as connection:
        narrowed = _build(index.schema, replace(asked, words=(), phrases=()), _links(connection))
        among = tantivy.Query.term_set_query(index.schema, "id", list(near))
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, narrowed), (tantivy.Occur.Must, among)])
        searcher = index.searcher()
        found = searcher.search(both, limit=MOST_ALIKE) if near else None
        fits = {searcher.doc(address)["id"][0] for _, address in found.hits} if found else set()
        scored = [(key, cosine) for key, cosine in near.items() if key in fits and cosine >= LEAST_ALIKE]
        hits = tuple(_hits(connection, scored[offset : offset + limit], Matcher((), ())))
    return Results(len(scored), hits, asked)


def _index(settings: Settings) -> Any:
    try:
        return read_index(settings)
    except FileNotFoundError as error:
        raise WrongUse(
            f"nothing is indexed in {settings.home} yet: `said run` (or `said sample`) does it"
        ) from error


def _links(connection: warehouse.Connection) -> list[dict[str, Any]]:
    return warehouse.fetch(connection, "SELECT subject, speaker, role, body FROM link")


def _find(
    index: Any, asked: Query, links: Sequence[dict[str, Any]], order: Order, limit: int, offset: int
) -> tuple[int, list[tuple[str, float]]]:
    """How many fit, and (id, score) of one page of them."""
    searcher = index.searcher()
    by_date = order == "date" or not (asked.words or asked.phrases)
    found = searcher.search(
        _build(index.schema, asked, links),
        limit=min(max(limit, 1), _FAR),
        offset=min(max(offset, 0), _FAR),
        order_by_field="published" if by_date else None,
    )
    scored = [
        (searcher.doc(address)["id"][0], 0.0 if by_date else float(score)) for score, address in found.hits
    ]
    return int(found.count), scored


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
    connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [list(order)])
    rows = warehouse.fetch(connection, _FOUND)
    promised: dict[object, dict[str, Any]] = {
        row.pop("statement_id"): row for row in warehouse.fetch(connection, _PROMISED)
    }
    found: dict[str, dict[str, Any]] = {str(row["id"]): row for row in rows}
    for key, score in order.items():
        if row := found.get(key):
            text = row.pop("text")
            content = spans_of(row.pop("content"))
            reserved = row.pop("reserved")
            context = quotation_only(text, content) if reserved else passage(text, content)
            yield Hit(
                **row,
                **promised.get(key, {"commitment": None, "pledge_id": None}),
                score=score,
                content=content,
                context=context,
                link=link_to_words(row["url"], text, content),
                terms=matcher.spans(context.text),
            )


_FOUND = f"""
SELECT a.id, a.article_id, a.kind, a.words, a.content, a.speaker, a.official_id, a.role, a.body,
    a.source_name, a.why, a.outlet, a.title, a.url, a.published, a.article_text AS text,
    {RESERVED} AS reserved
FROM asked_words a"""
_PROMISED = """
SELECT c.statement_id, c.type AS commitment, pc.pledge_id
FROM asked_key JOIN w.commitment_said c ON c.statement_id = asked_key.id
LEFT JOIN place_view pc ON pc.commitment_id = c.commitment_id"""
