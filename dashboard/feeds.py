"""Feeds and the calendar of the dashboard's server, for programs that come again by themselves.

- ``/feed.atom?list=overdue&area=…``: a list of pledges (`feed_rows.LISTS`; without ``list`` new ones),
  narrowed as the page of pledges is;
- ``/feed.atom?q=…``: the statements that a search finds;
- ``/deadlines.ics``: the dates promised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.ui.limits import admit
from ledger import settings as home_settings
from ledger.errors import SaidError, WrongUse
from ledger.outputs.deadline_rows import due_dates
from ledger.outputs.feed_rows import LISTS, FeedAddresses, list_feed
from ledger.presentation.atom import atom_text
from ledger.presentation.calendar_text import calendar_text
from ledger.questions import pledge_search
from ledger.questions.search_feed import search_feed
from ledger.search import statement_search
from ledger.settings import Settings

_LONGEST = 2_000  # characters of what is asked


def feed(settings: Settings, base: str, given: dict[str, str]) -> str:
    """The feed that an address asks for. ``base``: where the dashboard is, without a last slash.

    Raises WrongUse for what cannot be asked.
    """
    itself = f"{base}/feed.atom?{urlencode(given)}" if given else f"{base}/feed.atom"
    if set(given) == {"q"} and given["q"].strip():
        link = f"{base}/search?{urlencode(given)}"
        found = search_feed(settings, given["q"], lambda id: f"{base}/quotation?id={id}", link, itself)
    else:
        name = given.get("list", "new")
        narrowed = {key: value for key, value in given.items() if key != "list"}
        shown = {**(LISTS[name].asked if name in LISTS else {}), **narrowed}
        addresses = FeedAddresses(
            lambda id: f"{base}/pledge?id={id}", f"{base}/pledges?{urlencode(shown)}", itself
        )
        found = list_feed(settings, name, addresses, narrowed, pledge_search.pledges)
    return atom_text(found)


def calendar(settings: Settings, base: str, given: dict[str, str]) -> str:
    """The calendar of the dates promised; nothing can be asked of it."""
    if given:
        raise WrongUse(f"the calendar takes no {min(given)!r}: it holds every date promised")
    return calendar_text(due_dates(settings), lambda id: f"{base}/pledge?id={id}")


def _answer(request: Request, make: Callable[[Settings, str, dict[str, str]], str], kind: str) -> Response:
    """What ``make`` gives; 304 where the asker has it, 400 where it cannot be asked for."""
    if len(request.url.query) > _LONGEST:
        return PlainTextResponse("Ask for less.", 400)
    try:
        settings = home_settings.load()
        base = settings.public_address.rstrip("/") or str(request.base_url).rstrip("/")
        asked = f"{statement_search.stamp(settings)}|{base}|{request.url.query}"
        mark = f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
        headers = {"ETag": mark, "Cache-Control": "no-cache"}
        if mark in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if "q" in request.query_params:
            try:
                admit(settings, request.client.host if request.client else "unknown")
            except WrongUse as error:
                return PlainTextResponse(str(error), 429, {"Retry-After": "60"})
        text = make(settings, base, dict(request.query_params))
    except WrongUse as error:
        return PlainTextResponse(str(error), 400)
    except SaidError as error:
        return PlainTextResponse(str(error), 503)
    return Response(text, media_type=kind, headers=headers)


def _feed(request: Request) -> Response:
    return _answer(request, feed, "application/atom+xml")


def _calendar(request: Request) -> Response:
    return _answer(request, calendar, "text/calendar")


ROUTES = [Route("/feed.atom", _feed), Route("/deadlines.ics", _calendar)]
