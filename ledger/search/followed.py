"""What a follow means: the officials, bodies, areas, topics, pledges and statements behind the words of it.

Whatever can be told of has facets, pairs of a kind and a value; a follow means some of them. Where nothing is
known by a name, it says so, with the name that may have been meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.follows.follow import Follow
from ledger.outputs import digest_rows
from ledger.queries.topics import patterns
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.validation import did_you_mean

Facet = tuple[str, str]
_MOST_FOUND = 20_000  # statements of a search that is followed, the newest


def known_of(settings: Settings, follows: Iterable[Follow]) -> Known:
    """Whom and what can be followed. ``follows``: whatever will be asked for.

    Raises WrongUse when nothing is published.
    """

    def search(query: str) -> set[str]:
        _, found = statement_search.find(settings, query, _MOST_FOUND, order="date")
        return {one for one, _ in found}

    pledges = sorted({one.value for one in follows if one.kind == "pledge"})
    with published.reading(settings) as connection:
        names = digest_rows.known_names(connection)
        return Known(
            digest_rows.known_officials(connection),
            names["body"],
            names["area"],
            digest_rows.pledges_named(connection, pledges),
            search,
        )


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
            return frozenset(), f"the search “{value}”", f"The search “{value}” cannot be read: {error}."
        return frozenset(("statement", one) for one in found), f"the search “{value}”", ""

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
