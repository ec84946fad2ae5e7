"""The digest as a page of its own, its styles in one block; `flows.delivery.email` sends it by mail."""

from __future__ import annotations

from flows.digest.compose import Digest
from flows.digest.letter_words import spoken
from flows.digest.render.templates import template


def render(digest: Digest) -> str:
    """The page; whatever stands in the digest is shown as text."""
    return template("html.jinja", escaped=True).render(digest=digest, **spoken(digest))
