"""What one crawl is to do, as it passes from ``crawlers.fetch.crawl`` to the spider's process.

It imports no Scrapy: the process that only starts the spider's has no use for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from ledger.types import Outlet

TIMEOUT = 20.0  # seconds for one whole response
MAX_RESPONSE = 10_000_000  # bytes, packed or unpacked
DAILY_BUDGET = 3000  # requests a host a day; a large title publishes some 150 articles
LONGEST_PAUSE = 300.0  # seconds a run waits for a host; past that the host's turn comes next run
WINDOW_DAYS = 30  # a listing's older articles are not news; local outlets are read whole
OUTLET_SECONDS = 1800.0  # for one outlet in one run; the rest waits for the next
LIMIT = 500  # pages of one outlet in one run


@dataclass(frozen=True)
class Job:
    """One run: its name, the home folder, the outlets and the limits (seconds, bytes, requests a day)."""

    run: str
    home: Path
    outlets: tuple[Outlet, ...]
    contact: str = ""
    timeout: float = TIMEOUT
    max_response: int = MAX_RESPONSE
    budget: int = DAILY_BUDGET
    longest_pause: float = LONGEST_PAUSE
    window_days: int = WINDOW_DAYS
    outlet_seconds: float = OUTLET_SECONDS
    limit: int = 0  # pages of an outlet; 0: LIMIT for public outlets, none for local ones

    @property
    def folder(self) -> Path:
        return self.home / "data" / "crawl"

    @property
    def archive(self) -> Path:
        return self.home / "data" / "archive"

    @property
    def lines(self) -> Path:
        return self.folder / f"{self.run}.jsonl"

    @property
    def seen(self) -> Path:
        return self.folder / "seen.sqlite"


JSON = TypeAdapter(Job)  # how a job goes to the process and is read there
