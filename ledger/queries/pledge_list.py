"""What readers ask of the published warehouse: the list of pledges.

Every function reads the published file for itself, asks in one pass over sets and gives plain values;
`stamp` tells a cache when the answers may have changed. All of it sees people's decisions applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from ledger import days
from ledger.decisions import journal, published
from ledger.decisions.published import mark
from ledger.errors import WrongUse
from ledger.names.known import KnownNames, known_names
from ledger.names.match import WHO, NameKind, NameMeaning, NamesFound, find_names
from ledger.queries.owners import OWNERS
from ledger.queries.topics import patterns
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.warehouse import Connection

T = TypeVar("T")
_NAMED: dict[str, tuple[NameKind, ...]] = {
    "owner": WHO,
    "role": ("role",),
    "area": ("place", "body"),
    "outlet": ("outlet",),
}
SORTS = {
    "deadline": "deadline NULLS LAST, first_stated, id",
    "newest": "last_stated DESC NULLS LAST, id",
    "oldest": "first_stated NULLS LAST, id",
    "owner": "lower(owner), deadline NULLS LAST, id",
    "title": "lower(title), id",
    "evidence": "evidence DESC, last_stated DESC NULLS LAST, id",
    "changed": "changed_on DESC NULLS LAST, id",
}


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """A pledge as lists show it. ``status`` is a person's where one was set, else the suggested one."""

    id: str
    owner: str
    owner_id: str | None
    body: str | None
    person: str | None  # who said it first: the owner, or named beside the body
    person_id: str | None
    rule: str | None  # in words, by which it is the owner's
    title: str  # a person's, where one was given, else the machine's
    machine_title: str
    titled_by: str | None
    titled: str  # the commitment that the title is of
    words: str  # of its statement, as are its day and type
    said_on: datetime | None
    type: str
    role: str | None  # of the owner when it was first said
    area: str | None
    region: str | None
    source_name: str
    speaker_why: str
    first_due: date | None  # the first date given, which never changes
    deadline: date | None  # the newest
    status: str
    suggested: str
    why: str
    set_status: str | None
    set_by: str | None
    set_at: datetime | None
    set_why: str | None
    set_reason: str | None
    verdict: str | None  # an editor's paragraph on it, the last one given
    verdict_by: str | None
    verdict_at: datetime | None
    flags: tuple[str, ...]
    first_stated: datetime | None
    last_stated: datetime | None
    came: date | None  # the day its first article was first seen
    restatements: int  # times stated, the first included
    outlets: tuple[str, ...]
    evidence: int  # reports of action or of its absence; a promise said again is none
    independent: int  # distinct original reports that are not the owner's own words
    last_evidence: date | None
    changed_on: date | None
    headline: bool  # an editor says that it is among those that weigh most


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of pledges is narrowed to; "" stands for all.

    ``owner`` is an official by id, or a name, part, office or role of an official or a body: whose it is, or
    who said it. ``role``, ``area`` and ``outlet`` are names by the same rule (`ledger.names.match`). ``due``
    is "overdue", "ahead", "dated", "undated", a span ahead such as 30d, one back such as -30d (overdue for at
    most so long) or a month such as 2026-06 (promised for it, first or now); ``changed`` and ``moved`` (to a
    later date) are numbers of days up to today. ``text`` is a plain question, which
    `ledger.questions.pledge_search` makes ``among`` of: ids of pledges.
    """

    owner: str = ""
    role: str = ""
    area: str = ""
    status: str = ""
    flag: str = ""
    due: str = ""
    outlet: str = ""
    topic: str = ""  # one of `topics.patterns`; another fits nothing
    text: str = ""
    among: tuple[str, ...] | None = None
    outcome: str = ""  # one of the vocabulary's: kept, open, not_kept
    changed: int = 0
    moved: int = 0
    came: str = ""  # an ISO day
    headline: bool = False  # only those that an editor marked
    sort: str = "deadline"


def stamp(settings: Settings) -> str:
    """Changes whenever a run publishes, a person decides, a day passes or the settings say otherwise."""
    known = mark(settings.warehouse), journal.last(settings)
    return "|".join(map(str, (settings.home, *known, settings.today, settings.due_soon_days)))


def rows(connection: Connection, kind: type[T], query: str, parameters: Sequence[object] = ()) -> list[T]:
    """The rows of a query as dataclasses, by column name; lists become tuples."""
    names = [f.name for f in fields(cast(Any, kind))]
    found = warehouse.fetch(connection, query, list(parameters))
    return [kind(**{name: _plain(row[name]) for name in names}) for row in found]


def first_of(
    connection: Connection, clause: str, order: str, most: int, given: Sequence[object] = ()
) -> tuple[PledgeRow, ...]:
    """The first of the pledges in the table ``p`` of which the clause holds."""
    query = f"SELECT * FROM p WHERE {clause} ORDER BY {order} LIMIT {most}"
    return tuple(rows(connection, PledgeRow, query, given))


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def pledges(
    settings: Settings, wanted: Filter | None = None, limit: int | None = None, offset: int = 0
) -> list[PledgeRow]:
    """The pledges that fit. Raises WrongUse for a sort or a span of time that cannot be read."""
    wanted = wanted or Filter()
    if wanted.sort not in SORTS:
        raise WrongUse(f"cannot sort by {wanted.sort!r}: one of {', '.join(SORTS)}")
    clause, parameters = clause_of(settings, wanted)
    limited = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
    with published.reading(settings) as connection:
        query = f"SELECT * FROM pledge_view WHERE {clause} ORDER BY {SORTS[wanted.sort]}{limited}"
        return rows(connection, PledgeRow, query, parameters)


def count(settings: Settings, wanted: Filter) -> tuple[int, int]:
    """How many pledges fit, and how many of them are overdue. Raises WrongUse as `pledges` does."""
    clause, parameters = clause_of(settings, wanted)
    with published.reading(settings) as connection:
        query = f"""SELECT count(*), count(*) FILTER (list_contains(flags, 'overdue'))
            FROM pledge_view WHERE {clause}"""
        number, overdue = connection.execute(query, parameters).fetchone() or (0, 0)
    return int(number), int(overdue)


def names_in(settings: Settings, wanted: Filter) -> dict[str, NamesFound]:
    """What the names in a filter mean, by its fields; only those that are given."""
    given = {name: value for name in _NAMED if (value := getattr(wanted, name))}
    known = known_names(settings) if given else KnownNames()
    return {name: find_names(known, value, _NAMED[name]) for name, value in given.items()}


def clause_of(settings: Settings, wanted: Filter) -> tuple[str, list[object]]:
    """The clause that holds of the pledges that fit, and its parameters. Raises as `pledges` does."""
    if wanted.text:
        raise ValueError("a text is looked for by ledger.questions.pledge_search")
    today = settings.today
    named = {
        "status = ?": wanted.status,
        "outcome = ?": wanted.outcome,
        "list_contains(flags, ?)": wanted.flag,
    }
    parts: list[tuple[str, list[object]]] = [(part, [value]) for part, value in named.items() if value]
    for name, found in names_in(settings, wanted).items():
        some = [_named(name, meant) for meant in found.meant] or [("false", list[object]())]
        parts.append(
            (f"({' OR '.join(part for part, _ in some)})", [value for _, values in some for value in values])
        )
    if wanted.among is not None:
        parts.append(("list_contains(?, id)", [list(wanted.among)]))
    if wanted.topic:
        about = "regexp_matches(lower(concat_ws(' ', title, words)), ?)"
        parts.append((about, [patterns().get(wanted.topic, r"^\b$")]))
    if wanted.changed:
        parts.append(("changed_on > ?", [today - timedelta(days=wanted.changed)]))
    if wanted.headline:
        parts.append(("headline", []))
    if wanted.moved:
        parts.append(("deadline > first_due AND moved_on > ?", [today - timedelta(days=wanted.moved)]))
    if wanted.came:
        parts.append(("came >= ?", [days.typed(wanted.came)]))
    if wanted.due == "overdue":
        parts.append(("list_contains(flags, 'overdue')", []))
    elif wanted.due == "ahead":
        parts.append(("awaited AND deadline >= ?", [today]))
    elif wanted.due == "dated":
        parts.append(("deadline IS NOT NULL", []))
    elif wanted.due == "undated":
        parts.append(("deadline IS NULL", []))
    elif wanted.due.startswith("-"):
        back = today - (days.within(wanted.due[1:], today) - today)
        parts.append(("list_contains(flags, 'overdue') AND first_due >= ?", [back]))
    elif month := days.month(wanted.due):
        parts.append(("(first_due BETWEEN ? AND ? OR deadline BETWEEN ? AND ?)", [*month, *month]))
    elif wanted.due:
        last = days.within(wanted.due, today)
        parts.append(("awaited AND deadline BETWEEN ? AND ?", [today, last]))
    clause = " AND ".join(part for part, _ in parts) or "true"
    return clause, [value for _, values in parts for value in values]


def _named(name: str, meant: NameMeaning) -> tuple[str, list[object]]:
    """The clause for what a name in a field means."""
    keys = list(meant.keys)
    if name == "outlet":
        return "list_has_any(outlets, ?)", [keys]
    if meant.kind == "role":
        return "list_contains(?, role)", [keys]
    if meant.kind == "official":
        whose = "list_has_any([owner, owner_id, person, person_id], ?)"
        return (f"({whose} AND role = ?)", [keys, meant.role]) if meant.role else (whose, [keys])
    if name == "owner":
        return "list_has_any([owner, body], ?)", [keys]
    return "list_has_any([body, area, region], ?)", [keys]


def choices(settings: Settings) -> dict[str, dict[str, str]]:
    """What a list of pledges can be narrowed by, each value with its words.

    "owner" (officials by id, other people and bodies by name), "role", "area", "outlet".
    """
    queries = {
        "owner": f"SELECT key, words FROM ({OWNERS})",
        "role": "SELECT role, role FROM p",
        "area": "SELECT area, area FROM p UNION SELECT region, region FROM p",
        "outlet": "SELECT unnest(outlets) AS outlet, outlet FROM p",
    }
    with published.reading(settings) as connection:
        kept = "id, owner, owner_id, body, person, person_id, role, area, region, outlets"
        connection.execute(f"CREATE TEMP TABLE p AS SELECT {kept} FROM pledge_view")
        found = {}
        for name, query in queries.items():
            each = f"SELECT DISTINCT * FROM ({query}) AS t(value, words) WHERE value <> ''"
            found[name] = dict(connection.execute(f"{each} ORDER BY lower(words), value").fetchall())
        return found
