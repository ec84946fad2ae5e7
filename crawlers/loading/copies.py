"""Syndicated copies: the same story in several outlets counts as one source.

Shingles of three words, MinHash with LSH to find candidates (Broder 1997; datasketch), then the exact
Jaccard similarity decides. Real syndicated regional copy has 0.43 to 0.59, independent stories of one
event at most 0.11; a shortened reprint is caught by how much of the shorter text the longer contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from datasketch import MinHash, MinHashLSH

SHINGLE = 3  # words
PERMUTATIONS = 128
BANDS, ROWS = 64, 2  # a pair at Jaccard 0.25 is a candidate with probability 0.98, at 0.02 with 0.03
JACCARD = 0.4
CONTAINED = 0.7  # of the shorter text's shingles, in a text that is no more than LONGER times as long
LONGER = 4.0
MIN_SHINGLES = 30  # shorter texts (notices, stubs) are too alike by form to be judged
_WORD = re.compile(r"\w+")

Shingles = frozenset[str]


def shingles(text: str) -> Shingles:
    """The distinct runs of three words, case and marks aside."""
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def _minhash(held: Shingles) -> MinHash:
    minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in held])
    return minhash


def same_story(one: Shingles, other: Shingles) -> bool:
    """True when two texts are copies by Jaccard similarity or by containment."""
    if min(len(one), len(other)) < MIN_SHINGLES:
        return False
    shared = len(one & other)
    if shared / (len(one) + len(other) - shared) >= JACCARD:
        return True
    shorter, longer = sorted((len(one), len(other)))
    return shared / shorter >= CONTAINED and longer <= LONGER * shorter


def find_copies(
    new: Sequence[tuple[str, str]],
    stored: Iterable[tuple[str, str]] = (),
    copy_of: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """For each new text that is a copy: its id to the id of the original it was copied from.

    ``new`` and ``stored``: (id, text), each in order of publication; ``copy_of``: the copies found before.
    The original is the first of its kind: among the stored, else among the new ones. An original is
    never itself a copy.
    """
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    held: dict[str, Shingles] = {}
    order: dict[str, int] = {}
    original = dict(copy_of or {})
    found: dict[str, str] = {}
    fresh = {ident for ident, _ in new}
    for ident, text in dict((*stored, *new)).items():  # each id once, with its last text
        mine = shingles(text)
        if len(mine) < MIN_SHINGLES:
            continue
        minhash = _minhash(mine)
        if ident in fresh:
            near = sorted(index.query(minhash), key=order.__getitem__)
            first = next((n for n in near if same_story(mine, held[n])), None)
            if first is not None:
                found[ident] = original[ident] = original.get(first, first)
        index.insert(ident, minhash)
        held[ident] = mine
        order[ident] = len(order)
    return found
