"""The web server's entry: the pages of `dashboard/app.py`, opened at any address without stray requests, and
those that links in letters open (`dashboard/letters.py`), and a pledge's page for machines at
``/pledge.json?id=ID`` (with ``&on=2026-03-31``, as known on that day).

Streamlit's browser side looks for its server below the address it was opened at, so that opening
``/pledge?id=…`` first asks for ``/pledge/_stcore/health`` and logs an error. Told where the server is
(``window.__streamlit.BACKEND_BASE_URL``, Streamlit's own hook for hosts), it asks there at once.
"""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from dashboard import feeds, letters
from dashboard.guard import Guard
from dashboard.sitemap import NAMES
from ledger import days, settings
from ledger.errors import SaidError
from ledger.outputs import pledge_json
from ledger.outputs.story import story
from ledger.queries import pledge_page

_INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
_HOOK = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+'/'}</script>"


def index(request: Request) -> HTMLResponse:
    """Streamlit's page with the hook, not kept by the browser."""
    page = _INDEX.read_text(encoding="utf-8").replace("<head>", "<head>" + _HOOK, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def pledge(request: Request) -> Response:
    """The JSON form of a pledge (`ledger.outputs.pledge_json`); 404 where there is none of this id."""
    asked, on = request.query_params.get("id", ""), request.query_params.get("on", "")
    home = settings.load()
    try:
        known = days.typed(on, "on") if on else None
        found = pledge_page.pledge(home, asked, known) if asked else None
    except SaidError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    if found is None:
        return JSONResponse({"error": "no pledge has this id"}, status_code=404)
    return Response(pledge_json.text(story(found, known or home.today)), media_type="application/json")


app = streamlit.App(
    Path(__file__).parent / "app.py",
    routes=[
        Route("/pledge.json", pledge),
        *(Route(f"/{name}", index) for name in NAMES),
        *feeds.ROUTES,
        *letters.ROUTES,
    ],
    middleware=[Middleware(Guard, settings=settings.load)],
)
