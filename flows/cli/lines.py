"""What is printed, made fit for a terminal."""

from __future__ import annotations


def flat(value: object) -> str:
    """One line without control characters: what a page says must not drive a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(value or ""))
