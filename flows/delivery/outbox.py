"""What went to whom: each subscription gets each edition of the digest once, and none is lost without a word.

Every step is in the journal (`ledger.storage.deliveries`) before it is taken. So where a process was killed
tells what to do next:

- before the last of a letter was sent: the server has nothing that it may deliver; it is sent again;
- after that, to a receiver that tells a second letter by its name: it is sent again, under that name;
- after that, by mail: the server may have it. It is noted as unknown, shown, and not sent again.

What a server did not take is tried again, later and later, until it is given up; what it refuses for good, as
an address that is no more, is not. The next edition's letter tells what all of these were to tell.
"""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

from flows.delivery.channel import NO_ANSWER, Receipt
from flows.delivery.subscriptions import Subscription
from flows.digest.archive import LOOK_BACK, Letter
from ledger.counts import Counts
from ledger.data_files import read_yaml
from ledger.settings import Settings, make_data
from ledger.storage.deliveries import HAD, WAITING, Delivery, DeliveryJournal, Recipient, opened_deliveries

_UNDECIDED = (*WAITING, "committed")


class Outbox:
    """The way out for one process at a time."""

    def __init__(self, journal: DeliveryJournal) -> None:
        self._journal = journal

    def closed(self, edition: str) -> bool:
        """Whether the edition stays as it is: an attempt was made to send it to somebody, who may have it and
        must not get another under its name, or somebody was told nothing of it.
        """
        letters = self._journal.of_edition(edition)
        return any(one.tries or one.step in HAD for one in letters)

    def had(self, subscription: Subscription, edition: str) -> bool:
        """Whether the subscription has had its letter of that edition, or there was none for it."""
        found = self._journal.find(edition, subscription.id)
        return found is not None and found.step in HAD

    def knows(self, subscription: Subscription, edition: str) -> bool:
        """Whether anything was done about the edition for the subscription, whatever came of it."""
        return self._journal.find(edition, subscription.id) is not None

    def due(self) -> set[tuple[str, str]]:
        """Editions with the ids of the subscriptions that wait for them, where it is time to try again, or
        was noted by a clock that was ahead."""
        now = datetime.now(UTC)
        return {
            (one.edition, one.reader)
            for one in self._journal.outstanding()
            if one.step in _UNDECIDED and ((one.not_before or now) <= now or one.at > now)
        }

    def last_had(self, subscriptions: Collection[Subscription], editions: Collection[str]) -> dict[str, str]:
        """The last of these editions that each subscription has had, by its id; nothing where it had none."""
        last = {
            each.id: next((one for one in self._journal.had(each.id) if one in editions), "")
            for each in subscriptions
        }
        return {reader: edition for reader, edition in last.items() if edition}

    def span_had(self, subscription: Subscription) -> tuple[str, str] | None:
        """The first and the last edition that a subscription has had, or that held nothing for it, look backs
        left aside; None where it had none."""
        both = (self._journal.had(subscription.id, newest_first) for newest_first in (False, True))
        ends = [next((one for one in had if LOOK_BACK not in one), "") for had in both]
        return (ends[0], ends[1]) if ends[0] else None

    def doubtful(self, subscription: Subscription, edition: str) -> list[str]:
        """The editions before that one whose letter the subscription may have had without anybody's knowing,
        and which no letter since has told again."""
        return [
            one.edition
            for one in self._journal.open_of(subscription.id)
            if one.step in ("unknown", "committed") and one.edition < edition and LOOK_BACK not in one.edition
        ]

    def pass_over(self, edition: str, subscription: Subscription) -> None:
        """Note that the edition holds nothing for the subscription."""
        with self._journal.together():
            if (one := self._queue(edition, subscription)).step == "queued":
                self._journal.note(one.id, "nothing")

    def deliver(self, edition: str, subscription: Subscription, letter: Letter, counts: Counts) -> None:
        """Send the subscription its letter of the edition, unless it has it, may have it or refused it."""
        counts.read += 1
        with self._journal.together():
            one = self._queue(edition, subscription)
            if one.step in WAITING:
                self._journal.note(one.id, "trying")
        if one.step == "committed":  # whoever sent it was killed before an answer came
            receipt = Receipt(NO_ANSWER, "the program ended while it waited", "unknown")
        elif one.step not in WAITING:
            counts.skip("sent before" if one.step in HAD else one.step.replace("_", " "))
            return
        else:
            receipt = subscription.channel.send(letter, lambda: self._journal.note(one.id, "committed"))
        self._keep(one, receipt)
        if receipt.problem:
            counts.problem(f"{edition} to {subscription.channel.shown}", receipt.problem, receipt.detail)
        else:
            counts.written += 1

    def _queue(self, edition: str, subscription: Subscription) -> Delivery:
        channel = subscription.channel
        return self._journal.queue(edition, Recipient(channel.key, subscription.id, channel.noted))

    def _keep(self, one: Delivery, receipt: Receipt) -> None:
        """Note what came of an attempt. A letter that arrived covers those before it; what failed for too
        long is given up."""
        if receipt.outcome == "sent":
            self._journal.note_sent(one.id, self._told_again(one))
        elif receipt.outcome == "failed":
            rules, now = _rules(), datetime.now(UTC)
            wait = min(rules["first_minutes"] * 60 * 2**one.tries, rules["longest_hours"] * 3600)
            later = now + timedelta(seconds=max(wait, receipt.wait))
            self._journal.note(one.id, "failed", receipt.problem, receipt.detail, later)
            if now - one.queued > timedelta(days=rules["days"]):
                self._journal.note(one.id, "given_up", receipt.problem, receipt.detail)
        else:
            self._journal.note(one.id, receipt.outcome, receipt.problem, receipt.detail)

    def _told_again(self, sent: Delivery) -> list[Delivery]:
        """The reader's earlier letters that did not arrive: the one that did told what they were to tell,
        unless it is a look back, which tells what its reader asked for."""
        if LOOK_BACK in sent.edition:
            return []
        return [
            one
            for one in self._journal.open_of(sent.reader)
            if one.edition < sent.edition and LOOK_BACK not in one.edition
        ]


@contextmanager
def opened_outbox(settings: Settings) -> Iterator[Outbox]:
    """The home's outbox, for this process alone; waits while another sends. Its lock goes with it."""
    make_data(settings)
    with (settings.data / "outbox.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with opened_deliveries(settings) as journal:
            yield Outbox(journal)


@cache
def _rules() -> Mapping[str, int]:
    loaded: dict[str, int] = read_yaml(__file__, "retries.yaml")
    return loaded
