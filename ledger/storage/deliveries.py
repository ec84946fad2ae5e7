"""The journal of deliveries: which letter is to reach which reader, and what came of every attempt.

Append-only like the journal of decisions, in ``deliveries.sqlite`` of the home folder. A step is on the disk
before what it tells of is done, so that a process that is killed leaves behind how far it had come. No
address is kept: a reader is a hash, and a name that hides most of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from ledger.days import moment
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.storage.journals import opened

Step = Literal[
    "queued",  # to be sent
    "trying",  # an attempt has begun; nothing that could not be taken back is sent
    "committed",  # the last of the letter is about to be sent: from here on the server may have it
    "sent",  # the server said that it took it
    "failed",  # it did not take it, and is to be asked again
    "refused",  # it never will
    "unknown",  # whether it took it cannot be told
    "given_up",  # asked for as long as the settings say
    "covered",  # a later letter told the same reader the same
    "nothing",  # there was nothing to tell this reader
]
WAITING: tuple[Step, ...] = ("queued", "trying", "failed")
LOST: tuple[Step, ...] = ("refused", "unknown", "given_up")  # a person should know
HAD: tuple[Step, ...] = ("sent", "nothing", "covered")  # its reader was told all that it was to tell


def _listed(steps: Iterable[Step]) -> str:
    return ", ".join(f"'{step}'" for step in steps)


# `standing` is an index, made of the steps by a trigger: the newest of each delivery. By it what is still
# open, and the last that a reader has had, are found without a walk over all that was ever sent.
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, edition TEXT NOT NULL, channel TEXT NOT NULL, reader TEXT NOT NULL,
    shown TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS steps (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, delivery TEXT NOT NULL REFERENCES deliveries,
    step TEXT NOT NULL CHECK (step IN ({_listed(get_args(Step))})),
    problem TEXT NOT NULL, detail TEXT NOT NULL, not_before TEXT);
CREATE TRIGGER IF NOT EXISTS deliveries_keep BEFORE UPDATE ON deliveries
    BEGIN SELECT raise(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER IF NOT EXISTS deliveries_stay BEFORE DELETE ON deliveries
    BEGIN SELECT raise(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER IF NOT EXISTS steps_keep BEFORE UPDATE ON steps
    BEGIN SELECT raise(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER IF NOT EXISTS steps_stay BEFORE DELETE ON steps
    BEGIN SELECT raise(ABORT, 'deliveries are append-only'); END;
CREATE INDEX IF NOT EXISTS deliveries_reader ON deliveries (reader);
CREATE INDEX IF NOT EXISTS deliveries_edition ON deliveries (edition);
CREATE INDEX IF NOT EXISTS steps_of ON steps (delivery, n);
CREATE TABLE IF NOT EXISTS standing (
    delivery TEXT PRIMARY KEY REFERENCES deliveries, reader TEXT NOT NULL, edition TEXT NOT NULL,
    n INTEGER NOT NULL, step TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS standing_had ON standing (reader, edition) WHERE step IN ({_listed(HAD)});
CREATE INDEX IF NOT EXISTS standing_open ON standing (reader, edition) WHERE step NOT IN ({_listed(HAD)});
CREATE TRIGGER IF NOT EXISTS steps_stand AFTER INSERT ON steps BEGIN
    INSERT INTO standing SELECT id, reader, edition, new.n, new.step FROM deliveries WHERE id = new.delivery
    ON CONFLICT (delivery) DO UPDATE SET n = excluded.n, step = excluded.step; END;
"""
_FILL = """INSERT OR IGNORE INTO standing SELECT d.id, d.reader, d.edition, s.n, s.step
    FROM deliveries d JOIN steps s ON s.n = (SELECT max(n) FROM steps t WHERE t.delivery = d.id)"""
_READ = """
SELECT d.id, d.edition, d.channel, d.reader, d.shown, s.step, s.problem, s.detail, s.at, s.not_before,
    (SELECT count(*) FROM steps t WHERE t.delivery = d.id AND t.step = 'trying') AS tries,
    (SELECT min(at) FROM steps t WHERE t.delivery = d.id) AS queued
FROM standing h JOIN deliveries d ON d.id = h.delivery JOIN steps s ON s.n = h.n
WHERE {} ORDER BY d.edition, d.id"""
_OPEN = f"h.step NOT IN ({_listed(HAD)})"
_EDITIONS = f"SELECT edition FROM standing WHERE reader = ? AND step IN ({_listed(HAD)}) ORDER BY edition "


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter to one reader as it stands: its newest ``step`` and what was met on the way.

    ``id`` is the letter's name. ``reader``: a hash; ``shown``: who that is, most of it hidden. ``queued``:
    when the letter was first to be sent, ``at``: when the newest step was noted, ``not_before``: when it is
    next to be tried. ``tries``: attempts begun.
    """

    id: str
    edition: str
    channel: str
    reader: str
    shown: str
    step: Step
    tries: int
    problem: str
    detail: str
    queued: datetime
    at: datetime
    not_before: datetime | None

    @property
    def told(self) -> str:
        """How it stands, in words."""
        why = ": ".join(filter(None, (self.problem, self.detail)))
        tries = f"after {self.tries} {'try' if self.tries == 1 else 'tries'}"
        match self.step:
            case "failed":
                when = moment(self.not_before) if self.not_before else "now"
                return f"failed {tries}, to be tried again from {when} ({why})"
            case "refused":
                return f"refused for good ({why})"
            case "given_up":
                return f"given up {tries} ({why})"
            case "unknown" | "committed":
                return (
                    f"may have arrived, not sent again; the next letter tells the same ({why or 'stopped'})"
                )
            case _:
                return "waiting to be sent"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reader on a channel, as the journal knows them."""

    channel: str
    reader: str
    shown: str


