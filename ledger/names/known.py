"""What has a name, as the published warehouse has it: officials and their offices, bodies, places, outlets.

Read from the small tables of a run, once for each published file and decision. Statements are looked through
for names once for each published file, never for a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from ledger import vocabulary
from ledger.data_files import read_yaml
from ledger.decisions import journal, published
from ledger.decisions.published import mark
from ledger.names.tokens import all_tokens, exact_tokens, stem_tokens
from ledger.settings import Settings
from ledger.storage.warehouse import Connection, column
from ledger.types import PRIVATE, UNOWNED

Tokens = tuple[str, ...]
_SHORTEST_ACRONYM = 3  # letters
_LONGEST_OFFICE = 8  # words of an office by whose beginning it is known


def _sets() -> defaultdict[str, set[str]]:
    return defaultdict(set)


@dataclass(frozen=True, slots=True)
class HeldPost:
    """An office that somebody held; ``words``: those of office, body and area."""

    holder: str
    office: str
    role: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """All that can be named, by the words of the names. Officials go by id, people without one by name."""

    people: dict[str, str] = field(default_factory=dict)  # key -> name
    parts: dict[str, set[str]] = field(default_factory=_sets)  # word of a name -> people
    first: dict[str, set[str]] = field(default_factory=_sets)  # first word -> people
    aliases: dict[frozenset[str], set[str]] = field(default_factory=lambda: defaultdict(set))
    roles_of: dict[str, set[str]] = field(default_factory=_sets)  # person -> roles held
    offices: dict[Tokens, set[HeldPost]] = field(
        default_factory=lambda: defaultdict(set)
    )  # by beginnings, too
    posts: dict[str, list[HeldPost]] = field(default_factory=lambda: defaultdict(list))  # role -> posts
    bodies: dict[str, frozenset[str]] = field(default_factory=dict)  # name -> stems of its words
    named: dict[frozenset[str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # all words -> bodies
    heads: dict[str, set[str]] = field(default_factory=_sets)  # last word -> bodies
    acronyms: dict[str, set[str]] = field(default_factory=_sets)  # initials -> bodies
    roles: dict[Tokens, str] = field(default_factory=dict)  # what roles are called -> role
    places: dict[Tokens, str] = field(default_factory=dict)  # words -> the place
    areas: dict[str, frozenset[str]] = field(default_factory=dict)  # area or region as stored -> its words
    outlets: dict[str, frozenset[str]] = field(default_factory=dict)  # name -> its words
    words: set[str] = field(default_factory=set)  # every word of a name


def known_names(settings: Settings) -> KnownNames:
    """The names of the home folder as they are now. Raises as `published.reading` does."""
    return _known(settings, mark(settings.warehouse), str(journal.last(settings)))


@cache
def name_words() -> dict[str, frozenset[str]]:
    """Words about names, by kind: "small", "titles", "particles", "kinds", "placeless"."""
    listed: dict[str, list[str]] = read_yaml(__file__, "words.yaml")
    return {kind: frozenset(words) for kind, words in listed.items()}


def role_called(text: str) -> str:
    """The role that a text is the name or another word of; "" where it is none."""
    return _role_words().get(telling(exact_tokens(text.replace("_", " "))), "")


def _role_words() -> dict[Tokens, str]:
    found: dict[Tokens, str] = {}
    for name, row in vocabulary.roles().items():
        for called in (name.replace("_", " "), row.label, row.told, *row.called) if name != PRIVATE else ():
            found.setdefault(telling(exact_tokens(called)), name)
    return {words: role for words, role in found.items() if words}


def telling(tokens: Iterable[str]) -> Tokens:
    """The words without those that nobody need type."""
    return tuple(token for token in tokens if token not in name_words()["small"])


@lru_cache(maxsize=2)
def _known(settings: Settings, published_mark: str, decided: str) -> KnownNames:
    known = KnownNames(roles=_role_words())
    with published.reading(settings) as connection:
        nameless, bodies, areas, outlets = _stored(settings, published_mark)
        linked = connection.execute(
            "SELECT coalesce(official_id, speaker), speaker, body FROM link"
        ).fetchall()
        _add_people(known, connection, {*nameless, *(name for key, name, _ in linked if key == name)})
        _add_posts(known, connection)
    _add_bodies(known, sorted({*bodies, *(body for *_, body in linked if body)}))
    for area, tokens in zip(areas, all_tokens(areas), strict=True):
        known.areas[area] = frozenset(telling(tokens))
        known.places[telling(tokens)] = area
    for outlet, tokens in zip(outlets, all_tokens(outlets), strict=True):
        known.outlets[outlet] = frozenset(telling(tokens))
    known.words.update(*known.outlets.values(), *known.places, known.parts)
    return known


@lru_cache(maxsize=2)
def _stored(settings: Settings, published_mark: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Speakers without an id, bodies, areas and regions, outlets, as a run left them."""
    queries = (
        """SELECT DISTINCT speaker FROM w.statements
        WHERE official_id IS NULL AND role IS DISTINCT FROM 'non_official' AND speaker <> ''""",
        """SELECT body FROM w.posts WHERE body <> ''
        UNION SELECT body FROM w.statements WHERE role IS DISTINCT FROM 'non_official' AND body <> ''
        UNION SELECT body FROM w.pledges WHERE body <> ''""",
        "SELECT area FROM w.posts WHERE area <> '' UNION SELECT region FROM w.outlets WHERE region <> ''",
        "SELECT name FROM w.outlets UNION SELECT DISTINCT outlet FROM w.statements_by_day WHERE outlet <> ''",
    )
    with published.reading(settings) as connection:
        nameless, bodies, areas, outlets = (sorted(column(connection, query)) for query in queries)
    return nameless, bodies, areas, outlets


