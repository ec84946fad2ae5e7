"""A message to who runs this when a scheduled run fails: ``[failures]`` of settings.toml.

It holds what an entry of subscriptions.yaml does: ``channel``, and that channel's own lines.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from html import escape

from flows.delivery.channel import Channel
from flows.delivery.registry import CHANNELS
from flows.digest.archive import Letter
from ledger.days import LONDON, day
from ledger.errors import SaidError, WrongUse
from ledger.settings import Settings

_PAUSES = (0, 10, 60)  # seconds before each try
_LONGEST = 1_000  # characters of what went wrong


def listeners(settings: Settings) -> Sequence[Channel]:
    """Who is told, nobody where the settings name none. Raises WrongUse for an entry that cannot be used."""
    if not settings.failures:
        return []
    where = f"{settings.home / 'settings.toml'}, failures"
    entry = dict(settings.failures)
    key = entry.pop("channel", None)
    if not isinstance(key, str) or key not in CHANNELS:
        raise WrongUse(f"{where}: channel must be {' or '.join(CHANNELS)}, not {key!r}")
    return CHANNELS[key].load(settings, where, entry)


def tell(settings: Settings, name: str, what: str, run: str) -> None:
    """Tell the listeners that the run of that name failed, three times at most.

    ``run`` is its id, by which a receiver tells the same message. Raises SaidError where somebody could not
    be told.
    """
    letter = _letter(name, what, run, datetime.now(LONDON))
    for one in listeners(settings):
        for pause in _PAUSES:
            time.sleep(pause)
            receipt = one.send(letter, lambda: None)
            if receipt.outcome != "failed":
                break
        else:
            raise SaidError(f"{one.noted} could not be told that {name} failed: {receipt.problem}")


def _letter(name: str, what: str, run: str, now: datetime) -> Letter:
    subject = f"Said & Done: {name} failed"
    told = what[:_LONGEST]
    text = (
        f"{name} failed on {day(now)} at {now:%H:%M} (Europe/London).\n\n{told}\n\n"
        "What was done until then is kept, and the next run goes on from there.\n`said status` tells more."
    )
    html = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    held = {"subject": subject, "flow": name, "run": run, "at": now.isoformat(), "what": told}
    parts = {"txt": text + "\n", "html": html, "json": json.dumps(held, ensure_ascii=False)}
    return Letter(f"failure.{run}", subject, parts)
