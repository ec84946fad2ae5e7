"""Topics are told by how words begin, in Python and in the warehouse alike."""

from __future__ import annotations

import pytest

from ledger import queries
from ledger.queries import Filter
from ledger.settings import Settings
from ledger.topics import patterns, topics_of


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
    everything = queries.pledges(gold_home)
    for topic in patterns():
        found = {row.id for row in queries.pledges(gold_home, Filter(topic=topic))}
        assert found == {row.id for row in everything if topic in topics_of(f"{row.title} {row.words}")}
    told = [row for row in everything if topics_of(f"{row.title} {row.words}")]
    assert len(told) > len(everything) / 2
    assert queries.pledges(gold_home, Filter(topic="no such topic")) == []
