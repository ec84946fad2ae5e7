"""The last step of a day: its digest made, kept in files and sent to everybody who asked for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from flows.delivery.outbox import await_sending, deliver, gone
from flows.delivery.registry import CHANNELS
from flows.delivery.subscriptions import load_subscriptions
from flows.digest.archive import DigestRecord, keep, kept, letter_of, name_of
from flows.digest.make import make_digest
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
    """Write the digest to its files, whatever the channels, and send it to the subscribers on ``channels``.

    No channels named: on all of them. Gives the HTML file and the counts: read, targets; written, messages
    sent; skipped, sent before; problems, deliveries that failed and will be tried again. Raises WrongUse as
    `make_digest` does.

    A digest that has gone to anybody is closed: what comes up later that day is told by the next one. Before
    the digest counts as told, every subscriber is noted as waiting for it; who does not get it now, for
    whatever reason, gets it with a later one.
    """
    if unknown := set(channels) - {FILE, *CHANNELS}:
        raise WrongUse(f"unknown channel {min(unknown)!r}; known are {', '.join((FILE, *CHANNELS))}")
    day = day or settings.today
    name = name_of(day, since)
    readers = load_subscriptions(settings)
    if since is None and gone(settings, name):
        letter = kept(settings.digests, day)
    else:
        digest = make_digest(settings, day, since)
        letter = letter_of(digest, name)
        if since is None:
            await_sending(settings, name, readers)
        keep(settings.digests, letter, None if since else DigestRecord(day, frozenset(digest.told)))
    counts = Counts("digest")
    deliver(settings, letter, [r for r in readers if not channels or r.key in channels], counts)
    return settings.digests / f"{name}.html", counts
