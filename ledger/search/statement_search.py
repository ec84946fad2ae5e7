"""Search: what a reader typed, asked of the index, and shown from the warehouse word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np
import tantivy
from numpy.typing import NDArray

from ledger.decisions import published
from ledger.decisions.published import mark
from ledger.names.tokens import Matcher
from ledger.presentation.passages import Passage
from ledger.queries import pledge_list
from ledger.search import query_syntax, vectors, word_index
from ledger.search.query_syntax import Query
from ledger.search.terms import build
from ledger.search.word_index import WordIndex, id_of, read_index, update
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.rows import in_context, spans_of
from ledger.types import Span

__all__ = ["Hit", "Order", "Results", "search", "similar", "stamp", "update"]

Order = Literal["relevance", "date"]
MOST_ALIKE = 500  # statements listed as similar in meaning
FEW = 20_000  # statements that are all compared with what was asked
LEAST_ALIKE = 0.3  # cosine below which two statements have little to do with each other
_FAR = 1_000_000  # more hits than anybody pages through


@dataclass(frozen=True, slots=True)
class Hit:
    """One statement found. ``context.marks`` is the quotation in its paragraph, ``terms`` what was sought.

    ``commitments``: the types of its undertakings in the order of their clauses; ``pledge_ids``: of each of
    them its pledge, "" where it has none yet.
    """

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
    commitments: tuple[str, ...]
    pledge_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page of results, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]
    query: Query


def stamp(settings: Settings) -> str:
    """Changes whenever answers may: with what `pledge_list.stamp` tells, and with what is indexed."""
    indexed = mark(word_index.committed(settings)), mark(vectors.kept(settings))
    return "|".join((pledge_list.stamp(settings), *indexed))


def search(
    settings: Settings,
    query: str = "",
    *,
    order: Order = "relevance",
    limit: int = 20,
    offset: int = 0,
    **given: str,
) -> Results:
    """Find statements; ``given``: fields of the query (`query_syntax.FIELDS`) beside those within it.

    Days are ISO days, months or years. An empty query finds everything. Raises WrongUse for a day or
    role that cannot be read, and where nothing is indexed yet.
    """
    asked = query_syntax.narrow(query_syntax.parse(query), **given)
    return fitting(settings, asked, order=order, limit=limit, offset=offset)


def fitting(
    settings: Settings, asked: Query, *, order: Order = "relevance", limit: int = 20, offset: int = 0
) -> Results:
    """The statements that fit a query; raises WrongUse where nothing is indexed yet."""
    index = opened(settings)
    with published.reading(settings, prepared=True) as connection:
        total, scored = _find(index, asked, connection, order, limit, offset)
        hits = tuple(_hits(connection, scored, matcher_of(asked)))
    return Results(total, hits, asked)


def matcher_of(asked: Query) -> Matcher:
    """Finds in a text what a query seeks."""
    instead = (said for some in asked.either for said in some)
    return Matcher((*asked.words, *asked.places, *instead), asked.phrases)


def find(settings: Settings, asked: Query | str, limit: int = 20) -> tuple[int, list[tuple[str, float]]]:
    """How many statements fit, and (id, score) of the first; raises as `search` does."""
    query = query_syntax.parse(asked) if isinstance(asked, str) else asked
    index = opened(settings)
    with published.reading(settings) as connection:
        return _find(index, query, connection, "relevance", limit, 0)


def newest(index: WordIndex, query: Query, connection: warehouse.Connection, most: int) -> list[str]:
    """The ids of the newest statements that fit, by an index of `opened`."""
    return [key for key, _ in _find(index, query, connection, "date", most, 0)[1]]


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

    The fields of ``query`` and what must not occur narrow the list, its other words do not. Raises as
    `search` does.
    """
    asked = query_syntax.narrow(query_syntax.parse(query), **given)
    return alike(settings, vector, asked, limit=limit, offset=offset)


def alike(
    settings: Settings,
    vector: NDArray[np.float32],
    asked: Query,
    *,
    limit: int = 20,
    offset: int = 0,
    least: float = LEAST_ALIKE,
) -> Results:
    """`similar` to a query; raises WrongUse where nothing is indexed yet."""
    scored = find_alike(settings, vector, asked, least)
    with published.reading(settings, prepared=True) as connection:
        hits = tuple(_hits(connection, scored[offset : offset + limit], Matcher((), ())))
    return Results(len(scored), hits, asked)


