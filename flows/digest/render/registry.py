"""Every format that a digest is kept in, by the ending of its file."""

from __future__ import annotations

from collections.abc import Callable

from flows.digest.compose import Digest
from flows.digest.render import html, json, text

FORMATS: dict[str, Callable[[Digest], str]] = {
    "html": html.render,
    "txt": text.render,
    "json": json.render,
}
