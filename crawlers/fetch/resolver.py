"""Names to addresses for the crawl: a public name never leads to a private address.

The address that is looked at here is the one that is connected to, so a name that answers otherwise at the
second asking (DNS rebinding) gains nothing. Which private names may be asked, politeness decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.pages.urls import is_private


class PublicNames(CachingThreadedResolver):
    """Scrapy's resolver (IPv4) that refuses private answers. ``refused``: such names with what they gave."""

    refused: ClassVar[dict[str, str]] = {}

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        return found if is_private(name) or name in _proxies() else found.addCallback(self._public, name)

    def _public(self, address: Any, name: str) -> str:
        if is_private(str(address)):
            self.refused[name] = str(address)
            raise DNSLookupError(f"{name} is {address}")
        return str(address)


def _proxies() -> set[str]:
    """The hosts of the proxies that the environment names: the operator's own choice."""
    return {urlsplit(url if "//" in url else f"//{url}").hostname or "" for url in getproxies().values()}
