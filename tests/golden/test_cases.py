"""Small inputs with the symptoms of public bug reports and of real pages, each with its right answer.

What is known to fail is listed in ``cases_failing.txt``; a case that comes right must leave that list.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.golden.check_cases import CHECKS

HERE = Path(__file__).parent
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
FAILING = set((HERE / "cases_failing.txt").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `said annotate`, `said classify` and `said parse` answer to the cases, by id."""
    folder = tmp_path_factory.mktemp("cases")
    nobody = folder / "nobody.jsonl"
    nobody.write_text("", encoding="utf-8")
    found: dict[str, Any] = {}
    for kind in CHECKS:
        rows = [_given(case, folder) for case in CASES if case["kind"] == kind]
        given, out = folder / f"{kind}.jsonl", folder / f"{kind}.out.jsonl"
        given.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
        )
        command = [sys.executable, "-c", "from flows.cli import main; main()", "--home", str(folder), kind]
        command += ["--input", str(given), "--output", str(out)]
        if kind == "annotate":
            command += ["--officials", str(nobody)]
        subprocess.run(command, check=kind != "parse", capture_output=True)  # a page may be refused: exit 1
        found |= {row["id"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    return found


def _given(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    row = dict(case["input"])
    if case["kind"] == "parse":
        page = folder / f"{case['id']}.html"
        encoding = row.pop("encoding", None) or "utf-8"
        page.write_bytes(row.pop("html").encode(encoding, "xmlcharrefreplace"))
        row["file"] = str(page)
    return row


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["id"],
            marks=pytest.mark.xfail(reason="known to fail", strict=True) if case["id"] in FAILING else (),
        )
        for case in CASES
        if not case.get("judgement")
    ],
)
def test_case(case: dict[str, Any], answers: dict[str, Any]) -> None:
    answer = answers.get(case["id"])
    assert answer is not None, case["symptom"]
    assert CHECKS[case["kind"]](case, answer) == [], case["symptom"]


def test_the_list_of_failing_cases_names_cases() -> None:
    assert {case["id"] for case in CASES} >= FAILING
