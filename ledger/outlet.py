"""A source of news, and of bodies' own words, as people list it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Paywall = Literal["quotations", "teaser", "leave"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source of news, as one entry of ``outlets.yaml`` describes it. Delays in seconds.

    ``kind``: what its articles are; where these are their publisher's own word, ``publisher`` is the body
    whose words they are. ``seen``: where and when its addresses were met, "untried", or "" for no word of it.
    ``paywall``: what is done with a page that declares itself not free: read what it serves to anybody, and
    pass on quotations alone; read its first paragraphs; or leave it.
    """

    name: str
    home: str
    region: str = ""
    group: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    layout: str = "jsonld"
    crawl_delay: float = 1.0
    expected_weekly: int = 0
    rights: dict[str, object] = field(default_factory=dict)  # {"mine": bool, "note": str}
    local: bool = False
    kind: str = "news"
    publisher: str = ""
    seen: str = ""
    paywall: Paywall = "quotations"
