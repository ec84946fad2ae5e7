"""How the dashboard is started, from any folder."""

from __future__ import annotations

from pathlib import Path

from dashboard.ui.theme import THEME
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.validation import load_toml

_SHARED = ("redirect_uri", "cookie_secret")
_PROVIDER = ("client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32  # characters; as many bits as HS256's key should have (RFC 7518, 3.2)


def arguments(settings: Settings, port: int = 8501) -> list[str]:
    """Arguments after ``python -m streamlit``; the home folder goes in the environment as SAID_HOME.

    The page is served to this machine only, and nothing is reported to anybody. Raises WrongUse when the
    identity provider's entry cannot be used.
    """
    _check_provider(settings.secrets)
    options = {
        "secrets.files": str(settings.secrets),
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        **{f"theme.{name}": value for name, value in THEME.items()},
    }
    app = str(Path(__file__).parent / "server.py")
    return ["run", app, *(f"--{name}={value}" for name, value in options.items())]


def _check_provider(file: Path) -> None:
    """Streamlit passes over a file that it cannot read, and would then let nobody in without a word."""
    if not file.is_file():
        return
    auth = load_toml(file).get("auth", {})
    if not isinstance(auth, dict) or not auth:
        raise WrongUse(f"{file}: it has no [auth] with an identity provider")
    named = {
        f"{name}.": given for name, given in auth.items() if isinstance(given, dict) and "client_id" in given
    }
    missing = [f"auth.{key}" for key in _SHARED if not auth.get(key)]
    for prefix, given in named.items() or [("", auth)]:
        missing += [f"auth.{prefix}{key}" for key in _PROVIDER if not given.get(key)]
    if missing:
        raise WrongUse(f"{file}: {', '.join(missing)} missing")
    if len(str(auth["cookie_secret"])) < _SHORTEST_SECRET:
        raise WrongUse(f"{file}: auth.cookie_secret needs {_SHORTEST_SECRET} characters or more")
    if not str(auth["redirect_uri"]).endswith("/oauth2callback"):
        raise WrongUse(
            f"{file}: auth.redirect_uri must be the dashboard's address with /oauth2callback at its end"
        )
