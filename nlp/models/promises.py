"""What the tagger reads of promises within one statement, as it is kept with it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ledger.types import Span
from nlp.models.tagger import TYPES, Array, Tagged

FAINT = 0.1  # belief that no piece of a statement reaches where nothing is promised
STEPS = 200  # in which a belief is kept
_COLUMNS = 3 + len(TYPES)


@dataclass(frozen=True)
class PromiseReading:
    """A row for each word piece of a statement, in the text's order.

    ``starts``, ``ends``: characters of the article. ``promise``, ``begins``: that a piece is within a clause
    that promises, or its first. ``types``: (n, 6) of TYPES. ``minor``: that nobody would track it.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    promise: Array
    begins: Array
    types: Array
    minor: Array

    def within(self, span: Span) -> slice:
        """The pieces that begin within a span of characters."""
        first, last = np.searchsorted(self.starts, span)
        return slice(int(first), int(last))


def packed(seen: Tagged, content: Sequence[Span]) -> bytes:
    """What was read within a statement, b"" where no piece may belong to a promise."""
    parts = [seen.within(span) for span in content]
    place = np.concatenate([np.arange(part.start, part.stop) for part in parts] or [np.zeros(0, np.int64)])
    if seen.promise[place].max(initial=0) < FAINT:
        return b""
    return _kept(
        PromiseReading(
            seen.starts[place],
            seen.ends[place],
            seen.promise[place],
            seen.promise_begins[place],
            seen.types[place],
            seen.minor[place],
        )
    )


def likeliest(kept: bytes) -> float:
    """The highest belief in what `packed` kept that a piece promises."""
    seen = unpacked(kept)
    return float(seen.promise.max()) if seen else 0.0


def moved(kept: bytes, there: Callable[[tuple[Span, ...]], tuple[Span, ...]]) -> bytes:
    """What `packed` kept of a text, with its pieces where they stand in another."""
    seen = unpacked(kept)
    if seen is None:
        return kept
    spans = np.array(there(tuple(zip(seen.starts.tolist(), seen.ends.tolist(), strict=True))), np.int32)
    return _kept(replace(seen, starts=spans[:, 0], ends=spans[:, 1]))


def _kept(seen: PromiseReading) -> bytes:
    beliefs = np.column_stack([seen.promise, seen.begins, seen.minor, seen.types])
    steps = np.round(beliefs * STEPS).astype(np.uint8)
    starts, lengths = np.diff(seen.starts, prepend=0), seen.ends - seen.starts
    return zlib.compress(starts.astype("<u4").tobytes() + lengths.astype("<u2").tobytes() + steps.tobytes())


def unpacked(kept: bytes) -> PromiseReading | None:
    """What `packed` kept; None for b""."""
    if not kept:
        return None
    raw = zlib.decompress(kept)
    count = len(raw) // (6 + _COLUMNS)
    starts = np.cumsum(np.frombuffer(raw, "<u4", count)).astype(np.int32)
    lengths = np.frombuffer(raw, "<u2", count, 4 * count)
    steps = np.frombuffer(raw, np.uint8, offset=6 * count).reshape(count, _COLUMNS)
    beliefs: Array = steps.astype(np.float32) / np.float32(STEPS)
    return PromiseReading(
        starts, starts + lengths, beliefs[:, 0], beliefs[:, 1], beliefs[:, 3:], beliefs[:, 2]
    )