def find_alike(
    settings: Settings, vector: NDArray[np.float32], asked: Query, least: float = LEAST_ALIKE
) -> list[tuple[str, float]]:
    """(id, cosine) of the MOST_ALIKE statements nearest to a vector that fit all of a query but its words and
    phrases, with a cosine of at least ``least``.

    Where no more than FEW statements fit all of these are compared, else those that fit of the many nearest.
    """
    narrowing = replace(asked, words=(), phrases=(), either=(), open_mark=False, in_titles=False)
    index = opened(settings)
    with published.reading(settings) as connection:
        if narrowing == Query():
            near = vectors.nearest(settings, vector, MOST_ALIKE)
        else:
            near = _nearest_of(settings, index, build(index.schema, narrowing, connection), vector)
    return [(id_of(key), cosine) for key, cosine in near if cosine >= least]


def _nearest_of(
    settings: Settings, index: WordIndex, narrowed: Any, vector: NDArray[np.float32]
) -> list[tuple[int, float]]:
    """The MOST_ALIKE nearest of what fits a query."""
    found = index.ask(lambda searcher: searcher.search(narrowed, limit=FEW, order_by_field="key"))
    if found.count <= FEW:
        among = np.array([key for key, _ in found.hits], dtype=np.uint64)
        return vectors.nearest(settings, vector, MOST_ALIKE, among)
    near = vectors.nearest(settings, vector, vectors.CANDIDATES)
    listed = tantivy.Query.term_set_query(index.schema, "id", [id_of(key) for key, _ in near])
    both = tantivy.Query.boolean_query([(tantivy.Occur.Must, narrowed), (tantivy.Occur.Must, listed)])
    held = index.ask(lambda searcher: searcher.search(both, limit=len(near), order_by_field="key"))
    fits = {key for key, _ in held.hits}
    return [(key, cosine) for key, cosine in near if key in fits][:MOST_ALIKE]


def opened(settings: Settings) -> WordIndex:
    """The index, made where what is published has none of this version's form. Raises WrongUse where nothing
    is published yet, BadWarehouse where it cannot be read."""
    try:
        return read_index(settings)
    except FileNotFoundError:
        update(settings)
        return read_index(settings)


def _find(
    index: WordIndex, asked: Query, connection: warehouse.Connection, order: Order, limit: int, offset: int
) -> tuple[int, list[tuple[str, float]]]:
    """How many fit, and (id, score) of one page of them."""
    by_date = order == "date" or not (asked.words or asked.phrases or asked.either)
    query, most = build(index.schema, asked, connection), min(max(limit, 1), _FAR)

    def page(searcher: Any) -> tuple[Any, list[int]]:
        found = searcher.search(
            query,
            limit=most,
            offset=min(max(offset, 0), _FAR),
            order_by_field="published" if by_date else None,
        )
        keys = searcher.fast_field_values("key", [address for _, address in found.hits])
        if None in keys:
            raise ValueError("a statement without its id")
        return found, keys

    found, keys = index.ask(page)
    scores = [0.0 if by_date else float(score) for score, _ in found.hits]
    return int(found.count), list(zip(map(id_of, keys), scores, strict=True))


def _hits(
    connection: warehouse.Connection, scored: Iterable[tuple[str, float]], matcher: Matcher
) -> Iterator[Hit]:
    """The statements of these ids as they are in the warehouse; one that is gone from it is left out."""
    order = dict(scored)
    if not order:
        return
    found = {str(row["id"]): row for row in _looked_up(connection, "hit", order)}
    wanted = {str(row["article_id"]) for row in found.values()} or {""}
    printed = {str(row.pop("id")): row for row in _looked_up(connection, "printed", sorted(wanted))}
    promised: dict[str, list[tuple[str, str]]] = {}
    for key, kind, pledge in connection.execute(_execute("undertaken", order)).fetchall():
        promised.setdefault(key, []).append((kind, pledge))
    for key, score in order.items():
        row = found.get(key)
        if row and (article := printed.get(str(row["article_id"]))):
            row |= article
            content, shown = spans_of(row["content"]), in_context(row)
            made = promised.get(key, ())
            yield Hit(
                **shown,
                score=score,
                content=content,
                terms=matcher.spans(shown["context"].text),
                commitments=tuple(kind for kind, _ in made),
                pledge_ids=tuple(pledge for _, pledge in made),
            )


def _looked_up(connection: warehouse.Connection, name: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    return warehouse.fetch(connection, _execute(name, ids))


def _execute(name: str, ids: Iterable[str]) -> str:
    """The look-up of `hits.sql` of this name, of ids that are stored: EXECUTE takes no parameters."""
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in ids)
    return f"EXECUTE {name}([{listed}])"
