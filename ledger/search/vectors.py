"""Statements by meaning: their embeddings beside the word index, and the nearest ones to a vector.

Under ``data/index/meaning``: ``vectors`` (n, 384) int8, ``signs`` (n, 6) uint64 (one bit a dimension),
``sums`` (n,) uint64, a checksum of each row, and ``ids`` (n,) uint64, the statements' content ids. Rows are
appended; the ids come last, so that what a killed update left without ids is cut off by the next. It holds no
text, and can be made anew from the warehouse.

A search compares signs first (Hamming distance; binary passage retrieval, Yamada et al. 2021,
doi:10.18653/v1/2021.acl-short.123) and then the CANDIDATES nearest by the cosine of the int8 vectors.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.counts import Counts
from ledger.data_files import half_of
from ledger.decisions import published
from ledger.settings import Settings

WIDTH = 384  # of a vector
CANDIDATES = 4_000  # compared by cosine, of all: what the signs alone would have missed is rare from here on
_BATCH = 2_000  # statements embedded before they are kept
_PIECE = 65_536  # statements whose signs, or checksums, are compared at a time
_SCALE = 127  # a unit vector's numbers as int8
_ROWS = {  # by file
    "vectors": np.dtype((np.int8, WIDTH)),
    "signs": np.dtype((np.uint64, WIDTH // 64)),
    "sums": np.dtype(np.uint64),
    "ids": np.dtype(np.uint64),
}
_SUMS, _SUMMED = "sums", ("vectors", "signs", "ids")
_ODD = (np.arange(WIDTH // 8 + WIDTH // 64 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C16)) | np.uint64(
    1
)

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def update(settings: Settings, encode: Encode) -> Counts:
    """Bring the vectors up to date with the published warehouse: new statements in, gone ones out.

    ``encode``: texts to (n, 384) vectors of length 1. ``read`` counts statements, ``written`` new vectors.
    """
    counts = Counts("meaning")
    with published.reading(settings) as connection:
        wanted = np.sort(connection.execute(_IDS).fetchnumpy()["key"])
        counts.read = len(wanted)
        _recover(_folder(settings))
        present = _ids(_folder(settings))
        kept = np.isin(present, wanted) & _are_whole(_folder(settings))
        if not kept.all():
            _compact(_folder(settings), kept)
        fresh = np.setdiff1d(wanted, present[kept]).tolist()
        for start in range(0, len(fresh), _BATCH):
            keys = [f"{key:016x}" for key in fresh[start : start + _BATCH]]
            words = dict(connection.execute(_WORDS, [keys]).fetchall())
            _append(_folder(settings), keys, encode([words[key] for key in keys]))
            counts.written += len(keys)
    counts.skipped = {"unchanged": len(wanted) - len(fresh), "removed": int((~kept).sum())}
    return counts


def nearest(
    settings: Settings, vector: NDArray[np.float32], most: int, among: NDArray[np.uint64] | None = None
) -> list[tuple[int, float]]:
    """The statements nearest to a vector of length 1, (384,), with their cosines, nearest first.

    Statements are named by their ids as numbers. ``among``: those that are compared, every one of them; where
    it is not given, the CANDIDATES whose signs are nearest.
    """
    stored = _opened(_folder(settings))
    if stored is None:
        return []
    keys, order, signs, vectors = stored
    if among is not None:
        place = np.searchsorted(keys, np.sort(among), sorter=order)
        near = order[np.minimum(place, len(keys) - 1)]
        near = np.sort(near[np.isin(keys[near], among)])
    elif len(keys) > CANDIDATES:
        near = np.sort(np.argpartition(_apart(signs, vector), CANDIDATES)[:CANDIDATES])
    else:
        near = np.arange(len(keys))
    cosines = vectors[near].astype(np.float32) @ vector / _SCALE
    best = np.argsort(-cosines, kind="stable")[:most]
    return [(int(keys[near[row]]), round(float(cosines[row]), 4)) for row in best]


def _apart(signs: NDArray[np.uint64], vector: NDArray[np.float32]) -> NDArray[np.uint16]:
    """In how many signs each statement differs from the vector; reckoned by pieces that a cache holds."""
    asked = np.packbits(vector > 0).view(np.uint64)
    apart = np.zeros(signs.shape[1], dtype=np.uint16)
    for start in range(0, len(apart), _PIECE):
        piece = apart[start : start + _PIECE]
        for one_sign, bits in zip(signs, asked, strict=True):
            piece += np.bitwise_count(one_sign[start : start + _PIECE] ^ bits)
    return apart


def kept(settings: Settings) -> Path:
    """The file of ids: it changes, as the last, whenever vectors come or go."""
    return _folder(settings) / "ids"


def _folder(settings: Settings) -> Path:
    return settings.data / "index" / "meaning"


def _number(folder: Path, names: Iterable[str]) -> int:
    """How many rows are whole in all of these files."""
    files = [(folder / name, _ROWS[name].itemsize) for name in names]
    return min(file.stat().st_size // size if file.exists() else 0 for file, size in files)


def _ids(folder: Path) -> NDArray[np.uint64]:
    """The ids that have whole rows; what a killed update appended beyond them is cut off. Rows of a version
    that kept no checksums get theirs."""
    if (folder / "ids").exists() and not (folder / _SUMS).exists():
        half = half_of(folder / _SUMS)
        _sums(*_read(folder, _SUMMED, _number(folder, _SUMMED))).tofile(half)
        half.replace(folder / _SUMS)
    number = _number(folder, _ROWS)
    for name, row in _ROWS.items():
        if (folder / name).exists() and (folder / name).stat().st_size > number * row.itemsize:
            os.truncate(folder / name, number * row.itemsize)
    return np.fromfile(folder / "ids", dtype=np.uint64) if number else np.zeros(0, dtype=np.uint64)


def _read(folder: Path, names: Iterable[str], number: int, first: int = 0) -> list[NDArray[Any]]:
    """So many rows of these files from the row ``first`` on."""
    rows = [(folder / name, _ROWS[name]) for name in names]
    return [np.fromfile(file, dtype=row, count=number, offset=first * row.itemsize) for file, row in rows]


def _append(folder: Path, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    small = np.clip(np.rint(vectors * _SCALE), -_SCALE, _SCALE).astype(np.int8)
    signs = np.packbits(vectors > 0, axis=1).view(np.uint64)
    ids = np.array([int(key, 16) for key in keys], dtype=np.uint64)
    sums = _sums(small, signs, ids)
    for name, rows in (("vectors", small), ("signs", signs), ("sums", sums), ("ids", ids)):
        with (folder / name).open("ab") as file:
            file.write(rows.tobytes())


def damaged(settings: Settings) -> int:
    """How many vectors are not what was written; the next publication makes them anew."""
    return int((~_are_whole(_folder(settings))).sum())


def _are_whole(folder: Path) -> NDArray[np.bool_]:
    """Of each row whether it has its checksum; nothing where no checksums are kept yet."""
    number = _number(folder, _ROWS)
    if not number:
        return np.zeros(0, dtype=bool)
    (kept,) = _read(folder, [_SUMS], number)
    found = [
        _sums(*_read(folder, _SUMMED, min(_PIECE, number - first), first))
        for first in range(0, number, _PIECE)
    ]
    return np.asarray(np.concatenate(found) == kept)


def _sums(
    vectors: NDArray[np.int8], signs: NDArray[np.uint64], ids: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """A checksum of each row: its 64-bit words times odd numbers, so that no change of one word is missed."""
    words = vectors.view(np.uint64).reshape(len(ids), -1)
    own, of_signs = _ODD[: words.shape[1]], _ODD[words.shape[1] : -1]
    told: NDArray[np.uint64] = np.asarray(words @ own + signs @ of_signs + ids * _ODD[-1], dtype=np.uint64)
    return told


def _compact(folder: Path, kept: NDArray[np.bool_]) -> None:
    """Write the kept rows beside the old files and put them in their place."""
    half, old = _beside(folder)
    half.mkdir()
    for name, row in _ROWS.items():
        rows: Any = np.memmap(folder / name, dtype=row, mode="r")
        rows[kept].tofile(half / name)
    folder.rename(old)
    half.rename(folder)
    shutil.rmtree(old)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Where fewer rows are written to, and where the old ones go for a moment."""
    return folder.with_name("meaning.new"), folder.with_name("meaning.old")


