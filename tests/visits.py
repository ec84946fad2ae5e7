"""A page of the dashboard, as AppTest runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui import parts

APP = str(Path(parts.__file__).parents[1] / "app.py")


def opened(
    monkeypatch: pytest.MonkeyPatch, home: Path, name: str, query: dict[str, str] | None = None
) -> AppTest:
    """The page of this name and query of the home folder, run once.

    AppTest can turn to a page only when the app has run: that first run is of a folder without a warehouse,
    and reads nothing.
    """
    app = AppTest.from_file(APP, default_timeout=300)
    if name != "overview":
        monkeypatch.setenv("SAID_HOME", str(home / "nowhere"))
        app.run().switch_page(f"views/{name}.py")
    monkeypatch.setenv("SAID_HOME", str(home))
    app.query_params = dict(query or {})
    return app.run()
