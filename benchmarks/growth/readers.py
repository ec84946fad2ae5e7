"""What readers of a home wait for: a page of search hits, a pledge's page, the overview after a decision."""

from __future__ import annotations

import random

from benchmarks.read import some_phrases, spread
from ledger.decisions import journal
from ledger.queries import overview_page, pledge_list, pledge_page
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.types import Decision

ASKED, WARMING = 60, 10
Spread = tuple[float, float]  # median and 95th percentile, milliseconds


def waits(home: Settings) -> dict[str, Spread]:
    """Each with warm caches; those after a decision with a fresh one each time."""
    chance = random.Random(0)
    asked = some_phrases(home, chance, ASKED + WARMING)
    listed = [row.id for row in pledge_list.pledges(home)]
    drawn = [chance.choice(listed) for _ in range(ASKED + WARMING)]

    def hits(phrase: str) -> object:
        return statement_search.search(home, f'"{phrase}"', limit=20)

    def decide(key: str) -> None:
        status: dict[str, object] = {"status": chance.choice(("stalled", "unclear", "in_progress"))}
        journal.record(home, Decision("set_status", key, status, "Ed", "read"))

    def page(key: str) -> object:
        decide(key)
        return pledge_page.pledge(home, key)

    def overview(key: str) -> object:
        decide(key)
        return overview_page.overview(home)

    found = {}
    for name, work, given in (("hits", hits, asked), ("pledge", page, drawn), ("overview", overview, drawn)):
        for one in given[:WARMING]:
            work(one)
        found[name] = spread(work, given[WARMING:])
    return found
