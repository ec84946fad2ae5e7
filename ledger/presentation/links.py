"""Which addresses a page, a mail or a file of ours may link to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def web_link(url: str) -> str:
    """``url`` when it is http or https with a host and without control characters, else ""."""
    if _CONTROL.search(url) or url != url.strip():
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # a broken IPv6 host
        usable = False
    return url if usable else ""
