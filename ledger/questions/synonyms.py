"""Other words for the same matter (``synonyms.yaml``), for where the words of a question find little."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from ledger.data_files import read_yaml
from ledger.names.tokens import stem_tokens
from ledger.search.query_syntax import Query

Stems = tuple[str, ...]


def widened(asked: Query) -> Query | None:
    """The query with words that mean the same beside its own; None where no others are known for any."""
    words, either, kept = list(asked.words), [], []
    while words:
        length = next((n for n in range(len(words), 0, -1) if _stems(words[:n]) in _lines()), 0)
        if length:
            either.append(_lines()[_stems(words[:length])])
        else:
            kept.append(words[0])
        del words[: length or 1]
    return replace(asked, words=tuple(kept), either=tuple(either)) if either else None


@cache
def _lines() -> dict[Stems, tuple[str, ...]]:
    """Each word or phrase, by its stems, with all of its line."""
    listed: list[list[str]] = read_yaml(__file__, "synonyms.yaml")
    found: dict[Stems, tuple[str, ...]] = {}
    for line in listed:
        for said in line:
            found.setdefault(_stems([said]), tuple(map(str, line)))
    return found


def _stems(words: list[str]) -> Stems:
    return tuple(stem for word in words for stem in stem_tokens(str(word)))
