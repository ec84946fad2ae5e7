"""The last step of a day: its digest made, kept in files, and a letter of it for each who asked for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from flows.delivery.outbox import Outbox, opened_outbox
from flows.delivery.registry import CHANNELS
from flows.delivery.subscriptions import Subscription, load_subscriptions
from flows.digest.archive import LOOK_BACK, DigestRecord, keep, letter_of, name_of, records
from flows.digest.compose import Digest
from flows.digest.make import made_again, make_digest
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
    sent; skipped, why not; problems, deliveries that failed. Raises WrongUse as `make_digest` does.

    A digest that was sent to anybody is closed: what comes up later that day is told by the next one. A
    letter tells what the digests told since the last one that its reader had: of days that were missed, for
    whatever reason, there comes one letter.
    """
    if unknown := set(channels) - {FILE, *CHANNELS}:
        raise WrongUse(f"unknown channel {min(unknown)!r}; known are {', '.join((FILE, *CHANNELS))}")
    day = day or settings.today
    edition = name_of(day, since)
    subscriptions = load_subscriptions(settings)
    counts = Counts("digest")
    chosen = [one for one in subscriptions if not channels or one.channel.key in channels]
    with opened_outbox(settings) as outbox:
        if since is not None:
            digest = make_digest(settings, day, since)
            keep(settings.digests, letter_of(digest, edition), None)
            _send(outbox, edition, digest, chosen, counts)
        else:
            if not outbox.closed(edition):
                digest = make_digest(settings, day)
                keep(settings.digests, letter_of(digest, edition), DigestRecord(day, frozenset(digest.told)))
            for after, group in _by_last(settings, outbox, day, chosen).items():
                _send(outbox, edition, made_again(settings, day, after), group, counts)
    return settings.digests / f"{edition}.html", counts


def try_again(settings: Settings) -> Counts:
    """Send what waits and is to be tried by now; counts as `publish`.

    Of each subscription the newest letter: it tells what those before it were to tell.
    """
    counts = Counts("digest")
    with opened_outbox(settings) as outbox:
        newest = {reader: edition for edition, reader in sorted(outbox.due()) if LOOK_BACK not in edition}
        waiting = [one for one in load_subscriptions(settings) if one.id in newest] if newest else []
        by_edition: dict[str, list[Subscription]] = defaultdict(list)
        for one in waiting:
            by_edition[newest[one.id]].append(one)
        for edition, some in by_edition.items():
            day = date.fromisoformat(edition)
            for after, group in _by_last(settings, outbox, day, some).items():
                _send(outbox, edition, made_again(settings, day, after), group, counts)
    return counts


def _by_last(
    settings: Settings, outbox: Outbox, day: date, subscriptions: Sequence[Subscription]
) -> dict[date | None, list[Subscription]]:
    """The subscriptions by the day of the last digest that they had before this one."""
    editions = [str(record.day) for record in records(settings.digests) if record.day < day]
    last = outbox.last_had(subscriptions, editions)
    groups: dict[date | None, list[Subscription]] = defaultdict(list)
    for each in subscriptions:
        groups[date.fromisoformat(last[each.id]) if each.id in last else None].append(each)
    return groups


def _send(
    outbox: Outbox, edition: str, digest: Digest, subscriptions: Sequence[Subscription], counts: Counts
) -> None:
    for each in subscriptions:
        if not digest.news and each.when_empty == "nothing" and not outbox.had(each, edition):
            outbox.pass_over(edition, each)
        else:
            outbox.deliver(edition, each, letter_of(digest, f"{edition}.{each.id}"), counts)
