"""The hostile corner: hosts that misbehave, and what a sound crawl makes of each case.

``CASES`` is the table for tests, from ``cases.yaml``, where it says too what the server does: every case has
an address and the outcome expected. Outcomes: ``article`` (extracted, with the title and words given),
``problem`` (counted under one of ``reasons``), ``skip`` (left out, counted under one of ``reasons``),
``links`` (a listing that is used, for the articles it names). ``notes`` are problems counted although the
article is kept. The reasons are the crawler's codes. How the server behaves is in ``sample.hostile.answers``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter

from sample.stories import BASE_PORT, FOLDER

Expected = Literal["article", "problem", "skip", "links"]


@dataclass(frozen=True)
class Host:
    """A misbehaving host, at ``offset`` from the base port."""

    name: str
    offset: int


@dataclass(frozen=True)
class Case:
    """One address and its known outcome.

    ``title`` and ``words`` are what the article must hold, ``never`` what it must not.
    """

    name: str
    host: str
    path: str
    outcome: Expected
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""
    words: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def url(self, base_port: int = BASE_PORT) -> str:
        """The case's address on a server with this base port."""
        offset = next(host.offset for host in HOSTS if host.name == self.host)
        return f"http://127.0.0.1:{base_port + offset}{self.path}"


HERALD, LISTINGS = "Hostile Herald", "Hostile Listings"
GAZETTE, ARGUS, ECHO = "Hostile Gazette", "Hostile Argus", "Hostile Echo"
TORTOISE, SENTINEL, ALMANAC = "Hostile Tortoise", "Hostile Sentinel", "Hostile Almanac"
GHOST = "Hostile Ghost"  # in hostile/outlets.yaml, but nothing listens at its port

RETRY_AFTER = 3  # seconds, asked for by Hostile Echo
CRAWL_DELAY = 2  # seconds, asked for by Hostile Tortoise
CLOSED = tuple(f"/private/minutes-of-the-closed-session-{n}" for n in range(8))  # of Hostile Sentinel
SITEMAP_URLS = 100_000
OPEN_URLS = 20

_DATA: dict[str, Any] = yaml.safe_load((FOLDER / "hostile" / "cases.yaml").read_text(encoding="utf-8"))
HOSTS = TypeAdapter(tuple[Host, ...]).validate_python(_DATA["hosts"])
FILLER = tuple(_DATA["filler"])
TITLES: dict[str, str] = _DATA["titles"]


def _page(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    slug = entry["name"].replace("_", "-")
    path = f"/news/the-bench-and-the-parish-council-{slug}-{4_850_000 + number}"
    return {"host": HERALD, "path": path, **entry}


_CASES = TypeAdapter(tuple[Case, ...])
_OTHERS = [{"host": host, **entry} for host, entries in _DATA["others"].items() for entry in entries]
PAGES = _CASES.validate_python([_page(number, entry) for number, entry in enumerate(_DATA["pages"])])
CASES = (*PAGES, *_CASES.validate_python(_OTHERS))
