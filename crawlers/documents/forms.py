"""Which form a file has, by its first bytes: what it is called is only asked where these do not tell."""

from __future__ import annotations

import re
import zlib

from crawlers.documents.document import Refused

MAX_FILE = 50_000_000  # bytes
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_HEADER = re.compile(
    rb"(?:From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|X-[\w-]+): ", re.I
)


def form_of(data: bytes, name: str = "") -> str:
    """ "pdf", "docx", "html", "mail", "warc" or "text". Raises Refused: ``empty``, ``too_large``, ``locked``,
    ``not_read``."""
    if not data.strip():
        raise Refused("empty", "it is empty")
    if len(data) > MAX_FILE:
        raise Refused("too_large", f"it has more than {MAX_FILE // 1_000_000} MB")
    start = data[:4_000]
    if b"%PDF-" in data[:1_024]:
        return "pdf"
    if start.startswith(b"PK"):
        return "docx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("locked", "it is an old or a locked Office file: save it as DOCX without a password")
    if start.startswith(_PICTURES):
        raise Refused("not_read", "it is a picture: run text recognition over it first")
    if start.startswith(b"WARC/") or (
        start.startswith(b"\x1f\x8b") and _unpacked(start).startswith(b"WARC/")
    ):
        return "warc"
    if _MARKUP.search(start):
        return "html"
    if name.lower().endswith(".eml") or (_HEADER.match(start) and b"\nSubject: " in b"\n" + start):
        return "mail"
    return "text"


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, 64)
    except zlib.error:
        return b""
