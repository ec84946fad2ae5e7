"""Which events fit what a reader follows: each thing followed is looked up once, for however many readers.

`Known` says whom or what a follow means, or that nothing is known by the name; `Index` holds, for each facet,
the events that have it. So a letter costs what it may tell, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ledger.errors import WrongUse
from ledger.follows.follow import Follow, Interest
from ledger.queries.topics import patterns
from ledger.validation import did_you_mean

Facet = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """Everybody and everything that can be followed: rows of `ledger.outputs.digest_rows`.

    ``pledges``: of the ids that somebody follows the present one with its title. ``search`` gives the ids of
    statements that a query finds, and raises WrongUse where it cannot be read.
    """

    officials: Sequence[Mapping[str, Any]]
    bodies: Sequence[str]
    areas: Sequence[str]
    pledges: Mapping[str, tuple[str, str]]
    search: Callable[[str], Collection[str]]
    _found: dict[Follow, tuple[frozenset[Facet], str, str]] = field(default_factory=dict)

    def facets(self, follow: Follow) -> frozenset[Facet]:
        """What an event that fits has one of."""
        return self._look(follow)[0]

    def words(self, follow: Follow) -> str:
        """The follow in words."""
        return self._look(follow)[1]

    def problem(self, follow: Follow) -> str:
        """Why nothing can fit, in a line; "" where something can."""
        return self._look(follow)[2]

    def _look(self, follow: Follow) -> tuple[frozenset[Facet], str, str]:
        if follow not in self._found:
            self._found[follow] = getattr(self, f"_{follow.kind}")(follow.value)
        return self._found[follow]

    @cached_property
    def _names(self) -> dict[str, list[Mapping[str, Any]]]:
        """Officials by each of their names and ids, in small letters."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.officials:
            for name in dict.fromkeys([row["name"], *(row["aliases"] or ()), row["id"]]):
                found.setdefault(str(name).casefold(), []).append(row)
        return found

    def _official(self, value: str) -> tuple[frozenset[Facet], str, str]:
        rows = self._names.get(value.casefold(), [])
        whole = [row for row in rows if value.casefold() in (row["name"].casefold(), row["id"])]
        meant = whole or rows  # an alias may be another's too: "Ms Lee"
        if not meant:
            return self._unknown("official", value, [str(row["name"]) for row in self.officials])
        facets = {("official", str(row["id"])) for row in meant}
        facets |= {("person", str(row["name"]).casefold()) for row in meant}
        return frozenset(facets), str(meant[0]["name"]), ""

    def _body(self, value: str) -> tuple[frozenset[Facet], str, str]:
        return self._named("body", value, self.bodies)

    def _area(self, value: str) -> tuple[frozenset[Facet], str, str]:
        return self._named("area", value, self.areas)

    def _topic(self, value: str) -> tuple[frozenset[Facet], str, str]:
        near = [topic for topic in patterns() if value.casefold() in topic.casefold()]
        if len(near) == 1:  # a part that only one has will do
            return frozenset({("topic", near[0])}), near[0], ""
        return self._named("topic", value, list(patterns()), small=False)

    def _pledge(self, value: str) -> tuple[frozenset[Facet], str, str]:
        if value not in self.pledges:
            return frozenset(), f"pledge {value}", f"No pledge has the id {value}."
        now, title = self.pledges[value]
        return frozenset({("pledge", now)}), title, ""

    def _search(self, value: str) -> tuple[frozenset[Facet], str, str]:
        try:
            found = self.search(value)
        except WrongUse as error:
            return frozenset(), f"the search {value}", f"The search {value} cannot be read: {error}."
        return frozenset(("statement", one) for one in found), f"the search {value}", ""

    def _named(
        self, kind: str, value: str, known: Sequence[str], small: bool = True
    ) -> tuple[frozenset[Facet], str, str]:
        for name in known:
            if name.casefold() == value.casefold():
                return frozenset({(kind, name.casefold() if small else name)}), name, ""
        return self._unknown(kind, value, known)

    def _unknown(self, kind: str, value: str, known: Sequence[str]) -> tuple[frozenset[Facet], str, str]:
        near = did_you_mean(value, known).replace("; did", ". Did")
        return frozenset(), value, f"No {kind} is known as “{value}”{near or '.'}"


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

    def reason(self, place: int, interests: Iterable[Interest]) -> str:
        """Which of what is followed the thing at a place fits, in words; "" where everything is."""
        fitting = (one for interest in interests for one in interest.follow if place in self.fits(one))
        return next((self._known.words(one) for one in fitting), "")
