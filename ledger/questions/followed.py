"""What a follow means: the officials, bodies, areas, topics, pledges and statements behind the words of it.

Whatever can be told of has facets, pairs of a kind and a value; a follow means some of them. Names and
searches are understood as in every filter and on the search page, but for spelling slips: what nothing is
known by is said to be so, with what may have been meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.decisions import published
from ledger.errors import WrongUse
from ledger.follows.follow import Follow
from ledger.names.known import KnownNames, known_names
from ledger.names.match import NameKind, find_names
from ledger.names.tokens import exact_tokens
from ledger.outputs import digest_rows
from ledger.queries.topics import patterns
from ledger.questions.answer import fitting_ids
from ledger.questions.question import understand
from ledger.questions.word_terms import WordTerms
from ledger.search import statement_search
from ledger.settings import Settings
from ledger.storage.warehouse import Connection
from ledger.validation import did_you_mean

Facet = tuple[str, str]
_KINDS: dict[str, tuple[NameKind, ...]] = {
    "official": ("official",),
    "body": ("body",),
    "area": ("place", "body"),
}
_MOST_FOUND = 20_000  # statements of a search that is followed, the newest


def known_of(settings: Settings, follows: Iterable[Follow]) -> Known:
    """Whom and what can be followed. ``follows``: whatever will be asked for.

    Raises WrongUse when nothing is published.
    """
    asked = set(follows)
    pledges = sorted(one.value for one in asked if one.kind == "pledge")
    searches = sorted(one.value for one in asked if one.kind == "search")
    with published.reading(settings) as connection:
        titles = digest_rows.pledges_named(connection, pledges)
        names = known_names(settings)
        return Known(names, titles, _searched(settings, names, connection, searches))


def _searched(
    settings: Settings, names: KnownNames, connection: Connection, searches: Sequence[str]
) -> dict[str, frozenset[Facet] | str]:
    """What each search finds, or why it cannot be read. One that asks for a date or a mark of pledges finds
    these alone."""
    found: dict[str, frozenset[Facet] | str] = {}
    if not searches:
        return found
    try:
        index = statement_search.opened(settings)
    except WrongUse:
        return dict.fromkeys(searches, "nothing is indexed yet")
    for query in searches:
        try:
            question = understand(query, names, WordTerms(index, connection))
            if question.due or question.flag:
                found[query] = frozenset(("pledge", key) for key in fitting_ids(settings, question))
            else:
                ids = statement_search.newest(index, question.query, connection, _MOST_FOUND)
                found[query] = frozenset(("statement", key) for key in ids)
        except WrongUse as error:
            found[query] = str(error)
    return found


@dataclass(frozen=True)
class Known:
    """Everybody and everything that can be followed.

    ``pledges``: of the ids that somebody follows the present one with its title. ``searches``: what each
    search finds, or why it cannot be read.
    """

    names: KnownNames
    pledges: Mapping[str, tuple[str, str]]
    searches: Mapping[str, frozenset[Facet] | str]
    _looked: dict[Follow, tuple[frozenset[Facet], str, str]] = field(default_factory=dict)

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
        if follow not in self._looked:
            ways = {"topic": self._topic, "pledge": self._pledge, "search": self._search}
            way = ways.get(follow.kind)
            self._looked[follow] = way(follow.value) if way else self._named(follow.kind, follow.value)
        return self._looked[follow]

    def _named(self, kind: str, value: str) -> tuple[frozenset[Facet], str, str]:
        found = find_names(self.names, value, _KINDS[kind])
        if not found.meant or found.meant[0].slips:
            near = found.near or (found.meant[0].label,)
            return frozenset(), value, _unknown(kind, value, near[0] if near else "")
        meant = found.meant[0]
        if kind == "official":
            people = {("person", self.names.people[key].casefold()) for key in meant.keys}
            return frozenset(people | {(kind, key.casefold()) for key in meant.keys}), meant.label, ""
        facets = {(kind, key.casefold()) for key in meant.keys}
        if kind == "area":
            facets |= {("body", body.casefold()) for body in self._bodies_of(meant.keys)}
        return frozenset(facets), meant.label, ""

    def _bodies_of(self, places: Iterable[str]) -> set[str]:
        """The bodies that are of a place by their names, and those that are meant themselves."""
        wanted = [frozenset(exact_tokens(place)) for place in places]
        return {body for body in self.names.bodies if any(one <= {*exact_tokens(body)} for one in wanted)}

    def _topic(self, value: str) -> tuple[frozenset[Facet], str, str]:
        near = [topic for topic in patterns() if value.casefold() in topic.casefold()]
        if len(near) == 1:  # a part that only one has will do
            return frozenset({("topic", near[0])}), near[0], ""
        likest = did_you_mean(value, list(patterns())).removeprefix("; did you mean ").removesuffix("?")
        return frozenset(), value, _unknown("topic", value, likest)

    def _pledge(self, value: str) -> tuple[frozenset[Facet], str, str]:
        if value not in self.pledges:
            return frozenset(), f"pledge {value}", f"No pledge has the id {value}."
        now, title = self.pledges[value]
        return frozenset({("pledge", now)}), title, ""

    def _search(self, value: str) -> tuple[frozenset[Facet], str, str]:
        named, found = f"the search “{value}”", self.searches[value]
        if isinstance(found, str):
            return frozenset(), named, f"The search “{value}” cannot be read: {found}."
        return found, named, ""


def _unknown(kind: str, value: str, likest: str) -> str:
    return f"No {kind} is known as “{value}”." + (f" Did you mean {likest}?" if likest else "")
