"""What went to whom: each reader gets each digest once.

What was sent, and what failed, is noted in ``data/digests/<name>.sent.json`` after every attempt. What
failed is tried again with the digests of the next days, for a week, since those do not tell the same things
again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from flows.delivery.channel import Channel
from flows.digest.archive import Letter, kept, records, replace
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.types import content_id

_TRY_AGAIN_DAYS = 7


def gone(settings: Settings, name: str) -> bool:
    """Whether the digest of that name has gone to anybody."""
    return "sent" in _noted(settings, name).values()


def await_sending(settings: Settings, name: str, readers: Iterable[Channel]) -> None:
    """Note that the readers are still to get the digest of that name."""
    for reader in readers:
        _note(settings, name, reader, "pending")


def deliver(settings: Settings, letter: Letter, readers: Iterable[Channel], counts: Counts) -> None:
    """Send each reader the letter, after those of the last week that they missed; nothing twice."""
    for reader in readers:
        for due in [*_missed_before(settings, letter.name, reader), letter]:
            counts.read += 1
            if _noted(settings, due.name).get(_key(reader)) == "sent":
                counts.skip("sent before")
                continue
            receipt = reader.send(due)
            _note(settings, due.name, reader, "failed" if receipt.problem else "sent")
            if receipt.problem:
                counts.problem(f"{due.name} to {reader.shown}", receipt.problem, receipt.detail)
            else:
                counts.written += 1


def _missed_before(settings: Settings, name: str, reader: Channel) -> Iterator[Letter]:
    """Daily digests of the last week that this reader should have had and did not get, oldest first."""
    last = date.fromisoformat(name[:10])
    for record in records(settings.digests):
        recent = last - timedelta(days=_TRY_AGAIN_DAYS) <= record.day < last
        if recent and _noted(settings, str(record.day)).get(_key(reader)) in ("failed", "pending"):
            yield kept(settings.digests, record.day)


def _key(reader: Channel) -> str:
    return content_id(reader.key, reader.target)


def _noted(settings: Settings, name: str) -> dict[str, str]:
    file = settings.digests / f"{name}.sent.json"
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(noted, dict):
            return noted
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file} cannot be read ({error}): remove it, and its digest is sent again") from error
    raise WrongUse(f"{file} is no note of what was sent: remove it, and its digest is sent again")


def _note(settings: Settings, name: str, reader: Channel, what: str) -> None:
    noted = {**_noted(settings, name), _key(reader): what}
    replace(settings.digests / f"{name}.sent.json", json.dumps(noted, indent=1, sort_keys=True) + "\n")
