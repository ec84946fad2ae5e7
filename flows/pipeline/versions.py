"""What each stage's present version is: a hash of the rules and data it works with, however they are written.

A module counts by its syntax tree, without comments and docstrings; each module it imports counts by that
one's own hash, whatever it is called and wherever it lies; a data file that it names counts by its bytes. So
an edited comment or a moved file works nothing through again, and a changed rule, phrase or weight works
through again what depends on it, and nothing else. Of the vocabulary those tables count that a module asks
for, but no label or colour in them. Nobody has to remember to raise a number.
"""

from __future__ import annotations

import ast
import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cache, cached_property
from pathlib import Path

from ledger import vocabulary

# Stage -> the modules that it calls for its answers; what these import counts too.
CALLS = {
    "extract": ("nlp.pipeline", "nlp.evidence.edits"),
    "flag": ("nlp.commitments.flag", "nlp.commitments.points"),
    "group": ("nlp.pledges.clustering", "nlp.pledges.core", "nlp.pledges.review_candidates"),
    "track": ("nlp.evidence.find", "nlp.evidence.passages"),
    "publish": ("ledger.pledges.reckon", "ledger.decisions.reckoning", "ledger.days"),
}
COUNTED = ("nlp", "ledger.pledges")  # packages whose rules decide answers
VALUES = "ledger.types"  # of these each one counts by itself, where it is used
ROOT = Path(__file__).parents[2]
_one = threading.Lock()  # of the threads of a process, one reads at a time


def version(stage: str, *more: str) -> str:
    """16 hex digits over the stage's rules and data and ``more`` (a register's fingerprint, say)."""
    return _hash([fingerprint(CALLS[stage], ROOT), *more])


def learn() -> None:
    """Read the rules of all stages, which takes longest the first time."""
    for modules in CALLS.values():
        fingerprint(modules, ROOT)


def fingerprint(modules: tuple[str, ...], root: Path, counted: tuple[str, ...] = COUNTED) -> str:
    """16 hex digits over these modules and all that they import of the packages ``counted`` under ``root``.

    Raises ValueError where modules import one another in a circle.
    """
    known = reader(root, counted)
    with _one:
        return _hash(sorted(known.hash_of(module) for module in modules))


@cache
def reader(root: Path, counted: tuple[str, ...]) -> _Reader:
    """One for all stages, as they share most of their modules."""
    return _Reader(root, counted)


class _Reader:
    """The hashes of modules, each worked out once."""

    def __init__(self, root: Path, counted: tuple[str, ...]) -> None:
        self._root = root
        self._counted = counted
        self._known: dict[str, str] = {}
        self._open: list[str] = []

    def hash_of(self, module: str) -> str:
        if module in self._open:
            raise ValueError(f"modules import one another in a circle: {' -> '.join([*self._open, module])}")
        if module not in self._known:
            self._open.append(module)
            try:
                self._known[module] = self._read(module)
            finally:
                self._open.pop()
        return self._known[module]

    def _read(self, module: str) -> str:
        file = self._file(module)
        assert file is not None, f"there is no module {module}"
        plain = _Plain(self._imports)
        tree = plain.visit(ast.parse(file.read_text(encoding="utf-8")))
        data, tables = _data(file.parent, plain.texts), _tables(plain.asked)
        return _hash([ast.dump(tree), *sorted(plain.bound), *data, *tables])

    def _imports(self, node: ast.AST, names: dict[str, str]) -> Iterable[str]:
        """What an import binds, without saying where from; ``names`` is told of modules by their hash."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                assert alias.name.split(".")[0] not in self._counted, (
                    f"write `from … import` for {alias.name}"
                )
                yield f"{alias.name} as {alias.asname}"
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            assert not node.level, (
                f"write imports of {origin or 'modules'} from the top, not from where they stand"
            )
            for alias in node.names:
                name = alias.asname or alias.name
                hidden = origin == "ledger.vocabulary" and not alias.name[0].isupper()
                assert not hidden and (alias.name == "vocabulary") == (name == "vocabulary"), (
                    "ask for tables as vocabulary.types(), so that it is seen for which"
                )
                if origin == VALUES:
                    yield f"{self._definition(alias.name)} as {name}"
                elif not self._counts(origin):
                    yield f"{origin}.{alias.name} as {name}"
                elif self._file(f"{origin}.{alias.name}"):
                    names[name] = self.hash_of(f"{origin}.{alias.name}")
                else:
                    yield f"{self.hash_of(origin)}.{alias.name} as {name}"

    def _definition(self, name: str) -> str:
        """What one of the project's values is and does by itself: its fields and methods."""
        return _hash([name, *self._values.get(name, ())])

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        """What stands under each name in the module of the project's values."""
        file = self._file(VALUES)
        tree = ast.parse(file.read_text(encoding="utf-8")) if file else ast.Module([], [])
        found = defaultdict(list)
        for node in tree.body:
            found[getattr(node, "name", "")].append(ast.dump(_Plain().visit(node)))
        return found

    def _counts(self, module: str) -> bool:
        return any(module == one or module.startswith(f"{one}.") for one in self._counted)

    def _file(self, module: str) -> Path | None:
        place = self._root.joinpath(*module.split("."))
        found = (place.with_suffix(".py"), place / "__init__.py")
        return next((file for file in found if file.is_file()), None)


class _Plain(ast.NodeTransformer):
    """Makes a tree without imports and docstrings, in which modules are called by their hash.

    Met on the way: ``bound``, what imports bind, as ``imports`` tells it, which notes the names that stand
    for modules counted; ``texts``, the strings; ``asked``, the tables asked for: `vocabulary.types()`.
    """

    def __init__(self, imports: Callable[[ast.AST, dict[str, str]], Iterable[str]] | None = None) -> None:
        self._imports = imports
        self._names: dict[str, str] = {}
        self.bound: list[str] = []
        self.texts: set[str] = set()
        self.asked: set[str] = set()

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> ast.AST:
        if self._imports:
            self.bound += self._imports(node, self._names)
        return ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        return self.visit_Import(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            self.texts.add(node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "vocabulary":
            self.asked.add(node.attr)
        return self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(body := getattr(node, "body", None), list):
            node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]  # every node with a list of statements has one
        super().generic_visit(node)
        if isinstance(body := getattr(node, "body", None), list):
            node.body = [one for one in body if not isinstance(one, ast.Pass)]  # type: ignore[attr-defined]
        return node


def _is_text(node: ast.AST) -> bool:
    """A bare string: a docstring, which does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _data(folder: Path, texts: Collection[object]) -> list[str]:
    """The data files of a package that a module names, by name and content."""
    files = [file for file in (folder / "data").glob("*.*") if file.name in texts]
    return [_hash([file.name, hashlib.sha256(file.read_bytes()).hexdigest()]) for file in sorted(files)]


def _tables(asked: set[str]) -> list[str]:
    """What decides in these tables of the vocabulary; of all, where more than a table is asked for."""
    names = vocabulary.Vocabulary.model_fields.keys()
    return [vocabulary.decisive(name) for name in sorted(names if asked - names else asked)]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
