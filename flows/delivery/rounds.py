"""Who gets what of an edition: each subscription what is new since its last letter, and nothing twice.

Editions stand in two rows: one a day, and between them those of what goes out at once. Each subscription goes
along one of them; where it stands is told by what it has had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flows.delivery.outbox import Outbox
from flows.delivery.subscriptions import Subscription, load_subscriptions
from flows.digest.archive import (
    AT_ONCE,
    DAILY,
    LOOK_BACK,
    DigestRecord,
    keep_record,
    letter_of,
    name_at,
    records,
)
from flows.digest.make import Edition, Wish, address_of, edition_again, edition_at_once
from flows.digest.wording import words
from ledger.counts import Counts
from ledger.follows.follow import Interest
from ledger.follows.links import code_of, token
from ledger.settings import Settings


class Round:
    """One round of letters, to the subscribers on ``channels`` (none named: on all).

    ``wanted``: all that anybody follows.
    """

    def __init__(self, settings: Settings, outbox: Outbox, day: date, channels: Collection[str]) -> None:
        self._settings, self._outbox, self._day = settings, outbox, day
        self._all = load_subscriptions(settings)
        self._chosen = [one for one in self._all if not channels or one.channel.key in channels]
        self._of: dict[str, list[Subscription]] = defaultdict(list)  # all of each reader
        for one in self._all:
            self._of[one.reader].append(one)
        self.wanted = {interest for each in self._all for interest in each.interests}
        self.counts = Counts("digest")
        self._rows: dict[str, list[DigestRecord]] = {}

    def on(self, *rhythms: str) -> list[Subscription]:
        """The subscriptions of these rhythms that are sent to in this round."""
        return [one for one in self._chosen if one.every in rhythms]

    def at_once(self) -> None:
        """Make an edition of what is new since the last of its row, where somebody waits for it, and send it,
        and what of the row was missed."""
        if not any(one.every == "at once" for one in self._all):
            return
        row = records(self._settings.digests, AT_ONCE)
        new = edition_at_once(self._settings, row).told
        if new or not row:
            row.append(DigestRecord(name_at(self._settings), self._settings.today, frozenset(new)))
            keep_record(self._settings.digests, row[-1])
        last, due = row[-1].name, self._outbox.due()  # what a killed round began, or failed and may be tried
        some = [
            one for one in self.on("at once") if not self._outbox.knows(one, last) or (last, one.id) in due
        ]
        self._send_row(row, some)

    def daily(self, name: str) -> None:
        """Send the edition of a day, and what was missed before it; to whom one comes every week, in a week
        in which none came yet."""
        self._send_up_to(name, DAILY, self.on("day", "week"))

    def again(self, waiting: Mapping[str, str]) -> None:
        """Send subscriptions, by their ids, the edition that each waits for, with all before it."""
        by_edition: dict[str, list[Subscription]] = defaultdict(list)
        for one in self._all:
            if one.id in waiting:
                by_edition[waiting[one.id]].append(one)
        for name, some in by_edition.items():
            kind = AT_ONCE if some[0].every == "at once" else DAILY
            self._send_up_to(name, kind, some)

    def _send_up_to(self, name: str, kind: str, subscriptions: Sequence[Subscription]) -> None:
        row = [record for record in records(self._settings.digests, kind) if record.name <= name]
        if row and row[-1].name == name:
            self._send_row(row, subscriptions)

    def _send_row(self, row: Sequence[DigestRecord], subscriptions: Sequence[Subscription]) -> None:
        last, by_name = row[-1], {record.name: record for record in row}
        had = self._outbox.last_had(subscriptions, frozenset(record.name for record in row[:-1]))
        groups: dict[str, list[Subscription]] = defaultdict(list)
        for each in subscriptions:
            after = had.get(each.id, "")
            if each.every == "week" and after and _week(by_name[after].day) == _week(last.day):
                continue
            if not after and self._has_letters(each):
                self._outbox.pass_over(last.name, each)  # a reader who was greeted: it begins from here
            else:
                groups[after].append(each)
        for after, group in groups.items():
            edition = edition_again(self._settings, row, last.day, by_name.get(after), self.wanted)
            self.send(last.name, edition, group)

    def send(self, name: str, edition: Edition, subscriptions: Sequence[Subscription]) -> None:
        """Send each subscription its part of an edition, under that name."""
        stops = [self._stop(each) for each in subscriptions]
        wishes = [
            Wish(each.interests, each.every, stop, self._elsewhere(each), self._doubtful(each, name))
            for each, stop in zip(subscriptions, stops, strict=True)
        ]
        unknown: dict[str, None] = {}
        for each, (_, stop), digest in zip(subscriptions, stops, edition.digests(wishes), strict=True):
            unknown |= dict.fromkeys(digest.unknown)
            if digest.empty and each.when_empty == "nothing" and not self._outbox.had(each, name):
                self._outbox.pass_over(name, each)
            else:
                letter = letter_of(digest, f"{name}.{each.id}", stop)
                self._outbox.deliver(name, each, letter, self.counts)
        for problem in unknown:
            self.counts.skip(problem)

    def _doubtful(self, one: Subscription, name: str) -> tuple[date, ...]:
        """The days of earlier letters that may have arrived and that this edition's tells again."""
        if LOOK_BACK in name:
            return ()
        editions = self._outbox.doubtful(one, name)
        return tuple(dict.fromkeys(date.fromisoformat(edition[:10]) for edition in editions))

    def _has_letters(self, one: Subscription) -> bool:
        """Whether the reader has had a letter of another rhythm."""
        return any(self._outbox.span_had(each) for each in self._others(one))

    def _elsewhere(self, one: Subscription) -> tuple[tuple[tuple[Interest, ...], frozenset[str]], ...]:
        """What the reader was told in another rhythm, with what they follow there."""
        return tuple((each.interests, told) for each in self._others(one) if (told := self._told_to(each)))

    def _others(self, one: Subscription) -> list[Subscription]:
        return [each for each in self._of[one.reader] if each.every != one.every]

    def _told_to(self, one: Subscription) -> frozenset[str]:
        """The keys of all editions that a subscription has had, but for the first: that greeted, or told
        nothing of what was there before it."""
        first, last = self._outbox.span_had(one) or ("", "")
        if first == last:
            return frozenset()
        kind = AT_ONCE if one.every == "at once" else DAILY
        if kind not in self._rows:
            self._rows[kind] = records(self._settings.digests, kind)
        told = (record.told for record in self._rows[kind] if first < record.name <= last)
        return frozenset[str]().union(*told)

    def _stop(self, one: Subscription) -> tuple[str, str]:
        """How the reader ends the letters: in words, and the signed address that does it."""
        ways = words()["stopping"]
        if one.channel.key != "email":
            return "", ""
        if self._settings.public_address:
            code = code_of(self._settings, one.channel.key, one.channel.target)
            signed = token(self._settings, "stop", code)
            return ways["link"], f"{address_of(self._settings)}/letters/stop?t={signed}"
        contact = self._settings.contact
        return (ways["contact"].format(contact=contact) if contact else ways["answer"]), ""


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]
