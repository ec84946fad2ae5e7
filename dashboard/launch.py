"""How the dashboard is started, from any folder."""

from __future__ import annotations

from pathlib import Path

from dashboard.theme import THEME
from ledger.settings import Settings


def arguments(settings: Settings, port: int = 8501) -> list[str]:
    """Arguments after ``python -m streamlit``; the home folder goes in the environment as SAID_HOME.

    The page is served to this machine only, nothing is reported to anybody, and nothing can be
    uploaded.
    """
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        **{f"theme.{name}": value for name, value in THEME.items()},
    }
    app = str(Path(__file__).parent / "server.py")
    return ["run", app, *(f"--{name}={value}" for name, value in options.items())]