def _add_people(known: KnownNames, connection: Connection, nameless: set[str]) -> None:
    rows = connection.execute("SELECT id, name, aliases FROM w.officials ORDER BY id").fetchall()
    rows += [(name, name, []) for name in sorted(nameless)]
    written = [(key, called) for key, name, aliases in rows for called in (name, *(aliases or ()))]
    known.people.update((key, name) for key, name, _ in rows)
    known.people[UNOWNED] = UNOWNED
    plain, roles = name_words(), {words[0] for words in known.roles if len(words) == 1}
    for (key, called), tokens in zip(written, all_tokens([called for _, called in written]), strict=True):
        words = telling(tokens)
        if called != known.people[key] and not {*words}.isdisjoint(plain["titles"] | roles):
            known.aliases[frozenset(words)].add(key)  # a form of address tells no part of the name
            continue
        for word in (*words, *_closed_up(called)):
            known.parts[word].add(key)
        if len(words) > 1:
            known.first[words[0]].add(key)


def _closed_up(name: str) -> list[str]:
    """Parts of a name that are written as one or as two words: o'neill is oneill, smith-jones smithjones."""
    return ["".join(tokens) for part in name.split() if len(tokens := exact_tokens(part)) > 1]


def _add_posts(known: KnownNames, connection: Connection) -> None:
    rows = connection.execute("SELECT DISTINCT official_id, office, role, body, area FROM w.posts").fetchall()
    offices = all_tokens([row[1] or "" for row in rows])
    around = all_tokens([" ".join(part for part in row[1:] if part) for row in rows])
    for (holder, office, role, _, _), tokens, words in zip(rows, offices, around, strict=True):
        if holder not in known.people:
            continue
        post = HeldPost(holder, office or "", role or "", frozenset(telling(words)))
        known.posts[post.role].append(post)
        known.roles_of[holder].add(post.role)
        parts = telling(tokens)[:_LONGEST_OFFICE]
        for end in range(min(2, len(parts)), len(parts) + 1):
            known.offices[parts[:end]].add(post)


def _add_bodies(known: KnownNames, bodies: list[str]) -> None:
    kinds, placeless = name_words()["kinds"], name_words()["placeless"]
    for body, tokens in zip(bodies, all_tokens(bodies), strict=True):
        words = telling(tokens)
        if not words:
            continue
        known.bodies[body] = frozenset(stem for word in words for stem in stem_tokens(word))
        known.named[frozenset(words)].add(body)
        known.heads[words[-1]].add(body)
        known.words.update(words)
        if len(words) >= _SHORTEST_ACRONYM:
            known.acronyms["".join(word[0] for word in words)].add(body)
        place = tuple(word for word in words if word not in kinds)
        together = any(words[n : n + len(place)] == place for n in range(len(words)))
        if place and together and len(place) < len(words) and placeless.isdisjoint(place):
            spelt = (word for word in body.split() if {*exact_tokens(word)} & {*place})
            known.places.setdefault(place, " ".join(spelt))
