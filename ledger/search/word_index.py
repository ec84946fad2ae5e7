"""The index's files: their fields, and bringing them up to date with the published warehouse.

A tantivy index under ``data/index``. It holds no text, only where words stand. Beside the statements it
holds one marker for each article, with a print of all that was indexed of it; statements and marker go
in by the same commit. So an update is the difference between the warehouse's prints and the markers,
and a killed one is finished by the next.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import tantivy

from ledger.counts import Counts
from ledger.data_files import write_whole
from ledger.decisions import published
from ledger.decisions.published import state
from ledger.errors import BadWarehouse
from ledger.names.tokens import analyzers
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import UNOWNED

_FORMAT = "3"  # a change of the fields below needs a new number: the index is then built anew
_HEAP = 64_000_000  # bytes of memory for writing
_BATCH = 2_000  # articles to a commit
_LISTS = ("meta.json", ".managed.json")  # tantivy's lists of its files, which carry no checksum
_SUM = "lists.crc"  # theirs, and those of all other files
_MAGIC = (1337).to_bytes(4, "little")  # the last bytes of a file of tantivy's
_PANICS = "pyo3_runtime"  # where the type of a panic of tantivy's is from, which is no Exception
T = TypeVar("T")


class WordIndex:
    """The index as readers ask it: what is damaged in it is told in one line."""

    def __init__(self, index: Any, folder: Path) -> None:
        self.schema = index.schema
        self._index, self._folder = index, folder

    def ask(self, call: Callable[[Any], T]) -> T:
        """What ``call`` has of a searcher. Raises BadWarehouse where tantivy cannot read its files."""
        with damage_named(self._folder):
            return call(self._index.searcher())


@contextmanager
def damage_named(folder: Path) -> Iterator[None]:
    """What tantivy cannot read, be it told by an error or by a panic, is told as BadWarehouse."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, ValueError) and type(error).__module__ != _PANICS:
            raise
        told = " ".join(str(error).split())[:100]
        raise BadWarehouse(f"{folder} cannot be read ({told}): `said publish` makes it anew") from error


def update(settings: Settings) -> Counts:
    """Bring the index up to date with the published warehouse.

    ``read`` counts articles with statements, ``written`` statements indexed, skips ``unchanged`` and
    ``removed`` articles. An index that cannot be read is built anew and counted as a problem.
    """
    counts = Counts("index")
    try:
        if faults := damaged(settings):
            raise ValueError(f"{', '.join(faults)} changed since it was written")
        index = open_index(settings)
    except (ValueError, OSError) as error:
        counts.problem(str(folder(settings)), "index_unreadable", str(error)[:200])
        shutil.rmtree(folder(settings), ignore_errors=True)
        index = open_index(settings)
    with published.reading(settings) as connection:
        wanted = dict(connection.execute(warehouse.sql("index.sql")).fetchall())
        counts.read = len(wanted)
        present = _markers(index)
        gone = sorted(present.keys() - wanted.keys())
        fresh = sorted(key for key in wanted if wanted[key] != present.get(key))
        counts.skipped = {"unchanged": len(wanted) - len(fresh), "removed": len(gone)}
        if gone or fresh:
            _write(index, connection, gone, fresh, wanted, counts)
    there = folder(settings)
    if all((there / name).exists() for name in _LISTS):
        write_whole(there / _SUM, json.dumps(_sums([*(there / name for name in _LISTS), *_committed(there)])))
    return counts


def drop(settings: Settings) -> None:
    """Let the next update build the index anew: its lists of words keep those of documents that are gone."""
    shutil.rmtree(settings.data / "index" / _FORMAT, ignore_errors=True)


def folder(settings: Settings) -> Path:
    """Where the index of this format lies."""
    return settings.data / "index" / _FORMAT


def damaged(settings: Settings) -> list[str]:
    """The names of the index's files that are not what was written: by the sums kept beside them, and where a
    killed update left newer ones by the checksum that ends each of tantivy's own. What a killed one left half
    written belongs to no commit, and is nobody's harm."""
    there = folder(settings)
    lists, kept = [there / name for name in _LISTS], there / _SUM
    try:
        files = _committed(there)
    except (ValueError, KeyError, TypeError, AttributeError):
        return [_LISTS[0]]
    told: object = {}
    if all(file.exists() for file in (*lists, kept)) and _newest([kept]) >= _newest(lists):
        files = [*lists, *files]
        try:
            told = json.loads(kept.read_text(encoding="utf-8"))
        except ValueError:
            told = None
    if not isinstance(told, dict):
        return [_SUM, *(file.name for file in files if file not in lists and not _is_whole(file))]
    return [
        file.name
        for file in files
        if (told[file.name] != _sum(file) if file.name in told else not _is_whole(file))
    ]


