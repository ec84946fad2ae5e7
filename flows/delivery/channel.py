"""What a channel of the digest is: the one shape that `registry`, `outbox` and every channel share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self

from flows.digest.archive import Letter
from ledger.settings import Settings

TIMEOUT = 30.0  # seconds for each step of talking to a server
REFUSED, NOT_UNDERSTOOD, NO_CONNECTION, NO_ANSWER = (
    "refused by the server", "server not understood", "no connection", "no answer to the whole letter",
)  # fmt: skip
Delivered = Literal["sent", "failed", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt: ``problem`` is "" when the letter was taken, else why not, in few words.

    ``detail`` is what the server or the system said of it, without secrets. ``outcome``: "failed" is worth
    another try, "refused" is not, and "unknown" cannot be told: the server may have the letter. ``wait``:
    seconds that the server asks to be left alone for.
    """

    problem: str = ""
    detail: str = ""
    outcome: Delivered = "sent"
    wait: float = 0


class Channel(Protocol):
    """A class is a channel, named by its ``key``; each of its instances is one reader on it."""

    key: ClassVar[str]

    @property
    def target(self) -> str:
        """What tells this reader from the channel's others. It may be a secret: only its hash is noted."""

    @property
    def shown(self) -> str:
        """The target as it may be shown to who runs this, on the terminal."""

    @property
    def noted(self) -> str:
        """The target as it may be kept and shown to everybody: most of it hidden."""

    @classmethod
    def load(cls, settings: Settings, where: str, entry: Mapping[str, object]) -> Sequence[Self]:
        """The readers of one entry of subscriptions.yaml, given without its line ``channel``.

        Raises WrongUse that begins with ``where`` (the file and the entry) and says what is wrong.
        """

    def send(self, letter: Letter, commit: Callable[[], None]) -> Receipt:
        """Send a letter to this reader, once. What the network or the server did is told by the receipt.

        The letter's name is the same at every try, so that a receiver can tell a second one by it. A channel
        that cannot ask afterwards whether the letter arrived calls ``commit`` right before it sends the last
        of it: what ends before that call was not taken, what ends after it without an answer is unknown. A
        channel whose receiver tells a second letter by its name never calls it, and may always try again.
        """
