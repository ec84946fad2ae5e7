"""Versions of the stages: a comment or a move works nothing through again, a changed rule what depends on
it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.pipeline.versions import CALLS, ROOT, fingerprint, reader, version

RULES = '''"""Rules."""

from ledger.data_files import read_yaml
from nlp.text import words


def weight(text: str) -> float:
    """How much it weighs."""
    return read_yaml(__file__, "weights.yaml")["one"] * len(words.split(text))  # by words
'''
WORDS = '''"""Words."""

import re


def split(text: str) -> list[str]:
    return re.findall(r"\\w+", text)
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path, "nlp/rules/weigh.py", RULES)
    write(tmp_path, "nlp/rules/data/weights.yaml", "one: 1.0\n")
    write(tmp_path, "nlp/text/words.py", WORDS)
    write(tmp_path, "nlp/text/other.py", "ONE = 1\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def now(root: Path, module: str = "nlp.rules.weigh") -> str:
    reader.cache_clear()
    return fingerprint((module,), root)


def test_comments_docstrings_and_layout_count_for_nothing(tree: Path) -> None:
    before = now(tree)
    other = RULES.replace("  # by words", "").replace('"""Rules."""', '"""Other words."""')
    other = other.replace('    """How much it weighs."""\n', "").replace("(text))", "(\n        text))")
    assert other != RULES
    write(tree, "nlp/rules/weigh.py", other)
    assert now(tree) == before


def test_moved_and_renamed_files_count_for_nothing(tree: Path) -> None:
    before = now(tree)
    shutil.move(tree / "nlp" / "text", tree / "nlp" / "lower")
    shutil.move(tree / "nlp" / "lower" / "words.py", tree / "nlp" / "lower" / "tokens.py")
    shutil.move(tree / "nlp" / "rules", tree / "nlp" / "scales")
    moved = RULES.replace("from nlp.text import words", "from nlp.lower import tokens").replace(
        "words.split", "tokens.split"
    )
    write(tree, "nlp/scales/weigh.py", moved)
    assert now(tree, "nlp.scales.weigh") == before


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("nlp/rules/weigh.py", RULES.replace("len(", "2 * len(")),
        ("nlp/rules/weigh.py", RULES.replace("read_yaml(__file__", "dict(__file__")),
        ("nlp/text/words.py", WORDS.replace("+", "*")),
        ("nlp/rules/data/weights.yaml", "one: 1.5\n"),
    ],
)
def test_a_changed_rule_or_data_file_counts_wherever_it_is_used(tree: Path, file: str, text: str) -> None:
    before, apart = now(tree), now(tree, "nlp.text.other")
    write(tree, file, text)
    assert now(tree) != before
    assert now(tree, "nlp.text.other") == apart


def test_which_module_a_name_comes_from_counts(tree: Path) -> None:
    write(tree, "nlp/rules/weigh.py", "from nlp.text.words import split\n\nX = split\n")
    before = now(tree)
    write(tree, "nlp/text/pieces.py", WORDS.replace("w+", "S+"))
    write(tree, "nlp/rules/weigh.py", "from nlp.text.pieces import split\n\nX = split\n")
    assert now(tree) != before


def test_a_circle_is_named(tree: Path) -> None:
    write(tree, "nlp/text/words.py", "from nlp.rules.weigh import weight\n\nX = weight\n")
    with pytest.raises(ValueError, match=r"nlp\.rules\.weigh -> nlp\.text\.words -> nlp\.rules\.weigh"):
        now(tree)


def test_every_stage_has_a_version_of_its_own_parts_and_the_register() -> None:
    known = {stage: version(stage) for stage in CALLS}
    assert len(set(known.values())) == len(known)
    assert version("flag", "another register") != known["flag"]


@pytest.mark.parametrize(
    "text",
    [
        "from ledger.vocabulary import types\n",
        "from ledger import vocabulary as voc\n",
        "from . import other\n",
        "import nlp.text.other\n",
    ],
)
def test_an_import_that_hides_what_it_brings_is_refused(tree: Path, text: str) -> None:
    write(tree, "nlp/text/words.py", text)
    with pytest.raises(AssertionError):
        now(tree)


def test_a_value_counts_where_it_is_used(tree: Path) -> None:
    values = "class Post:\n    def held(self) -> int:\n        return 1\n\n\nclass Other:\n    pass\n"
    write(tree, "ledger/types.py", values)
    write(tree, "nlp/text/words.py", "from ledger.types import Post\n\nX = Post\n")
    before = now(tree)
    write(tree, "ledger/types.py", values.replace("pass", "size = 1"))
    assert now(tree) == before
    write(tree, "ledger/types.py", values.replace("return 1", "return 2"))
    assert now(tree) != before


def test_a_copy_of_the_rules_has_their_versions(tmp_path: Path) -> None:
    for part in ("nlp", "ledger"):
        ignored = shutil.ignore_patterns("__pycache__", "training", "regions")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    reader.cache_clear()
    there = {stage: fingerprint(calls, tmp_path) for stage, calls in CALLS.items()}
    assert there == {stage: fingerprint(calls, ROOT) for stage, calls in CALLS.items()}
