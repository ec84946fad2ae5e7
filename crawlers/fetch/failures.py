"""What can go wrong with a request, by name: every failure becomes a fixed code and a few words."""

from __future__ import annotations

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from twisted.internet import error as net
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawlers.fetch.politeness import Refused

_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (net.TimeoutError, "timeout"),
    (scrapy_errors.DownloadCancelledError, "too_large"),  # cancelled by nothing but the size limit
    (scrapy_errors.CannotResolveHostError, "no_such_host"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (scrapy_errors.UnsupportedURLSchemeError, "bad_address"),
)
_PLAIN = {"timeout", "too_large", "truncated", "refused"}  # of which the reason says all
_DETAIL = 200  # characters


def name_failure(error: BaseException) -> tuple[str, str]:
    """(reason, detail) of an exception that a download raised."""
    words = str(error)
    if isinstance(error, Refused):
        return error.reason, error.detail[:_DETAIL]
    if isinstance(error, IgnoreRequest):
        if "max redirections" in words:
            return "redirect_loop", ""
        return ("too_large", "") if "DOWNLOAD_MAXSIZE" in words else ("ignored", words[:_DETAIL])
    if isinstance(error, scrapy_errors.ResponseDataLossError):
        return ("reset" if "ConnectionLost" in _causes(error) else "truncated"), ""
    for kind, reason in _KINDS:
        if isinstance(error, kind):
            return reason, "" if reason in _PLAIN else words[:_DETAIL]
    if isinstance(error, scrapy_errors.DownloadFailedError | OSError | ResponseFailed | net.ConnectionLost):
        return _connection(error, words)
    return "bad_response", f"{type(error).__name__}: {words}"[:_DETAIL]


def _connection(error: BaseException, words: str) -> tuple[str, str]:
    """A failed connection, by what Twisted says was behind it."""
    causes = _causes(error)
    if "certificate" in words.lower() or "SSL.Error" in causes:
        return "certificate", words[:_DETAIL]
    if causes & {"ParseError", "BadHeaders", "_WrapperException"}:
        return "bad_response", words[:_DETAIL]
    return "reset", ""


def _causes(error: BaseException) -> set[str]:
    """The names of the exceptions behind ``error``; OpenSSL's is "SSL.Error"."""
    found: set[str] = set()
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 20:
        one = waiting.pop()
        if one is None:
            continue
        kind = type(one)
        found.add("SSL.Error" if kind.__module__.startswith("OpenSSL") else kind.__name__)
        behind = [r.value if isinstance(r, Failure) else r for r in getattr(one, "reasons", None) or ()]
        waiting += [*behind, one.__cause__]
    return found
