"""A folder watched from outside (Linux' inotify): how often something was written, made, renamed or removed
in it.

So a process can be killed right after the k-th such event, whichever library wrote: DuckDB and the search
index do not write through Python.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import struct
import time
from contextlib import suppress
from pathlib import Path

_MODIFY, _MOVED_TO, _CREATE, _DELETE, _IS_FOLDER = 0x2, 0x80, 0x100, 0x200, 0x40000000
_MASK = _MODIFY | _MOVED_TO | _CREATE | _DELETE
_HEAD = struct.Struct("iIII")  # of an inotify_event: watch, mask, cookie, length of the name
_libc = ctypes.CDLL(None, use_errno=True)


class FileWatch:
    """Events below ``folder`` since it was made; folders that come later are watched too. A context manager's
    work is done by `close`."""

    def __init__(self, folder: Path) -> None:
        self.events = 0
        self.handle = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.handle < 0:
            raise OSError(ctypes.get_errno(), "inotify cannot be had")
        self._folders: dict[int, Path] = {}
        self._add(folder)

    def close(self) -> None:
        os.close(self.handle)

    def _add(self, folder: Path) -> None:
        number = _libc.inotify_add_watch(self.handle, os.fsencode(folder), _MASK)
        if number < 0:
            return  # it has gone meanwhile
        self._folders[number] = folder
        with suppress(FileNotFoundError):
            for inner in [one for one in folder.iterdir() if one.is_dir()]:
                self._add(inner)

    def take(self) -> None:
        """Count what came."""
        try:
            data = os.read(self.handle, 65_536)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            number, mask, _, length = _HEAD.unpack_from(data, at)
            name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            self.events += 1
            if mask & _CREATE and mask & _IS_FOLDER and number in self._folders:
                self._add(self._folders[number] / os.fsdecode(name))


class Killer:
    """Kills a group after so many events in a folder, or so many seconds; 0 of both: never, it only counts.

    Given to `Forks.run` as its ``watch``.
    """

    def __init__(self, folder: Path, events: int = 0, seconds: float = 0.0) -> None:
        self._watch, self._at, self._seconds = FileWatch(folder), events, seconds
        self.events, self.took = 0, 0.0

    def __call__(self, group: int, ended: int) -> None:
        begun = time.monotonic()
        while True:
            left = self._seconds - (time.monotonic() - begun) if self._seconds else None
            if left is not None and left <= 0:
                break
            ready, _, _ = select.select([self._watch.handle, ended], [], [], left)
            if self._watch.handle in ready:
                self._watch.take()
            if self._at and self._watch.events >= self._at:
                break
            if ended in ready:
                self._end(begun)
                return
        with suppress(ProcessLookupError):  # not a group yet, or no more: it ends by itself
            os.killpg(group, signal.SIGKILL)
        self._end(begun)

    def _end(self, begun: float) -> None:
        self.events, self.took = self._watch.events, time.monotonic() - begun
        self._watch.close()
