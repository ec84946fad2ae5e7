"""What words the index holds: whether one stands in any statement, how many fit, what a misspelt one was
meant for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.names.match import likest_word
from ledger.names.tokens import exact_tokens, stem_tokens
from ledger.search.query_syntax import Query
from ledger.search.terms import build
from ledger.search.word_index import WordIndex
from ledger.storage.warehouse import Connection

_PREFIX = 2  # first letters that a slip leaves as they are
_SHORT_SLIP = 90  # of 100: how like a word of few letters must be
_FIELDS = ("stem", "title")


@dataclass(frozen=True, slots=True)
class WordTerms:
    """The words of an index, and its answers as people's decisions leave them."""

    index: WordIndex
    connection: Connection

    def holds(self, word: str) -> bool:
        """True where all of a word stands somewhere, in any form."""
        stems = stem_tokens(word)

        def held(searcher: Any) -> bool:
            return all(any(searcher.doc_freq(field, stem) for field in _FIELDS) for stem in stems)

        return self.index.ask(held)

    def count(self, asked: Query) -> int:
        """How many statements fit."""
        query = build(self.index.schema, asked, self.connection)
        return self.index.ask(lambda searcher: int(searcher.search(query, limit=1).count))

    def likest(self, word: str) -> str:
        """The word that begins like a misspelt one and is most like it; "" where none is like it."""
        token = "".join(exact_tokens(word))
        listed = self.index.ask(lambda searcher: searcher.terms_with_prefix("exact", token[:_PREFIX]))
        return likest_word(token, [term for term, _ in listed], _SHORT_SLIP)
