"""Settings: read from the home folder, misspelt ones refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ledger import settings
from ledger.errors import WrongUse


def test_the_file_in_the_home_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        'contact = "desk@paper.example"\nas_of = 2026-06-30\n', encoding="utf-8"
    )
    found = settings.load(tmp_path)
    assert (found.contact, found.today) == ("desk@paper.example", date(2026, 6, 30))
    assert found.warehouse == tmp_path.resolve() / "warehouse.duckdb"


@pytest.mark.parametrize("wrong", ["contcat = 'x'", "contact = 3", "as_of = 'today'", "contact = ", "\xff"])
def test_what_cannot_be_used_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "settings.toml").write_bytes(wrong.encode("latin-1"))
    with pytest.raises(WrongUse, match=r"settings\.toml"):
        settings.load(tmp_path)


def test_home_comes_from_the_environment_when_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAID_HOME", str(tmp_path))
    assert settings.load().home == tmp_path.resolve()
    assert settings.load(tmp_path / "other").home == (tmp_path / "other").resolve()


def test_a_closed_collections_day_is_kept_and_let_go(tmp_path: Path) -> None:
    settings.fix_day(settings.load(tmp_path), date(2026, 6, 30))
    assert settings.load(tmp_path).today == date(2026, 6, 30)
    settings.fix_day(settings.load(tmp_path), None)
    assert settings.load(tmp_path).as_of is None
    (tmp_path / "data" / "as_of").write_text("yesterday", encoding="utf-8")
    with pytest.raises(WrongUse, match="as_of"):
        settings.load(tmp_path)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WrongUse, match="not a folder"):
        settings.load(tmp_path / "file")
