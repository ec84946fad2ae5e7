"""What every answer of the dashboard's server passes through: the name it was asked under, and its headers.

A page of another site can give its own name this machine's address (DNS rebinding), and would then be taken
for a page of ours. So only a plain address, localhost and the name of ``public_address`` are answered.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.settings import Settings

# Streamlit's page runs its own scripts and styles, and evaluates; it loads and sends nothing elsewhere.
_PAGE = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'self'"
)
_FILE = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
}


class Guard:
    """ASGI middleware. ``settings`` gives those of the home folder, once."""

    def __init__(self, app: ASGIApp, settings: Callable[[], Settings]) -> None:
        self.app = app
        public = urlsplit(settings().public_address).hostname
        self.names = {"localhost", *([public.lower()] if public else [])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not self._named(Headers(scope=scope).get("host", "")):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            told = "The dashboard is not opened by this name: set public_address in settings.toml.\n"
            await PlainTextResponse(told, 403)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _named(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _with_headers(send: Send) -> Send:
    """Adds our headers to an answer that does not set them itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            kind = headers.get("content-type", "")
            # None behind "304 Not Modified", which has no kind: a browser would put it on the page it kept.
            policy = _PAGE if kind.startswith("text/html") else _FILE
            own = {"Content-Security-Policy": policy} if kind else {}
            for name, value in {**_HEADERS, **own}.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
