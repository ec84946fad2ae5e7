"""Topics are told by how words begin, in Python and in the warehouse alike."""

from __future__ import annotations

import pytest

from ledger.decisions import published
from ledger.queries import official_page, pledge_list, word_use
from ledger.queries.pledge_list import Filter
from ledger.queries.topics import patterns, topics_of
from ledger.settings import Settings


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Franchised buses on the road by 2027", ["Buses, trains and trams", "Roads, walking and cycling"]),
        ("300 more officers on patrol", ["Policing and crime"]),
        ("1,000 new council homes", ["Housing and planning"]),
        ("We will rebuild trust", []),
        ("a busy day of business", ["Jobs and business"]),
        ("The GP. The bins!", ["Health and care", "Bins, parks and streets"]),
        ("", []),
    ],
)
def test_words_tell_the_topics(text: str, topics: list[str]) -> None:
    assert topics_of(text) == topics


def test_the_list_is_narrowed_to_what_the_words_tell(gold_home: Settings) -> None:
    everything = pledge_list.pledges(gold_home)
    for topic in patterns():
        found = {row.id for row in pledge_list.pledges(gold_home, Filter(topic=topic))}
        assert found == {row.id for row in everything if topic in topics_of(f"{row.title} {row.words}")}
    told = [row for row in everything if topics_of(f"{row.title} {row.words}")]
    assert len(told) > len(everything) / 2
    assert pledge_list.pledges(gold_home, Filter(topic="no such topic")) == []


def test_what_an_official_says_on_a_topic_is_counted_year_by_year(gold_home: Settings) -> None:
    best = max(official_page.officials(gold_home), key=lambda o: o.statements)
    rows = word_use.spoken(gold_home, best.id)
    with published.reading(gold_home) as connection:
        said = connection.execute(
            "SELECT words, year(published) FROM statement_view WHERE official_id = ? AND copy_of IS NULL",
            [best.id],
        ).fetchall()
    for row in rows:
        mine = [words.lower() for words, year in said if year == row.year and row.topic in topics_of(words)]
        assert row.statements == len(mine) > 0
        for word, number in row.words:
            assert 1 < number <= sum(word.replace("'", "’") in words or word in words for words in mine)
    assert {word for row in rows for word, _ in row.words}.isdisjoint({"the", "will", "people", "said"})
    assert len({row.year for row in rows}) > 1 and any(row.words for row in rows)
    assert word_use.spoken(gold_home, "nobody") == ()
