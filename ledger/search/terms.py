"""A query as tantivy's: every part must match, by what is indexed and by what people decided since.

The index holds whom the machine took for the speaker. Whom a person named instead, who was found to be no
official, and which undertakings were rejected is asked of the warehouse, and only where a field needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import tantivy

from ledger.names.tokens import exact_tokens, stem_tokens
from ledger.search.query_syntax import Query
from ledger.storage import warehouse
from ledger.types import UNOWNED

Naming = dict[str, Any]  # whom a person named as the speaker of the statement ``subject``
_MUST, _NOT, _ANY = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
_TITLE = 0.5  # how much a word in a pledge's title weighs beside one that was said
_LINKS = """
SELECT link.subject, link.speaker, link.official_id, link.role, link.body, held.area FROM link
LEFT JOIN held ON held.official_id = link.official_id AND held.role = link.role AND held.body = link.body"""
_REFUSED = """
SELECT DISTINCT statement_id FROM w.commitment_said one
WHERE commitment_id IN (FROM rejected) AND NOT EXISTS (
    SELECT 1 FROM w.commitment_said other
    WHERE other.statement_id = one.statement_id AND other.commitment_id NOT IN (FROM rejected))"""


def build(schema: Any, asked: Query, connection: warehouse.Connection) -> Any:
    """The query. Words and phrases are scored, fields are not."""
    parts = [(_MUST, _term(schema, "has", "statement"))]
    parts += [(_MUST, _word(schema, word, asked.in_titles)) for word in asked.words]
    parts += [(_MUST, _any([_word(schema, said, asked.in_titles) for said in some])) for some in asked.either]
    for place in asked.places:
        held = [_phrase(schema, "exact", exact_tokens(place)), *_at(schema, [place])]
        parts.append((_MUST, _any(held)))
    parts += [(_MUST, _phrase(schema, "exact", exact_tokens(said))) for said in asked.phrases]
    parts += [(_NOT, _phrase(schema, "exact", exact_tokens(said))) for said in asked.without]
    if outlets := (*asked.outlets, *([asked.outlet] if asked.outlet else [])):
        parts.append(
            (_MUST, _unscored(_any([_phrase(schema, "outlet", exact_tokens(name)) for name in outlets])))
        )
    if any((asked.speaker, asked.official, asked.role, asked.area, asked.people, asked.bodies, asked.areas)):
        parts += [(_MUST, part) for part in _spoken_by(schema, asked, connection)]
    if asked.commitment is not None:
        refused = warehouse.column(connection, _REFUSED)
        promised = _term(schema, "has", "commitment")
        if refused:
            set_aside = tantivy.Query.term_set_query(schema, "id", refused)
            promised = tantivy.Query.boolean_query([(_MUST, promised), (_NOT, set_aside)])
        parts.append((_MUST if asked.commitment else _NOT, _unscored(promised)))
    if asked.after or asked.before:
        parts.append((_MUST, _days(schema, "day", asked.after, asked.before)))
    if asked.added:
        parts.append(
            (_MUST, _days(schema, "added", asked.added, date.fromordinal(asked.added.toordinal() + 1)))
        )
    return tantivy.Query.boolean_query(parts)


def _spoken_by(schema: Any, asked: Query, connection: warehouse.Connection) -> list[Any]:
    """What a statement's speaker must be, as people's decisions leave it."""
    links: list[Naming] = warehouse.fetch(connection, _LINKS)
    rejected = warehouse.column(connection, "FROM rejected")
    linked = tantivy.Query.term_set_query(schema, "id", [row["subject"] for row in links])
    # the ids of other things fit no official
    nobody = tantivy.Query.term_set_query(schema, "official", rejected)

    def decided(indexed: Any, fits: Callable[[Naming], bool]) -> Any:
        machine = tantivy.Query.boolean_query([(_MUST, indexed), (_NOT, nobody), (_NOT, linked)])
        named = [row["subject"] for row in links if fits(row)]
        people = tantivy.Query.term_set_query(schema, "id", named)
        return _unscored(tantivy.Query.boolean_query([(_ANY, machine), (_ANY, people)]))

    parts = []
    if asked.speaker.lower() == UNOWNED:
        nameless = tantivy.Query.boolean_query([(_ANY, _term(schema, "has", UNOWNED)), (_ANY, nobody)])
        unnamed = [row["subject"] for row in links if not row["speaker"]]
        left = tantivy.Query.boolean_query([(_MUST, nameless), (_NOT, linked)])
        named_so = tantivy.Query.term_set_query(schema, "id", unnamed)
        parts.append(_unscored(tantivy.Query.boolean_query([(_ANY, left), (_ANY, named_so)])))
    elif asked.speaker:
        said = exact_tokens(asked.speaker)
        parts.append(decided(_phrase(schema, "speaker", said), lambda row: _holds(said, row["speaker"])))
    if asked.people:
        ids = tantivy.Query.term_set_query(schema, "official", list(asked.people))
        names = [exact_tokens(key) for key in asked.people]
        indexed = _any([ids, *(_phrase(schema, "speaker", name) for name in names)])
        parts.append(
            decided(indexed, lambda row: {row["official_id"], row["speaker"]} & {*asked.people} != set())
        )
    if asked.bodies:
        sought = [exact_tokens(body) for body in asked.bodies]
        indexed = _any([_phrase(schema, "post", body) for body in sought])
        parts.append(decided(indexed, lambda row: any(_holds(body, row["body"]) for body in sought)))
    if asked.official:
        indexed = _term(schema, "official", asked.official)
        parts.append(decided(indexed, lambda row: bool(row["official_id"] == asked.official)))
    if asked.role:
        parts.append(decided(_term(schema, "role", asked.role), lambda row: bool(row["role"] == asked.role)))
    if areas := [exact_tokens(area) for area in (*asked.areas, *([asked.area] if asked.area else []))]:
        post = decided(
            _any([_phrase(schema, "post", area) for area in areas]),
            lambda row: any(_holds(area, row["body"]) or _holds(area, row["area"]) for area in areas),
        )
        region = _unscored(_any([_phrase(schema, "region", area) for area in areas]))
        parts.append(_any([post, region]))
    return parts


def _word(schema: Any, word: str, in_titles: bool) -> Any:
    """A word in any form, best as it is written; one of two tokens (twenty-mile, mayor's) is a phrase of
    them."""
    stems = stem_tokens(word)
    forms = _phrase(schema, "stem", stems)
    if in_titles:
        forms = _any([forms, tantivy.Query.boost_query(_phrase(schema, "title", stems), _TITLE)])
    written = _phrase(schema, "exact", exact_tokens(word))
    return tantivy.Query.boolean_query([(_MUST, forms), (_ANY, written)])


def _at(schema: Any, names: Sequence[str]) -> list[Any]:
    """Whose body, area or region is named so."""
    fields = ("post", "region")
    return [_unscored(_phrase(schema, field, exact_tokens(name))) for name in names for field in fields]


def _any(queries: Sequence[Any]) -> Any:
    return tantivy.Query.boolean_query([(_ANY, query) for query in queries])


def _holds(sought: Sequence[str], name: str | None) -> bool:
    """True where the tokens sought stand in the name, one after the other."""
    tokens = exact_tokens(name or "")
    return any(tokens[n : n + len(sought)] == sought for n in range(len(tokens)))


def _unscored(query: Any) -> Any:
    return tantivy.Query.const_score_query(query, 0.0)


def _term(schema: Any, field: str, value: str) -> Any:
    return _unscored(tantivy.Query.term_query(schema, field, value))


def _phrase(schema: Any, field: str, tokens: Sequence[str]) -> Any:
    if not tokens:
        return tantivy.Query.empty_query()
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema, field, tokens[0])
    return tantivy.Query.phrase_query(schema, field, list(tokens))


def _days(schema: Any, field: str, first: date | None, end: date | None) -> Any:
    query = tantivy.Query.range_query(
        schema,
        field,
        tantivy.FieldType.Integer,
        lower_bound=(first or date.min).toordinal(),
        upper_bound=(end or date.max).toordinal(),
        include_upper=False,
    )
    return _unscored(query)
