"""The data files of a package: phrases, weights and tables lie in a folder ``data`` beside its modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def data_file(module: str, name: str) -> Path:
    """Where the file ``name`` of a module's package lies; ``module`` is that module's ``__file__``."""
    return Path(module).parent / "data" / name


def read_yaml(module: str, name: str) -> Any:
    """What such a file holds."""
    return yaml.safe_load(data_file(module, name).read_text(encoding="utf-8"))
