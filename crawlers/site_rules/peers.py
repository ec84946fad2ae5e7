"""Requests outside the crawl: they, too, reach no private address by a public name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from crawlers.pages.urls import is_private

Watch = Callable[[str, dict[str, Any]], None]


def only_public(url: str) -> dict[str, Watch]:
    """``extensions`` for an httpx request to ``url``: the connection is closed, before a byte of the request
    is sent, where it has come to a private address, unless ``url`` itself names one.

    It raises httpx.ConnectError. Where a proxy of the environment stands between, it is left to that.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_private(host) or (parts.scheme in getproxies() and not proxy_bypass(host)):
        return {}

    def watch(event: str, told: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            stream = told["return_value"]
            address = str((stream.get_extra_info("server_addr") or ("",))[0])
            if is_private(address):
                import httpx  # noqa: PLC0415  # takes 0.2 s, and is loaded where this is called

                stream.close()
                raise httpx.ConnectError(f"{host} leads to a private address, {address}")

    return {"trace": watch}
