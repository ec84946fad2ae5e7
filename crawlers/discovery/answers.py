"""What came of a request where no response came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there was no response: a fixed code (robots_disallowed, timeout, offsite_redirect, …) and a few
    words, such as the address that a redirect led to."""

    reason: str
    detail: str = ""
