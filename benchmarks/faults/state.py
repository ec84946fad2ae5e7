"""A home folder as values that can be compared: rows of the warehouse, journals, index, archive, files.

What is left aside, by name: times at which something was noted, and ids that are made of such times
(`NOTED`). A page's archive reference is compared as the page's address and the digest of its bytes. Of a
crawl that was killed some pages may lie in the archive twice; they are compared as a set. A letter of which
nobody can tell whether it arrived stands for one that was sent (`kills.letters_wrong` asks further).
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import tantivy
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from benchmarks.faults.scene import Trial
from crawlers.archive.lines import read_lines, runs
from ledger.search.vectors import _ROWS
from ledger.search.word_index import open_index
from ledger.settings import load

State = dict[str, list[str]]

NOTED = {  # table to columns that are left aside; "*": the whole table, which tells of the runs there were
    "runs": "*", "skipped": "*",
    "articles": "run_id first_seen", "revisions": "run_id fetched", "quotation_edits": "id run_id fetched",
    "statements": "run_id", "commitments": "run_id", "pledges": "run_id", "evidence": "run_id", "leads":
    "run_id", "doubts": "run_id", "suggestions": "run_id noted", "problems": "run_id noted", "forgotten":
    "noted", "former": "noted", "visits": "crawl visited listings new links", "commitment_said": "first_seen",
}  # fmt: skip
_ROWS_HELD = {  # of these tables only some rows: a crawl's name is a time
    "done": "stage <> 'load: crawls'", "meta": "key <> 'rebuilt_without'",
}  # fmt: skip
_ONCE = ("problems", "visits")  # a killed crawl's and the next one's may tell the same
_SQLITE = {
    "decisions.sqlite": ("SELECT who, kind, subject, value, why FROM decisions ORDER BY n",),
    "deliveries.sqlite": (
        """SELECT d.edition, d.channel, d.reader, d.shown, CASE s.step WHEN 'unknown' THEN 'sent' ELSE s.step
        END FROM deliveries d JOIN standing s ON s.delivery = d.id""",
    ),
    "data/crawl/seen.sqlite": (
        "SELECT id, outlet, url, status, etag, last_modified, sha256 FROM pages",
        "SELECT key, id FROM aliases", "SELECT url, etag, last_modified, found FROM listings",
    ),
}  # fmt: skip
_TIMES = re.compile(r"\d{8}T\d{6}Z(-[0-9a-f]+)?(_\d+)?|T\d{6}(?=\.|\b|$)|\b[0-9a-f]{32}\b")
_STAMPS = re.compile(rb"^(DTSTAMP|LAST-MODIFIED|SEQUENCE):.*$", re.MULTILINE)  # of when a date was noted
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,60}\.warc\.gz:\d+")
_WORDS = 200  # words that the index is asked for


def state_of(trial: Trial) -> State:
    """All of it. A warehouse or index that cannot be read tells why in the place of its rows."""
    home, found = trial.home, State()
    pages = _archive(home / "data" / "archive")
    found["archive"] = sorted(set(pages.values()))
    found["crawl lines"] = sorted({f"{line.get('url')} {line.get('sha256')}" for line in _lines(home)})
    for name in ("warehouse.duckdb", "data/work.duckdb"):
        if (home / name).exists():
            found |= _read(name, partial(_tables, home / name, pages))
    for name, queries in _SQLITE.items():
        if (home / name).exists():
            for n, query in enumerate(queries):
                found[f"{name} {n or ''}".strip()] = _sqlite(home / name, query)
    if (home / "data" / "index").exists():
        found |= _read("index", partial(_index, trial))
    files = [one for one in trial.folder.rglob("*") if one.is_file()]
    found["files"] = sorted({_plain(str(one.relative_to(trial.folder))) for one in files})
    found["bytes"] = sorted(set(_bytes(trial)))
    return found


def _read(name: str, rows: Callable[[], State]) -> State:
    """The rows, or why they cannot be read."""
    try:
        return rows()
    except (duckdb.Error, ValueError, OSError) as error:
        return State({name: [f"cannot be read: {error}"]})
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the index's library; its class is nowhere to import
            raise
        return State({name: [f"cannot be read: {error}"]})


def differences(wanted: State, found: State) -> list[str]:
    """What differs, a line for each part; nothing where all is the same."""
    told = []
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found or name not in wanted:
            told.append(f"{name}: {'not there' if name not in found else 'there, and should not be'}")
        elif wanted[name] != found[name]:
            left, right = _less(wanted[name], found[name]), _less(found[name], wanted[name])
            parts = [f"{len(left)} missing" if left else "", f"{len(right)} more" if right else ""]
            first = (left or right or ["another order"])[0]
            told.append(f"{name}: {', '.join(filter(None, parts))}: {first[:160]}")
    return told


def _less(some: list[str], others: list[str]) -> list[str]:
    rest = list(others)
    left = []
    known = set(others)
    for one in some:
        if one in known and one in rest:
            rest.remove(one)
        else:
            left.append(one)
    return left


def _plain(name: str) -> str:
    name = re.sub(r"(data/index/\d+/).*", r"\1…", name)  # segments are named by chance
    return _TIMES.sub("#", name)


def _archive(folder: Path) -> dict[str, str]:
    """Every whole record's reference, as address and digest. A torn tail is none."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            try:
                for record in records:
                    body = record.content_stream().read()
                    place = f"{path.name}:{records.get_record_offset()}"
                    digest = hashlib.sha256(body).hexdigest()[:16]
                    address = record.rec_headers.get_header("WARC-Target-URI")
                    found[place] = f"{address or 'removed'} {digest}"
            except (ArchiveLoadFailed, EOFError, ValueError):
                continue  # a torn tail, which nothing refers to
    return found


