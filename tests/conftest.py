"""Fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import settings
from ledger.search import statement_search
from tests.gold_home import make_home


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take long first, so that no worker is left with one of them at the end."""
    long = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "browser")))}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def home(tmp_path: Path) -> settings.Settings:
    """An empty home folder."""
    return settings.load(tmp_path)


@pytest.fixture(scope="session")
def gold_home(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    """A published home made of Marlshire's labels, with its search index. Shared: do not write into it."""
    home = make_home(tmp_path_factory.mktemp("gold"))
    statement_search.update(home)
    return home
