"""What a page's head and HTTP headers say before anything is mined: canonical link and rights.

Pure and cheap (regular expressions over the first part of the page), because the crawl asks it of every
page it fetches. Rights signals read: TDM Reservation Protocol (header and meta ``tdm-reservation``,
``tdm-policy``; W3C community group report, 2024), and ``noai``, ``noimageai``, ``noarchive`` in
``X-Robots-Tag`` and robots meta.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.types import Outlet

HEAD_BYTES = 300_000
_LINK = re.compile(r"<link\b([^>]{0,3000})>", re.IGNORECASE)
_META = re.compile(r"<meta\b([^>]{0,5000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_COMMENT = re.compile(r"<!--.*?--!?>", re.DOTALL)
_COMMENT_ENDS = ("-->", "--!>")
_ROBOTS = {"robots", "saidanddone"}
RESERVING = ("tdm_reserved", "noai", "ai_txt")  # signals that keep a page from being mined


@dataclass(frozen=True, slots=True)
class Head:
    """``canonical`` as written, ``rights`` with a key for each signal that is set (see module).

    ``tdm_reserved`` may be False: the page then takes itself out of what its site reserves.
    """

    canonical: str = ""
    rights: dict[str, object] = field(default_factory=dict)


def _without_comments(text: str) -> str:
    """What opens a comment that nothing ends hides nothing: a script may hold it, and a page that reserves
    its rights behind it is reserved. No end is looked for behind the last, so that each is read once."""
    last = max(text.rfind(end) + len(end) if end in text else 0 for end in _COMMENT_ENDS)
    return _COMMENT.sub("", text[:last]) + text[last:]


def read_head(body: bytes, headers: Mapping[str, str]) -> Head:
    """The head of a page. ``headers``: names in lower case."""
    text = _without_comments(body[:HEAD_BYTES].decode("latin-1"))
    canonical = ""
    for match in _LINK.finditer(text):
        values = _attributes(match[1])
        if values.get("rel", "").lower().split() == ["canonical"]:
            canonical = values.get("href", "")
            break
    rights = _from_headers(headers)
    for match in _META.finditer(text):
        values = _attributes(match[1])
        _signal(rights, values.get("name", "").lower(), values.get("content", ""))
    return Head(_utf8(canonical), rights)


def _utf8(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(inside):
        found.setdefault(name.lower(), html.unescape(double or single or bare).strip())
    return found


def _from_headers(headers: Mapping[str, str]) -> dict[str, object]:
    rights: dict[str, object] = {}
    for name in ("tdm-reservation", "tdm-policy"):
        _signal(rights, name, headers.get(name, ""))
    for part in headers.get("x-robots-tag", "").split(","):
        agent, colon, words = part.partition(":")
        if not colon or agent.strip().lower() in _ROBOTS:
            _signal(rights, "robots", words if colon else part)
    return rights


def _signal(rights: dict[str, object], name: str, value: str) -> None:
    value = value.strip()
    if name == "tdm-reservation" and value in {"0", "1"}:
        rights["tdm_reserved"] = value == "1"
    elif name == "tdm-policy" and value:
        rights["tdm_policy"] = value[:500]
    elif name in _ROBOTS:
        words = set(re.split(r"[\s,]+", value.lower()))
        for word in ("noai", "noimageai", "noarchive"):
            if word in words:
                rights[word] = True


def reserved(rights: Mapping[str, object], outlet: Outlet | None) -> str:
    """Why a page may not be mined: "tdm_reserved", "noai", "ai_txt" or "not_mined"; "" when it may be.

    The outlet's own rights note decides first: ``mine: true`` (own site, or permission held) allows
    it, ``mine: false`` forbids it; where the note says nothing, the page's signals do.
    """
    mine = outlet.rights.get("mine") if outlet else None
    if mine is True:
        return ""
    if mine is False:
        return "not_mined"
    return next((name for name in RESERVING if rights.get(name)), "")
