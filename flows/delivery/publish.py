"""The last step of a day: its digest made, kept in files, and a letter of it for each who asked for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from flows.delivery.outbox import deliver, gone, had, last_had, pass_over
from flows.delivery.registry import CHANNELS
from flows.delivery.subscriptions import Subscription, load_subscriptions
from flows.digest.archive import DigestRecord, keep, letter_of, name_of, records
from flows.digest.make import Edition, Wish, edition_again, edition_of
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings

FILE = "file"  # always written: what is sent is what was kept


def publish(
    settings: Settings,
    day: date | None = None,
    since: date | None = None,
    channels: Collection[str] = (),
) -> tuple[Path, Counts]:
    """Write the digest to its files, whatever the channels, and send each reader on ``channels`` a letter.

    No channels named: on all of them. Gives the HTML file and the counts: read, letters; written, letters
    sent; skipped, sent before; problems, deliveries that failed. Raises WrongUse as `edition_of` does.

    A digest that has gone to anybody is closed: what comes up later that day is told by the next one. A
    letter tells what the digests told since the last one that its reader had: of days that were missed, for
    whatever reason, there comes one letter.
    """
    if unknown := set(channels) - {FILE, *CHANNELS}:
        raise WrongUse(f"unknown channel {min(unknown)!r}; known are {', '.join((FILE, *CHANNELS))}")
    day = day or settings.today
    name = name_of(day, since)
    subscriptions = load_subscriptions(settings)
    page = settings.digests / f"{name}.html"
    counts = Counts("digest")
    chosen = [one for one in subscriptions if not channels or one.channel.key in channels]
    if since is not None:
        edition = edition_of(settings, day, since)
        (digest,) = edition.digests([Wish()])
        keep(settings.digests, letter_of(digest, name), None)
        _send(settings, name, edition, chosen, counts)
        return page, counts
    if not gone(settings, name):
        (digest,) = edition_of(settings, day).digests([Wish()])
        keep(settings.digests, letter_of(digest, name), DigestRecord(day, frozenset(digest.told)))
    for after, group in _by_last(settings, day, chosen).items():
        wanted = {interest for each in group for interest in each.interests}
        _send(settings, name, edition_again(settings, day, after, wanted), group, counts)
    return page, counts


def _by_last(
    settings: Settings, day: date, subscriptions: Sequence[Subscription]
) -> dict[date | None, list[Subscription]]:
    """The subscriptions by the day of the last digest that they had before this one."""
    last = last_had(
        settings, subscriptions, [str(record.day) for record in records(settings.digests) if record.day < day]
    )
    groups: dict[date | None, list[Subscription]] = defaultdict(list)
    for each in subscriptions:
        groups[date.fromisoformat(last[each.id]) if each.id in last else None].append(each)
    return groups


def _send(
    settings: Settings, name: str, edition: Edition, subscriptions: Sequence[Subscription], counts: Counts
) -> None:
    wishes = [Wish(each.interests, each.every) for each in subscriptions]
    for each, digest in zip(subscriptions, edition.digests(wishes), strict=True):
        if digest.empty and each.when_empty == "nothing" and not had(settings, each, name):
            pass_over(settings, name, each)
        else:
            deliver(settings, name, each, letter_of(digest, f"{name}.{each.id}"), counts)
