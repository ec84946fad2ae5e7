"""What the vote on pairs of commitments is fitted to: labelled clauses, and found ones that are labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from ledger.types import Commitment, Span, Statement
from nlp.annotate import article_of
from nlp.commitments.acts.act import act_or_words
from nlp.commitments.acts.fill import Around
from nlp.commitments.dates import deadline_of, measure_of
from nlp.commitments.proposals import iou
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.regions import JsonLine, Region
from nlp.models.votes import Trees
from nlp.pledges.pair_features import Item, Printed, encoded, in_order, item_of, texts_of, voices_of
from nlp.pledges.pairs import comparable, figures
from nlp.pledges.traits import traits
from nlp.text.embeddings import Embedder
from nlp.text.sentences import sentence_breaks
from nlp.training import apart
from nlp.training.apart import Lists
from nlp.training.rows import VoteRows
from nlp.training.trees import fitted

LIKE = 0.5  # characters of both over characters of either, from which a found clause is a labelled one
SETTINGS: Mapping[str, float] = {
    "max_iter": 350,
    "learning_rate": 0.04,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "random_state": 0,
}


def labelled_items(region: Region, encoder: PromiseEncoder) -> tuple[list[Item], list[str]]:
    """The commitments of a region's labels, the minor ones left out, in order, and the promise of each.

    What a clause holds is read by the product's own rules; a promise that is not followed is one of its own.
    """
    made: list[tuple[Commitment, Statement, Printed, date | None]] = []
    promise: dict[str, str] = {}
    for article in map(article_of, region.articles):
        day = article.published.date() if article.published else None
        labels = region.labels[article.id]["statements"]
        statements = [_statement(article.id, label, nth) for nth, label in enumerate(labels)]
        printed = Printed(article.title, article.text, sentences_of(article.text), voices_of(statements))
        for said, label in zip(statements, labels, strict=True):
            for one in label["commitments"]:
                if one["minor"]:
                    continue
                commitment = _commitment(said, article.text, article.title, day, one)
                made.append((commitment, said, printed, day))
                promise[commitment.id] = one["pledge_id"] or commitment.id
    vectors = encoded([texts_of(c.span, p) for c, _, p, _ in made], Embedder(), encoder)
    items = in_order(item_of(c, s, p, day, v) for (c, s, p, day), v in zip(made, vectors, strict=True))
    return items, [promise[item.id] for item in items]


def _statement(article_id: str, label: JsonLine, nth: int) -> Statement:
    return Statement(
        Statement.make_id(article_id, (), nth),
        article_id,
        label["kind"],
        tuple((start, end) for start, end in label["content"]),
        speaker=label["speaker"],
        role=label["role"],
        body=label["body"],
    )


def found_items(region: Region, items: Sequence[Item]) -> tuple[list[Item], list[str]]:
    """Of commitments that the text side found those that are labelled, in order, and the promise of each."""
    kept: list[Item] = []
    promises: list[str] = []
    for item in in_order(items):
        labels = [
            one
            for said in region.labels[item.statement.article_id]["statements"]
            for one in said["commitments"]
            if not one["minor"]
        ]
        span = item.commitment.span
        best = max(labels, key=lambda label: iou(span, tuple(label["span"])), default=None)
        if best is not None and iou(span, tuple(best["span"])) >= LIKE:
            kept.append(item)
            promises.append(best["pledge_id"] or item.id)
    return kept, promises


def pair_rows(items: Sequence[Item], promises: Sequence[str]) -> VoteRows:
    """A row for each pair that is voted on: right where the two are one promise."""
    known = [traits(item) for item in items]
    one, other = np.triu_indices(len(known), 1)
    near = comparable(items, one, other)
    names, rows = figures(known, one[near], other[near])
    named = np.array(promises)
    return VoteRows(names, rows, (named[one] == named[other])[near])


def fitted_on(rows: Iterable[VoteRows]) -> Trees:
    """The vote on the pairs of these regions."""
    listed = list(rows)
    return fitted(
        listed[0].names,
        np.concatenate([one.figures for one in listed]),
        np.concatenate([one.right for one in listed]),
        SETTINGS,
    )


def left_out(rows: Mapping[str, Sequence[VoteRows]], lists: Lists) -> dict[str, Trees]:
    """For each region the vote that learned nothing from it."""
    return apart.left_out(lists, lambda others: fitted_on(one for name in others for one in rows[name]))


def sentences_of(text: str) -> list[Span]:
    """The sentences of a text that is not parsed."""
    found, start = [], 0
    for end, after in sentence_breaks(text):
        found.append((start, end))
        start = after
    return [*found, (start, len(text))] if start < len(text) else found


def _commitment(said: Statement, text: str, headline: str, day: date | None, label: JsonLine) -> Commitment:
    start, end = label["span"]
    words = text[start:end]
    due = deadline_of(text, (start, end), said.content, day)
    act = act_or_words(words, Around(text, start, headline), label["type"])
    return replace(
        Commitment(Commitment.make_id(said.id, words), said.id, label["type"], act),
        measure=measure_of(text, (start, end), due),
        deadline=due,
        span=(start, end),
    )
