"""A page without the names of people who were taken out on request, before it is archived."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from crawlers.pages.markup import decode
from ledger.forgotten import Tombstones, blanked

_TAG = re.compile(r"<[^<>]{0,5000}>")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,20});")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b")


class NotBlanked(Exception):
    """The names cannot be taken out of the page: it is not to be kept."""


def is_packed(body: bytes) -> bool:
    """Whether it is a file in whose bytes nothing can be blanked: a PDF, a packed one."""
    return body.startswith(_BINARY)


def names_in(body: bytes, headers: Mapping[str, str], tombstones: Tombstones) -> set[str]:
    """The folded names of forgotten people in a page: in its words, also across tags, or in its markup."""
    if not tombstones.words or is_packed(body):
        return set()
    return _names(_letters(decode(body, headers)[0]), tombstones)


def _names(text: str, tombstones: Tombstones) -> set[str]:
    return tombstones.people_in(text) | tombstones.people_in(_TAG.sub("", text))


def without_names(body: bytes, headers: Mapping[str, str], tombstones: Tombstones) -> bytes:
    """The page with the names blanked, as it came where it holds none. Raises NotBlanked."""
    names = names_in(body, headers, tombstones)
    return blanked_page(body, headers, names, tombstones) if names else body


def blanked_page(
    body: bytes, headers: Mapping[str, str], names: Iterable[str], tombstones: Tombstones
) -> bytes:
    """The page with these names blanked, as UTF-8. Raises NotBlanked where a name still stands in it."""
    text = blanked(_letters(decode(body, headers)[0]), names)
    if _names(text, tombstones):
        raise NotBlanked
    return text.encode()


def _letters(text: str) -> str:
    """A page in which no letter is written as a reference or an escape."""
    return _ESCAPE.sub(_as_letter, _REFERENCE.sub(_as_letter, text))


def _as_letter(match: re.Match[str]) -> str:
    code = match.lastindex and match[1]
    letter = chr(int(code, 16)) if code else html.unescape(match[0])
    return letter if len(letter) == 1 and letter.isalpha() else match[0]
