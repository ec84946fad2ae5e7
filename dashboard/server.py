"""The web server's entry: the pages of `dashboard/app.py`, opened at any address without stray requests, and
those that links in letters open (`dashboard/letters.py`).

Streamlit's browser side looks for its server below the address it was opened at, so that opening
``/pledge?id=…`` first asks for ``/pledge/_stcore/health`` and logs an error. Told where the server is
(``window.__streamlit.BACKEND_BASE_URL``, Streamlit's own hook for hosts), it asks there at once.
"""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from dashboard import feeds, letters
from dashboard.sitemap import NAMES

_INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
_HOOK = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+'/'}</script>"


def index(request: Request) -> HTMLResponse:
    """Streamlit's page with the hook, not kept by the browser."""
    page = _INDEX.read_text(encoding="utf-8").replace("<head>", "<head>" + _HOOK, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


app = streamlit.App(
    Path(__file__).parent / "app.py",
    routes=[*(Route(f"/{name}", index) for name in NAMES), *feeds.ROUTES, *letters.ROUTES],
)
