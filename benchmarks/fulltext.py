"""DuckDB's own full-text index over the statements of a home: the reference of `benchmarks.read`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from ledger.settings import Settings

MOST = 50  # phrases asked of it: it is slow


@dataclass(frozen=True, slots=True)
class Reference:
    """The index, what to ask of it, and the seconds it took to make (0 where it was there)."""

    connection: duckdb.DuckDBPyConnection
    asked: Sequence[str]
    seconds: float

    def find(self, phrase: str) -> list[tuple[str, float]]:
        """The 20 best statements that hold these words one after the other."""
        return self.connection.execute(
            """SELECT id, score FROM (
                SELECT id, words, fts_main_said.match_bm25(id, $phrase, conjunctive := 1) AS score FROM said)
            WHERE score IS NOT NULL AND contains(lower(words), lower($phrase))
            ORDER BY score DESC LIMIT 20""",
            {"phrase": phrase},
        ).fetchall()


def reference(home: Settings, phrases: Sequence[str], folder: Path) -> Reference | None:
    """The index in ``folder``, made where it is not there; None where the extension is not installed."""
    spec = find_spec("duckdb_extension_fts")
    if spec is None or spec.origin is None:
        return None
    extension = next(Path(spec.origin).parent.rglob("fts.duckdb_extension"))
    path = folder / "fts.duckdb"
    made = path.exists()
    connection = duckdb.connect(str(path))
    connection.execute(f"LOAD '{extension}'")
    seconds = 0.0
    if not made:
        connection.execute(f"ATTACH '{home.warehouse}' AS w (READ_ONLY)")
        connection.execute("CREATE TABLE said AS SELECT id, words FROM w.statements")
        connection.execute("DETACH w")
        start = time.perf_counter()
        connection.execute("PRAGMA create_fts_index('said', 'id', 'words')")
        seconds = time.perf_counter() - start
        connection.execute("CHECKPOINT")
    made_of = Reference(connection, phrases[:MOST], seconds)
    made_of.find(phrases[-1])
    return made_of
