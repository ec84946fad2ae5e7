"""The pledges that articles may tell of, found by what the side file keeps of each pledge.

So the articles of a day are held against the few pledges near them, not against all that are stored:
`nlp.evidence.candidates` finds the same among these as among all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flows.pipeline.pledge_writing import without_vectors
from flows.pipeline.versions import version
from ledger.decisions import reckoning
from ledger.storage import pending, pledge_index, records
from ledger.storage.warehouse import Connection
from ledger.types import Pledge, text_hash
from nlp.evidence.candidates import LEAST_SHARED, MOST_NEAR, Likeness, weights_of, words_of
from nlp.evidence.passages import ArticlePassages
from nlp.evidence.profile import Profile, profiles
from nlp.models.learned import promise_encoder
from nlp.pledges.pair_features import Item

_BATCH = 500  # articles whose words are looked for at once


def with_items(connection: Connection, ids: Sequence[str]) -> tuple[list[Pledge], list[Item]]:
    """These pledges, and their commitments as evidence is found by them."""
    pledges = reckoning.pledges(connection, ids)
    asked = [one for pledge in pledges for one in pledge.commitments]
    return pledges, without_vectors(connection, pending.commitments(connection, asked))


def note(connection: Connection, pledges: Sequence[Pledge], items: Sequence[Item]) -> None:
    """Keep by which words these pledges are found, in the place of what was kept of them."""
    pledge_index.put(
        connection,
        {one.pledge.id: (one.first_day, one.home, weights_of(one)) for one in profiles(pledges, items)},
    )


def near(connection: Connection, articles: Sequence[ArticlePassages]) -> list[str]:
    """The ids of the pledges that these articles may tell of, of those that are noted."""
    found: set[str] = set()
    for start in range(0, len(articles), _BATCH):
        some = articles[start : start + _BATCH]
        words = [(article.article_id, article.day, words_of(article)) for article in some]
        found |= set(pledge_index.near(connection, words, LEAST_SHARED, MOST_NEAR))
    return sorted(found)


def keys_of(one: Profile) -> list[str]:
    """Under which the vectors of a pledge's texts are kept, in their order: the commitments, with what they
    are read as and by which weights."""
    by = version("track")
    return [
        f"{item.id}:told:{text_hash(f'{by} {text}')[:8]}"
        for item, text in zip(one.read, one.texts, strict=True)
    ]


def told(connection: Connection, near: Sequence[Profile]) -> dict[str, Likeness]:
    """The vectors of each pledge's texts by its id. What is not kept yet is read, and kept in the place of
    how the same commitments were read before."""
    texts = {key: text for one in near for key, text in zip(keys_of(one), one.texts, strict=True)}
    vectors = pledge_index.vectors(connection, sorted(texts))
    unread = [key for key in texts if key not in vectors]
    made = promise_encoder().vectors([texts[key] for key in unread])
    pledge_index.drop_told(connection, [key.split(":")[0] for key in unread])
    records.insert(
        connection,
        "vectors",
        [{"id": key, "vector": row.tolist()} for key, row in zip(unread, made, strict=True)],
    )
    vectors |= dict(zip(unread, made, strict=True))
    return {one.pledge.id: np.stack([vectors[key] for key in keys_of(one)]) for one in near}
