"""Who gets the digest, and how: ``subscriptions.yaml`` in the home folder, a list of entries.

Each entry names a channel; what else it holds, the channel's own module shows: `flows.delivery.email`,
`flows.delivery.webhook`.
"""

from __future__ import annotations

from flows.delivery.channel import Channel
from flows.delivery.registry import CHANNELS
from ledger.errors import WrongUse
from ledger.settings import Settings
from ledger.validation import load_yaml


def load_subscriptions(settings: Settings) -> list[Channel]:
    """Every reader that the home folder's file names, in its order; none without the file.

    Raises WrongUse naming the file, the entry and what is wrong with it.
    """
    file = settings.own_file("subscriptions.yaml")
    given = load_yaml(file) if file else None
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise WrongUse(f"{file}: must be a list of entries that begin with `- channel:`")
    readers: list[Channel] = []
    for n, entry in enumerate(given, 1):
        where, key = f"{file}, entry {n}", entry.pop("channel", None)
        if not isinstance(key, str) or key not in CHANNELS:
            raise WrongUse(f"{where}: channel must be {' or '.join(CHANNELS)}, not {key!r}")
        readers += CHANNELS[key].load(settings, where, entry)
    return readers
