"""Homes that hold many articles already, as runs would have left them: worked through, published, indexed.

What is stored is that of `benchmarks.big_home`, in the mouths of the regions' own officials, with sentences,
vectors and the notes of what each stage has done, and beside it what a real run made of some earlier articles
of the regions (``base``), which those of the day speak of again. Vectors are real ones with noise.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.big_home import big_home, noisy
from flows.pipeline import near_pledges, stages
from flows.pipeline.sources import Sources, load_sources
from flows.pipeline.versions import version
from ledger.decisions import effects, published, reckoning
from ledger.search import statement_search, vectors
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.warehouse import Connection
from nlp.evidence.profile import profiles

STATEMENTS = 10  # an article
_KINDS = ("", ":pledge", ":passage")  # of a commitment's vectors, beside that of its article
_BATCH = 20_000
_PLEDGES = 2_000  # whose commitments are read at once
_EDITION = 3  # of what is made here: a home of an earlier one is made anew
_MERGED = (
    "articles", "revisions", "sentences", "statements", "commitments", "pledge_commitments", "vectors",
    "evidence", "leads", "doubts", "suggestions", "done", "visits", "runs",
)  # fmt: skip


def stored_home(folder: Path, articles: int, base: Settings) -> Settings:
    """The home in ``folder`` with so many articles and those of ``base``; made where it is not there."""
    home = big_home(folder, articles, articles * STATEMENTS)
    made, indexed = (folder / f"{what}-{articles}-{_EDITION}" for what in ("grown", "indexed"))
    chance = np.random.default_rng(1)
    if not made.exists():
        home.work.unlink(missing_ok=True)  # of one that was cut short
        _grow(home, base, chance)
        made.touch()
    if not indexed.exists():
        statement_search.update(home)
        rows = _of_base(base, "")
        vectors.update(home, lambda texts: noisy(rows, len(texts), chance))
        indexed.touch()
    return home


def _grow(home: Settings, base: Settings, chance: np.random.Generator) -> None:
    """Put in what runs would have left beside the statements, and what ``base`` holds; publish."""
    for file in base.home.glob("officials.*"):
        shutil.copy(file, home.home)
    for file in base.data.iterdir():
        if file.is_dir() and file.name != "index":
            shutil.copytree(file, home.data / file.name, dirs_exist_ok=True)
    sources = load_sources(home)
    with warehouse.run(home) as connection:
        connection.execute(f"ATTACH '{base.warehouse}' AS base (READ_ONLY)")
        connection.execute(_IN_MOUTHS)
        _put_sentences(connection)
        _put_vectors(connection, chance)
        with warehouse.transaction(connection):
            _mark_done(connection, home, sources)
        connection.execute(_REGISTER)
        for table in _MERGED:
            connection.execute(f"INSERT INTO {table} BY NAME FROM base.{table}")
        connection.execute("DETACH base")
        with warehouse.transaction(connection):
            effects.take_in(connection, home)
            _mark_pledges(
                connection, stages._speakers(home, sources), _real(connection, "vectors", ":pledge"), chance
            )
            reckoning.keep(connection, home.today, "grown", version("publish"))
    warehouse.publish(home)


def _of_base(base: Settings, kind: str) -> NDArray[np.float32]:
    """The real vectors of one kind, (n, 384)."""
    with published.reading(base) as connection:
        return _real(connection, "w.vectors", kind)


def _real(connection: Connection, table: str, kind: str) -> NDArray[np.float32]:
    wanted = f"contains(id, '{kind}')" if kind else "NOT contains(id, ':')"
    found = connection.execute(f"SELECT vector FROM {table} WHERE {wanted}").fetchall()
    return np.array([vector for (vector,) in found], dtype=np.float32)


def _put_sentences(connection: Connection) -> None:
    """Of each article what stands before its quotations, a paragraph each: as `big_home` writes them."""
    rows = connection.execute(
        """SELECT a.id, a.text, list(s.content[1][1] ORDER BY s.seq) FROM articles a
        JOIN statements s ON s.article_id = a.id GROUP BY a.id, a.text"""
    )
    while some := rows.fetchmany(_BATCH):
        listed = [
            {
                "article_id": key,
                "spans": [
                    [max(0, text.rfind("\n\n", 0, at) + 2), max(0, at - 2)] if at > 2 else [0, 0]
                    for at in firsts
                ],
            }
            for key, text, firsts in some
        ]
        cursor = connection.cursor()
        with warehouse.incoming(cursor, pa.Table.from_pylist(listed)):
            cursor.execute("INSERT INTO sentences BY NAME FROM incoming")


def _put_vectors(connection: Connection, chance: np.random.Generator) -> None:
    commitments = warehouse.column(connection, "SELECT id FROM commitments")
    articles = warehouse.column(
        connection,
        """SELECT DISTINCT 'context:' || a.id || ':' || a.sha256 FROM commitments c
        JOIN statements s ON s.id = c.statement_id JOIN articles a ON a.id = s.article_id""",
    )
    for kind in _KINDS:
        real = _real(connection, "base.vectors", kind)
        _insert(connection, [f"{one}{kind}" for one in commitments], real, chance)
    _insert(connection, articles, _real(connection, "base.vectors", "context:"), chance)


def _insert(
    connection: Connection, ids: Sequence[str], real: NDArray[np.float32], chance: np.random.Generator
) -> None:
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        numbers = pa.FixedSizeListArray.from_arrays(
            pa.array(noisy(real, len(some), chance).ravel()), real.shape[1]
        )
        with warehouse.incoming(connection, pa.table({"id": some, "vector": numbers})):
            connection.execute("INSERT OR IGNORE INTO vectors BY NAME FROM incoming")  # the base has its own


def _mark_done(connection: Connection, home: Settings, sources: Sources) -> None:
    """Note that each stage has worked through what it would find here."""
    speakers = stages._speakers(home, sources)
    for stage, mine in (("extract", speakers), ("track", version("track", speakers))):
        connection.execute("INSERT INTO done SELECT ?, id || ':' || sha256, ? FROM articles", [stage, mine])
    connection.execute("INSERT INTO done SELECT 'flag', id, ? FROM statements", [version("flag", speakers)])


def _mark_pledges(
    connection: Connection, speakers: str, real: NDArray[np.float32], chance: np.random.Generator
) -> None:
    """What `track` keeps of each pledge: that it is worked through, its words, the vectors of its clauses."""
    mine = version("track", speakers)
    marks = reckoning.prints(connection)
    with warehouse.incoming(
        connection, pa.table({"item": list(marks), "version": [f"{mine} {mark}" for mark in marks.values()]})
    ):
        connection.execute(
            "INSERT OR REPLACE INTO done BY NAME SELECT 'track' AS stage, item, version FROM incoming"
        )
    for start in range(0, len(marks), _PLEDGES):
        some = near_pledges.with_items(connection, list(marks)[start : start + _PLEDGES])
        near_pledges.note(connection, *some)
        keys = [key for one in profiles(*some) for key in near_pledges.keys_of(one)]
        _insert(connection, keys, real, chance)


# The statements of each invented official in the mouth of one of the register, all in the one paper that the
# day's run knows; clauses as runs keep them.
_IN_MOUTHS = """
CREATE TEMP TABLE mouth AS
WITH real AS (
    SELECT o.id, o.name, p.role, p.body, row_number() OVER (ORDER BY o.id) - 1 AS n
    FROM base.officials o JOIN (
        SELECT official_id, any_value(role ORDER BY first) AS role, any_value(body ORDER BY first) AS body
        FROM base.posts GROUP BY 1) p ON p.official_id = o.id
    WHERE NOT coalesce(o.provisional, false))
SELECT o.id AS was, real.* EXCLUDE (n)
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM officials) o
JOIN real ON real.n = o.n % (SELECT count(*) FROM real);
UPDATE statements s SET official_id = m.id, speaker = m.name, role = m.role, body = m.body
FROM mouth m WHERE m.was = s.official_id;
UPDATE articles SET outlet = (SELECT any_value(name) FROM base.outlets);
UPDATE commitments c SET span = s.content[1], clause = s.words FROM statements s WHERE s.id = c.statement_id;
UPDATE pledge_commitments SET core = true, central = 0.5;
"""
_REGISTER = """
DELETE FROM officials; DELETE FROM posts; DELETE FROM outlets;
INSERT INTO outlets BY NAME FROM base.outlets;
INSERT INTO officials BY NAME FROM base.officials;
INSERT INTO posts BY NAME FROM base.posts;
"""


def sizes(home: Settings) -> Iterator[tuple[str, float]]:
    """(what, megabytes) on the disk: the warehouse, and the index of words and meaning."""
    yield "warehouse", home.warehouse.stat().st_size / 2**20
    yield "index", sum(f.stat().st_size for f in (home.data / "index").rglob("*") if f.is_file()) / 2**20
