"""Inside a disturbed process: its points of death, its clock, and faults put into the product on purpose.

Nothing of it is in the product itself. A forked command calls `install`; a program that it starts comes here
by a ``sitecustomize`` that lies in a folder on its PYTHONPATH. What is to happen stands in the environment:

``CHAOS_TALLY``  a file; each step of the whole process group is one line there, in the order they come
``CHAOS_DIE_AT`` at this step, counted from 1, the group is killed before it is taken
``CHAOS_WITHIN`` steps on files count only below this folder
``CHAOS_CLOCK``  ISO time that the clock shows at first; it goes on from there
``CHAOS_BARRED`` where it is set, root's right to pass over those of files is given up
``CHAOS_FAULT``  one of `FAULTS`, put into the product: each must be found by its part of the harness
``CHAOS_ALSO``   a module of another harness, whose own ``install`` is called
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ON_FILES = frozenset(
    ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "sqlite3.connect")
)
_ELSEWHERE = frozenset(("socket.connect", "subprocess.Popen"))


def install() -> None:
    """Do what the environment asks for in this process."""
    if clock := os.environ.get("CHAOS_CLOCK"):
        import time_machine

        time.tzset()
        time_machine.travel(clock, tick=True).start()
    if os.environ.get("CHAOS_BARRED"):
        _give_up()
    if fault := os.environ.get("CHAOS_FAULT"):
        FAULTS[fault][1]()
    if also := os.environ.get("CHAOS_ALSO"):
        import_module(also).install()
    if tally := os.environ.get("CHAOS_TALLY"):
        _count(tally, int(os.environ.get("CHAOS_DIE_AT", "0")), os.environ.get("CHAOS_WITHIN", ""))


def _give_up() -> None:
    """Take CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH from this process and all that it starts; capabilities(7)
    has the numbers. Raises OSError where they cannot be given up."""
    libc, head = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 2)(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, then those above the 32nd
    if libc.capget(head, held):
        raise OSError(ctypes.get_errno(), "capabilities cannot be read")
    for capability in (1, 2):
        if held[0] & 1 << capability and libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            raise OSError(ctypes.get_errno(), "a capability cannot be dropped")
        for n in range(3):
            held[n] &= ~(1 << capability)
    if libc.capset(head, held):
        raise OSError(ctypes.get_errno(), "capabilities cannot be given up")


def _count(tally: str, die_at: int, within: str) -> None:
    """Python tells its own steps to audit hooks (PEP 578). Lines are of one length, so that the file's size
    gives the number of the step over all processes of the group."""
    width, handle, busy = 200, os.open(tally, os.O_WRONLY | os.O_CREAT | os.O_APPEND), False

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal busy
        if busy or not _counts(event, given, within):
            return
        busy = True
        told = f"{event} {given[0] if event != 'socket.connect' else given[1]}"
        os.write(handle, f"{told[: width - 1]:<{width - 1}}\n".encode("ascii", "replace"))
        if os.lseek(handle, 0, os.SEEK_CUR) == die_at * width:
            os.killpg(0, signal.SIGKILL)
        busy = False

    sys.addaudithook(hook)


def _counts(event: str, given: tuple[Any, ...], within: str) -> bool:
    if event == "open":
        path, _, flags = given
        return bool(isinstance(flags, int) and flags & _WRITES) and within in str(path)
    return event in _ELSEWHERE or (event in _ON_FILES and within in str(given[0]))


def put(module: ModuleType, name: str, value: object) -> None:
    """What the module knows by that name becomes the value."""
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} has no {name} any more")
    setattr(module, name, value)


def _unswept() -> None:
    """What a killed digest left half-written is never removed."""
    from ledger import data_files

    put(data_files, "half_of", lambda path: path.with_name(f".{path.name}.{secrets.token_hex(4)}"))


def _sent_again() -> None:
    """A letter that was sent waits to be sent."""
    from flows.delivery import outbox

    put(outbox, "WAITING", ("queued", "trying", "failed", "sent", "committed"))


def _lost_row() -> None:
    """The last commitment of a batch is not written."""
    from ledger.storage import records

    insert = records.insert

    def all_but_one(connection: Any, table: str, rows: Any) -> None:
        insert(connection, table, rows[:-1] if table == "commitments" else rows)

    put(records, "insert", all_but_one)


def _unchecked() -> None:
    """Nothing is held against its checksum."""
    from flows.pipeline import verify
    from ledger.counts import Counts
    from ledger.search import vectors, word_index

    put(verify, "verify_files", lambda settings: Counts("verify"))
    put(word_index, "damaged", lambda settings: [])
    put(vectors, "damaged", lambda settings: 0)


def _no_lock() -> None:
    """Any number of runs are admitted to a home."""
    import fcntl

    put(fcntl, "flock", lambda *_: None)


def _no_words() -> None:
    """What the system refuses is told as a fault of ours."""
    from ledger.storage import damage

    put(damage, "refused", lambda error: "")


def _by_the_clock() -> None:
    """Crawls are named by the clock alone."""
    from crawlers.archive import lines
    from crawlers.fetch import crawl

    def told(folder: Path) -> str:
        return f"{datetime.now(UTC):{lines._MOMENT}}"

    put(crawl, "run_time", told)


def _forgetful() -> None:
    """Every fifth decision is acknowledged and not kept."""
    from ledger.decisions import journal
    from ledger.settings import Settings
    from ledger.types import Decision

    record, number = journal.record, 0

    def sometimes(settings: Settings, decision: Decision) -> int:
        nonlocal number
        number += 1
        return number if number % 5 == 0 else record(settings, decision)

    put(journal, "record", sometimes)


FAULTS: dict[str, tuple[str, Callable[[], None]]] = {  # and the part that must find it
    "unswept": ("kills", _unswept),
    "sent-again": ("kills", _sent_again),
    "lost-row": ("kills", _lost_row),
    "no-words": ("readonly", _no_words),
    "by-the-clock": ("clock", _by_the_clock),
    "no-lock": ("twice", _no_lock),
    "forgetful": ("dashboard", _forgetful),
    "unchecked": ("flips", _unchecked),
}
