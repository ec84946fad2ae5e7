"""The product stands without its tests: none of its code or data names or opens anything under them."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = [name.rstrip("*") for name in SETUP["tool"]["setuptools"]["packages"]["find"]["include"]]
TEXTS = (".py", ".yaml", ".sql", ".jinja", ".css", ".json", ".toml", ".txt", ".html")
NAMED = re.compile(r"\btests[/\\]|[\"'](?:tests|golden)[\"']")  # a path, or a part to build one of


def texts(*folders: str) -> list[Path]:
    return [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in TEXTS]


def imports(code: str) -> set[str]:
    """The first parts of the names of all modules that a file imports."""
    nodes = [*ast.walk(ast.parse(code))]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | named}


def test_nothing_names_a_path_under_tests() -> None:
    files = texts(*PRODUCT, "benchmarks")
    assert len(files) > 150
    naming = [str(p.relative_to(ROOT)) for p in files if NAMED.search(p.read_text(encoding="utf-8"))]
    assert naming == []


def test_no_module_of_the_product_imports_tests() -> None:
    modules = [path for path in texts(*PRODUCT) if path.suffix == ".py"]
    assert [str(p) for p in modules if "tests" in imports(p.read_text(encoding="utf-8"))] == []


def test_what_would_be_caught() -> None:
    caught = ('Path("tests/golden")', 'root / "tests" / "golden"', "see tests/golden/marlshire")
    assert all(map(NAMED.search, caught))
    assert not NAMED.search("for tests and benchmarks; latest/golden")
    assert imports("def f():\n    from tests.gold_home import make_home\n    import tests.x") == {"tests"}
