"""How much a reader meets at once: modules in a package, lines in a module."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("ledger", "crawlers", "nlp", "flows", "dashboard", "sample")
FILES = [file for part in PRODUCT for file in (ROOT / part).rglob("*.py")]


def test_no_package_has_more_than_twelve_modules() -> None:
    number = Counter(file.parent.relative_to(ROOT).as_posix() for file in FILES if file.name != "__init__.py")
    assert {name: many for name, many in number.items() if many > 12} == {}


def test_no_module_has_more_than_three_hundred_lines() -> None:
    assert len(FILES) > 100
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {file.relative_to(ROOT).as_posix(): many for file, many in lines.items() if many > 300} == {}
