"""Taking a page out of the archive in place: other records keep their offsets, and so their references.

The record's gzip member is overwritten by one of the same length that holds a short note: a gzip header
may carry a comment of any length (RFC 1952, FCOMMENT), which fills what is left.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import struct
import zlib
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warcio.archiveiterator import ArchiveIterator

from crawlers.archive.blanked import NotBlanked, blanked_page, is_packed, names_in
from crawlers.archive.lines import Line, read_lines, runs, whole_lines
from crawlers.archive.state import Seen
from crawlers.archive.warc import Archive, Removed, read_record
from crawlers.pages.dates import parse_date
from crawlers.pages.urls import key, site
from ledger.errors import SaidError
from ledger.forgotten import Tombstones, blanked
from ledger.types import Outlet

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


def bar_outlet(home: Path, outlet: Outlet) -> None:
    """Keep nothing of an outlet in what the crawl remembers and wrote down, but that its pages are barred."""
    folder = home / "data" / "crawl"
    addresses = (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections)
    with closing(Seen(folder / "seen.sqlite")) as seen:
        seen.drop_outlet(outlet.name, {site(one) for one in addresses})
    for path in runs(folder):
        _rewrite(path, lambda line: None if line.get("outlet") == outlet.name else line)


def blank_people(
    home: Path, names: Collection[str], tombstones: Tombstones, named: Container[str]
) -> dict[str, str]:
    """Blank these people's names (folded) in the archive, in crawl lines and in what the crawl remembers.

    ``named``: ids of articles whose text names them. Gives the articles that must go whole, because their
    address names somebody or a name cannot be blanked in them, as id to address. The old records stay, for
    `old_records` to find.
    """
    folder, gone = home / "data" / "crawl", dict[str, str]()
    archive = home / "data" / "archive"
    blanked_to: dict[str, tuple[str, str]] = {}
    with Archive(archive, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}-blanked") as new:
        for path in runs(folder):
            for _, line in read_lines(path):
                if line is None or line["what"] != "page":
                    continue
                ident, url, old = (str(line.get(name, "")) for name in ("id", "url", "archive"))
                if any(
                    tombstones.people_in(unquote(str(line.get(name, "")))) for name in ("url", "fetched_url")
                ):
                    gone[ident] = url
                    continue
                try:
                    record = read_record(archive, old)
                    found = names_in(record.body, record.headers, tombstones)
                    if found or tombstones.people_in(str(line.get("title", ""))):
                        body = (
                            blanked_page(record.body, record.headers, names, tombstones)
                            if found
                            else record.body
                        )
                        reference = new.write(replace(record, body=body))
                        blanked_to[old] = reference, hashlib.sha256(body).hexdigest()
                    elif ident in named and is_packed(record.body):
                        gone[ident] = url
                except Removed:
                    continue
                except NotBlanked:
                    gone[ident] = url
    for path in runs(folder):
        _rewrite(path, lambda line: _blanked_line(line, blanked_to, names, tombstones))
    with closing(Seen(folder / "seen.sqlite")) as seen:
        seen.blank(lambda text: blanked(text, names) if tombstones.people_in(unquote(text)) else text)
    return gone


def references(home: Path) -> dict[tuple[str, datetime], str]:
    """Of every page line the archive's reference, by the article's id and the time of fetching as loaded."""
    found = {}
    for path in runs(home / "data" / "crawl"):
        for _, line in read_lines(path):
            if line is not None and line["what"] == "page" and (when := parse_date(line.get("fetched"))):
                found[str(line.get("id")), when] = str(line.get("archive"))
    return found


def old_records(home: Path, tombstones: Tombstones) -> list[str]:
    """References of the records in which a forgotten person's name stands, also where no line leads there."""
    found = []
    for path in sorted((home / "data" / "archive").glob("*.warc.gz")):
        with path.open("rb") as file:
            iterator = ArchiveIterator(file)
            for record in iterator:
                if record.rec_type not in ("response", "resource"):
                    continue
                headers = record.http_headers or record.rec_headers
                told = {name.lower(): value for name, value in headers.headers}
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                body = record.content_stream().read()  # before the offset, which passes over it
                offset = iterator.get_record_offset()
                if tombstones.people_in(unquote(url)) or names_in(body, told, tombstones):
                    found.append(f"{path.name}:{offset}")
    return found


def _blanked_line(
    line: Line, blanked_to: Mapping[str, tuple[str, str]], names: Collection[str], tombstones: Tombstones
) -> Line | None:
    """A crawl's line without the names; None for one of another kind than ``page`` that has one."""
    if line["what"] != "page":
        return None if tombstones.people_in(unquote(json.dumps(line, ensure_ascii=False))) else line
    if found := blanked_to.get(str(line.get("archive"))):
        line = line | {"archive": found[0], "sha256": found[1]}
    title = str(line.get("title", ""))
    return line | {"title": blanked(title, names)} if tombstones.people_in(title) else line


def _rewrite(path: Path, changed: Callable[[Line], Line | None]) -> None:
    """A crawl's lines as ``changed`` gives them, in one step; without those for which it gives None."""
    kept, differs = [], False
    for text in path.read_bytes().splitlines(keepends=True):
        line = next(whole_lines(io.BytesIO(text)), None)
        now = changed(line) if line is not None else None
        differs |= line is not None and now != line
        if line is None or now == line:
            kept.append(text)
        elif now is not None:
            kept.append(json.dumps(now, ensure_ascii=True).encode() + b"\n")
    if differs:
        fresh = path.with_suffix(".scrubbed")
        fresh.write_bytes(b"".join(kept))
        fresh.replace(path)


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
    if article_id.encode() in raw or urlsplit(url).path.encode() in raw:
        _rewrite(path, lambda line: _unsaid(line) if _about(line, article_id, url) else line)


def _unsaid(line: Line) -> Line | None:
    bare = {"url": "", "fetched_url": "", "title": ""}
    kept = {name: value for name, value in line.items() if name != "file"}
    return kept | bare if line["what"] == "page" else None


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
