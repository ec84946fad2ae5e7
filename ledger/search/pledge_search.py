"""The pledges behind what a reader types in one line: a name, a subject, or both ("Rudkin buses").

Found through the statements, by the index's own rules, so that "buses" finds what was said of a bus. A name
is taken for a speaker only where one speaker alone answers to it; else it is a word like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger import vocabulary
from ledger.decisions import published
from ledger.queries import pledge_list
from ledger.queries.pledge_list import PledgeRow
from ledger.search import query_syntax, statement_search
from ledger.search.tokens import exact_tokens
from ledger.settings import Settings
from ledger.storage.warehouse import column

_LOOKED_THROUGH = 60  # undertakings that fit best


@dataclass(frozen=True, slots=True)
class Promised:
    """The pledges that fit best. ``speaker`` is the one whom the words name, ``about`` the other words;
    ``query`` finds every undertaking that fits."""

    speaker: str
    about: str
    query: str
    pledges: tuple[PledgeRow, ...]


def promised(settings: Settings, text: str, most: int = 4) -> Promised:
    """What fits the words typed; nothing where they hold no plain word. Raises WrongUse as `search` does."""
    asked = query_syntax.parse(text)
    if not asked.words:
        return Promised("", "", "", ())
    with published.reading(settings) as connection:
        query = "SELECT DISTINCT speaker FROM commitment_view WHERE speaker <> '' AND NOT is_rejected"
        speakers = column(connection, query)
    speaker, about = "", asked.words
    if asked == query_syntax.Query(asked.words):  # nothing but words
        speaker, about = named(asked.words, speakers)
    given = " ".join((query_syntax.field("speaker", speaker), *about)) if speaker else text
    query = f"{given} commitment:yes"
    hits = statement_search.search(settings, query, limit=_LOOKED_THROUGH).hits
    ids = list(dict.fromkeys(key for hit in hits for key in hit.pledge_ids if key))[:most]
    with published.reading(settings) as connection:
        listed = "SELECT * FROM pledge_view WHERE list_contains(?, id)"
        found = pledge_list.rows(connection, PledgeRow, listed, [ids])
    found.sort(key=lambda pledge: ids.index(pledge.id))
    return Promised(speaker, " ".join(about), query, tuple(found))


def named(words: Sequence[str], names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The one name whose last part stands among the words, and the words without it and its title.

    Of several such names the one of which most parts stand there; "" where that is none or not one alone.
    """
    tokens = [" ".join(exact_tokens(word)) for word in words]
    fits: dict[str, int] = {}
    for name in names:
        parts = exact_tokens(name)
        if parts and parts[-1] in tokens:
            fits[name] = sum(token in parts for token in tokens)
    best = [name for name, number in fits.items() if number == max(fits.values())]
    if len(best) != 1:
        return "", tuple(words)
    parts = exact_tokens(best[0])
    titles = {title for title in vocabulary.roles() if "_" not in title}
    rest = [
        word
        for n, (word, token) in enumerate(zip(words, tokens, strict=True))
        if token not in parts and not (token in titles and tokens[n + 1 : n + 2] and tokens[n + 1] in parts)
    ]
    return best[0], tuple(rest)
