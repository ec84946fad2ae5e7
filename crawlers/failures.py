"""What can go wrong with a request, by name: every failure becomes a fixed code and a few words."""

from __future__ import annotations

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from twisted.internet import error as net
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawlers.politeness import Refused

_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (net.TimeoutError, "timeout"),
    (scrapy_errors.DownloadCancelledError, "too_large"),  # cancelled by nothing but the size limit
    (scrapy_errors.ResponseDataLossError, "truncated"),
    (scrapy_errors.CannotResolveHostError, "no_such_host"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (scrapy_errors.UnsupportedURLSchemeError, "bad_address"),
)
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
    for kind, reason in _KINDS:
        if isinstance(error, kind):
            return reason, "" if reason in {"timeout", "too_large", "truncated"} else words[:_DETAIL]
    if isinstance(error, scrapy_errors.DownloadFailedError | OSError | ResponseFailed | net.ConnectionLost):
        return _connection(error, words)
    return "bad_response", f"{type(error).__name__}: {words}"[:_DETAIL]


def _connection(error: BaseException, words: str) -> tuple[str, str]:
    """A failed connection: what Twisted says was behind it."""
    cause: BaseException | None = error
    while cause is not None:
        for reason in getattr(cause, "reasons", ()) or ():
            value = reason.value if isinstance(reason, Failure) else reason
            name = type(value).__name__
            if name in {"ConnectionLost", "ConnectionDone", "ConnectionAborted"}:
                return "reset", ""
            if name in {"ParseError", "BadHeaders"}:
                return "bad_response", name
            if name == "Error" and type(value).__module__.startswith("OpenSSL"):
                return "certificate", str(value)[:_DETAIL]
        cause = cause.__cause__
    return ("certificate", words[:_DETAIL]) if "certificate" in words.lower() else ("reset", words[:_DETAIL])
