"""The digest as plain text."""

from __future__ import annotations

from flows.digest.compose import Digest
from flows.digest.letter_words import spoken
from flows.digest.render.templates import template


def render(digest: Digest) -> str:
    """The text, in lines of at most 72 characters but for links."""
    return template("text.jinja", escaped=False).render(digest=digest, **spoken(digest))