def _recover(folder: Path) -> None:
    """Clear up after an update that was killed; the rows that it had set aside come back."""
    half, old = _beside(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    for left in (half, old):
        if left.exists():
            shutil.rmtree(left)


def _opened(folder: Path) -> tuple[Any, Any, Any, Any] | None:
    """(ids, their order, signs by column, vectors) as they are now, None where there are none."""
    file = folder / "ids"
    if not file.exists() or not file.stat().st_size:
        return None
    stat = file.stat()
    return _mapped(folder, stat.st_ino, stat.st_size)


@lru_cache(maxsize=1)
def _mapped(folder: Path, _inode: int, size: int) -> tuple[Any, Any, Any, Any]:
    keys = np.fromfile(folder / "ids", dtype=np.uint64, count=size // 8)
    signs = np.fromfile(folder / "signs", dtype=np.uint64).reshape(-1, WIDTH // 64)[: len(keys)]
    vectors = np.memmap(folder / "vectors", dtype=np.int8, mode="r", shape=(len(keys), WIDTH))
    return keys, np.argsort(keys), np.ascontiguousarray(signs.T), vectors


_IDS = "SELECT ('0x' || id)::UBIGINT AS key FROM w.statements WHERE role IS DISTINCT FROM 'non_official'"
_WORDS = "SELECT id, coalesce(searched, words) FROM w.statements WHERE id IN (SELECT unnest(?))"
