"""Bytes of a page to a tree that can be read: charset, stray characters, hidden e-mail addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_WRAPPER = re.compile(
    r"</?(?:div|span|section|article|main|center|font|b|i|u|em|strong|small|table|tbody|tr|td|ul|ol|li|blockquote)\b"
    r"[^<>]*>",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def decode(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """(text, agreed): ``agreed`` is False when the page is not in the charset that it claims.

    What is valid UTF-8 is read as UTF-8 whatever is claimed; else the claimed charset, else windows-1252.
    """
    claim = http_content_type_encoding(headers.get("content-type")) or html_body_declared_encoding(body)
    claim = None if claim == "utf-8" else claim
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace"), True
    try:
        return body.decode("utf-8-sig"), claim is None or body.isascii()
    except UnicodeDecodeError:
        return _lenient(body, claim or "windows-1252"), claim is not None


def _lenient(body: bytes, name: str) -> str:
    try:
        return body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return body.decode("windows-1252", "replace")


def read_tree(text: str) -> Any | None:
    """The document's tree; None when nothing in it can be parsed as HTML.

    libxml2 stops at 256 nested elements; a page that goes deeper is read without its wrapping elements.
    """
    plain = _CONTROL.sub("", _DECLARATION.sub("", text))
    tree, whole = _parse(plain)
    if not whole:
        tree, _ = _parse(_WRAPPER.sub(" ", plain))
    if tree is not None:
        _show_addresses(tree)
    return tree


def _parse(text: str) -> tuple[Any | None, bool]:
    """(tree, whole): ``whole`` is False where the parser gave up on the depth of the page."""
    parser = HTMLParser(collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, True
    return tree, not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _show_addresses(tree: Any) -> None:
    """Addresses that Cloudflare hides (``data-cfemail``: hex, each byte XORed with the first)."""
    for element in tree.xpath("//*[@data-cfemail]"):
        try:
            raw = bytes.fromhex(element.get("data-cfemail"))
        except ValueError:
            continue
        shown = bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace") if raw else ""
        for child in list(element):
            element.remove(child)
        element.text = shown
