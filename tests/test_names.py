"""Names in the product's own code."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("ledger", "crawlers", "nlp", "flows", "dashboard", "sample", "benchmarks")


def test_no_public_name_of_a_type_has_two_meanings() -> None:
    places: dict[str, dict[str, str]] = defaultdict(dict)  # name -> meaning -> file; each class means its own
    for file in (file for part in PRODUCT for file in (ROOT / part).rglob("*.py")):
        where = str(file.relative_to(ROOT))
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name][where] = where
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                places[node.targets[0].id][ast.unparse(node.value)] = where
    types = {name: found for name, found in places.items() if re.match(r"[A-Z]\w*[a-z]", name)}
    assert len(types) > 150
    assert {name: [*found.values()] for name, found in types.items() if len(found) > 1} == {}
