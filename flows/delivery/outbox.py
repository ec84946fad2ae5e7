"""What went to whom: each reader gets each letter once, and none is lost without a word.

Every step is in the journal (`ledger.storage.deliveries`) before it is taken. So where a process was killed
tells what to do next:

- before the last of a letter was sent: the server has nothing that it may deliver; it is sent again;
- after that, on a channel whose receiver tells a second letter by its id: it is sent again, with that id;
- after that, by mail: the server may have it. It is noted as unknown, shown, and not sent again.

What a server did not take is tried again, later and later, until it is given up; what it refuses for good, as
an address that is no more, is not.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Protocol

from flows.delivery.channel import NO_ANSWER, Attempt, Channel, Receipt
from flows.digest.archive import Letter
from ledger.counts import Counts
from ledger.data_files import read_yaml
from ledger.settings import Settings, make_data
from ledger.storage.deliveries import (
    LOST,
    WAITING,
    Delivery,
    DeliveryJournal,
    Recipient,
    delivery_id,
    opened_deliveries,
)

_AWAY = ("committed", "sent", "unknown")  # a server has the letter, or may have it


class Addressee(Protocol):
    """Who gets letters, on which channel: one letter of a name goes to an ``id`` once."""

    @property
    def id(self) -> str: ...

    @property
    def channel(self) -> Channel: ...


def gone(settings: Settings, name: str) -> bool:
    """Whether the letter of that name has gone to anybody, or may have."""
    with opened_deliveries(settings) as journal:
        return any(one.step in _AWAY for one in journal.of_letter(name).values())


def await_sending(
    settings: Settings, name: str, addressees: Iterable[Addressee], instead: Iterable[Delivery] = ()
) -> None:
    """Note that the addressees are still to get the letter of that name, which tells them again what the
    deliveries ``instead`` were to tell (of `missed`)."""
    with opened_deliveries(settings) as journal:
        journal.queue(name, map(_recipient, addressees), instead)


def missed(settings: Settings, addressee: Addressee, day: date) -> list[Delivery]:
    """The daily letters of the week before ``day`` that did not reach the reader, oldest first.

    The step of each tells why; one that is "unknown" may have arrived.
    """
    with opened_deliveries(settings) as journal:
        return list(_missed(journal, addressee, day, (*WAITING, *LOST, "committed")))


def deliver(
    settings: Settings,
    letter: Letter,
    addressees: Iterable[Addressee],
    counts: Counts,
    kept: Callable[[str], Letter],
    patient: bool = False,
) -> None:
    """Send each addressee the letter, after those of the last week that they still wait for; nothing twice.

    ``kept`` gives a letter of an earlier day by its name. ``patient``: leave alone what is not yet to be
    tried again. In ``counts`` are read, letters looked at, written, letters sent, skipped, why not, and
    problems. Waits while another process sends.
    """
    last = date.fromisoformat(letter.name[:10])
    with _alone(settings), opened_deliveries(settings) as journal:
        for to in addressees:
            journal.queue(letter.name, [_recipient(to)])
            for one in list(_missed(journal, to, last, (*WAITING, "committed"))):
                _send(journal, kept(one.letter), to, counts, patient)
            _send(journal, letter, to, counts, patient)


def try_again(
    settings: Settings, addressees: Iterable[Addressee], kept: Callable[[str], Letter], counts: Counts
) -> None:
    """Send what waits for these addressees and is to be tried by now; counts as `deliver`."""
    with _alone(settings), opened_deliveries(settings) as journal:
        for to in addressees:
            for one in journal.of_reader(to.id):
                if one.step in (*WAITING, "committed"):
                    _send(journal, kept(one.letter), to, counts, patient=True)


def _missed(journal: DeliveryJournal, to: Addressee, last: date, steps: Iterable[str]) -> Iterator[Delivery]:
    first = last - timedelta(days=_rules()["days"])
    for one in journal.of_reader(to.id):
        daily = one.letter == one.letter[:10]  # a look back, or news of a failure, is not told again
        if daily and first <= date.fromisoformat(one.letter) < last and one.step in steps:
            yield one


def _send(journal: DeliveryJournal, letter: Letter, to: Addressee, counts: Counts, patient: bool) -> None:
    counts.read += 1
    now = datetime.now(UTC)
    before = journal.of_letter(letter.name)[to.id]
    if before.step == "committed":  # whoever sent it was killed before an answer came
        receipt = Receipt(NO_ANSWER, "the program was stopped while it waited", "unknown")
    elif before.step not in WAITING:
        counts.skip("sent before" if before.step == "sent" else before.step.replace("_", " "))
        return
    elif patient and before.not_before and before.not_before > now:
        counts.skip("to be tried later")
        return
    else:
        journal.note(before.id, "trying")
        receipt = to.channel.send(Attempt(letter, before.id, lambda: journal.note(before.id, "committed")))
    _keep(journal, before, receipt, now)
    if receipt.problem:
        counts.problem(f"{letter.name} to {to.channel.shown}", receipt.problem, receipt.detail)
    else:
        counts.written += 1


def _keep(journal: DeliveryJournal, before: Delivery, receipt: Receipt, now: datetime) -> None:
    """Note what came of an attempt; what failed for too long is given up."""
    if receipt.outcome != "failed":
        journal.note(before.id, receipt.outcome, receipt.problem, receipt.detail)
        return
    rules = _rules()
    wait = min(rules["first_minutes"] * 60 * 2**before.tries, rules["longest_hours"] * 3600)
    later = datetime.now(UTC) + timedelta(seconds=max(wait, receipt.wait))
    journal.note(before.id, "failed", receipt.problem, receipt.detail, later)
    if now - before.queued > timedelta(days=rules["days"]):
        journal.note(before.id, "given_up", receipt.problem, receipt.detail)


@cache
def _rules() -> dict[str, int]:
    loaded: dict[str, int] = read_yaml(__file__, "retries.yaml")
    return loaded


def _recipient(to: Addressee) -> Recipient:
    return Recipient(to.channel.key, to.id, to.channel.noted)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One process sends at a time; another waits. The lock goes with the process."""
    make_data(settings)
    with (settings.data / "outbox.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
