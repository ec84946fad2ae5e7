"""Which passages are held against which pledges: by shared words through an index, then by meaning.

Only articles that share enough weighted words with a pledge are read by the encoder, so that the work
grows with what is new: new articles against the pledges' words, or a new pledge against the articles'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.evidence.passages import ArticlePassages, CandidatePassage
from nlp.evidence.profile import Profile
from nlp.models.promise_encoder import PromiseEncoder, passage_text
from nlp.pledges.pair_features import Item
from nlp.text import similarity

LEAST_SHARED = 0.5  # weight of a pledge's words in an article for any of it to be looked at
MOST_NEAR = 60  # pledges that an article is held against: 10 of 5,915 bearing passages lie beyond (left out)
AROUND = 0.4  # weight of a word that only the headlines of a pledge use, against its own
BEFORE = 0.4  # and of one in the sentence before
BY_WORDS = 0.3  # of shared words against the cosine, where passages are chosen to be looked at closer
A_PAIR = 12  # passages of an article that are looked at closer for one pledge
MOST_EACH = 5  # pledges that a passage is looked at closer for: 85 of 5,167 bearing ones lie beyond
LEAST_NEAR = 0.42  # that score from which a passage is: nine in ten of what bears on a pledge

Likeness = NDArray[np.float32]
WordsIn = tuple[
    similarity.TermIndex, similarity.TermIndex
]  # of an article's passages; of what is before them
Told = Callable[[Sequence[Profile]], Mapping[str, Likeness]]


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """A pledge and an article that may tell of it.

    ``each``: cosine of each passage to each clause that is read; ``near``: to the nearest one; ``score``:
    with the words they share. ``chosen``:
    places of the passages that are looked at closer; ``own``: of those that hold a commitment of the pledge.
    """

    profile: Profile
    article: ArticlePassages
    each: Likeness
    near: Likeness
    score: Likeness
    chosen: tuple[int, ...]
    own: frozenset[int]


def near_articles(
    profiles: Sequence[Profile], articles: Sequence[ArticlePassages]
) -> list[tuple[Profile, ArticlePassages]]:
    """Pledges and the later articles whose words are near enough to look closer."""
    holding: dict[str, list[int]] = {}
    for number, article in enumerate(articles):
        for word in words_of(article):
            holding.setdefault(word, []).append(number)
    weighed: dict[int, list[tuple[float, int]]] = {}  # by article the pledges near, with their weight
    for nth, one in enumerate(profiles):
        weights: dict[int, float] = {}
        for word, weight in weights_of(one).items():
            for number in holding.get(word, ()):
                weights[number] = weights.get(number, 0.0) + weight
        for number, weight in weights.items():
            if weight >= LEAST_SHARED and _later(one, articles[number]):
                weighed.setdefault(number, []).append((-weight, nth))
    near = sorted((nth, number) for number, mine in weighed.items() for _, nth in sorted(mine)[:MOST_NEAR])
    return [(profiles[nth], articles[number]) for nth, number in near]


def words_of(article: ArticlePassages) -> set[str]:
    """Stems of the words of its headline and passages."""
    return set(similarity.terms(article.headline)).union(
        *(similarity.terms(passage.text) for passage in article.passages)
    )


def weights_of(one: Profile) -> similarity.Terms:
    """What each word of a pledge weighs where an article has it."""
    return {word: AROUND * weight for word, weight in one.around.items()} | one.words


def _later(one: Profile, article: ArticlePassages) -> bool:
    """True of what the pledge's announcement could not hold: another article, of no earlier day."""
    before = one.first_day and article.day and article.day < one.first_day
    return not before and article.article_id != one.home


def candidates(
    profiles: Sequence[Profile],
    articles: Sequence[ArticlePassages],
    encoder: PromiseEncoder,
    told: Told | None = None,
) -> list[Near]:
    """The pledges and articles that are near, with the likeness of each passage. ``told``: gives the
    vectors of each pledge's texts by its id, where these are kept."""
    pairs = near_articles(profiles, articles)
    read = {article.article_id: article for _, article in pairs}
    near = list({id(one): one for one, _ in pairs}.values())
    clauses = told(near) if told else {one.pledge.id: encoder.vectors(one.texts) for one in near}
    vectors = {
        key: encoder.vectors([read_as(article, p) for p in article.passages]) for key, article in read.items()
    }
    words = {key: _words_in(article) for key, article in read.items()}
    made = [
        _near(one, article, clauses[one.pledge.id], vectors[article.article_id], words[article.article_id])
        for one, article in pairs
    ]
    of: dict[str, list[int]] = {}
    for n, (_, article) in enumerate(pairs):
        of.setdefault(article.article_id, []).append(n)
    for places in of.values():
        for n, left in zip(places, _likeliest([made[n] for n in places]), strict=True):
            made[n] = left
    return made


def _likeliest(near: Sequence[Near]) -> list[Near]:
    """Of one article, each passage left to the pledges it is nearest to, and to those it is a part of."""
    if len(near) <= MOST_EACH:
        return list(near)
    scores = np.stack([one.score for one in near])
    least = np.partition(scores, -MOST_EACH, axis=0)[-MOST_EACH]
    return [
        replace(one, chosen=tuple(n for n in one.chosen if n in one.own or one.score[n] >= least[n]))
        for one in near
    ]


def read_as(article: ArticlePassages, passage: CandidatePassage) -> str:
    """A passage as the encoder of promises reads it."""
    return passage_text(article.headline, passage.before, passage.speaker or "", passage.text)


def _near(
    one: Profile, article: ArticlePassages, clauses: Likeness, passages: Likeness, words: WordsIn
) -> Near:
    each = passages @ clauses.T
    near = each.max(axis=1)
    score = near + BY_WORDS * np.array(_by_words(one, *words), np.float32)
    said = {item.statement.id for item in one.items}
    own = frozenset(
        place
        for place, passage in enumerate(article.passages)
        if passage.statement_id in said and own_items(one, passage)
    )
    best = {int(n) for n in np.argsort(-score, kind="stable")[:A_PAIR] if score[n] >= LEAST_NEAR}
    return Near(one, article, each, near, score, tuple(sorted(best | own)), own)


def _by_words(one: Profile, here: similarity.TermIndex, before: similarity.TermIndex) -> list[float]:
    """What each passage shares with a pledge, in itself and in the sentence before."""
    shared = zip(here.shared(one.words), before.shared(one.words), here.shared(one.around), strict=True)
    return [own + BEFORE * ahead + AROUND * around for own, ahead, around in shared]


def _words_in(article: ArticlePassages) -> WordsIn:
    """The words of its passages, and of the sentences before these."""
    passages = article.passages
    return (
        similarity.TermIndex([similarity.terms(passage.text) for passage in passages]),
        similarity.TermIndex([similarity.terms(passage.before) for passage in passages]),
    )


def own_items(one: Profile, passage: CandidatePassage) -> list[Item]:
    """The pledge's own commitments that stand in a passage."""
    return [
        item
        for item in one.items
        if item.statement.id == passage.statement_id and overlaps(item.commitment.span, passage.span)
    ]


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """True where two spans share half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])
