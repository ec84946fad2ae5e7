"""Fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import settings
from tests.gold_home import make_home


@pytest.fixture
def home(tmp_path: Path) -> settings.Settings:
    """An empty home folder."""
    return settings.load(tmp_path)


@pytest.fixture(scope="session")
def gold_home(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    """A published home made of Marlshire's labels. Shared: do not write decisions into it."""
    return make_home(tmp_path_factory.mktemp("gold"))
