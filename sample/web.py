"""The running sample web as a test sees it: addresses, and a log of every request."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sample.outlets import outlets

HOST = "127.0.0.1"


@dataclass(frozen=True)
class ServedRequest:
    """One request as the server saw it. ``at``: monotonic seconds; ``sent``: bytes of the body."""

    at: float
    outlet: str
    method: str
    target: str
    status: int
    sent: int
    headers: Mapping[str, str]  # names in lower case

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Web:
    """The running sample web. ``edition`` may be set at any time."""

    base_port: int
    edition: int
    ports: dict[str, int] = field(default_factory=dict)
    visits: list[ServedRequest] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # exceptions of the server's own; a test wants none
    hits: dict[str, int] = field(default_factory=dict)  # requests by address, for answers that change
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def home(self, outlet: str = "") -> str:
        """The address of an outlet's front page; of the first one when no name is given."""
        port = self.ports[outlet] if outlet else self.base_port
        return f"http://{HOST}:{port}/"

    def outlets_yaml(self) -> str:
        """The text of an ``outlets.yaml`` for this server's ports."""
        return outlets(self.base_port)

    def log(self, visit: ServedRequest) -> None:
        with self._lock:
            self.visits.append(visit)

    def hit(self, address: str) -> int:
        """Count a request to an address: 1 for the first."""
        with self._lock:
            self.hits[address] = self.hits.get(address, 0) + 1
            return self.hits[address]

    def seen(self, outlet: str = "", path: str = "", status: int = 0) -> list[ServedRequest]:
        """The requests so far, of one outlet, path or status where given, in order of time."""
        return [
            visit
            for visit in list(self.visits)
            if (not outlet or visit.outlet == outlet)
            and (not path or visit.path == path)
            and (not status or visit.status == status)
        ]

    def forget(self) -> None:
        """Empty the log, as between two visits of one test."""
        with self._lock:
            self.visits.clear()
            self.hits.clear()