def _newest(files: Sequence[Path]) -> int:
    return max(file.stat().st_mtime_ns for file in files)


def _committed(there: Path) -> list[Path]:
    """The files of the last commit, by tantivy's own list of its segments; none where there is no list."""
    meta = there / _LISTS[0]
    segments = json.loads(meta.read_bytes())["segments"] if meta.exists() else []
    found = []
    for one in segments:
        name, gone = one["segment_id"].replace("-", ""), one["deletes"]
        found += [file for file in there.glob(f"{name}.*") if file.suffix != ".del"]
        found += [there / f"{name}.{gone['opstamp']}.del"] if gone else []
    return sorted(file for file in found if file.exists())


def _is_whole(file: Path) -> bool:
    """A file of tantivy's ends with JSON that tells the CRC of all before, its length and a number (4 bytes
    each)."""
    data = file.read_bytes()
    end = len(data) - 8
    start = end - int.from_bytes(data[end : end + 4], "little") if end > 0 else -1
    try:
        told = json.loads(data[start:end]) if start >= 0 else {}
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("crc") == zlib.crc32(data[:start]) and data[-4:] == _MAGIC


def _sums(files: Sequence[Path]) -> dict[str, int]:
    return {file.name: _sum(file) for file in files}


def _sum(file: Path) -> int:
    return zlib.crc32(file.read_bytes())


def is_of_published(settings: Settings) -> bool:
    """Whether the index was brought up to date since the warehouse was published."""
    last = folder(settings) / _SUM
    return last.exists() and last.stat().st_mtime_ns >= settings.warehouse.stat().st_mtime_ns


def committed(settings: Settings) -> Path:
    """The file that every commit writes anew."""
    return folder(settings) / "meta.json"


def id_of(key: int) -> str:
    """A statement's id from the field ``key``."""
    return f"{key:016x}"


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name, stored in (("marks", True), ("print", True), ("id", False), ("article", False)):
        builder.add_text_field(name, stored=stored, tokenizer_name="raw", index_option="basic")
    for name in ("official", "role", "has"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("exact", tokenizer_name="exact")
    builder.add_text_field("stem", tokenizer_name="stem")
    builder.add_text_field("title", tokenizer_name="stem")  # of the pledges that it makes
    for name in ("speaker", "outlet", "post", "region"):
        builder.add_text_field(name, tokenizer_name="exact")
    builder.add_integer_field("published", indexed=True, fast=True)  # seconds since 1970
    builder.add_integer_field("day", indexed=True, fast=True)  # proleptic ordinal of the day in London
    builder.add_integer_field("added", indexed=True, fast=True)
    builder.add_unsigned_field("key", fast=True)  # the id as a number: read much faster than what is stored
    return builder.build()


def open_index(settings: Settings) -> Any:
    """The index, made where there is none. Raises ValueError or OSError when it cannot be read."""
    path = folder(settings)
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(path))
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def read_index(settings: Settings) -> WordIndex:
    """The index as last committed, held open from one reading to the next. Raises FileNotFoundError where
    there is none, BadWarehouse where it cannot be read."""
    return _read(settings, *state(committed(settings)))


@lru_cache(maxsize=2)
def _read(settings: Settings, inode: int, changed: int) -> WordIndex:
    with damage_named(folder(settings)):
        return WordIndex(open_index(settings), folder(settings))


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
    gone: Sequence[str],
    fresh: Sequence[str],
    prints: dict[str, str],
    counts: Counts,
) -> None:
    writer = index.writer(_HEAP, 1)
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
    query = """SELECT * FROM machine_statement JOIN (SELECT id, searched FROM w.statements) USING (id)
        WHERE article_id IN (SELECT unnest(?)) ORDER BY article_id, seq"""
    return warehouse.fetch(connection, query, [list(articles)])


def _document(row: dict[str, Any]) -> dict[str, Any]:
    published, words = row["published"], row["searched"] or row["words"]
    fields = {
        "id": row["id"],
        "key": int(row["id"], 16),
        "article": row["article_id"],
        "exact": words,
        "stem": words,
        "title": row["titles"],
        "speaker": row["speaker"],
        "official": row["official_id"],
        "role": row["role"],
        "outlet": row["outlet"],
        "post": [str(row[name]) for name in ("body", "area") if row[name]],
        "region": row["region"],
        "published": int(published.timestamp()) if published else 0,
        "day": published.date().toordinal() if published else None,
        "added": row["added"].toordinal() if row["added"] else None,
        "has": [
            "statement",
            *(["commitment"] if row["commitment"] else []),
            *([] if row["speaker"] else [UNOWNED]),
        ],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
