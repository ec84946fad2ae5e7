"""What the links in letters open: to confirm what one wants to follow, and to end it. No account, no cookie.

Opening a link changes nothing, for mail programs open links by themselves: there is a page with a button. Its
POST does it, as the one click of a mail program does (RFC 8058).
"""

from __future__ import annotations

import html
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ledger import settings as home_settings
from ledger.errors import SaidError
from ledger.follows import followers
from ledger.follows.follow import Follow
from ledger.follows.links import value_of
from ledger.questions.followed import known_of
from ledger.settings import Settings

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
_STYLE = """body{margin:0;background:#f3f1ec;font:17px/1.5 system-ui,sans-serif;color:#1f2328}
main{max-width:600px;margin:0 auto;padding:24px;background:#fff;min-height:60vh}
h1{font:700 28px/1.2 Georgia,serif;margin:0 0 12px}
button{font:inherit;padding:10px 20px;border:0;border-radius:4px;background:#14324f;color:#fff;cursor:pointer}
button.plain{padding:4px 10px;background:#fff;color:#14324f;border:1px solid #14324f}
button:focus-visible{outline:3px solid #e69f00;outline-offset:2px}
li{margin:0 0 10px}li form{display:inline}"""
_EVERY = {"day": "on each day that brings something", "week": "once a week", "at once": "as it comes in"}


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page of its own; ``body`` is HTML."""
    head = f"<title>{html.escape(title)} – Said &amp; Done</title><style>{_STYLE}</style>"
    whole = (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
        f"<body><main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(whole, status, _HEADERS)


def _button(words: str, address: str, named: str = "") -> str:
    """A form with one button; ``named``: what the button is called for who hears the page."""
    kind = f' class="plain" aria-label="{html.escape(named, quote=True)}"' if named else ""
    return (
        f'<form method="post" action="{html.escape(address, quote=True)}">'
        f"<button{kind}>{html.escape(words)}</button></form>"
    )


def _stale() -> HTMLResponse:
    told = "<p>It is not whole, was not made here, or is too old: one to confirm with is good for a week.</p>"
    return _page("This link opens nothing", told, 404)


def _confirm(settings: Settings, given: str, doing: bool) -> Response:
    number = value_of(settings, "confirm", given)
    wish = followers.wish(settings, int(number)) if number.isdigit() else None
    if wish is None:
        return _stale()
    known = known_of(settings, wish.follow)
    listed = "".join(f"<li>{html.escape(known.words(one))}</li>" for one in wish.follow)
    comes = _EVERY[wish.every]
    if doing:
        followers.confirm(settings, wish.n)
        end = "<p>Each letter says how it is ended.</p>"
        return _page("You follow it now", f"<p>Letters come {comes}, on:</p><ul>{listed}</ul>{end}")
    button = _button("Confirm", f"confirm?t={given}")
    return _page("Confirm what you follow", f"<p>A letter {comes}, on:</p><ul>{listed}</ul>{button}")


def _stop(settings: Settings, given: str, doing: bool, which: str) -> Response:
    code = value_of(settings, "stop", given)
    if not code:
        return _stale()
    follows = _follows(settings, code)
    if doing and which:
        if which.isdigit() and int(which) < len(follows):
            followers.end(settings, code, follows[int(which)])
        doing, follows = False, _follows(settings, code)
    if doing:
        followers.end(settings, code)
        return _page("The letters have ended", "<p>No other letter will come to this address.</p>")
    known = known_of(settings, follows)
    rows = ""
    for n, one in enumerate(follows):
        words = known.words(one)
        button = _button("Stop this", f"stop?t={given}&follow={n}", f"Stop following {words}")
        rows += f"<li>{html.escape(words)} {button}</li>"
    listed = f"<p>You follow:</p><ul>{rows}</ul>" if rows else ""
    return _page("Stop the letters", f"{listed}{_button('Stop all letters', f'stop?t={given}')}")


def _follows(settings: Settings, code: str) -> list[Follow]:
    listed, _ = followers.followers(settings)
    own = [follows for one in listed if one.code == code for follows in one.follows.values()]
    return list(dict.fromkeys(follow for follows in own for follow in follows))


async def _answered(answer: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(answer)
    except SaidError as error:
        return _page("This does not work now", f"<p>{html.escape(str(error))}</p>", 503)


async def confirm(request: Request) -> Response:
    """The page of a link to confirm with; POST confirms."""
    given = request.query_params.get("t", "")
    return await _answered(lambda: _confirm(home_settings.load(), given, request.method == "POST"))


async def stop(request: Request) -> Response:
    """The page of a link that ends letters; POST ends them all, with ``follow=n`` one of what is followed."""
    given, which = request.query_params.get("t", ""), request.query_params.get("follow", "")
    return await _answered(lambda: _stop(home_settings.load(), given, request.method == "POST", which))


ROUTES = [
    Route("/letters/confirm", confirm, methods=["GET", "POST"]),
    Route("/letters/stop", stop, methods=["GET", "POST"]),
]
