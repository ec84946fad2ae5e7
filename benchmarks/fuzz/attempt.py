"""One attempt: what a function does with an input that nobody would send in good faith."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ledger.errors import LONGEST, SaidError

LIMIT = 5.0  # seconds of a processor for one input


class TookTooLong(Exception):  # as `Skipped`: what happened, no error of ours
    """The limit of an attempt was reached."""


@contextmanager
def within(seconds: float = LIMIT) -> Iterator[None]:
    """Raises TookTooLong where the block takes more of a processor's time. In the main thread only."""

    def ring(signum: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"over {seconds:g} s of a processor")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def attempt(call: Callable[[], object], seconds: float = LIMIT) -> tuple[bool, list[str]]:
    """(whether it was refused, what is wrong): taken or refused in one line is right; all else is not."""
    try:
        with within(seconds):
            call()
    except SaidError as error:
        return True, [] if is_line(str(error)) else [f"no line of error: {str(error)[:300]!r}"]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  # a panic of a library is no Exception, and is told too
        return False, [where(error)]
    return False, []


def is_line(text: str) -> bool:
    """Whether an error is one line that a terminal shows as it is."""
    return 0 < len(text) <= LONGEST and not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in text)


def where(error: BaseException) -> str:
    """An unexpected error in a line: what it is, and the last place of ours that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename and "/benchmarks/" not in f.filename]
    last = next(iter([*reversed(ours), *reversed(frames)]), None)
    place = f" at {last.filename.rpartition('/')[2]}:{last.lineno}" if last else ""
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return ascii(words[:300])[1:-1] + place


def say(line: str) -> None:
    """Tell whoever looks on."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