def _lines(home: Path) -> Iterator[dict[str, Any]]:
    for path in runs(home / "data" / "crawl"):
        for _, line in read_lines(path):
            if line is not None and line["what"] == "page":
                yield line


def _tables(path: Path, pages: dict[str, str]) -> State:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        found = State()
        for name in names:
            aside = NOTED.get(name, "")
            if aside == "*":
                continue
            columns = [
                row[0]
                for row in connection.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [name]
                ).fetchall()
                if row[0] not in aside.split()
            ]
            listed = ", ".join(f'"{column}"' for column in columns)
            where = f" WHERE {_ROWS_HELD[name]}" if name in _ROWS_HELD else ""
            rows = connection.execute(f"SELECT {listed} FROM {name}{where}").fetchall()
            told = sorted(_row(row, pages) for row in rows)
            found[f"{path.name} {name}"] = sorted(set(told)) if name in (*_ONCE, "done") else told
    return found


def _row(row: tuple[Any, ...], pages: dict[str, str]) -> str:
    text = repr(
        tuple(hash_of(one) if isinstance(one, tuple | bytes) and len(one) > 50 else one for one in row)
    )
    return _TIMES.sub("#", _REFERENCE.sub(lambda found: pages.get(found[0], f"nowhere: {found[0]}"), text))


def hash_of(value: object) -> str:
    """A short print of a long value."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def _sqlite(path: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(path)) as journal:
        rows = [_TIMES.sub("#", repr(row)) for row in journal.execute(query)]
    return rows if "ORDER BY" in query else sorted(rows)


def _index(trial: Trial) -> State:
    settings = load(trial.home)
    index = open_index(settings)
    searcher, schema = index.searcher(), index.schema
    found = State()

    def keys(field: str, value: str) -> list[str]:
        hits = searcher.search(tantivy.Query.term_query(schema, field, value), limit=10_000).hits
        return sorted(f"{one:016x}" for one in searcher.fast_field_values("key", [at for _, at in hits]))

    if searcher.num_docs:
        found["index statements"] = keys("has", "statement")
        markers = searcher.search(tantivy.Query.term_query(schema, "has", "marker"), limit=10_000).hits
        documents = [searcher.doc(at) for _, at in markers]
        found["index markers"] = sorted(f"{one['marks']} {one['print']}" for one in documents)
        with closing(duckdb.connect(str(trial.home / "warehouse.duckdb"), read_only=True)) as connection:
            words = connection.execute(
                """SELECT DISTINCT lower(word) FROM (SELECT unnest(regexp_extract_all(words, '[A-Za-z]{4,}'))
                AS word FROM statements) ORDER BY 1 LIMIT ?""",
                [_WORDS],
            ).fetchall()
        found["index words"] = [f"{word}: {keys('exact', word)}" for (word,) in words]
    folder = settings.data / "index" / "meaning"
    if folder.exists():
        parts = {
            name: np.fromfile(folder / name, dtype=np.uint8).reshape(-1, row.itemsize)
            for name, row in _ROWS.items()
        }
        rows = zip(*(parts[name] for name in sorted(parts)), strict=True)
        found["vectors"] = sorted(hash_of([one.tobytes() for one in row]) for row in rows)
    return found


def _bytes(trial: Trial) -> Iterator[str]:
    """Files that the same input gives the same bytes: digests, exports, the site, what is in backups."""
    for one in sorted([*(trial.home / "data" / "digests").rglob("*"), *(trial.out / "exported").rglob("*")]):
        if (
            one.is_file() and "T" not in one.stem and one.stem != "suggestions"
        ):  # each with its time of noting
            content = _STAMPS.sub(b"", one.read_bytes()) if one.suffix == ".ics" else one.read_bytes()
            yield f"{one.relative_to(trial.folder)} {hashlib.sha256(content).hexdigest()[:16]}"
    for one in sorted(trial.folder.rglob("said-backup-*.tar.gz")):
        with tarfile.open(one) as archive:
            held = archive.extractfile("contents.json")
            yield f"backup {sorted(json.loads(held.read() if held else b'{}'))}"
