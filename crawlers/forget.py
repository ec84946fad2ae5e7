"""Taking a page out of the archive in place: other records keep their offsets, and so their references.

The record's gzip member is overwritten by one of the same length that holds a short note: a gzip header
may carry a comment of any length (RFC 1952, FCOMMENT), which fills what is left.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawlers.archive import Removed, read_record
from ledger.errors import SaidError
from ledger.seen import Seen

_NOTE = (
    "WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:said:removed:{offset}>\r\nWARC-Date: {now}\r\n"
    "Content-Type: text/plain\r\nContent-Length: 7\r\n\r\nremoved\r\n\r\n"
)


def remove_records(folder: Path, references: Iterable[str]) -> int:
    """Overwrite these records ("file.warc.gz:offset"); gives how many. Raises BadArchive, SaidError.

    Records that were taken out before are left as they are and not counted.
    """
    removed = 0
    for reference in sorted(set(references)):
        try:
            read_record(folder, reference)  # a page must lie there before anything is written over it
        except Removed:
            continue  # by an earlier try that was stopped
        name, _, offset = reference.rpartition(":")
        _overwrite(folder / name, int(offset))
        removed += 1
    return removed


def bar_page(home: Path, article_id: str) -> None:
    """Never fetch the page again."""
    seen = Seen(home / "data" / "crawl" / "seen.sqlite")
    try:
        seen.bar_page(article_id)
    finally:
        seen.close()


def _overwrite(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        iterator = ArchiveIterator(file)
        next(iterator)
        iterator.read_to_end()
        length = iterator.get_record_length()
        note = _NOTE.format(offset=offset, now=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}").encode()
        member = _member(note, length)
        file.seek(offset)
        file.write(member)
        file.flush()
        os.fsync(file.fileno())


def _member(data: bytes, length: int) -> bytes:
    """A gzip member of exactly ``length`` bytes that unpacks to ``data``."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b\x08\x10" + b"\0" * 4 + b"\x02\xff"  # deflate, FCOMMENT, no time, best, any system
    tail = struct.pack("<II", zlib.crc32(data), len(data))
    filler = length - len(head) - len(packed) - len(tail) - 1
    if filler < 0:
        raise SaidError(f"a record of {length} bytes is too short to be overwritten")
    return head + b" " * filler + b"\0" + packed + tail
