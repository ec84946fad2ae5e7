"""Conditional requests (RFC 9110, 13.1): the validators of an answer, and the headers that send them back."""

from __future__ import annotations

from scrapy.http import Response


def given_validators(response: Response) -> tuple[str, str]:
    """(ETag, Last-Modified) of an answer, "" for one that is not given."""
    etag, modified = ((response.headers.get(n) or b"").decode("latin-1") for n in ("ETag", "Last-Modified"))
    return etag, modified


def validators(etag: str, modified: str) -> dict[str, str]:
    """The headers that ask for a body only where it has changed."""
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}
