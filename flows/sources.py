"""What a run reads besides the web: the outlets and the register of officials, the reader's own first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from crawlers.outlets import load_outlets
from ledger.settings import Settings
from ledger.types import Outlet
from nlp.officials import Register

REGISTER_FILES = ("officials.yaml", "officials.json", "officials.csv", "officials.jsonl")


@dataclass(frozen=True)
class Sources:
    """``fingerprint`` changes with the register, so that speakers are resolved anew when it does."""

    outlets: tuple[Outlet, ...]
    register: Register
    fingerprint: str


def load_sources(settings: Settings) -> Sources:
    """The home folder's own files, else the shipped list of outlets and an empty register.

    Raises WrongUse, naming file and entry, when one cannot be used.
    """
    own_outlets = settings.own_file("outlets.yaml")
    outlets = load_outlets(own_outlets)  # None: the shipped list
    for name in REGISTER_FILES:
        if file := settings.own_file(name):
            return Sources(tuple(outlets), Register.load(file), _digest(file))
    return Sources(tuple(outlets), Register(()), "none")


def sample_sources() -> Sources:
    """The invented county's outlets and its register, at the sample server's usual ports."""
    folder = Path(str(files("sample")))
    register = folder / "marlshire" / "officials.jsonl"
    return Sources(tuple(load_outlets(folder / "outlets.yaml")), Register.load(register), _digest(register))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
