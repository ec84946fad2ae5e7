"""Of all stored pledges those near an article, found by an index as by holding it against all."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from flows.pipeline import near_pledges
from ledger.storage import warehouse
from ledger.types import Article
from nlp.evidence.candidates import MOST_NEAR, near_articles
from nlp.evidence.passages import ArticlePassages, passages_of
from nlp.evidence.profile import profiles
from nlp.pledges.summary import build_pledges
from tests.pledge_makers import item

THINGS = "bridge library tram clinic reservoir orchard stadium harbour school playground".split()
PLACES = "Aldbury Westby Kelder Pellhurst Thornwick Marlow".split()
ACTS = "rebuild reopen widen electrify insulate dredge".split()


def story(key: str, day: date, words: str) -> ArticlePassages:
    return passages_of(Article(key, "Gazette", "", "", words), day, [(0, len(words))], [])


@pytest.mark.parametrize("seed", range(3))
def test_the_index_gives_what_holding_against_all_would(seed: int) -> None:
    chance = random.Random(seed)

    def words() -> str:
        return f"{chance.choice(ACTS)} the {chance.choice(THINGS)} in {chance.choice(PLACES)}"

    start = date(2025, 1, 1)
    items = [
        item(f"We will {words()} by 2027 at last.", str(start + timedelta(days=chance.randrange(400))))
        for _ in range(2 * MOST_NEAR)
    ]
    listed = build_pledges(items, {one.id: one.id for one in items})
    articles = [
        story(str(n), start + timedelta(days=chance.randrange(500)), f"They {words()} and {words()} soon.")
        for n in range(8)
    ]
    articles.append(story(items[0].statement.article_id, start + timedelta(days=500), f"They {words()}."))
    every = profiles(listed, items)
    held = {(one.pledge.id, article.article_id) for one, article in near_articles(every, articles)}
    with duckdb.connect() as connection:
        connection.execute(warehouse.sql("schema.sql"))
        near_pledges.note(connection, listed, items)
        near_pledges.note(connection, listed[:5], items)  # in their own place
        near = set(near_pledges.near(connection, articles))
        assert not near_pledges.near(connection, [replace(articles[0], headline="", passages=())])
    some = [one for one in every if one.pledge.id in near]
    again = {(one.pledge.id, article.article_id) for one, article in near_articles(some, articles)}
    assert again == held
    assert 0 < len(near) < len(listed), "old articles tell of no later pledge, and few words are all pledges’"
