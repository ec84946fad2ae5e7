"""A delivery killed at a chosen line: ``python -m tests.killed_delivery``, driven by `test_outbox`.

Orders come in as lines of JSON: a home folder, and after how many lines of the delivery's own code the
process that delivers is to be killed (0: not at all). For each a process is forked that sends a letter to all
who are subscribed there. One line goes back: how many lines ran, and at which of them the end of a message
was being sent; null when it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import css_inline
import httpx

from flows.delivery.outbox import opened_outbox
from flows.delivery.subscriptions import load_subscriptions
from flows.digest.archive import Letter
from ledger.counts import Counts
from ledger.settings import load

_WATCHED = ("flows/delivery/", "ledger/storage/deliveries.py", "ledger/storage/journals.py", "smtplib.py")
_END_OF_MESSAGE = ("data", "_committing")
_EDITION = "2026-06-30"
_TEXT = "".join(f"{n}. A line of the letter.\n" for n in range(100))
_PARTS = {"txt": _TEXT, "html": f"<p>{_TEXT}</p>", "json": json.dumps({"subject": "News", "text": _TEXT})}


class _Killer:
    """Counts lines, and kills this process at one of them."""

    def __init__(self, at: int) -> None:
        self.at, self.lines, self.ends = at, 0, list[int]()

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if not any(part in code.co_filename for part in _WATCHED):
            return None
        if event == "line":
            self.lines += 1
            if code.co_name in _END_OF_MESSAGE:
                self.ends.append(self.lines)
            if self.lines == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def _deliver(home: Path, at: int, back: int) -> None:
    settings, killer = load(home), _Killer(at)
    readers = load_subscriptions(settings)
    sys.settrace(killer)
    with opened_outbox(settings) as outbox:
        for one in readers:
            letter = Letter(f"{_EDITION}.{one.id}", "News", _PARTS)
            outbox.deliver(_EDITION, one, letter, Counts("digest"))
    sys.settrace(None)
    os.write(back, json.dumps([killer.lines, killer.ends]).encode())


def main() -> None:
    """Carry out orders until there are none."""
    css_inline.inline(_PARTS["html"])  # loaded before the first fork, since it takes its time
    httpx.HTTPTransport()
    for order in sys.stdin:
        home, at = json.loads(order)
        read, back = os.pipe()
        if (child := os.fork()) == 0:
            _deliver(Path(home), at, back)
            os._exit(0)
        os.close(back)
        told = os.read(read, 1_000_000).decode()
        os.close(read)
        os.waitpid(child, 0)
        print(told or "null", flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    main()
