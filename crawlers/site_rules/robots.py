"""robots.txt as RFC 9309 has it, and Retry-After as RFC 9110 has it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from protego import Protego

from crawlers.pages.urls import fold

TOKEN = "SaidAndDone"  # the name that robots.txt groups may address
MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB to be parsed


@dataclass(frozen=True)
class Robots:
    """The rules of one origin. ``refusal`` is "" or the reason why nothing at all may be fetched.

    ``cause``: what kept robots.txt from us, where it was not an answer.
    """

    refusal: str = ""
    cause: Exception | None = field(default=None, repr=False, compare=False)
    delay: float = 0.0  # seconds, 0 when none is asked for
    sitemaps: tuple[str, ...] = ()
    rules: Protego | None = field(default=None, repr=False, compare=False)

    def allows(self, url: str) -> bool:
        if self.refusal:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, TOKEN))


def read_robots(status: int, body: bytes) -> Robots:
    """The rules from a robots.txt answer.

    2xx: as written. 401, 403: nothing is fetched (stricter than the RFC, which allows all). 429, 5xx
    and anything unreachable (status 0): nothing is fetched. 3xx that leads nowhere: nothing is fetched.
    Other 4xx: there is no robots.txt, all is allowed.
    """
    if 200 <= status < 300:
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
        rules = Protego.parse(text)
        sitemaps = tuple(dict.fromkeys(filter(None, map(fold, rules.sitemaps))))
        return Robots(delay=_delay(rules), sitemaps=sitemaps, rules=rules)
    if status in {401, 403}:
        return Robots(refusal="robots_forbidden")
    if 400 <= status < 500 and status != 429:
        return Robots()
    return Robots(refusal="robots_unavailable")


def _delay(rules: Protego) -> float:
    delay = float(rules.crawl_delay(TOKEN) or 0.0)
    rate = rules.request_rate(TOKEN)
    if rate is not None and rate.requests > 0:
        delay = max(delay, rate.seconds / rate.requests)
    return max(delay, 0.0)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (a number or an HTTP date); None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), 10**8))
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
