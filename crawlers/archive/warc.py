"""The evidence: every fetched page as one WARC record, gzip member by gzip member, found by offset.

A reference is ``"file.warc.gz:offset"``; the file lies in ``data/archive`` of the home folder. A record
is flushed before its reference is given out, each run writes its own file, and a file is never written
to again: a torn tail harms nothing that was referred to.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ledger.errors import SaidError

_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*\.warc\.gz):(\d{1,15})")
_WEB = ("http://", "https://")  # a page as a site sent it; all else is a file without a site's headers
_MOVED = {"content-encoding", "transfer-encoding", "content-length"}  # of the body as it travelled


class BadArchive(SaidError):
    """A record cannot be read back; the message names the reference."""


class Removed(BadArchive):
    """The record was taken out on request."""


@dataclass(frozen=True, slots=True)
class Record:
    """One archived response: the body unpacked, header names in lower case, the time of fetching."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched: datetime


class Archive:
    """Writes one WARC file; the file is made with the first record. Use as a context manager."""

    def __init__(self, folder: Path, run: str) -> None:
        self.path = folder / f"{run}.warc.gz"
        self._file: io.BufferedWriter | None = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, record: Record) -> str:
        """Append ``record``, flush it and give its reference."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("xb")
        offset = self._file.tell()
        writer = WARCWriter(self._file, gzip=True)
        web = record.url.startswith(_WEB)
        http = StatusAndHeaders(f"{record.status} -", _kept(record), protocol="HTTP/1.1") if web else None
        writer.write_record(
            writer.create_warc_record(
                record.url,
                "response" if web else "resource",
                payload=io.BytesIO(record.body),
                length=len(record.body),
                warc_content_type="" if web else record.headers.get("content-type", ""),
                http_headers=http,
                warc_headers_dict={"WARC-Date": f"{record.fetched.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
            )
        )
        self._file.flush()
        return f"{self.path.name}:{offset}"


def _kept(record: Record) -> list[tuple[str, str]]:
    """Headers for the archive: no line breaks, those of the packed body set aside, the true length."""
    kept = []
    for name, value in record.headers.items():
        clean = re.sub(r"[\r\n\x00]+", " ", value).encode("latin-1", "replace").decode("latin-1")
        kept.append((f"x-archive-orig-{name}" if name.lower() in _MOVED else name, clean))
    return [*kept, ("content-length", str(len(record.body)))]


def read_record(folder: Path, reference: str) -> Record:
    """The record of a reference. Raises BadArchive when it is not good, Removed when it was taken out."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise BadArchive(f"{reference!r} is no archive reference (file.warc.gz:offset)")
    try:
        with (folder / match[1]).open("rb") as file:
            file.seek(int(match[2]))
            return _record(ArchiveIterator(file), reference)
    except OSError as error:
        raise BadArchive(f"{reference}: cannot be read ({error.strerror or error})") from error


def _record(iterator: ArchiveIterator, reference: str) -> Record:
    try:
        found = next(iterator)
        if found.rec_type == "metadata":
            raise Removed(f"{reference}: taken out on request")
        body = found.content_stream().read()
        if found.rec_type == "resource":
            headers = {name.lower(): value for name, value in found.rec_headers.headers}
        elif found.rec_type == "response" and found.http_headers is not None:
            headers = {name.lower(): value for name, value in found.http_headers.headers}
        else:
            raise BadArchive(f"{reference}: no page lies there")
        if len(body) != int(headers.get("content-length", -1)):
            raise BadArchive(f"{reference}: the record is torn")
        return Record(
            url=found.rec_headers.get_header("WARC-Target-URI") or "",
            status=int(found.http_headers.get_statuscode()) if found.http_headers else 200,
            headers=headers,
            body=body,
            fetched=datetime.fromisoformat(found.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")),
        )
    except (StopIteration, ArchiveLoadFailed, EOFError, ValueError, AttributeError) as error:
        raise BadArchive(f"{reference}: no whole record lies there") from error
