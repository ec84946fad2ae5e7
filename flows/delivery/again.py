"""Another try for the letters that a server did not take, when their time has come."""

from __future__ import annotations

from datetime import date

from flows.delivery.outbox import opened_outbox
from flows.delivery.publish import publish
from flows.digest.archive import LOOK_BACK
from ledger.counts import Counts
from ledger.settings import Settings

_DAY = len("2026-06-30")  # characters of the name of a day's edition


def try_again(settings: Settings) -> Counts:
    """Send what waits of the newest day's edition and is to be tried by now; counts as `publish`.

    What waits of earlier ones is told by that one's letters.
    """
    with opened_outbox(settings) as outbox:
        due = [edition for edition in outbox.due() if LOOK_BACK not in edition and len(edition) == _DAY]
    if not due:
        return Counts("digest")
    return publish(settings, date.fromisoformat(max(due)), patient=True)[1]
