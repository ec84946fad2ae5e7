"""Syndicated copies: the same story in several outlets counts as one source, and so does a release in print.

Shingles of three words, MinHash with LSH to find candidates (Broder 1997; datasketch), then the exact
Jaccard similarity decides. Real syndicated regional copy has 0.43 to 0.59, independent stories of one
event at most 0.11; a shortened reprint is caught by how much of the shorter text the longer contains.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from datasketch import MinHash, MinHashLSH

from crawlers.loading.reprints import asks_further
from crawlers.loading.shingles import Shingles, shingles

PERMUTATIONS = 128
BANDS, ROWS = 64, 2  # a pair at Jaccard 0.25 is a candidate with probability 0.98, at 0.02 with 0.03
JACCARD = 0.4
CONTAINED = 0.7  # of the shorter text's shingles, in a text that is no more than LONGER times as long
LONGER = 4.0
MIN_SHINGLES = 30  # shorter texts (notices, stubs) are too alike by form to be judged


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


@dataclass(frozen=True, slots=True)
class Copies:
    """What was found: ids of copies with their originals ("" for one that is none any more), and of articles
    that print a release and ask further with that release."""

    copy_of: dict[str, str] = field(default_factory=dict)
    prints: dict[str, str] = field(default_factory=dict)


def find_copies(
    new: Sequence[tuple[str, str]],
    stored: Iterable[tuple[str, str]] = (),
    copy_of: Mapping[str, str] | None = None,
    releases: Container[str] = (),
) -> Copies:
    """Of new texts what they are copies of; of stored ones where a new release shows what they are.

    ``new`` and ``stored``: (id, text), each in order of publication; ``copy_of``: the copies found before.
    The original is the first of its kind: among the stored, else among the new ones. An original is
    never itself a copy. ``releases``: ids of bodies' own words: what papers print of one is a copy of it,
    whichever came first, unless they ask further (`crawlers.loading.reprints`); then only what they add
    makes copies of one another.
    """
    texts = dict((*stored, *new))  # each id once, with its last text
    fresh = {ident for ident, _ in new}
    anew = any(ident in releases for ident in fresh)
    known = dict(copy_of or {})
    original = {one: root for one, root in known.items() if one not in releases or root in releases}
    index = _Index()
    prints: dict[str, str] = {}
    for ident in sorted(texts, key=lambda one: one not in releases):
        mine = shingles(texts[ident])
        alike = index.alike(mine) if ident in fresh or anew else []
        printed = next((one for one in alike if one in releases and ident not in releases), None)
        if printed is not None and asks_further(texts[ident], index.held[printed]):
            prints[ident] = printed
            original.pop(ident, None)
            mine -= index.held[printed]
            alike, printed = index.alike(mine), None
        if alike and (ident in fresh or printed is not None):
            first = printed or alike[0]
            original[ident] = original.get(first, first)
        index.add(ident, mine)
    roots = {ident: _root(ident, original) for ident in {**known, **original}}
    changed = {ident: root for ident, root in roots.items() if root != known.get(ident, "")}
    return Copies(changed, prints)


def _root(ident: str, original: Mapping[str, str]) -> str:
    """The text that is no copy, "" where that is this one itself."""
    root = ident
    while root in original:
        root = original[root]
    return root if root != ident else ""


class _Index:
    """The texts seen so far, in their order, each by its shingles."""

    def __init__(self) -> None:
        self.held: dict[str, Shingles] = {}
        self._order: dict[str, int] = {}
        self._lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))

    def alike(self, mine: Shingles) -> list[str]:
        """Those that tell the same story, the first first."""
        if len(mine) < MIN_SHINGLES:
            return []
        near = sorted(self._lsh.query(_minhash(mine)), key=self._order.__getitem__)
        return [one for one in near if same_story(mine, self.held[one])]

    def add(self, ident: str, mine: Shingles) -> None:
        if len(mine) >= MIN_SHINGLES:
            self._lsh.insert(ident, _minhash(mine))
            self.held[ident] = mine
            self._order[ident] = len(self._order)
