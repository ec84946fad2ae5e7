"""Which form a file has, by its first bytes: what it is called is only asked where these do not tell."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from crawlers.documents.document import FileRefused

MAX_FILE = 50_000_000  # bytes
MAX_UNPACKED = 400_000_000  # bytes of a packed WARC file
_CHUNK = 1 << 16
_RECORD = re.compile(rb"^WARC/1\.\d\r$", re.MULTILINE)
_PACKED = b"\x1f\x8b"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_HEADER = re.compile(
    rb"(?:From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|X-[\w-]+): ", re.I
)


def form_of(data: bytes, name: str = "") -> str:
    """ "pdf", "docx", "html", "mail", "warc" or "text". Raises FileRefused: ``empty``, ``too_large``,
    ``locked``, ``not_read``."""
    if not data.strip():
        raise FileRefused("empty", "it is empty")
    if len(data) > MAX_FILE:
        raise FileRefused("too_large", f"it has more than {MAX_FILE // 1_000_000} MB")
    start = data[:4_000]
    if start.startswith(b"WARC/") or (start.startswith(_PACKED) and _unpacked(start).startswith(b"WARC/")):
        return "warc"
    if b"%PDF-" in data[:1_024]:
        return "pdf"
    if start.startswith(b"PK"):
        return "docx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "locked", "it is an old or a locked Office file: save it as DOCX without a password"
        )
    if start.startswith(_PICTURES):
        raise FileRefused("not_read", "it is a picture: run text recognition over it first")
    if _MARKUP.search(start):
        return "html"
    if name.lower().endswith(".eml") or (_HEADER.match(start) and b"\nSubject: " in b"\n" + start):
        return "mail"
    return "text"


def check_unpacked(data: bytes) -> None:
    """Raises FileRefused for a WARC file that unpacks to more than MAX_UNPACKED, or to blanks: a reader of it
    goes through all of them, one line after the other."""
    total = 0
    for chunk in _chunks(data):
        total += len(chunk)
        if total > MAX_UNPACKED:
            raise FileRefused("too_large", f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
        if len(chunk) == _CHUNK and not chunk.strip():
            raise FileRefused("damaged", "it is no whole WARC file")


def by_records(data: bytes) -> bytes:
    """A WARC file whose records can be read one by one: one that was packed as a whole, unpacked."""
    if not data.startswith(_PACKED):
        return data
    first = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpacked = first.decompress(data, MAX_UNPACKED)
    whole = first.eof and not first.unused_data
    return unpacked if whole and len(_RECORD.findall(unpacked)) > 1 else data


def _chunks(data: bytes) -> Iterator[bytes]:
    """What is in a file, packed member by member or not, in pieces of _CHUNK bytes at most."""
    at = 0
    while data[at : at + 2] == _PACKED:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not member.eof and at < len(data):
            piece = data[at : at + _CHUNK]
            try:
                yield member.decompress(piece, _CHUNK)
            except zlib.error as error:
                raise FileRefused("damaged", "it is no whole WARC file") from error
            at += len(piece) - len(member.unused_data if member.eof else member.unconsumed_tail)
        if not member.eof:
            raise FileRefused("damaged", "it is no whole WARC file")
    for start in range(at, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, 64)
    except zlib.error:
        return b""
