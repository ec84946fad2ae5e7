"""The last step of a day: its digest made, kept in files, and a letter of it for each who asked for one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from flows.delivery.outbox import opened_outbox
from flows.delivery.registry import CHANNELS
from flows.delivery.rounds import Round
from flows.digest.archive import LOOK_BACK, DigestRecord, keep, keep_record, letter_of, name_of
from flows.digest.feed import keep_feeds
from flows.digest.make import Wish, edition_of
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
    sent; skipped, why not, and names in subscriptions that nothing is known by; problems, deliveries that
    failed. Raises WrongUse as `edition_of` does.

    A digest that was sent to anybody is closed: what comes up later that day is told by the next one. A
    letter tells what the digests told since the last one that its reader had: of days that were missed, for
    whatever reason, there comes one letter.
    """
    if unknown := set(channels) - {FILE, *CHANNELS}:
        raise WrongUse(f"unknown channel {min(unknown)!r}; known are {', '.join((FILE, *CHANNELS))}")
    day = day or settings.today
    name = name_of(day, since)
    with opened_outbox(settings) as outbox:
        letters = Round(settings, outbox, day, channels)
        if since is not None:
            edition = edition_of(settings, day, since, letters.wanted)
            (digest,) = edition.digests([Wish()])
            keep(settings.digests, letter_of(digest, name))
            letters.send(name, edition, letters.on("day", "week", "at once"))
        else:
            if day == settings.today:
                letters.at_once()
            if not outbox.closed(name):
                (digest,) = edition_of(settings, day).digests([Wish()])
                keep(settings.digests, letter := letter_of(digest, name))
                keep_record(settings.digests, DigestRecord(name, day, frozenset(digest.told)), letter)
                keep_feeds(settings)
            letters.daily(name)
    return settings.digests / f"{name}.html", letters.counts


def tell_at_once(settings: Settings) -> Counts:
    """Send who wants to be told at once what has come up since their last letter; counts as `publish`.

    Raises WrongUse where nothing is published.
    """
    with opened_outbox(settings) as outbox:
        letters = Round(settings, outbox, settings.today, ())
        letters.at_once()
    return letters.counts


def try_again(settings: Settings) -> Counts:
    """Send what waits and is to be tried by now; counts as `publish`.

    Of each subscription the newest letter: it tells what those before it were to tell.
    """
    with opened_outbox(settings) as outbox:
        letters = Round(settings, outbox, settings.today, ())
        letters.again(
            {reader: edition for edition, reader in sorted(outbox.due()) if LOOK_BACK not in edition}
        )
    return letters.counts
