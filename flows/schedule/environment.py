"""What Prefect reads from the environment as it is imported."""

from __future__ import annotations

import os

from ledger.settings import Settings, make_data


def prepare(settings: Settings) -> None:
    """Keep Prefect's files at home and it from calling out; call before it is imported.

    Raises WrongUse where the home folder cannot be written.
    """
    make_data(settings)
    folder = settings.data / "prefect"
    folder.mkdir(exist_ok=True)  # Prefect looks for it as soon as it is imported
    if settings.prefect_api:
        os.environ.setdefault("PREFECT_API_URL", settings.prefect_api)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    os.environ.setdefault("PREFECT_SERVER_UI_STATIC_DIRECTORY", str(folder / "ui"))
    os.environ.setdefault("PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT", "false")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
