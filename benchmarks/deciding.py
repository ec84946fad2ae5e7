"""How soon a decision is seen while a run publishes over and over: a part of `benchmarks.read`.

The journal holds PRIOR decisions already; decisions of each kind that a person takes are drawn. One counts as
seen when the page of its pledge has its row and shows what it changed, and as lost when that takes too
long, or when it does not stand in the journal at the end.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from ledger import settings
from ledger.decisions import effects, published, reckoning
from ledger.decisions import journal as decision_journal
from ledger.queries import pledge_page
from ledger.queries.pledge_page import PledgePage
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.types import Decision, DecisionKind

PRIOR = 20_000
TAKEN = 200
PATIENCE = 20.0  # seconds to wait for a decision before it counts as lost
KINDS: tuple[DecisionKind, ...] = (
    "set_status",
    "note",
    "reject",
    "confirm",
    "link_speaker",
    "merge",
    "split",
)
_STATUSES = ("stalled", "unclear", "in_progress", "delivered")
Drawn = tuple[str, Decision]  # an id that leads to a pledge's page, and a decision that shows there


class Draw:
    """Decisions of all kinds on what a home holds."""

    def __init__(self, home: Settings, chance: random.Random) -> None:
        self._chance = chance
        with published.reading(home) as connection:

            def ask(query: str) -> list[tuple[str, ...]]:
                return connection.execute(query).fetchall()

            self._stated = ask(
                """SELECT pledge_id, c.id, statement_id FROM w.pledge_commitments
                JOIN w.commitments c ON c.id = commitment_id ORDER BY 2"""
            )
            self._reports = ask("SELECT pledge_id, id FROM w.evidence ORDER BY 2")
            self._officials = ask("SELECT id, name FROM w.officials ORDER BY 1")
            self._later = ask(
                "SELECT pledge_id, commitment_id FROM w.pledge_commitments WHERE position > 0 ORDER BY 2"
            )
            self._pairs = ask(
                """SELECT id, next FROM (SELECT id, lead(id) OVER (PARTITION BY owner ORDER BY id) AS next
                FROM w.pledges) WHERE next IS NOT NULL ORDER BY 1"""
            )

    def one(self) -> Drawn:
        kind, draw = self._chance.choice(KINDS), self._chance.choice
        if kind == "merge":
            pledge, other = draw(self._pairs)
            return pledge, Decision(kind, pledge, {"with": other}, "Ed", "one promise")
        if kind == "split":
            pledge, leaving = draw(self._later)
            return pledge, Decision(kind, leaving, {"with": pledge}, "Ed", "another promise")
        if kind == "reject":
            pledge, report = draw(self._reports)
            return pledge, Decision(kind, report, {}, "Ed", "it is about something else")
        pledge, commitment, statement = draw(self._stated)
        if kind == "confirm":  # by the commitment, which others may have put in another pledge meanwhile
            return commitment, Decision(kind, commitment, {}, "Ed", "read")
        if kind == "link_speaker":
            official, name = draw(self._officials)
            return commitment, Decision(
                kind, statement, {"speaker": name, "official": official}, "Ed", "it says so"
            )
        if kind == "set_status":
            return pledge, Decision(kind, pledge, {"status": draw(_STATUSES)}, "Ed", "read")
        return pledge, Decision("note", pledge, {"text": f"Asked {self._chance.random()}"}, "Ed")


def record_prior(home: Settings, draw: Draw, number: int = PRIOR) -> None:
    """Fill the journal up to so many rows, in one go, as the years would."""
    if not decision_journal.last(home)[0]:
        decision_journal.record(home, draw.one()[1])
    missing = range(decision_journal.last(home)[0], number)
    with closing(sqlite3.connect(home.decisions)) as journal, journal:
        journal.executemany(
            "INSERT INTO decisions (at, who, kind, subject, value, why) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (datetime.now(UTC).isoformat(), d.who, d.kind, d.subject, json.dumps(d.value), d.why)
                for _, d in (draw.one() for _ in missing)
            ),
        )


def _shows(page: PledgePage | None, row: int, decision: Decision) -> bool:
    """The page has the decision's row, and what it changed of one pledge."""
    if page is None or not any(entry.decision.row == row and not entry.undone for entry in page.journal):
        return False
    if decision.kind == "set_status":
        return page.pledge.set_status == decision.value["status"]
    if decision.kind == "reject":
        return any(report.id == decision.subject and report.is_rejected for report in page.shown)
    if decision.kind == "confirm":
        return any(time.id == decision.subject and time.confirmed_by for time in page.stated)
    if decision.kind == "link_speaker":
        mine = (time for time in page.stated if time.statement_id == decision.subject)
        return any(time.official_id == decision.value["official"] for time in mine)
    if decision.kind == "merge":
        return decision.value["with"] in {time.id for time in page.stated}
    return True


def _decide(home: Settings, pledge: str, decision: Decision) -> float:
    """Milliseconds until it is seen."""
    start = time.perf_counter()
    row = decision_journal.record(home, decision)
    asked = decision.subject if decision.kind == "split" else pledge
    while not _shows(pledge_page.pledge(home, asked), row, decision):
        if time.perf_counter() - start > PATIENCE:
            break
    return (time.perf_counter() - start) * 1000


def decide(home: Settings, chance: random.Random) -> None:
    """Fill the journal, then decide while another process publishes; print how soon each was seen."""
    draw, say = Draw(home, chance), sys.stdout.write
    record_prior(home, draw)
    pledge_page.pledge(home, draw.one()[0])
    before = decision_journal.last(home)[0]
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with _publishing(home) as end:
        for _ in range(TAKEN):
            pledge, decision = draw.one()
            taken[decision.kind].append(_decide(home, pledge, decision))
        published = end()
    every = [ms for some in taken.values() for ms in some]
    kept = sum(decision.row > before for decision in decision_journal.history(home))
    lost = TAKEN - kept + sum(ms > PATIENCE * 1000 for ms in every)
    p95 = statistics.quantiles(every, n=20, method="inclusive")[-1]
    say(f"a decision recorded and seen, after {before:,} others, while publishing: ")
    say(f"median {statistics.median(every):.0f} ms, p95 {p95:.0f} ms  (bar: median under 300 ms)\n")
    for kind, some in taken.items():
        late = sum(ms > PATIENCE * 1000 for ms in some)
        say(f"  {kind:14} median {statistics.median(some or [0]):7.1f} ms; {late} of {len(some)} too late\n")
    say(f"published {published} times meanwhile; {lost} of {TAKEN} decisions lost (bar: 0)\n")


def _republish(folder: Path, stop: Event, times: multiprocessing.SimpleQueue[int]) -> None:
    """Publish over and over, as runs do, the pledges reckoned by what was decided, until told to stop."""
    home, number = settings.load(folder), 0
    while not stop.is_set():
        with warehouse.run(home) as connection, warehouse.transaction(connection):
            effects.take_in(connection, home)
            reckoning.keep(connection, home.today, str(number))
        warehouse.publish(home)
        number += 1
    times.put(number)


@contextmanager
def _publishing(home: Settings) -> Iterator[Callable[[], int]]:
    """Another process that publishes over and over; what is given ends it and tells how often it did."""
    context = multiprocessing.get_context("spawn")
    stop, times = context.Event(), context.SimpleQueue()
    process = context.Process(target=_republish, args=(home.home, stop, times), daemon=True)
    process.start()

    def end() -> int:
        stop.set()
        number = times.get()
        process.join()
        return int(number)

    try:
        yield end
    finally:
        stop.set()
        process.join(60)
