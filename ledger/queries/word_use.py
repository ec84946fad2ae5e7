"""The words that an official uses most on a topic, year by year."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from ledger.data_files import data_file
from ledger.decisions import published
from ledger.queries.topics import topics_of
from ledger.settings import Settings
from ledger.storage.warehouse import column

_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
_MINE = """SELECT id FROM w.statements WHERE official_id = $1
UNION SELECT subject FROM link WHERE official_id = $1"""
_SAID = """SELECT words, year(published) FROM asked_words
WHERE official_id = ? AND published IS NOT NULL AND copy_of IS NULL"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an official said on a topic in a year: the number of statements, (word, statements) of some."""

    topic: str
    year: int
    statements: int
    words: tuple[tuple[str, int], ...]


def spoken(settings: Settings, official_id: str, most: int = 6) -> tuple[Spoken, ...]:
    """By topic, the one spoken about most first, then by year; copies of an article count once.

    A word counts once a statement, and only when it stands in two of them or more; everyday words
    (``common_words.txt``) are left out.
    """
    said: dict[str, dict[int, list[set[str]]]] = defaultdict(lambda: defaultdict(list))
    with published.reading(settings) as connection:
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [column(connection, _MINE, [official_id])])
        rows = connection.execute(_SAID, [official_id]).fetchall()
    for words, year in rows:
        for topic in topics_of(words):
            said[topic][int(year)].append(set(_WORD.findall(words.lower().replace("’", "'"))) - _common())
    return tuple(
        Spoken(topic, year, len(statements), _most(statements, most))
        for topic, years in sorted(said.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))
        for year, statements in sorted(years.items())
    )


def _most(statements: list[set[str]], most: int) -> tuple[tuple[str, int], ...]:
    counted = Counter(word for words in statements for word in words if len(word) > 2)
    ranked = sorted(((word, n) for word, n in counted.items() if n > 1), key=lambda item: (-item[1], item[0]))
    return tuple(ranked[:most])


@cache
def _common() -> frozenset[str]:
    return frozenset(data_file(__file__, "common_words.txt").read_text(encoding="utf-8").split())
