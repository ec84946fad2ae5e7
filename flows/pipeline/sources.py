"""What a run reads besides the web: the outlets and the register of officials, the reader's own first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeVar

from crawlers.outlets import load_outlets
from ledger import forgotten
from ledger.data_files import write_whole
from ledger.settings import Settings
from ledger.types import Outlet
from nlp.officials.register import Register
from sample.server import serve

BODIES_FILE = "bodies.tsv"  # public bodies as `said officials update` fetched them
REGISTER_FILES = ("officials.yaml", "officials.json", "officials.csv", "officials.jsonl")


A = TypeVar("A")
B = TypeVar("B")


class Over(Protocol):
    """Goes over batches as the built-in `map` does, in their order."""

    def __call__(self, function: Callable[[A], B], batches: Iterable[A], /) -> Iterator[B]: ...


@dataclass(frozen=True)
class Sources:
    """``fingerprint`` changes with the register and the reader's own list of bodies.

    So speakers are resolved anew when one of them does. ``over``: who goes over batches of texts, this
    process or those that `flows.schedule.workers` shares them out to.
    """

    outlets: tuple[Outlet, ...]
    register: Register
    fingerprint: str
    over: Over = map


def load_sources(settings: Settings) -> Sources:
    """The home folder's own files, else the shipped list of outlets and an empty register.

    Raises WrongUse, naming file and entry, when one cannot be used.
    """
    own_outlets = settings.own_file("outlets.yaml")
    outlets = load_outlets(own_outlets)  # None: the shipped list
    bodies = settings.own_file(BODIES_FILE)
    more = f"+{_digest(bodies)}" if bodies else ""
    for name in REGISTER_FILES:
        if file := settings.own_file(name):
            return _kept(settings, outlets, Register.load(file, bodies), _digest(file) + more)
    return _kept(settings, outlets, Register((), bodies), "none" + more)


def sample_sources(settings: Settings) -> Sources:
    """The invented county's outlets, at the ports the sample web was last served on, and its register."""
    register = Path(str(files("sample"))) / "marlshire" / "officials.jsonl"
    outlets = load_outlets(_sample_outlets(settings))
    return _kept(settings, outlets, Register.load(register), _digest(register))


def home_sources(settings: Settings) -> Sources:
    """What the home was last made of: the sample's, where it was, else as `load_sources`."""
    sample = _sample_outlets(settings).is_file() and not settings.own_file("outlets.yaml")
    return sample_sources(settings) if sample else load_sources(settings)


def _kept(settings: Settings, outlets: Sequence[Outlet], register: Register, fingerprint: str) -> Sources:
    """Without the outlets and officials that were taken out on request."""
    gone = forgotten.load(settings.home)
    officials = [one for one in register.officials if not any(map(gone.people_in, (one.name, *one.aliases)))]
    if less := len(register.officials) - len(officials):
        register, fingerprint = Register(officials, register.bodies_file), f"{fingerprint}-{less}"
    kept = tuple(one for one in outlets if not gone.holds("outlet", forgotten.folded(one.name)))
    return Sources(kept, register, fingerprint)


@contextmanager
def sample_web(settings: Settings, base_port: int, edition: int) -> Iterator[str]:
    """Serve the sample web meanwhile, and keep its outlets with the home's data; gives its address.

    Raises WrongUse when its ports are in use.
    """
    with serve(base_port=base_port, edition=edition) as web:
        file = _sample_outlets(settings)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, web.outlets_yaml())
        yield web.home()


def _sample_outlets(settings: Settings) -> Path:
    return settings.data / "sample" / "outlets.yaml"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
