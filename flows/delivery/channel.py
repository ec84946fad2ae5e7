"""What a channel of the digest is: the one shape that `registry`, `outbox` and every channel share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from flows.digest.archive import Letter
from ledger.errors import WrongUse
from ledger.settings import Settings

TIMEOUT = 30.0  # seconds for each step of talking to a server
REFUSED, NOT_UNDERSTOOD, NO_CONNECTION = (
    "refused by the server", "server not understood", "no connection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt: ``problem`` is "" when the letter was taken, else why not, in few words.

    ``detail`` is what the server or the system said of it, without secrets.
    """

    problem: str = ""
    detail: str = ""


class Channel(Protocol):
    """A class is a channel, named by its ``key``; each of its instances is one reader on it."""

    key: ClassVar[str]

    @property
    def target(self) -> str:
        """What tells this reader from the channel's others. It may be a secret: only its hash is noted."""

    @property
    def shown(self) -> str:
        """The target as it may stand in a log."""

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> Sequence[Self]:
        """The readers of one entry of subscriptions.yaml, given without its line ``channel``.

        Raises WrongUse that begins with ``where`` (the file and the entry) and says what is wrong.
        """

    def send(self, letter: Letter) -> Receipt:
        """Send a letter to this reader, once. What the network or the server did is told by the receipt."""


def secret(settings: Settings, where: str, key: str, name: str) -> str:
    """The first line of a file that an entry names under ``key``, reckoned from the home folder.

    "" without a name. Raises WrongUse when the file cannot be read or its first line is empty.
    """
    if not name:
        return ""
    try:
        first = (settings.home / name).read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise WrongUse(f"{where}: {key} {name} cannot be read ({error})") from error
    if not first:
        raise WrongUse(f"{where}: {key} {name} is empty")
    return first
