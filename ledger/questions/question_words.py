"""The words of a plain question, run by run: a name, a date promised, what it is about, or nothing to seek.

Misspelt words are mended first; names are the longest runs of words that name somebody or something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ledger import vocabulary
from ledger.names.known import KnownNames
from ledger.names.match import NameMeaning, likest_word, readings
from ledger.names.tokens import exact_tokens
from ledger.queries.topics import topics_of
from ledger.questions.due_words import PromisedFor, due_at, question_words
from ledger.questions.word_terms import WordTerms
from ledger.search.query_syntax import Query

_SHORT_SLIP = 90  # of 100: how like a name a word of few letters must be, which may be no name at all
_LONGEST_NAME = 7  # words typed that are tried as one name
RunKind = Literal["name", "due", "flag", "about", "dropped"]


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words of a question that belong together, as typed or mended."""

    kind: RunKind
    words: tuple[str, ...]
    meant: NameMeaning | None = None
    due: PromisedFor | None = None
    flag: str = ""  # of pledges, by its label


def by(query: Query, meant: NameMeaning) -> Query:
    """A query narrowed to whom or what a name means."""
    if meant.kind == "official":
        return replace(query, people=(*query.people, *meant.keys), role=query.role or meant.role)
    if meant.kind == "role":
        return replace(query, role=meant.role)
    if meant.kind == "place":
        return replace(query, places=(*query.places, *meant.keys))
    if meant.kind == "body":
        return replace(query, bodies=(*query.bodies, *meant.keys))
    return replace(query, outlets=(*query.outlets, *meant.keys))


def mended(
    words: Sequence[str], known: KnownNames, terms: WordTerms
) -> tuple[list[str], list[tuple[str, str]]]:
    """The words with misspelt ones as they were meant, and each of these as typed and as read.

    Misspelt is what stands in no name and no statement; names are tried before the words of statements.
    """
    roles = {part for called in known.roles for part in called}
    found, slips = list(words), []
    for n, word in enumerate(words):
        token = "".join(exact_tokens(word))
        ordinary = is_dropped(word) or topics_of(token) or terms.holds(word)
        if ordinary or not token.isalpha() or token in known.words or token in roles:
            continue
        alike = [name for name in known.words | roles if name[0] == token[0]]
        if likest := likest_word(token, alike, _SHORT_SLIP) or terms.likest(word):
            found[n] = likest
            slips.append((word, likest))
    return found, slips


def runs_of(words: Sequence[str], known: KnownNames, terms: WordTerms) -> list[WordRun]:
    """The words run by run, names as long as can be, from left to right."""
    found: list[WordRun] = []
    start = 0
    while start < len(words):
        if due := due_at(words, start):
            end, when = due
            found.append(WordRun("due", tuple(words[start:end]), due=when))
        elif flag := _flag_from(words, start):
            end, marked = flag
            found.append(WordRun("flag", tuple(words[start:end]), flag=marked))
        elif name := _name_from(words, start, known, terms):
            end, meant = name
            found.append(WordRun("name", tuple(words[start:end]), meant))
        else:
            end = start + 1
            kind: RunKind = "dropped" if is_dropped(words[start]) else "about"
            found.append(WordRun(kind, (words[start],)))
        start = end
    return found


def is_dropped(word: str) -> bool:
    """True of a word that only makes a sentence, or says nothing."""
    return all(token in question_words()["drop"] for token in exact_tokens(word))


def _flag_from(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """The end of a flag's label that begins at a word, and the flag."""
    for name, row in vocabulary.flags().items():
        label = exact_tokens(row.label)
        if label and exact_tokens(" ".join(words[start : start + len(label)])) == label:
            return start + len(label), name
    return None


def _name_from(
    words: Sequence[str], start: int, known: KnownNames, terms: WordTerms
) -> tuple[int, NameMeaning] | None:
    """The end of the longest name that begins at a word, and what it means."""
    if is_dropped(words[start]):
        return None
    for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
        if is_dropped(words[end - 1]):
            continue
        tokens = [token for word in words[start:end] for token in exact_tokens(word)]
        meant = next((one for one in readings(known, tokens) if one.kind != "outlet" or one.sure), None)
        if meant and (meant.sure or not _is_plain(words, start, end, meant, terms)):
            return end, meant
    return None


def _is_plain(words: Sequence[str], start: int, end: int, meant: NameMeaning, terms: WordTerms) -> bool:
    """True where a name of one word rather makes one thing with its neighbour: council tax, police station.

    That is so where statements have the two side by side: of a body always, of others where no fewer have
    them than whoever is meant has said the other words.
    """
    sides = [words[start : end + 1], words[max(start - 1, 0) : end]]
    pairs = [" ".join(pair) for pair in sides if len(pair) > end - start and not any(map(is_dropped, pair))]
    together = max((terms.count(Query(phrases=(pair,))) for pair in pairs), default=0)
    if meant.kind == "body" or not together:
        return together > 0
    rest = tuple(word for n, word in enumerate(words) if not (start <= n < end or is_dropped(word)))
    return together >= terms.count(by(Query(words=rest), meant))
