"""The promises of labelled regions as the encoder of promises learns them: what is one, what tells of it.

Of each labelled clause: other clauses of the same promise and passages that tell of it, against the clauses,
passages and sentences of the region that share most words with it and have nothing to do with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Article, Span
from nlp.annotate import article_of
from nlp.models.promise_encoder import NONE, passage_text, pledge_text, time_told
from nlp.models.regions import JsonLine, Region
from nlp.pledges.pair_features import Printed, sentences_at
from nlp.text import similarity
from nlp.training.promises.encoder import PairTexts
from nlp.training.promises.same_promise import sentences_of

OTHERS = 2  # clauses of the same promise that a clause is held against, and
TELLINGS = 2  # passages that tell of it; of the promise's first clause twice as many
APART = 8  # of what shares its words and is none of it
NAMED = 0.5  # share of pairs that tell whose the promise and the passage are
SHORT = 30  # characters of a sentence up to which it says nothing
_AS_LEARNED = {"moved": "delayed"}


@dataclass(frozen=True, eq=False)
class _Told:
    """A clause, or a passage: of which promise, if of one; ``stance`` "" of a clause; ``due`` of a clause."""

    promise: str | None
    article: str
    day: date | None
    by: str
    body: str
    words: str
    headline: str
    before: str
    stance: str = ""
    due: str | None = None


def region_pairs(region: Region, seed: int = 0) -> list[list[PairTexts]]:
    """A group for each labelled clause that something is held against. The same seed gives the same."""
    chance = random.Random(seed)
    clauses, tellings, sentences = _read(region)
    around = [(one, _terms(one)) for one in (*clauses, *tellings, *sentences)]
    promises: dict[str, list[_Told]] = {}
    for one in clauses:
        if one.promise:
            promises.setdefault(one.promise, []).append(one)
    groups = []
    for promise, members in promises.items():
        members.sort(key=lambda one: (one.day or date.max, one.article))
        first_due = next((one.due for one in members if one.due), None)
        mine = [one for one in tellings if one.promise == promise]
        told = {one.article: one.stance for one in mine}
        for n, clause in enumerate(members):
            others = [one for one in members if one is not clause and one.words != clause.words]
            later = [one for one in mine if one.article != clause.article]
            bearing = [
                (one, told.get(one.article, "restated"))
                for one in chance.sample(others, min(OTHERS, len(others)))
            ]
            most = TELLINGS if n else 2 * TELLINGS
            bearing += [(one, one.stance) for one in chance.sample(later, min(most, len(later)))]
            if bearing:
                held = {one.article for one in (*members, *mine)}
                apart = [(one, NONE) for one in _apart(clause, held, around, chance)]
                groups.append([_pair(clause, *one, first_due, chance) for one in bearing + apart])
    return groups


def _read(region: Region) -> tuple[list[_Told], list[_Told], list[_Told]]:
    """The clauses that are tracked, the passages that tell of a promise, and the other sentences."""
    clauses: list[_Told] = []
    tellings: list[_Told] = []
    sentences: list[_Told] = []
    for article in map(_Article, map(article_of, region.articles)):
        labels = region.labels[article.id]
        for said in labels["statements"]:
            by, body = said["speaker"] or "", said["body"] or ""
            for one in said["commitments"]:
                if not one["minor"]:
                    clauses.append(article.told(one["span"], one["pledge_id"], by, body, due=one["deadline"]))
        held: list[Span] = [(row["evidence"][0][0], row["evidence"][0][1]) for row in labels["delivery"]]
        for span, row in zip(held, labels["delivery"], strict=True):
            stance = _AS_LEARNED.get(row["stance"], row["stance"])
            tellings.append(article.told(span, row["pledge_id"], _speaker(labels, span), stance=stance))
        for span in article.printed.sentences:
            apart = not any(start < span[1] and span[0] < end for start, end in held)
            if apart and span[1] - span[0] > SHORT:
                sentences.append(article.told(span, None, _speaker(labels, span)))
    return clauses, tellings, sentences


class _Article:
    """An article with its sentences, to cut clauses and passages from."""

    def __init__(self, article: Article) -> None:
        self.id = article.id
        self.printed = Printed(article.title, article.text, sentences_of(article.text))
        self._day = article.published.date() if article.published else None

    def told(
        self,
        span: Sequence[int],
        promise: str | None,
        by: str,
        body: str = "",
        stance: str = "",
        due: str | None = None,
    ) -> _Told:
        start, end = span
        before, _ = sentences_at(self.printed, (start, end))
        title, text = self.printed.title, self.printed.text
        return _Told(
            promise, self.id, self._day, by, body, text[start:end], title, text[slice(*before)], stance, due
        )


def _speaker(labels: JsonLine, span: Span) -> str:
    """Who says what begins at a place, "" where that is nobody known."""
    spoken = (said for said in labels["statements"] for a, b in said["content"] if a <= span[0] < b)
    return next((said["speaker"] or "" for said in spoken), "")


def _terms(one: _Told) -> similarity.Terms:
    return similarity.terms(f"{one.words} {one.headline}", least=0.0)


def _apart(
    clause: _Told, held: set[str], around: Sequence[tuple[_Told, similarity.Terms]], chance: random.Random
) -> Iterator[_Told]:
    """What shares most words with a clause and is none of its promise's; of the articles that tell of it
    every other sentence may do so too, and is left out."""
    mine = _terms(clause)
    shared = sorted(
        (
            (similarity.shared_weight(mine, terms), chance.random(), n)
            for n, (one, terms) in enumerate(around)
            if one.promise != clause.promise and (one.article not in held or chance.random() < 0.5)
        ),
        reverse=True,
    )
    return (around[n][0] for _, _, n in shared[:APART])


def _pair(clause: _Told, one: _Told, stance: str, first_due: str | None, chance: random.Random) -> PairTexts:
    due = date.fromisoformat(first_due[:10]) if first_due else None
    when = time_told((one.day - due).days if due and one.day else None)
    owner, body, by = (clause.by, clause.body, one.by) if chance.random() < NAMED else ("", "", "")
    return PairTexts(
        pledge_text(owner, body, clause.words),
        pledge_text(owner, body, clause.words, clause.headline),
        passage_text(one.headline, one.before, by, one.words),
        passage_text("", "", by, one.words),
        when,
        stance,
    )
