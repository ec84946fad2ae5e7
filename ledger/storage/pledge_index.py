"""What a run keeps so that articles find the pledges near them: words with their weights, and vectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import blake2b

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ledger.storage.warehouse import Connection, column, incoming

_DIMENSIONS = 384  # of a stored vector
UNIT = 1_000_000  # of a weight of 1: whole numbers have one sum in whatever order
MARGIN = 1_000  # more than what rounding and another order of the sum can make of it
# Of each article the pledges that share enough and are no younger than it, but for those that share less than
# so many others.
_NEAR = f"""
WITH shared AS (
    SELECT a.article, a.day, w.pledge_id, sum(w.weight) AS weight
    FROM incoming a JOIN pledge_words w ON w.word = a.word
    GROUP BY ALL HAVING sum(w.weight) >= $least - {MARGIN}),
later AS (
    SELECT article, s.pledge_id, weight FROM shared s JOIN pledge_begun b ON b.pledge_id = s.pledge_id
    WHERE coalesce(s.day >= b.first_day, true) AND s.article <> b.home
    QUALIFY weight >= coalesce(nth_value(weight, $most) OVER (
            PARTITION BY article ORDER BY weight DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), 0) - {MARGIN})
SELECT DISTINCT pledge_id FROM later ORDER BY pledge_id"""


def put(connection: Connection, pledges: Mapping[str, tuple[date | None, str, Mapping[str, float]]]) -> None:
    """Keep of these pledges the first day, the article they began in and their words' weights (0 to 1), in
    the place of what was known of them."""
    if not pledges:
        return
    listed = list(pledges)
    for table in ("pledge_words", "pledge_begun"):
        connection.execute(f"DELETE FROM {table} WHERE pledge_id IN (SELECT unnest(?))", [listed])
    begun = [pledges[key][:2] for key in listed]
    days = pa.array([day for day, _ in begun], pa.date32())
    with incoming(
        connection, pa.table({"pledge_id": listed, "first_day": days, "home": [home for _, home in begun]})
    ):
        connection.execute("INSERT INTO pledge_begun BY NAME FROM incoming")
    words = [
        (key, _hashed(word), round(UNIT * weight))
        for key in listed
        for word, weight in pledges[key][2].items()
    ]
    columns = (pa.array([row[n] for row in words], kind) for n, kind in enumerate(_WORDS.values()))
    with incoming(connection, pa.table(dict(zip(_WORDS, columns, strict=True)))):
        connection.execute("INSERT INTO pledge_words BY NAME FROM incoming")


def drop_of_article(connection: Connection, article_id: str) -> None:
    """Take out what is kept of the pledges that an article has a part of: it is kept anew by the next run."""
    told = """SELECT pc.pledge_id FROM pledge_commitments pc JOIN commitments c ON c.id = pc.commitment_id
        JOIN statements s ON s.id = c.statement_id WHERE s.article_id = ?"""
    for table in ("pledge_words", "pledge_begun"):
        connection.execute(f"DELETE FROM {table} WHERE pledge_id IN ({told})", [article_id])


def begun(connection: Connection, live: Collection[str]) -> set[str]:
    """The pledges of which words are kept; what is kept of others than the ``live`` ones goes."""
    for table in ("pledge_words", "pledge_begun"):
        connection.execute(f"DELETE FROM {table} WHERE pledge_id NOT IN (SELECT unnest(?))", [list(live)])
    return set(column(connection, "SELECT pledge_id FROM pledge_begun"))


_WORDS = {"pledge_id": pa.string(), "word": pa.int64(), "weight": pa.int32()}


def _hashed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def near(
    connection: Connection,
    articles: Sequence[tuple[str, date | None, Collection[str]]],
    least: float,
    most: int,
) -> list[str]:
    """The pledges whose words in one of these articles (id, day, words) weigh ``least`` together: of each
    article the ``most`` nearest, with those that are as near to a thousandth."""
    rows = [(key, day, _hashed(word)) for key, day, words in articles for word in words]
    kinds = {"article": pa.string(), "day": pa.date32(), "word": pa.int64()}
    columns = (pa.array([row[n] for row in rows], kind) for n, kind in enumerate(kinds.values()))
    with incoming(connection, pa.table(dict(zip(kinds, columns, strict=True)))):
        return column(connection, _NEAR, {"least": round(UNIT * least), "most": most})


def vectors(connection: Connection, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The stored vectors of these ids, each (384,); those that are not there are left out."""
    found = connection.execute(
        "SELECT id, vector FROM vectors WHERE id IN (SELECT unnest(?))", [list(ids)]
    ).to_arrow_table()
    numbers = found["vector"].combine_chunks().flatten().to_numpy().reshape(-1, _DIMENSIONS)
    return dict(zip(found["id"].to_pylist(), numbers, strict=True))


def drop_vectors_of(connection: Connection, commitment_ids: Sequence[str]) -> None:
    """Take out what was reckoned of the words of these commitments."""
    if not commitment_ids:
        return
    query = "DELETE FROM vectors WHERE split_part(id, ':', 1) IN (SELECT unnest(?))"
    connection.execute(query, [list(commitment_ids)])


def drop_told(connection: Connection, commitment_ids: Sequence[str]) -> None:
    """Take out how these commitments were read before, as others than the encoder reads them now."""
    if not commitment_ids:
        return
    query = (
        "DELETE FROM vectors WHERE contains(id, ':told:') AND split_part(id, ':', 1) IN (SELECT unnest(?))"
    )
    connection.execute(query, [list(commitment_ids)])
