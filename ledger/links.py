"""Links that open an article at the words quoted from it.

The address ends in a text fragment (WICG Scroll To Text Fragment: ``#:~:text=start,end``), which
browsers that know it scroll to and highlight, and others leave aside.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_EXACT_WORDS = 10  # up to here the words stand whole; longer ones are named by their two ends
_END_WORDS = 5
_LONGEST_TERM = 300  # characters; the limit that Chromium's own link generator keeps for an exact match
_BREAK = re.compile(r"\[…\]|[\r\n\u2028\u2029]+")  # a split quotation's join, or the end of a paragraph
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def web_link(url: str) -> str:
    """``url`` when it is one a page may link to (http or https, with a host), else ""."""
    if _CONTROL.search(url) or url != url.strip():
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # a broken IPv6 host
        usable = False
    return url if usable else ""


def text_link(url: str, words: str) -> str:
    """The address of the article at ``words``, percent-encoded; "" when ``url`` is no web address.

    Long, split (" […] ") and many-paragraph quotations are given by their first and last words.
    Without usable words the address comes back as it is.
    """
    address = web_link(url)
    if not address:
        return ""
    parts = [part for part in (_plain_words(part) for part in _BREAK.split(words)) if part]
    if not parts:
        return address
    if len(parts) == 1 and len(parts[0]) <= _EXACT_WORDS:
        terms = [" ".join(parts[0])]
    else:
        terms = [" ".join(parts[0][:_END_WORDS]), " ".join(parts[-1][-_END_WORDS:])]
    if any(len(term) > _LONGEST_TERM for term in terms):
        return address
    directive = ":~:text=" + ",".join(_encode(term) for term in terms)
    before, mark, fragment = address.partition("#")
    return f"{before}#{fragment.partition(':~:')[0] if mark else ''}{directive}"


def _plain_words(text: str) -> list[str]:
    return _CONTROL.sub(" ", text).split()


def _encode(term: str) -> str:
    """Percent-encoded; the dash too, which in a fragment sets off a prefix or a suffix."""
    return quote(term, safe="").replace("-", "%2D")
