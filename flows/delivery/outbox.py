"""What went to whom: each subscription gets each edition of the digest once.

What was sent, and what failed, is noted in ``data/digests/<edition>.sent.json`` after every attempt, by the
subscription's id. A letter that failed is not sent again on another day: the next one tells what it told.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from flows.delivery.subscriptions import Subscription
from flows.digest.archive import Letter, replace
from ledger.counts import Counts
from ledger.errors import WrongUse
from ledger.settings import Settings

_SENT, _NOTHING, _FAILED = "sent", "nothing to tell", "failed"
_HAD = (_SENT, _NOTHING)


def gone(settings: Settings, edition: str) -> bool:
    """Whether the edition has gone to anybody, or was passed over for anybody."""
    return not set(_HAD).isdisjoint(_noted(settings, edition).values())


def had(settings: Settings, subscription: Subscription, edition: str) -> bool:
    """Whether the subscription has had its letter of that edition, or there was none for it."""
    return _noted(settings, edition).get(subscription.id) in _HAD


def last_had(
    settings: Settings, subscriptions: Collection[Subscription], editions: Collection[str]
) -> dict[str, str]:
    """The last of these editions that each subscription has had, by its id; none for those that had none."""
    wanted, found = {each.id for each in subscriptions}, dict[str, str]()
    for edition in sorted(editions, reverse=True):
        noted = _noted(settings, edition)
        found |= {one: edition for one in wanted if noted.get(one) in _HAD}
        wanted -= found.keys()
        if not wanted:
            break
    return found


def pass_over(settings: Settings, edition: str, subscription: Subscription) -> None:
    """Note that the edition holds nothing for the subscription."""
    _note(settings, edition, subscription, _NOTHING)


def deliver(
    settings: Settings, edition: str, subscription: Subscription, letter: Letter, counts: Counts
) -> None:
    """Send the subscription its letter of the edition: once, whatever was sent or failed before."""
    counts.read += 1
    if had(settings, subscription, edition):
        counts.skip("sent before")
        return
    receipt = subscription.channel.send(letter)
    _note(settings, edition, subscription, _FAILED if receipt.problem else _SENT)
    if receipt.problem:
        counts.problem(f"{edition} to {subscription.channel.shown}", receipt.problem, receipt.detail)
    else:
        counts.written += 1


def _noted(settings: Settings, edition: str) -> dict[str, str]:
    file = settings.digests / f"{edition}.sent.json"
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(noted, dict):
            return noted
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file} cannot be read ({error}): remove it, and its digest is sent again") from error
    raise WrongUse(f"{file} is no note of what was sent: remove it, and its digest is sent again")


def _note(settings: Settings, edition: str, subscription: Subscription, what: str) -> None:
    noted = {**_noted(settings, edition), subscription.id: what}
    replace(settings.digests / f"{edition}.sent.json", json.dumps(noted, indent=1, sort_keys=True) + "\n")
