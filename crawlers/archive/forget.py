"""Taking a page out of the archive in place: other records keep their offsets, and so their references.

The record's gzip member is overwritten by one of the same length that holds a short note: a gzip header
may carry a comment of any length (RFC 1952, FCOMMENT), which fills what is left.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from crawlers.archive.lines import Line, runs, whole_lines
from crawlers.archive.state import Seen
from crawlers.archive.warc import Removed, read_record
from crawlers.pages.urls import key
from ledger.errors import SaidError

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


def bar_page(home: Path, article_id: str, url: str) -> None:
    """Never fetch the page again, and keep neither its address nor its title in what the crawl remembers."""
    folder = home / "data" / "crawl"
    with closing(Seen(folder / "seen.sqlite")) as seen:
        seen.bar_page(article_id)
        for listing in seen.listings_with(urlsplit(url).path):
            seen.keep_listing(replace(listing, etag="", last_modified="", found=_without(listing.found, url)))
    for path in runs(folder):
        _scrub(path, article_id, url)


def _without(found: object, url: str) -> object:
    """A listing's links but those to the page. It is asked for anew, for it is no longer what was sent."""
    if not isinstance(found, dict):
        return found
    return {
        name: [row for row in rows if key(str(row[0])) != key(url)] if isinstance(rows, list) else rows
        for name, rows in found.items()
    }


def _scrub(path: Path, article_id: str, url: str) -> None:
    """A crawl's lines without the page: its ``page`` line keeps id, archive reference and times."""
    raw = path.read_bytes()
    if article_id.encode() not in raw and urlsplit(url).path.encode() not in raw:
        return
    kept: list[bytes] = []
    for text in raw.splitlines(keepends=True):
        line = next(whole_lines(io.BytesIO(text)), None)
        if line is None or not _about(line, article_id, url):
            kept.append(text)
        elif line["what"] == "page":
            line |= {"url": "", "fetched_url": "", "title": ""}
            line.pop("file", None)
            kept.append(json.dumps(line, ensure_ascii=True).encode() + b"\n")
    fresh = path.with_suffix(".scrubbed")
    fresh.write_bytes(b"".join(kept))
    fresh.replace(path)


def _about(line: Line, article_id: str, url: str) -> bool:
    named = (line.get("url"), line.get("fetched_url"), line.get("item"))
    mine = key(url)  # "" of what is not on the web
    return line.get("id") == article_id or (mine != "" and any(key(str(one)) == mine for one in named if one))


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