def delivery_id(edition: str, reader: str) -> str:
    """The id of an edition's letter to one reader: the same whenever and however often it is tried."""
    return f"{edition}.{reader}"


class DeliveryJournal:
    """The journal held open. What a method notes is on the disk when it returns, or, ``together`` with more,
    when whoever began the transaction ends it."""

    def __init__(self, journal: sqlite3.Connection, together: bool = False) -> None:
        self._journal, self._is_together = journal, together

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is noted within is on the disk when it ends, all of it or nothing."""
        if self._is_together:
            yield
            return
        self._is_together = True
        try:
            with self._journal:
                yield
        finally:
            self._is_together = False

    def queue(self, edition: str, to: Recipient) -> Delivery:
        """Note that the recipient is to get that edition's letter, unless it is noted; how it stands."""
        with self.together():
            key = delivery_id(edition, to.reader)
            row = (key, edition, to.channel, to.reader, to.shown)
            if self._journal.execute("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?)", row).rowcount:
                self._write(key, "queued")
        (found,) = self._read("d.id = ?", [key])
        return found

    def find(self, edition: str, reader: str) -> Delivery | None:
        """How one reader's letter of an edition stands, None where nothing was ever noted of it."""
        return next(iter(self._read("d.id = ?", [delivery_id(edition, reader)])), None)

    def note(
        self,
        delivery: str,
        step: Step,
        problem: str = "",
        detail: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """Append a step."""
        with self.together():
            self._write(delivery, step, problem, detail, not_before)

    def note_sent(self, delivery: str, covers: Iterable[Delivery]) -> None:
        """Append that it was sent, and of those whose letters it told again that they are covered."""
        with self.together():
            self._write(delivery, "sent")
            for one in covers:
                self._write(one.id, "covered")

    def of_edition(self, edition: str) -> list[Delivery]:
        """How an edition's letters stand."""
        return self._read("d.edition = ?", [edition])

    def of_reader(self, reader: str) -> list[Delivery]:
        """Every letter of one reader, in the order of the editions."""
        return self._read("d.reader = ?", [reader])

    def had(self, reader: str, newest_first: bool = True) -> Iterator[str]:
        """The editions that the reader has had, or that held nothing for them, read as they are asked for."""
        for (edition,) in self._journal.execute(_EDITIONS + ("DESC" if newest_first else "ASC"), [reader]):
            yield str(edition)

    def open_of(self, reader: str) -> list[Delivery]:
        """The reader's letters that did not arrive, or may not have, and that no later one told again."""
        return self._read(f"{_OPEN} AND h.reader = ?", [reader])

    def outstanding(self, days: int = 28) -> list[Delivery]:
        """What of the last ``days`` is still to be sent, did not arrive or may not have."""
        since = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        return self._read(f"{_OPEN} AND s.at >= ?", [since])

    def _read(self, clause: str, given: Sequence[str]) -> list[Delivery]:
        cursor = self._journal.execute(_READ.format(clause), given)
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in found:
            for name in ("queued", "at", "not_before"):
                row[name] = row[name] and datetime.fromisoformat(row[name])
        return [Delivery(**row) for row in found]

    def _write(
        self,
        delivery: str,
        step: Step,
        problem: str = "",
        detail: str = "",
        not_before: datetime | None = None,
    ) -> None:
        at, later = datetime.now(UTC).isoformat(), not_before and not_before.isoformat()
        self._journal.execute(
            "INSERT INTO steps (at, delivery, step, problem, detail, not_before) VALUES (?, ?, ?, ?, ?, ?)",
            (at, delivery, step, problem, detail, later),
        )


@contextmanager
def opened_deliveries(settings: Settings) -> Iterator[DeliveryJournal]:
    """The home's journal, made where there is none. Raises WrongUse where it cannot be read or written."""

    def bring_up(journal: sqlite3.Connection) -> None:
        journal.execute(_FILL)
        known = DeliveryJournal(journal, together=True)
        for edition, reader in _noted_beside_digests(settings):
            if known.find(edition, reader) is None:
                known.note_sent(known.queue(edition, Recipient("", reader, "")).id, ())

    with opened(settings, settings.deliveries, _SCHEMA, bring_up) as journal:
        yield DeliveryJournal(journal)


def _noted_beside_digests(settings: Settings) -> Iterator[tuple[str, str]]:
    """Editions and the readers' hashes that had them, as versions to 0.2.0 noted them beside each digest."""
    for file in sorted(settings.digests.glob("*.sent.json")):
        try:
            noted = dict(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            told = f"{file} cannot be read ({error}): remove it, and its digest is sent again"
            raise WrongUse(told) from error
        yield from ((file.name.removesuffix(".sent.json"), one) for one in noted if noted[one] == "sent")


def outstanding(settings: Settings) -> list[Delivery]:
    """As the journal's own `outstanding`; nothing, and no file, where nothing was ever sent."""
    if not settings.deliveries.exists():
        return []
    with opened_deliveries(settings) as journal:
        return journal.outstanding()
