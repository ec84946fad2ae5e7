"""What one crawl is to do, as it passes from ``crawlers.fetch.crawl`` to the spider's process.

It imports no Scrapy: the process that only starts the spider's has no use for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from ledger.types import Outlet

LONGEST_PAUSE = 300.0  # seconds a run waits for a host; past that the host's turn comes next run
LIMIT = 500  # pages of one outlet in one run
SEEN = "seen.sqlite"  # in the folder of a crawl


@dataclass(frozen=True)
class Job:
    """One run: its name, the home folder, the outlets and the limits (seconds, bytes, requests a day)."""

    run: str
    home: Path
    outlets: tuple[Outlet, ...]
    contact: str = ""
    timeout: float = 20.0  # for one whole response
    max_response: int = 10_000_000  # packed or unpacked
    budget: int = 3000  # of a host; a large title publishes some 150 articles
    longest_pause: float = LONGEST_PAUSE
    window_days: int = 30  # a listing's older articles are not news; local outlets are read whole
    outlet_seconds: float = 1800.0  # for one outlet in one run; the rest waits for the next
    limit: int = 0  # pages of an outlet; 0: LIMIT for public outlets, none for local ones

    @property
    def folder(self) -> Path:
        return self.home / "data" / "crawl"

    @property
    def lines(self) -> Path:
        return self.folder / f"{self.run}.jsonl"


JSON = TypeAdapter(Job)  # how a job goes to the process and is read there
