"""Which events fit what a reader follows: each thing followed is looked up once, for however many readers.

An `Index` holds, for each facet, the events that have it. So a letter costs what it may tell, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.follows.follow import Follow, Interest
from ledger.questions.followed import Facet, Known


class Index:
    """Things with facets, by facet: which of them fit what a reader follows, as places in the order given."""

    def __init__(self, facets: Iterable[frozenset[Facet]], known: Known) -> None:
        self._known = known
        self._places: dict[Facet, set[int]] = {}
        self._size = 0
        for place, own in enumerate(facets):
            self._size += 1
            for facet in own:
                self._places.setdefault(facet, set()).add(place)
        self._fitting: dict[Follow, frozenset[int]] = {}

    def fits(self, follow: Follow) -> frozenset[int]:
        """The places of what fits one follow."""
        if follow not in self._fitting:
            facets = self._known.facets(follow)
            both = facets & self._places.keys() if len(facets) > len(self._places) else facets
            self._fitting[follow] = frozenset().union(*(self._places.get(facet, ()) for facet in both))
        return self._fitting[follow]

    def wanted(self, interests: Iterable[Interest]) -> list[int]:
        """The places of what any of these interests wants, in order."""
        found: set[int] = set()
        for interest in interests:
            own: set[int] = set().union(*map(self.fits, interest.follow))
            if not interest.follow:
                own = set(range(self._size))
            found |= own.difference(*map(self.fits, interest.but))
        return sorted(found)

    def reason(self, place: int, interests: Sequence[Interest]) -> str:
        """Which of what is followed the thing at a place fits, in words; "" where it needs no telling."""
        if sum(len(interest.follow) or 2 for interest in interests) < 2:
            return ""  # there is but one thing
        fitting = (one for interest in interests for one in interest.follow if place in self.fits(one))
        return next((self._known.words(one) for one in fitting), "")
