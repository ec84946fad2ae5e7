"""A region's promises as its labels have them: what evidence is looked for when pledges are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.types import Article, Commitment, Deadline, Pledge, Statement
from nlp.annotate import article_of
from nlp.evidence.passages import ArticlePassages, passages_of, sentences_in
from nlp.models.promise_encoder import PromiseEncoder
from nlp.models.regions import JsonLine, Region
from nlp.pledges.pair_features import Item, Printed, encoded, item_of, texts_of, voices_of
from nlp.pledges.summary import build_pledges
from nlp.text.embeddings import Embedder
from nlp.text.quantities import find_measures


@dataclass(frozen=True)
class Followed:
    """Pledges with their items and the articles that may tell of them.

    ``labelled``: of a pledge's id the labelled pledge that it is, where it is one.
    """

    pledges: Sequence[Pledge]
    items: Sequence[Item]
    articles: Sequence[ArticlePassages]
    labelled: Mapping[str, str]


def labelled_pledges(region: Region, embedder: Embedder, promises: PromiseEncoder) -> Followed:
    """The labelled pledges, with clauses, speakers and statements as labelled."""
    articles: list[ArticlePassages] = []
    rows: list[tuple[Commitment, Statement, Printed, date | None]] = []
    said: dict[str, str] = {}
    for article in map(article_of, region.articles):
        label = region.labels[article.id]
        day = article.published.date() if article.published else None
        statements = [_statement(article, row, n) for n, row in enumerate(label["statements"])]
        sentences = list(sentences_in(article.text, (0, len(article.text))))
        articles.append(passages_of(article, day, sentences, statements))
        printed = Printed(article.title, article.text, sentences, voices_of(statements))
        for statement, row in zip(statements, label["statements"], strict=True):
            for clause in row["commitments"]:
                if clause["pledge_id"]:
                    made = _commitment(article, statement, clause)
                    rows.append((made, statement, printed, day))
                    said[made.id] = clause["pledge_id"]
    vectors = encoded([texts_of(c.span, printed) for c, _, printed, _ in rows], embedder, promises)
    items = [item_of(c, s, p, day, v) for (c, s, p, day), v in zip(rows, vectors, strict=True)]
    first: dict[str, str] = {}
    for item in sorted(items, key=lambda item: (item.day or date.max, item.statement.article_id)):
        first.setdefault(said[item.id], item.id)
    pledges = build_pledges(items, {item.id: first[said[item.id]] for item in items})
    return Followed(pledges, items, articles, {one: label for label, one in first.items()})


def _statement(article: Article, row: JsonLine, nth: int) -> Statement:
    content = tuple((start, end) for start, end in row["content"])
    words = tuple(article.text[start:end] for start, end in content)
    return Statement(
        Statement.make_id(article.id, words, nth),
        article.id,
        row["kind"],
        content,
        speaker=row["speaker"],
        official_id=row["speaker"],
        role=row["role"],
        body=row["body"],
    )


def _commitment(article: Article, statement: Statement, row: JsonLine) -> Commitment:
    start, end = row["span"]
    words = article.text[start:end]
    due = date.fromisoformat(row["deadline"][:10]) if row["deadline"] else None
    return Commitment(
        id=Commitment.make_id(statement.id, words),
        statement_id=statement.id,
        type=row["type"],
        action=words,
        measure=next((row for _, row in find_measures(words)), None),
        deadline=Deadline(row.get("deadline_text") or "", due, due) if due else None,
        span=(start, end),
    )
